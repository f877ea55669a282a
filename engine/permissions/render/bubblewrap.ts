import { bubblewrapArguments } from "../box/bubblewrap_arguments.ts";
import { type BoxContents, contentsOf, type Mount } from "../box/contents.ts";
import { assumeFolders, type Look } from "../box/look.ts";
import { type SetWants, wantsOf } from "../box/wants.ts";
import { pathCovers } from "../path.ts";
import { runnerWords, shellCommand } from "./deno.ts";
import type { RenderedSurface, Rendering } from "./rendering.ts";
import { withPlan } from "./runner_plan.ts";
import { shellWord } from "./shell_word.ts";

/** Where Deno keeps what it has fetched and compiled, as the shell knows it; it stands for this. */
const cache = "/deno-cache";
const cacheWord = '"${DENO_DIR:-$HOME/.cache/deno}"';
/** What of the project a runner loads. */
const code = ["deno.json", "deno.lock", "engine", "runtime", "steps"];

/**
 * The command that starts a surface's runner in bubblewrap, to be typed into a shell. The launcher
 * makes the same box, but looks at the disk first: here every declared path is taken for a folder that
 * is there. Of a fixed surface, bubblewrap ends with an error where one is not; a ceiling names more
 * than any machine has, and what is not there is left out.
 */
export function renderBubblewrap(rendered: RenderedSurface): Rendering {
  const { surface, comment } = withPlan(rendered, " --box bubblewrap");
  const { set, programs, places, plan } = surface;
  const isCeiling = surface.locked?.kind === "open";
  const wants = wantsOf(set, programs, assumeFolders);
  const own = [places.deno, ...code.map((name) => `${places.project}/${name}`), cache];
  const contents = contentsOf(
    { ...wants, fixed: [...wants.fixed, ...own] },
    isCeiling ? assumeFolders : assumeSockets([...wants.connect, ...wants.listen]),
  );
  const needed = [...own, places.runs, ...plan === undefined ? [] : [plan]];
  const mounts = contents.mounts.map((mount): Mount =>
    isCeiling && !needed.includes(mount.path) ? { ...mount, optional: true } : mount
  );
  // Nobody knows what it lies in: mounted last, it is read-only wherever that is.
  const ordered = [...mounts.filter(({ path }) => path !== cache), { path: cache, write: false }];
  const args = bubblewrapArguments({
    contents: { ...contents, mounts: ordered },
    network: wants.network,
    cwd: "/",
  });
  const { env, command, unsaid } = runnerWords(surface);
  return {
    text: comment + shellCommand(["env -i", ...env, "/usr/bin/bwrap", ...lines(args), ...command]),
    unsaid: [
      ...unsaid,
      ...sayAbout(surface, wants.network),
      ...contents.notes,
      ...differences(wants, own, contents),
      ...isCeiling
        ? ["bubblewrap mounts what is there when it starts: what is made later is not in the box"]
        : [],
    ],
  };
}

/** As `assumeFolders`, but for the sockets of a set: a ceiling names folders that hold them. */
function assumeSockets(paths: readonly string[]): Look {
  return (path) =>
    paths.includes(path) ? { kind: "other", real: path, links: [] } : assumeFolders(path);
}

/** Where the box shows more of the machine than was declared, or lets less be written. */
function differences(
  { read, write, connect, fixed }: SetWants,
  own: readonly string[],
  { mounts }: BoxContents,
): readonly string[] {
  const shown = [...read, ...write, ...connect, ...fixed, ...own];
  const isDeclared = (mount: Mount) => shown.some((path) => pathCovers(path, mount.path));
  const isClosed = (path: string) =>
    !mounts.findLast((mount) => pathCovers(mount.path, path))?.write;
  return [
    ...mounts.filter((mount) => !mount.write && mount.optional === undefined && !isDeclared(mount))
      .map(({ path }) => `all of ${path} can be read, for the sockets in it`),
    ...write.filter((path) => !connect.includes(path) && isClosed(path))
      .map((path) => `${path} cannot be written: it is code, or lies in it`),
  ];
}

/** An option with its values a line. */
function lines(args: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const arg of args) {
    const word = arg === cache ? cacheWord : shellWord(arg);
    if (arg.startsWith("--") || found.length === 0) found.push(word);
    else found.push(`${found.pop()} ${word}`);
  }
  return found;
}

function sayAbout({ set }: RenderedSurface, network: boolean): readonly string[] {
  const hosts = [...set.connect, ...set.listen].filter((entry) => !entry.startsWith("unix:"));
  return [
    ...(network && hosts.length > 0
      ? [
        `bubblewrap knows the whole network or none, so Deno's flags alone hold: ${
          hosts.join(", ")
        }`,
      ]
      : []),
    ...(set.sys.length === 0
      ? []
      : [`bubblewrap has no words for system information: ${set.sys.join(", ")}`]),
  ];
}
