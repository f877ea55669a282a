import { bubblewrapArguments } from "../box/bubblewrap_arguments.ts";
import { contentsOf } from "../box/contents.ts";
import { assumeFolders } from "../box/look.ts";
import { wantsOf } from "../box/wants.ts";
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
 * is there, and bubblewrap ends with an error where one is not.
 */
export function renderBubblewrap(rendered: RenderedSurface): Rendering {
  const { surface, comment } = withPlan(rendered, " --box bubblewrap");
  const { set, programs, places } = surface;
  const wants = wantsOf(set, programs, assumeFolders);
  const contents = contentsOf({
    ...wants,
    fixed: [
      ...wants.fixed,
      places.deno,
      ...code.map((name) => `${places.project}/${name}`),
      cache,
    ],
  }, assumeFolders);
  const args = bubblewrapArguments({ contents, network: wants.network, cwd: "/" });
  const { env, command, unsaid } = runnerWords(surface);
  return {
    text: comment + shellCommand(["env -i", ...env, "/usr/bin/bwrap", ...lines(args), ...command]),
    unsaid: [...unsaid, ...sayAbout(surface, wants.network), ...contents.notes],
  };
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
