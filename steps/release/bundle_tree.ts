import { linkFault } from "../archive/safe_link.ts";
import { caseKey, nameFault, showName } from "../archive/safe_name.ts";

/** The folder of an installed release in which Sluice keeps what it knows of it. */
export const ownFolder = ".sluice";

/** The part of a bundle's metadata that names things. */
export interface BundleTree {
  readonly sha256: Readonly<Record<string, unknown>>;
  readonly links: Readonly<Record<string, string>>;
  readonly folders?: readonly string[] | undefined;
}

const topFiles = ["LICENSE", "post_install.sh"];

/**
 * Why the paths of a bundle must not become a release, all of them looked at together: a name that is
 * not safe, two that some file system takes for one, something below a file or a link, a link that
 * leaves the release. `undefined` where they may.
 */
export function treeFault({ sha256, links, folders = [] }: BundleTree): string | undefined {
  const files = Object.keys(sha256);
  if (!Object.hasOwn(sha256, "LICENSE")) return "the bundle has no LICENSE";
  for (const path of [...files, ...Object.keys(links), ...folders]) {
    const fault = pathFault(path, topFiles.includes(path) && Object.hasOwn(sha256, path));
    if (fault !== undefined) return `${showName(path)}: ${fault}`;
  }
  const kinds = new Map<string, "file" | "link" | "folder">();
  for (const [kind, paths] of kindsOf(files, Object.keys(links), folders)) {
    for (const path of paths) {
      const inside = insidePath(path);
      if (kinds.has(inside)) return `${showName(path)} is there twice`;
      kinds.set(inside, kind);
    }
  }
  return placeFault(kinds) ?? linksFault(links);
}

function kindsOf(
  files: readonly string[],
  links: readonly string[],
  folders: readonly string[],
): readonly (readonly ["file" | "link" | "folder", readonly string[]])[] {
  return [["file", files], ["link", links], ["folder", folders]];
}

function pathFault(path: string, isTopFile: boolean): string | undefined {
  const fault = nameFault(path);
  if (fault !== undefined) return fault;
  if (isTopFile) return undefined;
  if (!path.startsWith("files/")) return "it is neither below files/ nor LICENSE, post_install.sh";
  const [top] = insidePath(path).split("/", 1);
  return caseKey(top!) === ownFolder ? `the folder ${ownFolder} is Sluice's own` : undefined;
}

/** Where it will lie in the release. */
function insidePath(path: string): string {
  return path.startsWith("files/") ? path.slice("files/".length) : path;
}

/** Something below what is no folder, or two names for one thing. */
function placeFault(kinds: ReadonlyMap<string, "file" | "link" | "folder">): string | undefined {
  const folders = new Set<string>();
  for (const path of kinds.keys()) {
    for (let at = parentOf(path); at !== "" && !folders.has(at); at = parentOf(at)) {
      const kind = kinds.get(at);
      if (kind === "file" || kind === "link") {
        return `${showName(path)} lies below the ${kind} ${showName(at)}`;
      }
      folders.add(at);
    }
  }
  const spellings = new Map<string, string>();
  for (const path of [...kinds.keys(), ...folders]) {
    const key = caseKey(path);
    const other = spellings.get(key);
    if (other !== undefined && other !== path) {
      return `${showName(path)} and ${showName(other)} are one name where case does not count`;
    }
    spellings.set(key, path);
  }
  return undefined;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function linksFault(links: Readonly<Record<string, string>>): string | undefined {
  const inside = new Map(Object.entries(links).map(([path, target]) => [insidePath(path), target]));
  for (const [path, target] of inside) {
    const fault = linkFault(path, target, inside);
    if (fault !== undefined) return `the link ${showName(path)} to ${showName(target)}: ${fault}`;
  }
  return undefined;
}
