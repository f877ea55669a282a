import { FailedError } from "../../engine/errors.ts";

/** Tells a disk, or a share of it, that is full while a file is written; `undefined` for all else. */
export function noSpace(error: unknown, path: string): FailedError | undefined {
  const { code } = error as { code?: unknown };
  if (code !== "ENOSPC" && code !== "EDQUOT") return undefined;
  return new FailedError(`there is no space left to write ${path}`, {
    cause: error,
    hint: "free space or inodes on this file system, then try again",
  });
}
