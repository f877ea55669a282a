/**
 * The demonstration: two releases of a small real service, installed and upgraded while a client
 * keeps asking, then a third that starts but answers wrongly, and the way back. Everything is real
 * (files, signatures, processes, HTTP, links) and below one temporary folder, which is kept for
 * looking at; `--clean` removes it.
 *
 * Tokens go to standard output, all for people to standard error. Exit code 0 only when every claim
 * was checked and holds, 4 when one does not, 130 when it was interrupted.
 *
 * @module
 */
import { exitCode, InterruptedError } from "../../engine/errors.ts";
import { checkClaims, findRefusal, type Outcome } from "./claims.ts";
import type { ClientReport } from "./client_report.ts";
import { freePort } from "./free_port.ts";
import { makeKeys } from "./keys.ts";
import { type DemoPlaces, makePlaces } from "./places.ts";
import { releases, second, third, writeSources } from "./releases.ts";
import { sluice, type SluiceEnd } from "./sluice.ts";
import { startClient } from "./start_client.ts";
import { startSupervisor } from "./start_supervisor.ts";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.addSignalListener(signal, () => interrupt.abort(new InterruptedError(`got ${signal}`)));
}

const clean = Deno.args.includes("--clean");
const begun = performance.now();
const places = await makePlaces();
Deno.exit(await main());

async function main(): Promise<number> {
  try {
    const outcome = await perform();
    const code = outcome === undefined ? exitCode.failed : await conclude(outcome);
    if (clean) await removeAll();
    return code;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    say(`interrupted   everything that was started has ended; see ${places.top}`);
    if (clean) await removeAll();
    return exitCode.interrupted;
  }
}

/** The acts; `undefined` when one that has to work did not. */
async function perform(): Promise<Outcome | undefined> {
  const port = freePort();
  const socket = `${places.run}/socket`;
  const health = `http://127.0.0.1:${port}/healthz`;
  const run = (pipeline: string, params: Record<string, unknown>) =>
    runPipeline(pipeline, params, places);
  const apply = (version: string, deadline: string) =>
    run("apply", {
      bundle: `${places.bundles}/ledger-${version}.tar.zst`,
      root: places.root,
      trust: places.trust,
      service: [`supervisor:${socket}`],
      health,
      good_answers: 3,
      deadline,
      settle: "1s",
      audit: places.audit,
    });

  act(1, "three releases of a ledger service are packed and signed");
  await makeKeys(places.key, `${places.trust}/demo.pub`);
  await writeSources(places.sources);
  for (const { version } of releases) {
    const bundled = await run("bundle", {
      source: `${places.sources}/${version}`,
      name: "ledger",
      version,
      key: `file:${places.key}`,
      output: places.bundles,
    });
    if (bundled.code !== 0) return gaveUp(`bundling ${version} ended with ${bundled.code}`);
  }

  await using _supervisor = await startSupervisor(places, socket, port);
  act(2, "the first release is installed: verified, staged, switched to, started, proven healthy");
  const one = await apply(releases[0].version, "20s");
  if (one.code !== 0) return gaveUp(`installing the first release ended with ${one.code}`);

  let report: ClientReport | undefined;
  let two: SluiceEnd, three: SluiceEnd;
  {
    await using client = startClient(places, port);
    act(3, "it is upgraded to the second, while a client adds a record every 50 ms");
    two = await apply(second, "20s");
    act(4, "the third starts, but answers that it is unhealthy: back to the second, by itself");
    three = await apply(third, "3s");
    report = await client.report();
  }
  const answer = await fetch(health).then((response) => response.json()).catch(() => ({}));
  act(5, "the audit log is checked, line by line");
  const audit = await sluice(["log", "verify", places.audit], places, interrupt.signal);
  return { ends: [one, two, three], report, health: answer, audit: audit.code };
}

async function conclude(outcome: Outcome): Promise<number> {
  const claims = await checkClaims(outcome, places);
  const refusal = findRefusal(outcome.ends[2]);
  const { report } = outcome;
  say("");
  for (const { text, holds } of claims) say(`  ${holds ? "yes" : "NO "}  ${text}`);
  say("");
  say(`installed     ${second}, in ${places.root}`);
  say(
    `refused       ${third}: ${
      refusal?.reason.split("; its log ends:")[0] ?? "no reason was given"
    }`,
  );
  say(`rollback log  ${refusal?.log ?? "none"}`);
  say(
    `client        ${report?.acknowledged} records acknowledged, ${report?.kept} kept; ` +
      `${report?.refused} requests refused, longest gap ${report?.longest_gap_ms} ms`,
  );
  say(`elapsed       ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const failed = claims.filter(({ holds }) => !holds);
  if (failed.length > 0) {
    say(`failed        ${failed.length} of ${claims.length} claims do not hold; see ${places.top}`);
    return exitCode.failed;
  }
  const next = clean
    ? "the chapter Upgrades of README.md"
    : `npx -y deno@${Deno.version.deno} task -q sluice runs --runs ${places.runs}   ` +
      "(then the chapter Upgrades of README.md)";
  say(`next          ${next}`);
  return exitCode.done;
}

async function runPipeline(
  pipeline: string,
  params: Record<string, unknown>,
  { project, top, runs }: DemoPlaces,
): Promise<SluiceEnd> {
  const file = `${top}/params.json`;
  await Deno.writeTextFile(file, JSON.stringify(params));
  const path = `${project}/pipelines/upgrade/${pipeline}.yaml`;
  return await sluice(["run", path, "--params", file, "--runs", runs], places, interrupt.signal);
}

function gaveUp(why: string): undefined {
  say(`failed        ${why}; see ${places.top}`);
}

async function removeAll(): Promise<void> {
  // Releases are read-only.
  await makeWritable(places.top);
  await Deno.remove(places.top, { recursive: true });
}

async function makeWritable(folder: string): Promise<void> {
  await Deno.chmod(folder, 0o700);
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await makeWritable(`${folder}/${name}`);
  }
}

function act(number: number, text: string): void {
  say(`\n${number}. ${text}`);
}

function say(text: string): void {
  console.error(text);
}
