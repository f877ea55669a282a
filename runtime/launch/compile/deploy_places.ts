import { UsageError } from "../../../engine/errors.ts";
import { isPlainPath } from "../../../engine/permissions/path.ts";
import { hasOption, optionValue, optionValues } from "../command_line.ts";
import { deployedRuns } from "../places.ts";
import { resolvePath } from "../resolve_path.ts";

/** Where a kit is made, and where it will lie: read from the launcher's own arguments. */
export interface DeployPlaces {
  /** The folder of `sluice compile --output DIR`. */
  readonly output?: string;
  /** Holds what is installed, a folder for each surface. */
  readonly prefix: string;
  /** Where systemd looks for units. */
  readonly unitDir: string;
  /** Stands before both, and in no file: to put an image together. Empty for this machine. */
  readonly root: string;
  /** Where the machine keeps the runs of the surface. */
  readonly runs: string;
  /** Where programs are on that machine, for those that are elsewhere than here, or not here. */
  readonly programs: Readonly<Record<string, string>>;
  readonly binary: boolean;
  readonly dryRun: boolean;
}

/** Holds what `sluice install` writes, where it is not told otherwise. */
export const defaultPrefix = "/usr/lib/sluice";
/** Where an administrator's units are. */
export const defaultUnitDir = "/etc/systemd/system";

/**
 * Reads those places.
 *
 * @param cwd where the user stands
 * @throws UsageError for what is no place
 */
export function findDeployPlaces(
  args: readonly string[],
  surface: string,
  cwd: string,
): DeployPlaces {
  const has = (name: string) => hasOption(args, name);
  const output = optionValue(args, "--output");
  const root = optionValue(args, "--root");
  return {
    ...(output === undefined ? {} : { output: resolvePath(cwd, output) }),
    prefix: onMachine(args, "--prefix", defaultPrefix),
    unitDir: onMachine(args, "--unit-dir", defaultUnitDir),
    root: root === undefined ? "" : resolvePath(cwd, root).replace(/^\/$/, ""),
    runs: onMachine(args, "--runs", deployedRuns(surface)),
    programs: Object.fromEntries(optionValues(args, "--program").map(readProgram)),
    binary: has("--binary"),
    dryRun: has("--dry-run"),
  };
}

/** A place on the machine that the kit is for: where the user stands here means nothing there. */
function onMachine(args: readonly string[], name: string, fallback: string): string {
  const path = optionValue(args, name) ?? fallback;
  if (isPlainPath(path) && path !== "/") return path;
  throw new UsageError(`${name} is ${JSON.stringify(path)}, which is no absolute path`, {
    hint: `it is a place on the machine that the kit is for, such as ${fallback}`,
  });
}

function readProgram(text: string): [name: string, path: string] {
  const match = /^([^/=]+)=(\/.+)$/.exec(text);
  if (match !== null && isPlainPath(match[2]!)) return [match[1]!, match[2]!];
  throw new UsageError(`--program is ${JSON.stringify(text)}, which is not NAME=/absolute/path`);
}
