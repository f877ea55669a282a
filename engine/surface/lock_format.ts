/** How the differences of a lock can be written. */
export const lockFormats = ["text", "json", "github"] as const;

export type LockFormat = (typeof lockFormats)[number];
