import { exitCode } from "../../engine/errors.ts";

/** What each exit code says, in the order of help and the manual. */
export const exitMeanings: readonly (readonly [code: number, meaning: string])[] = [
  [exitCode.done, "done"],
  [exitCode.differs, "differs"],
  [exitCode.invalid, "invalid input"],
  [exitCode.degraded, "degraded"],
  [exitCode.failed, "failed"],
  [exitCode.undone, "failed and undone"],
  [exitCode.notAuthorised, "not authorised"],
  [exitCode.refused, "refused"],
  [exitCode.busy, "busy"],
  [exitCode.usage, "usage"],
  [exitCode.bug, "bug"],
  [exitCode.timedOut, "timed out"],
  [exitCode.interrupted, "interrupted"],
];
