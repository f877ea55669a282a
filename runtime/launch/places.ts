import { readVariable } from "../../engine/read_variable.ts";
import { UsageError } from "../../engine/errors.ts";
import { optionValue, positional } from "./command_line.ts";
import { resolvePath } from "./resolve_path.ts";

/** Where everything is: absolute paths. */
export interface LaunchPlaces {
  /** The program that runs this, and the only one that the launcher starts. */
  readonly deno: string;
  /** Where Sluice lies. */
  readonly project: string;
  /** Where the user stands. */
  readonly cwd: string;
  /**
   * Where runs are kept: `--runs DIR`, or `.sluice/runs` where the user stands; for what is made for a
   * machine, where that keeps them.
   */
  readonly runs: string;
  /** For temporary files. */
  readonly tmp: string;
}

/**
 * Looks around. Nothing is made.
 *
 * @param launcher the URL of `runtime/launch/main.ts`: where Sluice lies is found from there
 * @throws UsageError when no grant could name where the user stands or where runs are kept
 */
export function findPlaces(args: readonly string[], launcher: string): LaunchPlaces {
  const project = decodeURIComponent(new URL("../..", launcher).pathname).replace(/\/$/, "");
  const cwd = standing(project);
  const surface = deployedSurface(args) ?? confinedSurface(args);
  const runs = resolvePath(
    cwd,
    optionValue(args, "--runs") ??
      (surface === undefined ? ".sluice/runs" : deployedRuns(surface)),
  );
  const odd = [cwd, runs].find((path) => /\p{Cc}/u.test(path));
  if (odd !== undefined) {
    throw new UsageError(`no path may hold a control character: ${JSON.stringify(odd)}`, {
      hint: "stand in another folder, and give --runs another",
    });
  }
  return {
    deno: Deno.execPath(),
    project,
    cwd,
    runs,
    tmp: resolvePath("/", readVariable("TMPDIR") || "/tmp"),
  };
}

/** A task is started in the folder of its deno.json; INIT_CWD holds where the user was. */
function standing(project: string): string {
  const cwd = Deno.cwd();
  const before = readVariable("INIT_CWD");
  return cwd === project && before?.startsWith("/") ? resolvePath("/", before) : cwd;
}

/** What makes something for a machine, where runs are not kept where the user stands. */
const deploying = ["compile", "install", "uninstall"];

/** The surface that a command names which makes something for a machine. */
export function deployedSurface(args: readonly string[]): string | undefined {
  const [command, surface] = positional(args);
  return deploying.includes(command ?? "") ? surface : undefined;
}

/** What is rendered for the kit of a surface, which is started where that keeps its runs. */
const kitForms = ["systemd", "networkpolicy"];

function confinedSurface(args: readonly string[]): string | undefined {
  const [command, surface] = positional(args);
  const isForKit = command === "permissions" && kitForms.includes(optionValue(args, "--as") ?? "");
  return isForKit ? surface : undefined;
}

/** Where a machine keeps the runs of a surface, where nobody says. */
export function deployedRuns(surface: string): string {
  return `/var/lib/sluice/${surface}`;
}
