import type { Command } from "./enter_box.ts";

/** Where setpriv of util-linux is looked for, and nowhere else: PATH is never asked. */
export const setprivPaths = ["/usr/bin/setpriv", "/run/current-system/sw/bin/setpriv"] as const;

/** What makes the kernel kill a process when the one that started it has ended. */
const leash = ["--pdeathsig", "KILL"];

/**
 * A command whose process the kernel kills as soon as this one has ended, however that went and
 * whatever it does at that time: code that blocks its loop never sees the end of its standard input.
 * Where setpriv is not installed, cannot do that or may not be started, the command stays as it is.
 *
 * @param setpriv its path, where there is one
 */
export function dieWithLauncher(command: Command, setpriv = findSetpriv()): Command {
  if (setpriv === undefined) return command;
  const args = [...leash, "--", command.program, ...command.args];
  return { ...command, program: setpriv, args };
}

let found: { readonly path: string | undefined } | undefined;

/** The setpriv that works here. It is tried once, which takes 2 ms. */
export function findSetpriv(): string | undefined {
  found ??= { path: setprivPaths.find(works) };
  return found.path;
}

function works(path: string): boolean {
  try {
    const args = [...leash, "--", path, "--version"];
    return new Deno.Command(path, { args, clearEnv: true, stdin: "null" }).outputSync().success;
  } catch {
    return false; // Not there, or not ours to start.
  }
}
