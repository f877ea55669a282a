import type { SluiceError } from "../errors.ts";
import type { ExecuteHost } from "./host.ts";
import type { Recorder } from "./recorder.ts";
import type { RunScope } from "./run_scope.ts";
import type { Scratch } from "./scratch.ts";
import type { SpawnLog } from "./spawn_log.ts";

/** What the steps of one pass over a plan share, below what each is given. */
export interface World {
  readonly host: ExecuteHost;
  readonly recorder: Recorder;
  readonly spawnLog: SpawnLog;
  readonly scope: RunScope;
  readonly scratch: Scratch;
  /** Called when the run stays up. */
  readonly whenUp: (() => void)[];
  /** What has been done in this pass. */
  readonly done: { readonly step: string; readonly elapsed_s: number }[];
  /** Fails the pass: what a step left alive is gone. */
  lost(step: string, error: SluiceError): void;
}
