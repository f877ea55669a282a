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
