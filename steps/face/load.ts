import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { type LoadLate, loadLate, type LoadParams, loadParams } from "./load_params.ts";
import { socketFolder } from "./sockets.ts";
import { homeFolder, hostFolder, packageFolder } from "./agent_folders.ts";
import { startWorker, workerGrants } from "./start_worker.ts";
import type { Start } from "./supervise_worker.ts";
import type { LoadFault } from "./worker/worker_protocol.ts";

/**
 * Starts the agent's process and has it load the handlers that the manifest names. It is started again
 * when it dies, a few times; then the run fails.
 *
 * @throws InvalidInputError when handlers do not load: after the grace, in which `/health` stays 503
 * @throws RefusedError when the package asks for permissions that the operator does not allow
 * @throws TimedOutError when they do not load in time
 * @throws FailedError when the process cannot be started, or ends while it loads
 */
export const loadAgent = defineStep({
  name: "face.load",
  summary: "Start the agent's process and load its handlers",
  effect: "none",
  params: loadParams,
  late: loadLate,
  facts: v.strictObject({
    rest: v.boolean(),
    a2a: v.picklist(["actions", "server", "none"]),
    /** Such as `GET /api/ping`, without the base path. */
    routes: v.array(v.string()),
    methods: v.array(v.string()),
  }),
  holds: true,
  release_ms: ({ drain }) => drain + 3_000,
  example: `uses: face.load
with:
  store: /opt/agent-venv
  work: /var/lib/agent-runtime
  grace: 5s
  drain: 30s
  package: /var/lib/agent-runtime/package
  manifest: \${{ steps.extract.manifest }}
  paths: \${{ steps.install.paths }}
  key: \${{ steps.venv.key }}
  base_path: /agents/a-1
  agent_app_id: a-1
  deployment_id: ""`,
  permissions: (given) => ({ run: workerGrants(given) }),
  async run(given, ctx) {
    const { facesOf } = await import("./faces.ts");
    const { superviseWorker } = await import("./supervise_worker.ts");
    const { hostFiles } = given.manifest.runtime === "deno"
      ? await import("./worker/deno_host_files.ts")
      : await import("./worker/host_files.ts");
    const faces = facesOf(ctx.run.id);
    for (const folder of [hostFolder, homeFolder, packageFolder, socketFolder]) {
      await Deno.mkdir(folder(given.work), { recursive: true, mode: 0o700 });
    }
    for (const [name, text] of Object.entries(hostFiles)) {
      await Deno.writeTextFile(`${hostFolder(given.work)}/${name}`, text, { mode: 0o600 });
    }
    const held: { stop?: () => Promise<void> } = {};
    // Begun again with each process: what is put into the scope last is ended first.
    const end = () => ctx.scope.defer(async () => await held.stop?.());
    const start = async (signal: AbortSignal): Promise<Start> => {
      const started = await startWorker(given, ctx, signal);
      end();
      return started;
    };
    const first = await start(ctx.signal);
    if ("faults" in first) return await refuse(first.faults, given, ctx);
    const supervised = superviseWorker(first, {
      clock: ctx.clock,
      start: () => start(ctx.run.asked),
      restarts: given.restarts,
      window_ms: 60_000,
      call_ms: given.call,
      warn: (text) => ctx.emit.note(text, "warning"),
      lost: ctx.lost,
    });
    held.stop = () => supervised.stop(given.drain);
    faces.worker = supervised.worker;
    const { rest, a2a, routes } = first.loaded;
    return {
      rest,
      a2a: a2a?.kind ?? "none",
      routes: [...routes],
      methods: a2a?.kind === "actions" ? [...a2a.methods] : [],
    };
  },
});

/** Where handlers are looked for. */
const handlers = {
  python: "agent.yaml names them as module:function, below the package or its src/",
  deno: "agent.yaml names them as file:function; libraries are in the package, as files",
} as const;

/** Tells every fault, stays for the grace, and gives up. */
async function refuse(
  faults: readonly LoadFault[],
  { grace, manifest }: LoadParams & LoadLate,
  ctx: StepContext,
): Promise<never> {
  for (const { part, error, traceback } of faults) {
    ctx.emit.note(`${part}: ${error}`, "warning");
    for (const text of traceback.split("\n").filter((line) => line !== "")) {
      ctx.emit.output({ program: "agent", stream: "stderr", text });
    }
  }
  await ctx.clock.sleep(grace, ctx.signal);
  const [first] = faults;
  const more = faults.length > 1 ? `, and ${faults.length - 1} more` : "";
  throw new InvalidInputError(
    `the package's handlers do not load: ${first?.part}: ${first?.error}${more}`,
    {
      hint: `what they threw stands in the log before this; ${handlers[manifest.runtime]}`,
    },
  );
}
