import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { duration, path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import type { OpenFace } from "./a2a_face.ts";
import type { FaceName } from "./health_board.ts";
import { listenGrant, port } from "./port.ts";
import { socketsIn } from "./sockets.ts";

/** Milliseconds that closing what was drained may take beyond the draining. */
const closing = 2_000;

/**
 * Opens what the package has beside REST, the A2A face and the UI, and mounts the agent's routes on
 * the REST port. When the run ends, all faces stop accepting, and what was accepted is let come to its
 * end until the deadline.
 *
 * @throws FailedError when a port is taken
 * @throws InvalidInputError when the folder of the UI is not there
 */
export const serveFaces = defineStep({
  name: "face.serve",
  summary: "Open the faces that the package has",
  effect: "none",
  params: v.strictObject({
    a2a_port: port,
    ui_port: port,
    /** Whether the UI is served below the REST routes; on its own port unless that is REST's. */
    multiplexed: v.boolean(),
    rest_port: port,
    host: v.optional(v.string(), "0.0.0.0"),
    /** Folder with the worker's sockets. */
    work: path(),
    /** Time that requests and calls have to come to their ends. */
    drain: duration(),
  }),
  late: v.strictObject({
    base_path: v.string(),
    name: v.string(),
    version: v.string(),
    description: v.string(),
    /** Folder of the UI's files; `""` where the package has none. */
    ui: v.string(),
    /** Path below which the UI is served on its own port. */
    ui_base: v.string(),
  }),
  facts: v.strictObject({
    rest: v.boolean(),
    a2a: v.picklist(["actions", "server", "none"]),
    ui: v.boolean(),
  }),
  holds: true,
  release_ms: ({ drain }) => drain + closing,
  example: `uses: face.serve
with:
  a2a_port: 50051
  ui_port: 3000
  rest_port: 8080
  multiplexed: false
  work: /var/lib/agent-runtime
  drain: 30s
  base_path: /agents/a-1
  name: hello
  version: "1.0"
  description: ""
  ui: ""
  ui_base: /`,
  permissions({ a2a_port, ui_port, rest_port, host, work }) {
    const { rest, grpc } = socketsIn(work);
    const ports = [a2a_port, ...(ui_port === rest_port ? [] : [ui_port])];
    return {
      run: permissions({
        listen: ports.map((port) => listenGrant(host, port)),
        connect: [rest, grpc].map((socket) => `unix:${socket}`),
        read: [work],
        write: [rest, grpc],
      }),
    };
  },
  async run(input, ctx) {
    const { facesOf } = await import("./faces.ts");
    const { board, rest, worker } = facesOf(ctx.run.id);
    const { host: hostname, a2a_port, ui_port, rest_port, multiplexed, ui, work, drain } = input;
    const sockets = socketsIn(work);
    const { sleep } = ctx.clock;
    const open: OpenFace[] = [];
    ctx.scope.defer(async () => {
      const [cut] = await Promise.all([
        rest.drain(drain, sleep),
        ...open.map((face) => face.drain(drain, sleep)),
      ]);
      if (cut > 0) ctx.emit.note(`${cut} requests were cut off after ${drain / 1000} s`, "warning");
    });
    const base = input.ui_base.replace(/\/+$/, "");
    if (ui !== "") {
      await requireFolder(ui);
      if (ui_port !== rest_port) {
        const { openUi } = await import("./ui_face.ts");
        open.push(await openUi({ hostname, port: ui_port, root: ui, base }));
      }
    }
    const a2a = worker?.loaded.a2a?.kind ?? "none";
    if (a2a === "actions") {
      const { openA2a } = await import("./a2a_face.ts");
      const { name, version } = input;
      open.push(
        await openA2a({
          hostname,
          port: a2a_port,
          invoker: worker!,
          board,
          metadata: { name, version },
          now: () => ctx.clock.now(),
        }),
      );
    } else if (a2a === "server") {
      const { openPassThrough } = await import("./pass_through.ts");
      open.push(await openPassThrough({ hostname, port: a2a_port, socket: sockets.grpc }));
    }
    const hasRest = worker?.loaded.rest === true;
    rest.mount({
      base: input.base_path,
      meta: { name: input.name, version: input.version, description: input.description },
      ...(hasRest ? { worker: sockets.rest } : {}),
      ...(ui !== "" && multiplexed ? { ui } : {}),
    });
    const has: Record<FaceName, boolean> = { rest: true, a2a: a2a !== "none", ui: ui !== "" };
    for (const face of Object.keys(has) as FaceName[]) board.set(face, has[face] ? "up" : "off");
    worker?.follow(board, [
      ...(hasRest ? ["rest" as const] : []),
      ...(has.a2a ? ["a2a" as const] : []),
    ]);
    return { rest: hasRest, a2a, ui: has.ui };
  },
});

async function requireFolder(folder: string): Promise<void> {
  const info = await Deno.stat(folder).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (info?.isDirectory === true) return;
  throw new InvalidInputError(`the package has no folder ${folder} for its UI`, {
    hint: "ui.path in agent.yaml names it",
  });
}
