import type { Event } from "./event.ts";

/**
 * Presents events: as tokens, for people, as JSON lines. Called in order, one at a time; must not
 * throw for an event type that it does not know.
 */
export interface Sink {
  event(event: Event): void;
  /** Text that is no event: what a step or a library printed by itself. */
  output?(text: string): void;
  /** Writes what is still held back. */
  close?(): void;
}
