import { NotAuthorisedError, SluiceError } from "../errors.ts";
import { readPublicKey } from "./public_key.ts";
import type { TrustedKey } from "./trusted_key.ts";

const extension = ".pub";
/** Bytes of a key file; the longest kind needs two thousand. */
const longest = 64 * 1024;

/**
 * Every key in the files `*.pub` of a folder, in the order of their names. A file that is no key is
 * an error, not passed over: who put it there believes that it is trusted.
 *
 * @throws NotAuthorisedError when the folder is missing or holds no key, or a file is no public key
 */
export async function loadTrust(folder: string): Promise<readonly TrustedKey[]> {
  const files = await keyFiles(folder);
  if (files.length === 0) {
    throw new NotAuthorisedError(`there is no public key (*${extension}) in ${folder}`, {
      hint: "put the public half of the signing key there",
    });
  }
  return await Promise.all(files.map((file) => loadKey(folder, file)));
}

async function keyFiles(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.endsWith(extension)) names.push(name);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new NotAuthorisedError(`there is no folder of trusted keys at ${folder}`, {
        hint: `make it, and put the public half (*${extension}) of the signing key there`,
        cause: error,
      });
    }
    throw error;
  }
  return names.sort();
}

async function loadKey(folder: string, file: string): Promise<TrustedKey> {
  const path = `${folder}/${file}`;
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw new NotAuthorisedError("it is not a file");
    if (size > longest) throw new NotAuthorisedError("it is too large for a key");
    const key = await readPublicKey(await Deno.readTextFile(path));
    return { ...key, name: file.slice(0, -extension.length) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new NotAuthorisedError(`the key file ${path} leads nowhere`, { cause: error });
    }
    if (!(error instanceof SluiceError)) throw error;
    throw new NotAuthorisedError(`the key file ${path} cannot be used: ${error.message}`, {
      cause: error,
      hint: error.hint ?? "replace it by a public key in PEM, or take it out of the folder",
    });
  }
}
