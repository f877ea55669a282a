import type { Clock } from "../step.ts";
import type { Event } from "./event.ts";
import { maskRecord } from "./mask_record.ts";
import type { Masker } from "./masker.ts";

/** An event without what is the same in all of a run. */
export type EventBody = Event extends infer E ? E extends Event ? Omit<E, "v" | "run" | "time">
  : never
  : never;

export interface EmitterOptions {
  /** Id of the run. */
  readonly run: string;
  readonly clock: Pick<Clock, "now">;
  readonly masker: Masker;
  /** Takes the events, masked, in the order in which they were emitted. */
  write(event: Event): void;
}

/**
 * The one way out for events: gives each its version, run and time, and masks every text in it
 * before it leaves the process.
 */
export function makeEmitter(
  { run, clock, masker, write }: EmitterOptions,
): (event: EventBody) => void {
  return (event) => {
    const whole = { v: 1, run, time: clock.now().toISOString(), ...event } as Event;
    write(maskRecord(masker, whole));
  };
}
