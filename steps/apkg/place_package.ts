import { InvalidInputError } from "../../engine/errors.ts";
import type { StepContext } from "../../engine/step.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { readManifest } from "./manifest/read_manifest.ts";
import type { Limits } from "./zip/limits.ts";
import type { Member } from "./zip/member.ts";
import { openZip } from "./zip/open_zip.ts";
import { unpackZip } from "./zip/unpack.ts";
import { openZipFile } from "./zip/zip_file.ts";

/** What to unpack, where to, and how much of it. */
export interface Placing {
  readonly file: string;
  readonly to: string;
  readonly limits: Limits;
}

/** What stands at the place when all went well. */
export interface Placed {
  readonly package: string;
  readonly manifest: Manifest;
  readonly install: "project" | "requirements" | "none";
  readonly files: number;
  readonly bytes: number;
}

/** Where the manifest is, in the package. */
const manifestName = "agent.yaml";
/** Bytes of a manifest: 256 KiB. */
const longestManifest = 256 * 1024;

/**
 * Unpacks a package aside and renames it into its place. When it throws, nothing stands there, and
 * nothing aside.
 */
export async function placePackage(
  { file, to, limits }: Placing,
  { emit, signal }: Pick<StepContext, "emit" | "signal">,
): Promise<Placed> {
  const part = `${to}.part`;
  if (to === "/" || [to, part].some((folder) => `${file}/`.startsWith(`${folder}/`))) {
    throw new InvalidInputError(`the package ${file} lies where it is to be unpacked, ${to}`);
  }
  await removePackage(to);
  if (await kindOf(to) === "other") {
    throw new InvalidInputError(`${to} is there, and is no unpacked package`, {
      hint: "name another folder, or remove it",
    });
  }
  try {
    using zipFile = await openZipFile(file);
    const zip = await openZip(zipFile, limits);
    checkManifestEntry(zip.members);
    const { length: total } = zip.members.filter(({ folder }) => !folder);
    const written = await unpackZip(zip, part, signal, (done) => {
      emit.progress({ done, total, unit: "files" });
    });
    const { manifest, notes } = await readManifestFile(part, zip.members, zip.folders);
    const { name, version, dialect } = manifest;
    emit.note(`${name} ${version}, by a manifest in the dialect of ${spoken[dialect]}`);
    notes.forEach((note) => emit.note(note, "warning"));
    signal.throwIfAborted();
    await Deno.rename(part, to);
    return { package: to, manifest, install: installOf(zip.members), ...written };
  } catch (error) {
    await removeTree(part).catch(() => {}); // The fault that counts is the first.
    throw error;
  }
}

const spoken = { packer: "the packer", runtime: "the runtime", exports: "exports" } as const;

/** Removes what this step made, whole or half, and leaves alone what is no package. */
export async function removePackage(to: string): Promise<void> {
  await removeTree(`${to}.part`);
  if (await kindOf(to) !== "package") return;
  // In one step out of its place: half a package would no longer be known for one.
  await Deno.rename(to, `${to}.part`);
  await removeTree(`${to}.part`);
}

async function kindOf(to: string): Promise<"nothing" | "package" | "other"> {
  const info = await lookAt(to);
  if (info === undefined) return "nothing";
  if (!info.isDirectory) return "other";
  const empty = (await Array.fromAsync(Deno.readDir(to))).length === 0;
  return empty || (await lookAt(`${to}/${manifestName}`))?.isFile === true ? "package" : "other";
}

async function lookAt(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Before anything is unpacked: the commonest fault is a zip of something else. */
function checkManifestEntry(members: readonly Member[]): void {
  const found = members.find(({ path }) => path === manifestName);
  if (found === undefined || found.folder) {
    const near = members.find(({ path }) => /(^|\/)agent\.ya?ml$/i.test(path))?.path;
    throw new InvalidInputError(`the package has no ${manifestName} at its root`, {
      hint: near === undefined
        ? "every agent package has one, which names its handlers and its version"
        : `it has ${JSON.stringify(near)}: pack the folder's content, with that very name`,
    });
  }
  if (found.size > longestManifest) {
    throw new InvalidInputError(
      `the package's ${manifestName} has ${found.size} bytes, more than ${longestManifest}`,
    );
  }
}

async function readManifestFile(
  folder: string,
  members: readonly Member[],
  folders: readonly string[],
) {
  const kinds = new Map<string, "file" | "folder">(folders.map((path) => [path, "folder"]));
  for (const { path, folder } of members) if (!folder) kinds.set(path, "file");
  const bytes = await Deno.readFile(`${folder}/${manifestName}`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidInputError(`the package's ${manifestName} is not UTF-8`);
  }
  return readManifest(text, manifestName, (path) => kinds.get(path));
}

function installOf(members: readonly Member[]): Placed["install"] {
  const has = (name: string) => members.some(({ path, folder }) => path === name && !folder);
  if (has("setup.py") || has("pyproject.toml")) return "project";
  return has("requirements.txt") ? "requirements" : "none";
}
