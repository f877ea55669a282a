/**
 * A copy of the project in a folder of its own, so that a test may change its pipelines, its surfaces
 * and its lock.
 *
 * @module
 */
import { type Ended, sluice } from "./start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/** What of the project it takes to run it. */
const parts = [
  "deno.json",
  "deno.lock",
  "permissions.lock.json",
  "engine",
  "runtime",
  "steps",
  "pipelines",
];

export interface ProjectCopy {
  /** Absolute. */
  readonly folder: string;
  sluice(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  read(path: string): Promise<string>;
  /** The text of a file as the project itself has it. */
  original(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Replaces a text that is there; fails where it is not. */
  edit(path: string, from: string, to: string): Promise<void>;
}

/** Copies the project as it is. */
export async function copyProject(): Promise<ProjectCopy> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  for (const part of parts) await copy(`${project}/${part}`, `${folder}/${part}`);
  const read = (path: string) => Deno.readTextFile(`${folder}/${path}`);
  const write = (path: string, text: string) => Deno.writeTextFile(`${folder}/${path}`, text);
  return {
    folder,
    read,
    original: (path) => Deno.readTextFile(`${project}/${path}`),
    write,
    async edit(path, from, to) {
      const text = await read(path);
      if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
      await write(path, text.replace(from, to));
    },
    sluice: (args, env = {}) => sluice(args, { cwd: folder, env, project: folder }),
  };
}

async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    if (!name.endsWith("_test.ts")) await copy(`${from}/${name}`, `${to}/${name}`);
  }
}
