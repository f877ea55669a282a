import type { Command } from "./enter_box.ts";
import { readOpen, type Shutting, shutting, tellOpen } from "./shut_descriptors.ts";

/** Where setpriv of util-linux is looked for, and nowhere else: PATH is never asked. */
export const setprivPaths = ["/usr/bin/setpriv", "/run/current-system/sw/bin/setpriv"] as const;

/** A setpriv that works here, and what closes what whoever started the launcher has open. */
export interface Setpriv extends Shutting {
  readonly path: string;
}

type Program = Pick<Command, "program" | "args">;

/** What makes the kernel kill a process when the one that started it has ended. */
const leash = ["--pdeathsig", "KILL"];

/**
 * A command whose process the kernel kills as soon as this one has ended, however that went and
 * whatever it does at that time: code that blocks its loop never sees the end of its standard input.
 * It begins with the standard streams alone. Where setpriv is not installed, cannot do that or may not
 * be started, the command stays as it is.
 *
 * @param setpriv where there is one that works
 */
export function dieWithLauncher(command: Command, setpriv = findSetpriv()): Command {
  return setpriv === undefined ? command : through(setpriv, leash, command);
}

/**
 * A command that begins with the standard streams alone, and lives as long as it likes. In a box there
 * is another way. Where nothing else is open, or setpriv does not work, the command stays as it is.
 */
export function withoutOpen<Started extends Program>(
  command: Started,
  setpriv = findSetpriv(),
): Started {
  return setpriv?.shut === undefined ? command : through(setpriv, [], command);
}

/** What stays open in no box, for people. */
export function notesOfOpen(setpriv = findSetpriv()): readonly string[] {
  return setpriv?.notes ?? [];
}

function through<Started extends Program>(
  { path, shut = [] }: Setpriv,
  flags: readonly string[],
  command: Started,
): Started {
  const args = [...flags, "--", ...shut, command.program, ...command.args];
  return { ...command, program: path, args };
}

let found: { readonly setpriv: Setpriv | undefined } | undefined;

/** The setpriv that works here. It is tried once, which takes 3 ms. */
function findSetpriv(): Setpriv | undefined {
  found ??= { setpriv: tryEach() };
  return found.setpriv;
}

function tryEach(): Setpriv | undefined {
  for (const path of setprivPaths) {
    try {
      const args = [...leash, "--", "/bin/sh", "-c", tellOpen];
      const command = new Deno.Command(path, { args, clearEnv: true, stdin: "null" });
      const { success, stdout } = command.outputSync();
      if (!success) continue;
      return { path, ...shutting(readOpen(new TextDecoder().decode(stdout)), isFile("/bin/bash")) };
    } catch {
      // Not there, or not ours to start.
    }
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
