/**
 * What a hostile case is: an attack, what it was granted, and the layer that refuses it.
 *
 * @module
 */
import type { ForeignRun, ForeignSpec } from "../cli/foreign_bed.ts";
import type { Bed } from "./bed.ts";

/** What refuses or contains an attack. */
export type Layer =
  /** Refused when a pipeline is checked or planned. */
  | "plan"
  /** The ceiling, its findings, and sets that no ceiling allows. */
  | "lock"
  /** The launcher: the broker's judgement, and what it takes for a message. */
  | "launcher"
  /** Deno's sandbox. */
  | "deno"
  /** The engine in the runner: schemas, artifacts, masks. */
  | "engine"
  /** bubblewrap, and the limits within it. */
  | "box"
  /** The step's deadline. */
  | "deadline"
  /** A process's own end, which ends nothing else. */
  | "process"
  /** Nothing: it succeeds, and the table says why. */
  | "nothing";

/** How an attack is refused, or what became of it. */
export type Refusal =
  /** The step fails with this. */
  | { readonly layer: Layer; readonly error: RegExp }
  /** It goes on, and has nothing of it: these are its facts. */
  | { readonly layer: Layer; readonly facts: Readonly<Record<string, unknown>> };

/** It succeeds: its facts then, and why that is so, for the table. */
export interface Succeeds {
  readonly succeeds: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface Named {
  /** Lower-case words with hyphens. */
  readonly name: string;
  /** What the attacker tries, with which grants: one line of the table. */
  readonly attack: string;
}

/** An attack by a step of others. All of these run in one pipeline, each in a process of its own. */
export interface StepCase extends Named {
  step(at: Bed): ForeignSpec;
  readonly with?: (at: Bed) => unknown;
  /** More keys of the step in the pipeline. */
  readonly keys?: string;
  readonly refused: Refusal | Succeeds;
  /** It may start a program, so it does not start where no box can be made around that. */
  readonly needsBox?: true;
  /** What happens in no box, where that is something else. */
  readonly unboxed?: Refusal | Succeeds;
  /**
   * Flags with which a plain Deno that runs the same code reaches what it wants: a mistake in the
   * attack would be no defence. Left out where no flag is what refuses it.
   */
  readonly real?: (at: Bed) => readonly string[];
  /** What else has to be true after the run. */
  readonly after?: (at: Bed, seen: Seen) => void | Promise<void>;
}

/** An attack that is proven in its own way. */
export interface OwnCase extends Named {
  readonly layer: Layer;
  /** What happens in no box, in words, where that is something else. */
  readonly unboxed?: string;
  /** Whether it takes a box to be shown. */
  readonly boxed?: true;
  /** Whether it takes namespaces of its own, in which it mounts and listens as root. */
  readonly namespaces?: true;
  prove(): Promise<void>;
}

/** What one step of the pipeline came to. */
export interface Seen {
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly artifact?: string;
  readonly error?: { readonly name: string; readonly message: string; readonly hint?: string };
  readonly output: readonly string[];
  readonly run: ForeignRun;
}
