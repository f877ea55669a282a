import { systemClock } from "../../../engine/execute/system_clock.ts";
import { readManifest } from "../../../steps/apkg/manifest/read_manifest.ts";
import { hostFiles } from "../../../steps/face/worker/host_files.ts";
import { startLink } from "../../../steps/face/worker/start_link.ts";
import type { LoadFailed, WorkerLink } from "../../../steps/face/worker/worker_link.ts";
import type { HandlerManifest, Loaded } from "../../../steps/face/worker/worker_protocol.ts";

export const project = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
export const python = `${project}/artifacts/face-venv/bin/python`;

/** The sockets that this group may use: tests take turns. */
export const sockets = (() => {
  const folder = Deno.env.get("TMPDIR")!;
  return {
    control: `${folder}/control.sock`,
    rest: `${folder}/worker.sock`,
    grpc: `${folder}/grpc.sock`,
  };
})();

/** A worker at work, killed with the bed. */
export interface WorkerBed extends AsyncDisposable {
  readonly link: WorkerLink;
  readonly child: Deno.ChildProcess;
  /** Its end, and all that it printed. */
  readonly ended: Promise<{ code: number; signal: string | null; stdout: string; stderr: string }>;
}

/** What to load: a fixture's folder, or files that are written for it. */
export interface Agent {
  readonly folder?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly manifest: Partial<HandlerManifest>;
  readonly base_path?: string;
}

/** A package of tests/fixtures/agents, with what its `agent.yaml` says. */
export function fixture(name: string): Agent {
  const folder = `${project}/tests/fixtures/agents/${name}`;
  const text = Deno.readTextFileSync(`${folder}/agent.yaml`);
  const { rest, a2a, entrypoint, exports } = readManifest(text, "agent.yaml").manifest;
  return { folder, manifest: { rest, a2a, entrypoint, exports } };
}

export const sample: Agent = fixture("sample");

/** Starts the host as a step does, from files that are written for it. */
export async function startWorker(): Promise<WorkerBed> {
  const host = await Deno.makeTempDir({ prefix: "host-" });
  for (const [name, text] of Object.entries(hostFiles)) {
    await Deno.writeTextFile(`${host}/${name}`, text);
  }
  const signal = AbortSignal.timeout(20_000);
  const linking = startLink({ control: sockets.control, clock: systemClock, signal });
  const child = new Deno.Command(python, {
    args: ["-u", "-B", `${host}/main.py`, sockets.control, sockets.rest, sockets.grpc],
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const text = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();
  const ended = Promise.all([child.status, text(child.stdout), text(child.stderr)]).then(
    ([{ code, signal }, stdout, stderr]) => ({ code, signal, stdout, stderr }),
  );
  const early = ended.then(({ stderr }) => Promise.reject(new Error(`it ended:\n${stderr}`)));
  early.catch(() => {});
  const link = await Promise.race([linking, early]);
  return {
    link,
    child,
    ended,
    async [Symbol.asyncDispose]() {
      link.close();
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}

export async function load(
  { link }: WorkerBed,
  agent: Agent,
  timeout_ms = 20_000,
): Promise<Loaded | LoadFailed> {
  const root = agent.folder ?? await writeFiles(agent.files ?? {});
  return await link.load({
    root,
    paths: [root, `${root}/src`],
    manifest: { exports: [], ...agent.manifest },
    base_path: agent.base_path ?? "/agents/x",
    name: "x",
    version: "1.0.0",
  }, { timeout_ms });
}

/** A worker that has loaded an agent without a fault. */
export async function startAgent(agent: Agent): Promise<WorkerBed & { readonly loaded: Loaded }> {
  const bed = await startWorker();
  const loaded = await load(bed, agent);
  if (loaded.type === "loaded") return { ...bed, loaded };
  await bed[Symbol.asyncDispose]();
  throw new Error(JSON.stringify(loaded.faults, undefined, 2));
}

async function writeFiles(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "agent-" }));
  for (const [path, text] of Object.entries(files)) {
    if (path.includes("/")) {
      await Deno.mkdir(`${root}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
    }
    await Deno.writeTextFile(`${root}/${path}`, text);
  }
  return root;
}
