/**
 * Processes in boxes as the launcher makes them, and the same in none.
 *
 * @module
 */
import { denoFlags } from "../../../engine/permissions/deno_flags.ts";
import type { Permissions } from "../../../engine/permissions/permissions.ts";
import type { Box } from "../../../runtime/launch/box.ts";
import { childEnvironment } from "../../../runtime/launch/child_environment.ts";
import { type BoxInside, enterBox } from "../../../runtime/launch/enter_box.ts";
import type { LaunchPlaces } from "../../../runtime/launch/places.ts";
import { project } from "../runner_command.ts";

export const bubblewrap: Box = { kind: "bubblewrap", program: "/usr/bin/bwrap" };
export const noBox: Box = { kind: "none", why: "that is what is looked at" };

/** The shell, with any arguments: what a program of class arbitrary code is. */
export const shell = { program: "/bin/sh", args: ["**"], env: [] };

export function placesAt(cwd: string): LaunchPlaces {
  return { deno: Deno.execPath(), project, cwd, runs: `${cwd}/runs`, tmp: "/tmp" };
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly notes: readonly string[];
}

/** Runs a Deno script with a set, in a box as a runner's. */
export async function runInBox(
  box: Box,
  { script, args = [], set, inside = {} }: {
    readonly script: string;
    readonly args?: readonly string[];
    readonly set: Permissions;
    readonly inside?: Partial<BoxInside>;
  },
): Promise<Said> {
  const top = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${top}/script.ts`, script);
  const { command, notes } = enterBox(
    box,
    {
      program: Deno.execPath(),
      args: [
        ...["run", "--quiet", "--no-prompt", "--no-check", "--no-config", "--cached-only"],
        ...denoFlags(set, { programs: {} }),
        `${top}/script.ts`,
        ...args,
      ],
      env: childEnvironment(set.env),
      cwd: top,
    },
    { set, programs: {}, ...inside, code: [`${top}/script.ts`, ...inside.code ?? []] },
    placesAt(top),
  );
  const { code, stdout, stderr } = await new Deno.Command(command.program, {
    args: [...command.args],
    cwd: command.cwd,
    clearEnv: true,
    env: { ...command.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), notes };
}

/** A script that hands its arguments to the shell, and ends as that does. */
export const shellScript = `
const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
  args: ["-c", "PATH=/usr/bin:/bin; " + Deno.args[0], ...Deno.args.slice(1)], stdin: "null", stdout: "piped", stderr: "piped",
}).output();
Deno.stdout.writeSync(stdout);
Deno.stderr.writeSync(stderr);
Deno.exit(code);
`;
