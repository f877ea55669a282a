import type { Command } from "./one_step.ts";

/**
 * Runs a command that has to succeed and gives the milliseconds that processors spent on it and on
 * all that it waited for, as Bash counts them: what other processes do changes them little.
 *
 * @throws Error when the program fails
 */
export async function processorTime(command: Command): Promise<number> {
  const { code, stdout, stderr } = await new Deno.Command("/bin/bash", {
    args: ["-c", '"$@" >/dev/null || exit; times', "bash", ...command],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  if (code !== 0) throw new Error(`it ended with ${code}: ${text.decode(stderr)}`);
  // The second line is of the children: user and system.
  const [, children = ""] = text.decode(stdout).split("\n");
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)]
    .map(([, minutes, rest]) => 60 * Number(minutes) + Number(rest));
  return seconds.reduce((sum, each) => sum + each, 0) * 1000;
}
