import type { Group, Places } from "./group.ts";

/** What a group or a bench needs and this machine does not have, for people; empty where it can run. */
export async function lackOf(
  { needs = [], probe }: Pick<Group, "needs" | "probe">,
  places: Places,
): Promise<readonly string[]> {
  const programs = needs.filter((program) => !isInstalled(program));
  if (programs.length > 0 || probe === undefined) return programs;
  return await succeeds(probe.command, places) ? [] : [probe.what];
}

/** Runs a command by a Deno that may run this program alone: we may run Deno alone. */
async function succeeds(
  [program, ...args]: readonly [string, ...string[]],
  { deno, project }: Places,
): Promise<boolean> {
  const { success } = await new Deno.Command(deno, {
    args: [
      ...["run", "--quiet", "--no-prompt", `--allow-run=${program}`],
      `${project}/tests/try_command.ts`,
      ...[program, ...args],
    ],
    cwd: project,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

function isInstalled(program: string): boolean {
  return ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}
