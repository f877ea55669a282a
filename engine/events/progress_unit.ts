/** What a step counts while it works. */
export const progressUnits = ["bytes", "files", "steps", "answers", "seconds"] as const;

export type ProgressUnit = typeof progressUnits[number];
