import { FailedError } from "../../engine/errors.ts";
import {
  type Permissions,
  permissions,
  type ProgramBox,
} from "../../engine/permissions/permissions.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import type { SecretRef } from "../../engine/schema/types.ts";
import type { StepContext } from "../../engine/step.ts";
import { agentEnvironment } from "./agent_environment.ts";
import type { LoadLate, LoadParams } from "./load_params.ts";
import { socketFolder, socketsIn } from "./sockets.ts";
import type { RunningWorker, Start } from "./supervise_worker.ts";
import type { LoadOrder } from "./worker/worker_protocol.ts";

/** Variables that every agent gets. */
const own = ["AGENT_APP_ID", "BASE_PATH", "DEPLOYMENT_ID", "HOME", "LANG", "PATH"];

/** What the agent's process and the talk with it need. */
export function workerGrants(given: LoadParams): Permissions {
  const { store, work, env, box } = given;
  const { control } = socketsIn(work);
  const program = { program: python(store), args: argumentsIn(work), env: [...own, ...env] };
  return permissions({
    read: [store, work],
    write: [work],
    listen: [`unix:${control}`],
    env,
    run: [box === "container" ? program : { ...program, brokered: true, box: workerBox(given) }],
  });
}

/** What an agent finds: its environment, the host's program, and folders of its own. */
function workerBox({ store, work, python }: LoadParams): ProgramBox {
  const folder = python.replace(/\/[^/]*$/, "");
  const apart = python.startsWith("/") && !systemFolders.some((each) => each === folder);
  return {
    read: [store, hostFolder(work), ...(apart ? [folder.replace(/\/[^/]*$/, "") || "/"] : [])],
    write: [packageFolder(work), homeFolder(work), socketFolder(work)],
    network: true,
  };
}

function python(store: string): string {
  return `${store}/active/bin/python`;
}

/** Where the package lies. */
export function packageFolder(work: string): string {
  return `${work}/package`;
}

/** HOME of the agent. */
export function homeFolder(work: string): string {
  return `${work}/home`;
}

/** Where the host's program lies. */
export function hostFolder(work: string): string {
  return `${work}/host`;
}

function argumentsIn(work: string): string[] {
  const { control, rest, grpc } = socketsIn(work);
  return ["-u", "-B", `${hostFolder(work)}/main.py`, control, rest, grpc];
}

/** Characters from which a variable of the agent may be a secret. */
const shortestSecret = 8;

/** Starts one process and has it load; it is ended where that does not come to a good end. */
export async function startWorker(
  given: LoadParams & LoadLate,
  ctx: StepContext,
  signal: AbortSignal,
): Promise<Start> {
  const { startLink } = await import("./worker/start_link.ts");
  const { control, rest, grpc } = socketsIn(given.work);
  for (const socket of [rest, grpc]) await Deno.remove(socket).catch(() => {});
  const over = new AbortController();
  const linking = startLink({
    control,
    clock: ctx.clock,
    signal: AbortSignal.any([signal, over.signal]),
  });
  linking.catch(() => {}); // Told below.
  const variables = await variablesOf(given.env, ctx);
  let kill = () => Promise.resolve();
  try {
    const program = await ctx.start({
      program: python(given.store),
      args: argumentsIn(given.work),
      env: environment(given, variables),
      show: true,
      maxOutput: 0,
    });
    kill = async () => {
      program.stop();
      await program.ended;
    };
    const early = program.ended.then(({ code, stderr }): never => {
      const why = stderr === "" ? "" : `: ${stderr}`;
      throw new FailedError(`the agent's process ended with ${code} before it said anything${why}`);
    });
    early.catch(() => {});
    const link = await Promise.race([linking, early]);
    const limits = { timeout_ms: given.timeout, signal };
    const loaded = await link.load(orderOf(given, variables), limits);
    if (loaded.type === "loaded") return { link, loaded, kill } satisfies RunningWorker;
    link.close();
    await kill();
    return { faults: loaded.faults };
  } catch (error) {
    over.abort(error);
    await kill();
    throw error;
  }
}

function orderOf(
  { package: root, paths, manifest, base_path }: LoadLate,
  variables: Readonly<Record<string, string>>,
): LoadOrder {
  const { rest, a2a, entrypoint, exports, name, version } = manifest;
  return {
    root,
    paths,
    manifest: {
      exports,
      ...(rest === undefined ? {} : { rest }),
      ...(a2a === undefined ? {} : { a2a }),
      ...(entrypoint === undefined ? {} : { entrypoint }),
    },
    base_path: base_path || "/",
    environment: agentEnvironment({ declared: manifest.environment, given: variables }),
    name,
    version,
  };
}

/** What the operator lets the agent have of the runtime's environment. */
async function variablesOf(
  names: readonly string[],
  ctx: StepContext,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = Deno.env.get(name);
    if (value === undefined) continue;
    // What is long enough to be a secret is masked in all that is told; `prod` would be everywhere.
    values[name] = value.length < shortestSecret
      ? value
      : await ctx.secret(`env:${name}` as SecretRef);
  }
  return values;
}

function environment(
  { agent_app_id, deployment_id, base_path, store, work }: LoadParams & LoadLate,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    AGENT_APP_ID: agent_app_id,
    DEPLOYMENT_ID: deployment_id,
    BASE_PATH: base_path || "/",
    HOME: homeFolder(work),
    LANG: "C.UTF-8",
    PATH: `${store}/active/bin:/usr/local/bin:/usr/bin:/bin`,
    ...variables,
  };
}
