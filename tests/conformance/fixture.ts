/**
 * What the conformance suite needs of a step: a small real world in which it can run. One file a
 * step, `tests/conformance/<domain>_<verb>.ts`, exporting `fixture`; listed in `fixtures.ts`.
 *
 * @module
 */
import type { JsonObject } from "../../engine/json.ts";
import type { AnyStep } from "../../engine/step.ts";

export interface Fixture {
  readonly step: AnyStep;
  /**
   * Builds the world in `dir`, an empty folder: files, servers on loopback, keys. Called afresh for
   * every check. Runs with more rights than the step, in the suite's process.
   */
  arrange(dir: string): Promise<World>;
}

export interface World extends AsyncDisposable {
  /** As the step's `params` schema gives them out. */
  readonly params: JsonObject;
  /** As its `late` schema gives them out. */
  readonly late?: JsonObject;
  /** Steps that run before it in the same run, for what it finds alive; with grants of their own. */
  readonly before?: readonly {
    readonly step: AnyStep;
    readonly params: JsonObject;
    readonly late?: JsonObject;
  }[];
  /** Variables that exist while it runs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Paths (files or folders) whose state undo must bring back, compared before and after. */
  readonly watched?: readonly string[];
  /**
   * Grants of the step that this world cannot make it use, such as `read DIR/x` or `run systemctl`,
   * with the reason (a manager that is not on this machine). Every other one must be needed.
   */
  readonly unused?: Readonly<Record<string, string>>;
  /** Facts that the world changes by itself, such as free space, with the reason. */
  readonly varying?: Readonly<Record<string, string>>;
  /** The exit code of an undo that this world cannot grant; 0 by default. */
  readonly undoExit?: number;
  /** Looks at the world after `run` with eyes other than the step's. */
  verify?(facts: JsonObject): Promise<void>;
}
