import { caseKey, showName } from "../../archive/safe_name.ts";
import type { Limits } from "./limits.ts";
import type { Member } from "./member.ts";
import { entryFault } from "./zip_fault.ts";

/** A place in the tree, and who named it first. */
interface Place {
  readonly path: string;
  readonly folder: boolean;
  /** Whether an entry is it, or it only stands in the path of one. */
  readonly named: boolean;
}

/**
 * The folders that entries need, each after the one that holds it. Names that some file system takes
 * for one (case, composed characters, compatible forms) may not be two.
 *
 * @throws InvalidInputError when two entries are one place, a file would have to be a folder, or there
 * are too many
 */
export function checkTree(
  members: readonly Pick<Member, "path" | "folder">[],
  { max_entries }: Pick<Limits, "max_entries">,
): readonly string[] {
  const places = new Map<string, Place>();
  const folders: string[] = [];

  function put(place: Place, by: string): void {
    const key = caseKey(place.path);
    const there = places.get(key);
    if (there === undefined) {
      if (places.size === max_entries) {
        throw entryFault(by, `with it, there are more than ${max_entries} files and folders`);
      }
      places.set(key, place);
      if (place.folder) folders.push(place.path);
      return;
    }
    const fault = clash(there, place);
    if (fault !== undefined) throw entryFault(by, fault);
    if (place.named) places.set(key, place);
  }

  /** Folders that have been put, so that a folder costs once, however much it holds. */
  const known = new Set<string>();
  for (const { path, folder } of members) {
    const above: string[] = [];
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const one = path.slice(0, at);
      if (known.has(one)) break;
      above.unshift(one);
    }
    for (const one of above) {
      put({ path: one, folder: true, named: false }, path);
      known.add(one);
    }
    put({ path, folder, named: true }, path);
  }
  return folders;
}

function clash(there: Place, place: Place): string | undefined {
  if (there.path !== place.path) {
    return `some file systems take it, or a folder of it, for ${showName(there.path)}`;
  }
  if (there.folder !== place.folder) return `${showName(place.path)} is a file and a folder`;
  if (there.named && place.named) return "it is there twice";
  return undefined;
}
