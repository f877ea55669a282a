/**
 * The demonstration of PAR: an agent package is made on the spot, fetched from an HTTPS server and then
 * from a server of S3, installed, booted, and called on its three faces; then one whose handlers cannot
 * be imported fails as it should. Everything is real and below one temporary folder; `--clean` removes
 * it. Needs Python 3.9 or later in a folder of the system, with pip, and a package index.
 *
 * The logs of the runtime go to standard output, all for people to standard error. Exit code 0 only
 * when every claim was checked and holds, 4 when one does not.
 *
 * @module
 */
import { exitCode } from "../../../engine/errors.ts";
import { freePort } from "../free_port.ts";
import { invoke } from "./a2a_client.ts";
import { boot, type BootPlaces, makesBoxes } from "./boot.ts";
import { broken, pack, sample } from "./sample.ts";
import { type PackageServer, serveHttps, serveS3 } from "./servers.ts";

interface Claim {
  readonly text: string;
  readonly holds: boolean;
}

const project = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
const claims: Claim[] = [];
const top = await Deno.realPath(await Deno.makeTempDir({ prefix: "sluice-par-" }));
Deno.exit(await main());

async function main(): Promise<number> {
  for (const folder of ["agent-venv", "agent-runtime", "s3", "runs"]) {
    await Deno.mkdir(`${top}/${folder}`);
  }
  if (!makesBoxes()) say("there is no bubblewrap here: neither runtime nor installer is in a box");

  say(
    "\n1. a package is made, served over HTTPS, and booted: the first boot installs what it needs",
  );
  const good = await pack(sample);
  await using https = await serveHttps(project, good);
  await tryFaces(https, "HTTPS");

  say("\n2. the same from a bucket of S3: nothing has to be installed any more");
  await using s3 = await serveS3(`${top}/s3`, good);
  await tryFaces(s3, "S3");

  say("\n3. a package whose handlers cannot be imported");
  await using other = await serveHttps(project, await pack(broken));
  await tryBroken(other);

  say("");
  for (const { text, holds } of claims) say(`  ${holds ? "yes" : "NO "}  ${text}`);
  const failed = claims.filter(({ holds }) => !holds).length;
  if (Deno.args.includes("--clean")) await Deno.remove(top, { recursive: true });
  else say(`\nruns          ${top}/runs`);
  if (failed === 0) return exitCode.done;
  say(`failed        ${failed} of ${claims.length} claims do not hold`);
  return exitCode.failed;
}

/** Boots, calls every face, and tells it to end. */
async function tryFaces(server: PackageServer, from: string): Promise<void> {
  const { ports, ...places } = placesOf();
  await using runtime = boot({ ports, ...places }, server.env);
  const installed = await runtime.told('"event":"install","details":{"state":"done"');
  const ready = await runtime.told("/health answers 200");
  const took = /"total_ms":(\d+)/.exec(await runtime.told('"total_ms"') ?? "")?.[1];
  claim(`fetched over ${from}, and ready after ${took} ms`, ready !== undefined);
  if (ready === undefined) return;
  if (from === "S3") claim("nothing was installed", installed?.includes('"reused":true') === true);
  const base = `http://127.0.0.1:${ports.rest}`;
  const ping = await textOf(`${base}/agents/hello/api/ping`);
  claim(`REST answers ${ping}`, ping === '{"pong":true}');
  const greeting = await invoke(ports.a2a, "greet", { who: "you" }).catch(String);
  claim(`A2A answers ${greeting}`, greeting === "Hello, you");
  const page = await textOf(`http://127.0.0.1:${ports.ui}/`);
  claim("the UI is served on its own port", page.includes("<p>Hello"));
  claim("and below the REST routes", await textOf(`${base}/agents/hello/ui/`) === page);
  runtime.stop();
  const code = await runtime.ended;
  claim(`told to end, it ended with ${code}`, code === 0);
}

/** Boots what cannot come up. */
async function tryBroken(server: PackageServer): Promise<void> {
  const places = placesOf();
  await using runtime = boot(places, { ...server.env, HANDLER_GRACE_S: "1" });
  const told = await runtime.told("ModuleNotFoundError");
  const health = await statusOf(`http://127.0.0.1:${places.ports.rest}/health`);
  claim("the log says which module is missing", told !== undefined);
  claim(`/health answers ${health} until the end`, health === 503);
  const code = await runtime.ended;
  claim(`it ends with ${code}: the package is at fault`, code === 2);
}

function placesOf(): BootPlaces {
  return {
    project,
    top,
    runs: `${top}/runs`,
    ports: { rest: freePort(), a2a: freePort(), ui: freePort() },
  };
}

async function textOf(url: string): Promise<string> {
  return await fetch(url).then((response) => response.text()).catch(String);
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

function claim(text: string, holds: boolean): void {
  claims.push({ text, holds });
}

function say(text: string): void {
  console.error(text);
}
