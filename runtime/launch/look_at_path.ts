import type { Found, Link, Look } from "../../engine/permissions/box/look.ts";

/** As many links as Linux follows before it gives up. */
const mostLinks = 40;

/**
 * A {@linkcode Look} at this machine that asks the disk once for each path.
 *
 * @param made a folder that is taken for there, because somebody is about to make it
 */
export function lookAtDisk(made?: string): Look {
  const known = new Map<string, Found>();
  return (path) => {
    const found = known.get(path) ?? lookAtPath(path);
    known.set(path, found);
    if (path !== made || found.kind !== "missing") return found;
    return { kind: "folder", real: found.real, links: found.links };
  };
}

/** Follows a path segment by segment, and notes the links on the way. */
export function lookAtPath(path: string): Found {
  const links: Link[] = [];
  const rest = partsOf(path);
  let real = "";
  while (rest.length > 0) {
    const part = rest.shift()!;
    if (part === "..") {
      real = real.slice(0, Math.max(real.lastIndexOf("/"), 0));
      continue;
    }
    const next = `${real}/${part}`;
    const info = lstat(next);
    if (info === undefined || info.isSymlink && links.length === mostLinks) {
      const missing = [next, ...rest].join("/");
      return { kind: "missing", real: missing, links, folder: nearestFolder(real) };
    }
    if (!info.isSymlink) {
      real = next;
      continue;
    }
    const target = Deno.readLinkSync(next);
    links.push({ path: next, target });
    rest.unshift(...partsOf(target));
    if (target.startsWith("/")) real = "";
  }
  return { ...kindOf(real || "/"), real: real || "/", links };
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function kindOf(path: string) {
  const info = lstat(path)!;
  if (info.isDirectory) {
    const born = info.birthtime?.getTime();
    return { kind: "folder", ...(born === undefined ? {} : { born }) } as const;
  }
  if (!info.isFile) return { kind: "other" } as const;
  return { kind: "file", script: isScript(path) } as const;
}

function isScript(path: string): boolean {
  try {
    using file = Deno.openSync(path);
    const begin = new Uint8Array(2);
    return file.readSync(begin) === 2 && begin[0] === 0x23 && begin[1] === 0x21; // "#!"
  } catch {
    return false;
  }
}

/** The path itself is there, but may be a file: nothing can be below it. */
function nearestFolder(path: string): string {
  if (path === "" || lstat(path)?.isDirectory) return path || "/";
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

type Seen = Pick<Deno.FileInfo, "isDirectory" | "isFile" | "isSymlink" | "birthtime">;

/** Deno hides some of the machine from everybody, such as /sys: that is taken for folders. */
const unseen: Seen = { isDirectory: true, isFile: false, isSymlink: false, birthtime: null };

function lstat(path: string): Seen | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    return error instanceof Deno.errors.NotCapable ? unseen : undefined;
  }
}
