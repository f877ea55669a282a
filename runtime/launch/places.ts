import { resolvePath } from "./resolve_path.ts";

/** Where everything is: absolute paths. */
export interface LaunchPlaces {
  /** The program that runs this, and the only one that the launcher starts. */
  readonly deno: string;
  /** Where Sluice lies. */
  readonly project: string;
  /** Where the user stands. */
  readonly cwd: string;
  /** Where runs are kept: `--runs DIR`, or `.sluice/runs` where the user stands. */
  readonly runs: string;
  /** For temporary files. */
  readonly tmp: string;
}

/** Looks around. Nothing is made. */
export function findPlaces(args: readonly string[]): LaunchPlaces {
  const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");
  const cwd = standing(project);
  return {
    deno: Deno.execPath(),
    project,
    cwd,
    runs: resolvePath(cwd, optionValue(args, "--runs") ?? ".sluice/runs"),
    tmp: resolvePath("/", Deno.env.get("TMPDIR") || "/tmp"),
  };
}

/** A task is started in the folder of its deno.json; INIT_CWD holds where the user was. */
function standing(project: string): string {
  const cwd = Deno.cwd();
  const before = Deno.env.get("INIT_CWD");
  return cwd === project && before?.startsWith("/") ? resolvePath("/", before) : cwd;
}

/** The value of `--name VALUE` or `--name=VALUE`, the last one where there are several. */
export function optionValue(args: readonly string[], name: string): string | undefined {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  const given = options.flatMap((argument, index) => {
    if (argument.startsWith(`${name}=`)) return [argument.slice(name.length + 1)];
    return argument === name && index + 1 < options.length ? [options[index + 1]!] : [];
  });
  return given.at(-1);
}
