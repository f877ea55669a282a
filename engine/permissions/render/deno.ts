import { SluiceError } from "../../errors.ts";
import { denoFlags } from "../deno_flags.ts";
import { mapGrants, type TextKind } from "../grants.ts";
import { type Permissions, permissions, type ProgramGrant } from "../permissions.ts";
import { showCommand } from "../show_command.ts";
import type { RenderedSurface, Rendering } from "./rendering.ts";
import { withPlan } from "./runner_plan.ts";
import { shellWord } from "./shell_word.ts";

/**
 * The command that starts a surface's runner with its flags, to be typed into a shell. The
 * environment is emptied first: a program that it starts could read all of it otherwise.
 */
export function renderDeno(surface: RenderedSurface): Rendering {
  const { surface: own, comment } = withPlan(surface);
  const { env, command, unsaid } = runnerWords(own);
  return { text: comment + shellCommand(["env -i", ...env, ...command]), unsaid };
}

/** The same in parts, for boxes: the variables, then the command, as words of a shell. */
export function runnerWords({ set, programs, places }: RenderedSurface): {
  readonly env: readonly string[];
  readonly command: readonly string[];
  readonly unsaid: readonly string[];
} {
  const unsaid: string[] = [];
  const sayable = withoutUnsayable(set, programs, unsaid);
  sayAbout(sayable, unsaid);
  const command = [
    shellWord(places.deno),
    "run --no-prompt --cached-only --frozen",
    `--config=${shellWord(`${places.project}/deno.json`)}`,
    ...denoFlags(sayable, { programs }).map(shellWord),
    shellWord(`${places.project}/runtime/runner.ts`),
  ];
  return { env: variables(set.env), command, unsaid };
}

/** A command over several lines. */
export function shellCommand(words: readonly string[]): string {
  return `${words.join(" \\\n  ")}\n`;
}

/** What Deno itself needs, and what the set names, as far as the shell has it. */
function variables(names: readonly string[]): readonly string[] {
  const own = [
    "HOME",
    "DENO_DIR",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
  ];
  const all = new Set([...own, ...names.filter((name) => /^[A-Za-z_]\w*$/.test(name))]);
  return [...[...all].map((name) => `\${${name}+"${name}=$${name}"}`), "DENO_NO_UPDATE_CHECK=1"];
}

/** Leaves out each entry for which there is no flag. */
function withoutUnsayable(
  set: Permissions,
  programs: Readonly<Record<string, string>>,
  unsaid: string[],
): Permissions {
  const sayable = (parts: Partial<Permissions>): boolean => {
    try {
      denoFlags(permissions(parts), { programs });
      return true;
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      unsaid.push(`${error.message}: it is left out`);
      return false;
    }
  };
  return mapGrants(
    set,
    (entries, kind: TextKind) => entries.filter((entry) => sayable({ [kind]: [entry] })),
    (grants) => grants.filter((grant) => sayable({ run: [grant] })),
  );
}

function sayAbout({ connect, listen, run }: Permissions, unsaid: string[]): void {
  const started = run.filter(({ brokered }) => brokered !== true);
  if (started.length > 0) {
    unsaid.push(
      `Deno's flags know no arguments and no variables of programs: Sluice checks ${list(started)}`,
    );
  }
  const brokered = run.filter((grant) => grant.brokered === true);
  if (brokered.length > 0) {
    unsaid.push(`a brokered program has no flag, only the launcher starts it: ${list(brokered)}`);
  }
  const apart = [
    ...connect.filter((entry) => !listen.includes(entry)).map((entry) => `${entry} to connect to`),
    ...listen.filter((entry) => !connect.includes(entry)).map((entry) => `${entry} to listen on`),
  ];
  if (apart.length > 0) {
    unsaid.push(`connecting and listening are one right in Deno: ${apart.join(", ")}`);
  }
}

function list(grants: readonly ProgramGrant[]): string {
  return grants.map(showCommand).join("; ");
}
