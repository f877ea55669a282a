import { SluiceError } from "../errors.ts";

/** What to do where a file that a pipeline names could not be read. */
export function readingHint(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotCapable) {
    return "put it into the folder of the pipeline that is named on the command line, or below it";
  }
  return error instanceof SluiceError ? error.hint : undefined;
}

/** Why a file that a pipeline names could not be read, in words that follow its name. */
export function readingFault(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotCapable) {
    return "it is outside the folder that may be read while planning";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "access is denied";
  return error instanceof Error ? error.message : String(error);
}
