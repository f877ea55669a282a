/**
 * Where things lie under the root of an installation, and how its state is read.
 *
 * ```
 * ROOT/releases/VERSION/   a release, read-only
 * ROOT/current             a link to releases/VERSION: what the services run
 * ROOT/.previous           text: the last version that passed its health gate
 * ROOT/.good               text: all versions that passed it, one a line, the newest last
 * ROOT/.bad                JSON lines: releases that failed it, by the digest of their metadata
 * ROOT/.floor              text: the lowest version that may be installed
 * ROOT/.lock               locked (flock) while somebody changes any of these
 * ```
 *
 * While a run is at work there are also `releases/VERSION.staging`, `.current.RUN` and files that end
 * with `.new`; of a run that was killed they are removed by the next one. What `.switch.RUN`,
 * `.commit.RUN` and `.recover.RUN` hold for its undo, or for going on with it, stays until another run
 * has committed.
 *
 * @module
 */
import { InvalidInputError } from "../../engine/errors.ts";
import { isVersion } from "./version.ts";

export interface Layout {
  readonly root: string;
  readonly releases: string;
  readonly current: string;
  readonly previous: string;
  readonly good: string;
  readonly bad: string;
  readonly floor: string;
  readonly lock: string;
  release(version: string): string;
}

export function layout(root: string): Layout {
  return {
    root,
    releases: `${root}/releases`,
    current: `${root}/current`,
    previous: `${root}/.previous`,
    good: `${root}/.good`,
    bad: `${root}/.bad`,
    floor: `${root}/.floor`,
    lock: `${root}/.lock`,
    release: (version) => `${root}/releases/${version}`,
  };
}

const stagingSuffix = ".staging";

/** Where a release lies while it is unpacked. */
export function stagingFolder(root: string, version: string): string {
  return `${layout(root).release(version)}${stagingSuffix}`;
}

/** Whether a name among the releases is that of one in staging. */
export function isStaging(name: string): boolean {
  return name.endsWith(stagingSuffix) && isVersion(name.slice(0, -stagingSuffix.length));
}

/** The text of a file, or `undefined` where there is none. */
export async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw error;
  }
}

/**
 * The version that `current` points to, or `undefined` before the first installation.
 *
 * @throws InvalidInputError when `current` is something else than a link into `releases/`
 */
export async function installedVersion(root: string): Promise<string | undefined> {
  const { current } = layout(root);
  let target: string;
  try {
    target = await Deno.readLink(current);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.NotCapable) throw error;
    const hint = "move it away: it has to be a link that Sluice makes";
    throw new InvalidInputError(`${current} is not a link`, { cause: error, hint });
  }
  const version = target.replace(/^.*releases\//, "").replace(/\/$/, "");
  const inside = target === `releases/${version}` || target === `${root}/releases/${version}`;
  if (!inside || !isVersion(version)) {
    throw new InvalidInputError(`${current} points to ${target}, which is no release of ${root}`, {
      hint: "point it to releases/VERSION, or move it away",
    });
  }
  return version;
}

/** The last version that passed its health gate, if any. */
export async function lastGoodVersion(root: string): Promise<string | undefined> {
  const text = (await readOptional(layout(root).previous))?.trim();
  return text === undefined || !isVersion(text) ? undefined : text;
}

/** The versions that passed their health gate, the newest last, each once. */
export async function goodVersions(root: string): Promise<readonly string[]> {
  const lines = (await readOptional(layout(root).good))?.split("\n").filter(isVersion) ?? [];
  return lines.filter((version, index) => lines.lastIndexOf(version) === index);
}

/**
 * The lowest version that may be installed, if a release that passed its gate named one.
 *
 * @throws InvalidInputError when the file holds something else: it must not open the way by that
 */
export async function floorVersion(root: string): Promise<string | undefined> {
  const { floor } = layout(root);
  const text = (await readOptional(floor))?.trim();
  if (text === undefined || isVersion(text)) return text;
  throw new InvalidInputError(`${floor} holds no version`, {
    hint: "write the lowest version that may be installed into it, or remove it",
  });
}

/** Makes what was renamed, made or removed in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  using handle = await Deno.open(folder);
  await handle.sync();
}

/**
 * Replaces a small text file whole: a reader, or a power cut, finds the old text or the new one.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const aside = `${file}.new`;
  try {
    await writeSynced(aside, text);
    await Deno.rename(aside, file);
  } catch (error) {
    await Deno.remove(aside).catch(() => {}); // The fault that counts is the first.
    throw error;
  }
  await syncFolder(file.slice(0, file.lastIndexOf("/")) || "/");
}

async function writeSynced(file: string, text: string): Promise<void> {
  using handle = await Deno.open(file, { write: true, create: true, truncate: true, mode: 0o644 });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await handle.write(bytes.subarray(at));
  await handle.sync();
}
