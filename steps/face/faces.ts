import { BugError } from "../../engine/errors.ts";
import type { HealthBoard } from "./health_board.ts";
import type { RestFace } from "./rest_face.ts";
import type { Worker } from "./worker.ts";

/**
 * What the steps of one boot have open in this process. Facts are JSON, so what is alive is found by
 * the id of the run; `face.health` puts it there and takes it away.
 */
export interface Faces {
  readonly board: HealthBoard;
  readonly rest: RestFace;
  /** Once `face.load` has started it. */
  worker?: Worker;
}

const byRun = new Map<string, Faces>();

/** @throws BugError when the run has none: `face.health` comes first in a pipeline */
export function facesOf(run: string): Faces {
  const faces = byRun.get(run);
  if (faces === undefined) throw new BugError("face.health has to come before the other faces");
  return faces;
}

/** Keeps what a run has open until the scope ends. */
export function keepFaces(run: string, faces: Faces, scope: AsyncDisposableStack): void {
  if (byRun.has(run)) throw new BugError(`the run ${run} has its faces already`);
  byRun.set(run, faces);
  scope.defer(() => void byRun.delete(run));
}
