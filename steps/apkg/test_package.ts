/**
 * Packages for tests, and a folder to unpack them in. Of the tests.
 *
 * @module
 */
import { type TestContext, testContext, type TestContextOptions } from "../release/test_bed.ts";
import { extractPackage } from "./extract.ts";
import { type RawEntry, rawZip } from "./zip/raw_zip.ts";

/** The shortest manifest that is right. */
export const shortManifest = "name: greeter\nversion: 1.2.0\nrest: { entry: main:mount }\n";

/** A package of this manifest and these files. */
export function packageOf(
  manifest = shortManifest,
  ...entries: readonly RawEntry[]
): Uint8Array<ArrayBuffer> {
  return rawZip({ entries: [{ name: "agent.yaml", content: manifest }, ...entries] });
}

export interface Bed {
  readonly work: string;
  /** Where it is unpacked. */
  readonly to: string;
  readonly ctx: TestContext;
  /** Runs the step on a package. */
  extract(bytes: Uint8Array): ReturnType<typeof extractPackage.run>;
  undo(): Promise<void>;
}

/** A folder of its own, with the limits that are the defaults of the step. */
export async function bed(options: TestContextOptions = {}): Promise<Bed> {
  const work = await Deno.makeTempDir();
  const to = `${work}/package`;
  const ctx = testContext(options);
  const input = {
    package: `${work}/package.apkg`,
    to,
    max_entries: 20_000,
    max_bytes: 1024 ** 3,
    max_file: 512 * 1024 ** 2,
    max_ratio: 200,
  };
  return {
    work,
    to,
    ctx,
    async extract(bytes) {
      await Deno.writeFile(input.package, bytes);
      return await extractPackage.run(input, ctx);
    },
    async undo() {
      if (extractPackage.effect === "reversible") await extractPackage.undo(input, undefined, ctx);
    },
  };
}

/** Every file below a folder, by its path, with its text. */
export async function readFiles(folder: string, below = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    const path = `${below}${name}`;
    if (isDirectory) Object.assign(files, await readFiles(folder, `${path}/`));
    else files[path] = await Deno.readTextFile(`${folder}/${path}`);
  }
  return files;
}

/** What stands in a folder, sorted. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}
