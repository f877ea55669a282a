import { heapMiB } from "../../engine/foreign/limits.ts";

/** How the process of a step of others ended. */
export interface ForeignEnd {
  /** 128 + n where signal n ended it in a box. */
  readonly code: number;
  readonly signal: string | null;
  /** Whether it said that its memory was used up. */
  readonly memory: boolean;
}

/** How a process ended, in words that follow its name. */
export function endInWords({ code, signal, memory }: ForeignEnd): string {
  if (memory) return `used up its memory (heap limit ${heapMiB} MiB)`;
  if (signal !== null) return `was ended by ${signal}`;
  return code > 128 ? `was ended by signal ${code - 128}` : `ended with exit code ${code}`;
}
