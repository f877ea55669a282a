import * as v from "valibot";
import { permissions } from "../../engine/permissions/permissions.ts";
import { defineStep } from "../../engine/step.ts";
import { listenGrant, port } from "./port.ts";

/**
 * Binds the REST port and answers `/health` with 503, from here on to the end of the run; the other
 * faces are opened by steps after it. Every change of health is a note.
 *
 * @throws FailedError when the port is taken: never another is used
 */
export const openHealth = defineStep({
  name: "face.health",
  summary: "Answer on the REST port, as not ready yet",
  effect: "none",
  params: v.strictObject({
    port,
    /** Address that is listened on. */
    host: v.optional(v.string(), "0.0.0.0"),
  }),
  facts: v.strictObject({ port: v.number() }),
  holds: true,
  example: `uses: face.health
with: { port: 8080 }`,
  permissions: ({ host, port }) => ({ run: permissions({ listen: [listenGrant(host, port)] }) }),
  async run({ host, port }, ctx) {
    const { keepFaces } = await import("./faces.ts");
    const { makeHealthBoard } = await import("./health_board.ts");
    const { openRest } = await import("./rest_face.ts");
    const { clock, emit, scope, run } = ctx;
    const board = makeHealthBoard();
    const rest = await openRest({ hostname: host, port, board, now: () => clock.now() });
    scope.defer(async () => void await rest.drain(0, clock.sleep));
    keepFaces(run.id, { board, rest }, scope);
    scope.defer(board.watch((ok, why) => {
      const severity = ok || !board.open ? undefined : "warning";
      emit.note(`/health answers ${ok ? 200 : 503}: ${why}`, severity);
    }));
    return { port: rest.port };
  },
});
