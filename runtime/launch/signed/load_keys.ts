import { NotAuthorisedError, SluiceError } from "../../../engine/errors.ts";
import { readWebKey, type WebKey } from "../../../engine/trust/web_key.ts";
import { decodeText, readBytes } from "./read_bytes.ts";

/** A key that may sign pipelines, with the name of its file, without `.pub`. */
export interface NamedKey extends WebKey {
  readonly name: string;
}

const extension = ".pub";
const mostBytes = 64 * 1024;

/**
 * The keys that `--require-signature` and `--keys` name: one file, or every `*.pub` of a folder. A file
 * that is no key is an error, not passed over: who put it there believes that it is trusted.
 *
 * @param path absolute
 * @throws NotAuthorisedError when there is none, or one that cannot be used
 */
export async function loadKeys(path: string): Promise<readonly NamedKey[]> {
  const files = await keyFiles(path);
  if (files.length === 0) {
    throw new NotAuthorisedError(`there is no public key (*${extension}) in ${path}`, {
      hint: "put the public half of the signing key there",
    });
  }
  return await Promise.all(files.map(loadKey));
}

async function keyFiles(path: string): Promise<readonly string[]> {
  try {
    if (!(await Deno.stat(path)).isDirectory) return [path];
    const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
    return names.filter((name) => name.endsWith(extension)).sort().map((name) => `${path}/${name}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NotAuthorisedError(`there is no key and no folder of keys at ${path}`, {
      hint: `name a public key, or a folder of them (*${extension})`,
    });
  }
}

async function loadKey(path: string): Promise<NamedKey> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  try {
    const key = await readWebKey(decodeText(await readBytes(path, mostBytes)));
    return { ...key, name: name.endsWith(extension) ? name.slice(0, -extension.length) : name };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new NotAuthorisedError(`the key file ${path} cannot be used: ${error.message}`, {
      hint: error.hint ?? "replace it by a public key in PEM, or take it out of the folder",
    });
  }
}
