import { readVariable } from "../../engine/read_variable.ts";
import { FailedError, TransientError } from "../../engine/errors.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import type { SecretRef } from "../../engine/schema/types.ts";
import type { StepContext } from "../../engine/step.ts";
import { readActive } from "../python/marker.ts";
import { agentEnvironment } from "./agent_environment.ts";
import { homeFolder } from "./agent_folders.ts";
import { operatorsCeiling } from "./agent_permissions.ts";
import { denoProgram } from "./deno_program.ts";
import type { LoadLate, LoadParams } from "./load_params.ts";
import { endedWith, exitSoon } from "./process_end.ts";
import { pythonProgram } from "./python_program.ts";
import { socketsIn } from "./sockets.ts";
import type { RunningWorker, Start } from "./supervise_worker.ts";
import type { LoadOrder } from "./worker/worker_protocol.ts";

/** How the process of each runtime is started. */
const programs = { python: pythonProgram, deno: denoProgram } as const;

/** What the agent's process and the talk with it need, whichever runtime the package turns out to have. */
export function workerGrants(given: LoadParams): Permissions {
  const { store, work, env } = given;
  const grants = [pythonProgram.grant(given), denoProgram.grant(given)];
  const most = operatorsCeiling(given.permissions);
  return permissions({
    read: [store, work],
    write: [work],
    listen: [`unix:${socketsIn(work).control}`],
    env: [...new Set([...env, ...most.env])],
    run: grants,
  });
}

/** Characters from which a variable of the agent may be a secret. */
const shortestSecret = 8;

/** Starts one process and has it load; it is ended where that does not come to a good end. */
export async function startWorker(
  given: LoadParams & LoadLate,
  ctx: StepContext,
  signal: AbortSignal,
): Promise<Start> {
  await checkActive(given);
  const program = programs[given.manifest.runtime];
  const request = program.request(given);
  const variables = await variablesOf(program.variables(given), ctx);
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
  let kill = () => Promise.resolve();
  let exit: Promise<string> | undefined;
  try {
    const env = environment(given, variables);
    const process = await ctx.start({ ...request, env, show: true, maxOutput: 0 });
    kill = async () => {
      process.stop();
      await process.ended;
    };
    exit = process.ended.then(({ code }) => endedWith(code));
    const early = process.ended.then(({ code, stderr }): never => {
      const why = stderr === "" ? "" : `: ${stderr}`;
      const how = endedWith(code);
      throw new FailedError(`the agent's process ended ${how} before it said anything${why}`);
    });
    early.catch(() => {});
    const link = await Promise.race([linking, early]);
    const limits = { timeout_ms: given.timeout, signal };
    const loaded = await link.load(orderOf(given, variables), limits);
    if (loaded.type === "loaded") {
      const sockets = [
        ...(loaded.rest ? [rest] : []),
        ...(loaded.a2a?.kind === "server" ? [grpc] : []),
      ];
      return { link, loaded, sockets, exit, kill } satisfies RunningWorker;
    }
    link.close();
    await kill();
    return { faults: loaded.faults };
  } catch (error) {
    over.abort(error);
    const how = error instanceof TransientError ? await exitSoon(exit, ctx.clock) : undefined;
    await kill();
    if (how === undefined) throw error;
    throw new FailedError(`the agent's process ended ${how} while its handlers were loaded`, {
      hint: "what it printed stands in the log before this, as agent.output",
      cause: error,
    });
  }
}

/**
 * Holds the process to the environment that was made for the package: another runtime on the same store
 * may have made another one active, also between two starts.
 */
async function checkActive({ store, key }: LoadParams & LoadLate): Promise<void> {
  if (key === "") return;
  const active = await readActive(store);
  if (active === key) return;
  throw new FailedError(`${store}/active leads to the environment of another package`, {
    hint: "give each runtime a store of its own: AGENT_VENV_STORE",
    details: { active: active ?? "", key },
  });
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
    const value = readVariable(name);
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
