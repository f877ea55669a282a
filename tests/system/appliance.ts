/**
 * A small real installation for the system tests: two signed releases of a service, the first of
 * which is installed and runs under a real supervisor.
 *
 * @module
 */
import type { JsonObject } from "../../engine/json.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { packForTest } from "../../steps/release/pack_for_test.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { makeKey, type Tree, writeTree } from "../../steps/release/test_bed.ts";
import { freePort } from "../conformance/free_port.ts";
import { resolvePipeline } from "./resolve_pipeline.ts";
import { type Ended, mustRun, runProgram } from "./run_program.ts";
import { project, runnerCommand, type RunnerMode, type RunPlace } from "./runner_command.ts";

/** The release that is installed at first. */
export const oldVersion = "1.0.0";
export const newVersion = "2.0.0";
/** Starts, and answers that it is unhealthy. */
export const badVersion = "3.0.0";

const statusOf = (version: string) => version === badVersion ? "unhealthy" : "healthy";

/** A size that is written and hashed at the same time, unlike that of a small file. */
const largeFile = 300_000;

const source = (version: string): Tree => ({
  "LICENSE": "MIT\n",
  "files/main.ts": `Deno.serve(
  { hostname: "127.0.0.1", port: Number(Deno.args[0]), onListen() {} },
  () => Response.json({ status: "${statusOf(version)}", version: "${version}" }),
);
`,
  "files/VERSION": version,
  "files/large": version.repeat(largeFile / version.length),
  "files/lib/libx.so.1": `elf ${version}`,
  "files/lib/libx.so": { link: "libx.so.1" },
});

export interface ApplianceOptions {
  /** An empty folder with a short name: a socket is made in it. */
  readonly top: string;
  /** Where installation, runs and audit log are; by default in `top`. */
  readonly root?: string;
  readonly runs?: string;
  readonly audit?: string;
}

export interface Appliance extends AsyncDisposable {
  readonly root: string;
  readonly runs: string;
  readonly audit: string;
  readonly health: string;
  bundle(version: string): string;
  /** The plan of an apply. Fast: one good answer, no settle time. */
  apply(version: string, params?: JsonObject): Promise<Plan>;
  /** The command of a runner with exactly the plan's set. */
  command(plan: Plan, id: string, mode?: RunnerMode): ReturnType<typeof runnerCommand>;
  /** Runs that command. */
  run(plan: Plan, id: string, mode?: RunnerMode): Promise<Ended>;
  /** The version that the service answers with; `undefined` when it does not answer well. */
  answer(): Promise<string | undefined>;
  /** Brings back the state in which the old release is installed, good, and runs. */
  reset(): Promise<void>;
}

/** Makes the bundles, starts a supervisor, installs the old release. */
export async function makeAppliance(options: ApplianceOptions): Promise<Appliance> {
  const { top } = options;
  const { root = `${top}/root`, runs = `${top}/runs`, audit = `${top}/audit/log` } = options;
  const kept = `${top}/kept`;
  const plans = `${top}/plans`;
  const auditFolder = audit.slice(0, audit.lastIndexOf("/"));
  for (const folder of [root, runs, auditFolder, plans]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  for (const version of [oldVersion, newVersion, badVersion]) await pack(top, version);
  const port = freePort();
  const socket = `${top}/s`;
  const health = `http://127.0.0.1:${port}/`;
  let supervisor = await startSupervisor(top, socket, root, port, false);

  const place = (id: string): RunPlace => ({ runs, id, plans });
  const appliance: Appliance = {
    root,
    runs,
    audit,
    health,
    bundle: (version) => `${top}/bundles/atp-${version}.tar.zst`,
    async apply(version, params = {}) {
      const file = `${project}/pipelines/upgrade/apply.yaml`;
      return await resolvePipeline({ file, text: await Deno.readTextFile(file) }, {
        bundle: appliance.bundle(version),
        root,
        trust: `${top}/trust`,
        service: [`supervisor:${socket}`],
        health,
        good_answers: 1,
        deadline: "10s",
        settle: "0s",
        audit,
        ...params,
      });
    },
    command: (plan, id, mode = "plan") => runnerCommand(plan, place(id), mode),
    async run(plan, id, mode = "plan") {
      const [program, ...args] = await runnerCommand(plan, place(id), mode);
      return await runProgram(program, args);
    },
    async answer() {
      try {
        const response = await fetch(health);
        const { status, version } = await response.json();
        return response.ok && status === "healthy" ? version : undefined;
      } catch {
        return undefined;
      }
    },
    async reset() {
      await supervisor[Symbol.asyncDispose]();
      await removeTree(root);
      await Deno.remove(auditFolder, { recursive: true });
      await mustRun("/usr/bin/cp", ["-a", "--", `${kept}/root`, root]);
      await mustRun("/usr/bin/cp", ["-a", "--", `${kept}/audit`, auditFolder]);
      for (const { name } of await Array.fromAsync(Deno.readDir(runs))) {
        await Deno.remove(`${runs}/${name}`, { recursive: true });
      }
      supervisor = await startSupervisor(top, socket, root, port, true);
      while (await appliance.answer() !== oldVersion);
    },
    async [Symbol.asyncDispose]() {
      await supervisor[Symbol.asyncDispose]();
    },
  };
  const installed = await appliance.run(await appliance.apply(oldVersion), "install");
  if (installed.code !== 0) {
    await appliance[Symbol.asyncDispose]();
    throw new Error(`the old release cannot be installed: ${installed.stderr}`);
  }
  await Deno.mkdir(kept);
  await mustRun("/usr/bin/cp", ["-a", "--", root, `${kept}/root`]);
  await mustRun("/usr/bin/cp", ["-a", "--", auditFolder, `${kept}/audit`]);
  return appliance;
}

async function pack(top: string, version: string): Promise<void> {
  const pem = await Deno.readTextFile(`${top}/key`).catch(async () => {
    const made = await makeKey(`${top}/trust`, "release");
    await Deno.writeTextFile(`${top}/key`, made.pem, { mode: 0o600 });
    return made.pem;
  });
  await packForTest({
    source: await writeTree(`${top}/sources/${version}`, source(version)),
    version,
    pem,
    output: `${top}/bundles`,
  });
}

async function startSupervisor(
  top: string,
  socket: string,
  root: string,
  port: number,
  autostart: boolean,
): Promise<AsyncDisposable> {
  const deno = Deno.execPath();
  const process = new Deno.Command(deno, {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
      `--allow-read=${top}`,
      `--allow-write=${top}`,
      `--allow-net=unix:${socket}`,
      `--allow-run=${deno}`,
      `${project}/runtime/supervisor/main.ts`,
      ...["--socket", socket, "--log", `${top}/service.log`, "--until-stdin-ends"],
      ...["--env", `DENO_DIR=${top}/cache`, "--env", "NO_COLOR=1"],
      ...(autostart ? ["--autostart"] : []),
      "--",
      deno,
      ...["run", "--quiet", "--no-prompt", "--no-check", "--no-config", "--no-remote", "--no-npm"],
      `--allow-net=127.0.0.1:${port}`,
      `${root}/current/main.ts`,
      String(port),
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const end = async () => {
    await process.stdin.close().catch(() => {});
    await process.status;
    await reader.cancel();
  };
  if (value.startsWith("supervising at ")) return { [Symbol.asyncDispose]: end };
  await end();
  throw new Error(`the supervisor did not start: ${value}`);
}
