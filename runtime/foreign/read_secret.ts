import { readVariable } from "../../engine/read_variable.ts";

/** Most bytes of a secret, as for every other step. */
const mostBytes = 1 << 20;

/**
 * The value behind a reference, read with what this process may read.
 *
 * @throws Error that names the reference, and nothing of the value
 */
export async function readSecret(ref: string): Promise<string> {
  const at = ref.indexOf(":");
  const kind = ref.slice(0, at);
  const name = ref.slice(at + 1);
  if (kind === "env") {
    const value = readVariable(name);
    if (value === undefined) throw new Error(`the secret ${ref} is missing: it is not set`);
    return value;
  }
  if (kind !== "file") throw new Error("a secret is a reference: env:NAME or file:/absolute/path");
  const { isFile, size } = await Deno.stat(name);
  if (!isFile || size > mostBytes) {
    throw new Error(`the secret ${ref} is no file of a secret's size`);
  }
  return (await Deno.readTextFile(name)).replace(/\r?\n$/, "");
}
