/** A way in which an agent is reached. */
export type FaceName = "rest" | "a2a" | "ui";

/** `off`: the package has none. `down`: it should accept, and does not. */
export type FaceState = "off" | "down" | "up";

/** What `/health` answers. */
export interface HealthReport {
  readonly ok: boolean;
  /** Whether each face accepts; `null` where the package has none. */
  readonly surfaces: Readonly<Record<FaceName, boolean | null>>;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** How the faces of one runtime stand: the one place that says whether it is healthy. */
export interface HealthBoard {
  set(face: FaceName, state: FaceState): void;
  get(face: FaceName): FaceState;
  /** Whether the boot has come to its end, and nobody has asked for the runtime's. */
  open: boolean;
  /** Open, and every face that there is accepts. */
  ok(): boolean;
  report(now: Date): HealthReport;
  /** Called whenever `ok` changes, with why; gives what ends that. */
  watch(listener: (ok: boolean, why: string) => void): () => void;
}

export const faceNames: readonly FaceName[] = ["rest", "a2a", "ui"];

/**
 * A board on which all faces are down and nothing is open.
 *
 * @example
 * ```ts
 * import { makeHealthBoard } from "./health_board.ts";
 * import assert from "node:assert/strict";
 *
 * const board = makeHealthBoard();
 * board.set("rest", "up");
 * board.set("a2a", "off");
 * board.set("ui", "off");
 * assert.equal(board.ok(), false);
 * board.open = true;
 * assert.equal(board.ok(), true);
 * ```
 */
export function makeHealthBoard(): HealthBoard {
  const states: Record<FaceName, FaceState> = { rest: "down", a2a: "down", ui: "down" };
  const listeners = new Set<(ok: boolean, why: string) => void>();
  let open = false;
  let told = false;
  const ok = () => open && faceNames.every((face) => states[face] !== "down");
  const tell = () => {
    if (ok() === told) return;
    told = ok();
    const down = faceNames.filter((face) => states[face] === "down");
    const why = told ? "every face accepts" : open ? `${down.join(", ")} down` : "closed";
    for (const listener of [...listeners]) listener(told, why);
  };
  return {
    set(face, state) {
      states[face] = state;
      tell();
    },
    get: (face) => states[face],
    get open() {
      return open;
    },
    set open(value) {
      open = value;
      tell();
    },
    ok,
    report(now) {
      const of = (face: FaceName) => states[face] === "off" ? null : states[face] === "up";
      const surfaces = { rest: of("rest"), a2a: of("a2a"), ui: of("ui") };
      return { ok: ok(), surfaces, timestamp: now.getTime() };
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
