import { InvalidInputError, NotAuthorisedError } from "../../../engine/errors.ts";
import { canonicalJson, type Json } from "../../../engine/json.ts";
import type { Digests } from "../../../engine/trust/pipeline_statement.ts";
import { parseStrictJson } from "../../../engine/trust/strict_json.ts";
import { decodeText, digestBytes, readBytes } from "./read_bytes.ts";

/** The folders that hold all code that a run executes, but libraries. */
const folders = ["engine", "runtime", "steps"] as const;

/** Members of deno.json that change nothing of what a program is that runs with it. */
const inert = [
  "bench",
  "description",
  "exports",
  "fmt",
  "license",
  "lint",
  "name",
  "permissions",
  "publish",
  "tasks",
  "test",
  "version",
];

const mostBytes = 16 * 2 ** 20;

/**
 * Digests of the code that runs steps: of each folder below `engine`, `runtime` and `steps` that holds
 * files, of what of `deno.json` decides which libraries there are, and of `deno.lock`, which holds the
 * digests of the libraries.
 *
 * A folder's digest is that of a text with one line for each of its files, tests too, in the order of
 * their names: the SHA-256 of the file in hex, two spaces, its name. `sha256sum` writes that text.
 *
 * @throws NotAuthorisedError for a link in there: what it leads to would not be covered
 */
export async function codeDigests(project: string): Promise<Digests> {
  const found = await Promise.all([
    denoJsonDigest(`${project}/deno.json`),
    readBytes(`${project}/deno.lock`, mostBytes).then(digestBytes)
      .then((digest) => [["deno.lock", digest]] as const),
    ...folders.map((name) => folderDigests(project, name)),
  ]);
  return Object.fromEntries(found.flat());
}

async function denoJsonDigest(path: string): Promise<(readonly [string, string])[]> {
  const value = parseStrictJson(decodeText(await readBytes(path, mostBytes)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidInputError(`${path} is not an object`);
  }
  const active = Object.entries(value as { readonly [key: string]: Json })
    .filter(([key]) => !inert.includes(key));
  const text = canonicalJson(Object.fromEntries(active));
  return [["deno.json", await digestBytes(new TextEncoder().encode(text))]];
}

async function folderDigests(project: string, name: string): Promise<[string, string][]> {
  const files: string[] = [];
  const below: Promise<[string, string][]>[] = [];
  for await (const entry of Deno.readDir(`${project}/${name}`)) {
    if (entry.isDirectory) below.push(folderDigests(project, `${name}/${entry.name}`));
    else if (entry.isFile) files.push(entry.name);
    else {
      throw new NotAuthorisedError(`${project}/${name}/${entry.name} is neither file nor folder`, {
        hint: "a link or a device among the code cannot be covered by a signature: take it away",
      });
    }
  }
  const lines = await Promise.all(
    files.sort().map(async (file) => {
      const digest = await digestBytes(await readBytes(`${project}/${name}/${file}`, mostBytes));
      return `${digest.slice("sha256:".length)}  ${file}\n`;
    }),
  );
  const own: [string, string][] = lines.length === 0
    ? []
    : [[name, await digestBytes(new TextEncoder().encode(lines.join("")))]];
  return [...own, ...(await Promise.all(below)).flat()];
}
