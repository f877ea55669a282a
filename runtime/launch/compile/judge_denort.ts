import { Buffer } from "node:buffer";
import { InvalidInputError } from "../../../engine/errors.ts";

/** What a denort says when nothing was put into it; the full Deno never does. */
const denortSays = "Could not find standalone binary section";
/** What only the full Deno says: it has a prompt that runs whatever is typed. */
const denoSays = "Read-Eval-Print Loop";

/**
 * Refuses a file that is not the small runtime which `deno compile` puts programs into. Deno itself
 * takes any program: with `deno` in its place it makes a file that ignores what was put into it and
 * opens a prompt with all permissions. This looks at the file and runs nothing; what was made of it
 * is greeted besides.
 *
 * @param path the value of DENORT_BIN
 * @throws InvalidInputError that says what it is instead
 */
export function judgeDenort(path: string): void {
  const fault = (what: string) =>
    new InvalidInputError(`DENORT_BIN is ${JSON.stringify(path)}, ${what}`, {
      hint: "name the denort of this version of Deno, or leave out --binary: the folder needs none",
    });
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const { isFile, mode, size } = Deno.statSync(path);
    if (!isFile) throw fault("which is no file");
    if (((mode ?? 0) & 0o111) === 0) throw fault("which may not be executed");
    if (size > 2 ** 30) throw fault("which is larger than a GiB");
    bytes = Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    if (error instanceof Deno.errors.NotFound) throw fault("which does not exist");
    throw fault(`which cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const content = Buffer.from(bytes.buffer);
  if (content.subarray(0, 4).toString("latin1") !== "\x7fELF") {
    throw fault("which is no program of Linux");
  }
  if (content.includes(denoSays)) {
    throw fault("which is deno itself: what is made of it ignores our program and runs anything");
  }
  if (!content.includes(denortSays)) throw fault("which is no denort");
}
