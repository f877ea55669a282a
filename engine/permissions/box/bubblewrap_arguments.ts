import { pathCovers } from "../path.ts";
import type { BoxContents, Mount } from "./contents.ts";

/** One box as bubblewrap makes it. */
export interface BubblewrapBox {
  readonly contents: BoxContents;
  /** Whether it is on the machine's network; else it has a loopback of its own. */
  readonly network: boolean;
  /** Folders of which nothing is in it, whatever is asked for. */
  readonly hidden?: readonly string[];
  /** Where the program stands, where the box holds that folder; else it stands in `/`. */
  readonly cwd: string;
  /** Most bytes in `/tmp`, and in `/dev/shm`; half of the memory where it is left out. */
  readonly tmp?: number;
}

/**
 * The arguments of bwrap(1) that stand before the program's. The environment is not among them:
 * anybody may read the arguments of a process, so bubblewrap is started with the program's whole
 * environment and hands it on. What is written where nothing of the machine is mounted fails, but in
 * `/tmp` itself and in `/dev/shm`, which are the box's own and gone with it.
 *
 * @example
 * ```ts
 * import { bubblewrapArguments } from "./bubblewrap_arguments.ts";
 * import assert from "node:assert/strict";
 *
 * const args = bubblewrapArguments({
 *   contents: { mounts: [{ path: "/srv", write: true }], links: [], notes: [] },
 *   network: false,
 *   cwd: "/srv/data",
 * });
 * assert.match(args.join(" "), /--bind \/srv \/srv .*--remount-ro \/ --chdir \/srv\/data --$/);
 * assert.ok(!args.includes("--share-net"));
 * ```
 */
export function bubblewrapArguments(
  { contents, network, hidden = [], cwd, tmp }: BubblewrapBox,
): string[] {
  const { mounts, links, files = [] } = contents;
  const holds = (path: string) => mounts.some((mount) => pathCovers(mount.path, path));
  const shown = mounts.filter(({ path }) => !hidden.some((folder) => pathCovers(folder, path)));
  const size = tmp === undefined ? [] : ["--size", `${tmp}`];
  return [
    ...["--unshare-all", ...(network ? ["--share-net"] : [])],
    ...["--die-with-parent", "--new-session", "--cap-drop", "ALL"],
    ...(holds("/tmp")
      ? []
      : [...size, "--tmpfs", "/tmp", ...closed([...shown.map(({ path }) => path), ...files])]),
    ...shown.flatMap((mount) => [bindOption(mount), mount.path, mount.path]),
    ...hidden.filter(holds).flatMap((path) => ["--tmpfs", path]),
    ...files.flatMap((path) => ["--bind", path, path]),
    // The kernel's settings go by who asks, not by capabilities: root would write them from any box.
    ...["--proc", "/proc", "--remount-ro", "/proc"],
    // /dev is memory as /tmp is: nothing is kept there but what programs share.
    ...["--dev", "/dev", ...size, "--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    ...links.flatMap(({ path, target }) => ["--symlink", target, path]),
    ...(holds("/") ? [] : ["--remount-ro", "/"]),
    ...["--chdir", holds(cwd) ? cwd : "/"],
    "--",
  ];
}

function bindOption({ write, optional }: Mount): string {
  return `${write ? "--bind" : "--ro-bind"}${optional ? "-try" : ""}`;
}

/** The folders on the way to mounts below `/tmp`, in which a write would be lost as well: not writable. */
function closed(paths: readonly string[]): string[] {
  const folders = paths.flatMap((path) => {
    const parts = path.split("/").slice(1, -1);
    return parts[0] !== "tmp"
      ? []
      : parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  });
  return [...new Set(folders)].filter((folder) => folder !== "/tmp")
    .flatMap((folder) => ["--perms", "0555", "--dir", folder]);
}
