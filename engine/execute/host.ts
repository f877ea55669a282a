import type { Event } from "../events/event.ts";
import type { GivenAtStart } from "../events/follow_up.ts";
import type { Masker } from "../events/masker.ts";
import type { Continuation, JournalEntry, JournalRecord } from "../journal/entry.ts";
import type { AppendOptions } from "../journal/journal.ts";
import type { RunBox } from "../permissions/box/run_box.ts";
import type { ProgramGrant } from "../permissions/permissions.ts";
import type { Shed } from "../permissions/shed.ts";
import type { Clock, ExecRequest, ExecResult } from "../step.ts";
import type { RunMode } from "./mode.ts";

/** Where the values behind secret references come from. */
export interface SecretSource {
  /** The variable's value; `undefined` when it is not set. */
  env(name: string): string | undefined;
  file(path: string): Promise<string>;
}

/** Where a run is recorded, as far as executing needs it: `openJournal` gives one. */
export interface RunJournal {
  /** The lines of the earlier processes of this run. */
  readonly entries: readonly JournalEntry[];
  /** Settles when the line is written, with `sync` when it is on disk. */
  append(record: JournalRecord, options: AppendOptions): Promise<void>;
  /**
   * Begins it anew where it has grown too long, between two repetitions: what is before is then not
   * needed any more.
   *
   * @throws FailedError when that failed; it is gone on with as it is
   */
  turn(record: Continuation): Promise<void>;
  /** Sees to it that nobody goes on from what it holds. */
  giveUp(): Promise<void>;
}

/** Starts a program that this process may not start; settles after its end. */
export type Broker = (
  grant: ProgramGrant,
  request: ExecRequest,
  call: BrokerCall,
) => Promise<ExecResult>;

/** Who has a program started, and how it goes on. */
export interface BrokerCall {
  /** Id of the step or item that asks. */
  readonly step: string;
  /** Stops the program. */
  readonly signal: AbortSignal;
  /** Whether the step leaves it alive. */
  readonly stays: boolean;
  /** Takes what the program prints, as it comes, where the request says `show`. */
  output(stream: "stdout" | "stderr", text: string): void;
}

/** The process in which a plan is executed: all that {@linkcode execute} has of the world. */
export interface ExecuteHost {
  readonly run: {
    readonly id: string;
    /** Absolute path; it exists. `spawned.jsonl`, `artifacts/` and `scratch/` are made in it. */
    readonly folder: string;
    /** For hints that can be followed as they stand. */
    readonly given?: GivenAtStart;
    /** See `RunFacts`. */
    readonly pid: number;
  };
  readonly mode: RunMode;
  /** Of this run; not closed by it. */
  readonly journal: RunJournal;
  /** Called in order. What it is given is masked. */
  emit(event: Event): void;
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  /** The end is asked for: what runs is stopped, then undone. */
  readonly signal: AbortSignal;
  /** The end is asked for again: undo and `finally` are stopped too, and left to a resume. */
  readonly secondSignal?: AbortSignal;
  /** Absolute paths of the programs that may be started, by the name that steps use. */
  readonly programs: Readonly<Record<string, string>>;
  readonly secrets: SecretSource;
  /** Masks all that leaves through `emit` and the journal; learns each secret that a step reads. */
  readonly masker: Masker;
  readonly broker?: Broker;
  /**
   * Whether a file is there that a step or item of this id named. Left out, this process looks for
   * itself; an artifact of a step that ran elsewhere may lie where it must not look.
   */
  exists?(path: string, id: string): Promise<boolean>;
  /**
   * Gives up for good what nothing later in the run needs; must not throw. Called as soon as that is
   * so, with each grant once. Left out where the process is not to become narrower.
   *
   * @returns what could not be given up, one sentence each
   */
  shed?(shed: Shed): readonly string[];
  /** Digest of the code that runs the steps: version and modules. */
  readonly code: string;
  /** Digest of the set of permissions that the process was launched with. */
  readonly permissions: string;
  /** What holds this process below Deno; left out where nobody knows. */
  readonly box?: RunBox;
  /** The how manieth process of the run this is, from 1; left out where nobody counts. */
  readonly process?: number;
}
