import type { FaceName, HealthBoard } from "./health_board.ts";
import type { Invoker } from "./invoker.ts";

/** What the worker found in the package. */
export interface LoadedAgent {
  readonly rest: boolean;
  readonly a2a: null | { readonly kind: "actions"; readonly methods: readonly string[] } | {
    readonly kind: "server";
  };
}

/** The agent's process, started again when it dies, as often as its budget allows. */
export interface Worker extends Invoker {
  readonly loaded: LoadedAgent;
  /** Has these faces go down and up with it from now on. */
  follow(board: HealthBoard, faces: readonly FaceName[]): void;
}
