import { InvalidInputError } from "../../engine/errors.ts";
import { showName } from "../archive/safe_name.ts";
import { ownFolder } from "./bundle_tree.ts";
import {
  bundleNames,
  type FileMode,
  type Metadata,
  releaseFolders,
  releasePath,
} from "./metadata.ts";

/** The files that Sluice keeps in a release, relative to the release. */
export const ownFiles = {
  folder: ownFolder,
  metadata: `${ownFolder}/${bundleNames.metadata}`,
  signature: `${ownFolder}/${bundleNames.signature}`,
  /** Text: the id of the run that made the release; what undo goes by. */
  run: `${ownFolder}/run`,
} as const;

/** The permission bits of files and folders of a release: nobody writes. */
export const releaseModes = {
  file: (mode: FileMode) => mode === "0755" ? 0o555 : 0o444,
  folder: 0o555,
} as const;

/**
 * Compares a release's folder with its metadata, all but the content of files: every file, link and
 * folder is there with its type, size, mode and target, and nothing else is.
 *
 * @throws InvalidInputError naming the first difference
 */
export async function compareFolder(folder: string, metadata: Metadata): Promise<void> {
  const files = new Map(
    Object.entries(metadata.sizes).map((
      [path, size],
    ) => [releasePath(path), { size, mode: releaseModes.file(metadata.modes[path]!) }]),
  );
  const links = new Map(
    Object.entries(metadata.links).map(([path, target]) => [releasePath(path), target]),
  );
  const folders = new Set([...releaseFolders(metadata), ownFiles.folder]);
  const own = new Set<string>([ownFiles.metadata, ownFiles.signature, ownFiles.run]);
  const wanted = new Set([...files.keys(), ...links.keys(), ...folders, ...own]);
  const differs = (path: string, how: string) =>
    new InvalidInputError(`the release ${folder} is not what was signed: ${showName(path)} ${how}`);

  async function walk(inside: string): Promise<void> {
    const at = inside === "" ? folder : `${folder}/${inside}`;
    const { mode } = await Deno.lstat(at);
    if (((mode ?? 0) & 0o7777) !== releaseModes.folder) throw differs(inside, "may be written");
    // One wait a folder: a wait for every entry costs more than the work.
    for (const { name } of Deno.readDirSync(at)) {
      const path = inside === "" ? name : `${inside}/${name}`;
      const info = Deno.lstatSync(`${folder}/${path}`);
      if (!wanted.delete(path)) throw differs(path, "does not belong there");
      const file = files.get(path);
      if (file !== undefined) {
        if (!info.isFile) throw differs(path, "is no file");
        if (info.size !== file.size) throw differs(path, `has ${info.size} bytes`);
        if (((info.mode ?? 0) & 0o7777) !== file.mode) throw differs(path, "has another mode");
      } else if (links.has(path)) {
        if (!info.isSymlink) throw differs(path, "is no link");
        if (Deno.readLinkSync(`${folder}/${path}`) !== links.get(path)) {
          throw differs(path, "leads elsewhere");
        }
      } else if (folders.has(path)) {
        if (!info.isDirectory) throw differs(path, "is no folder");
        await walk(path);
      } else if (!info.isFile) throw differs(path, "is no file");
    }
  }

  await walk("");
  wanted.delete(ownFiles.run);
  for (const path of wanted) throw differs(path, "is missing");
}
