import { shapeOf } from "./element.ts";
import { escapeClasses, escapeFamilies } from "./escape_classes.ts";
import type { EscapeRule } from "./escape_rule.ts";
import { escapingVariable } from "./escape_variables.ts";
import type { ProgramGrant } from "./permissions.ts";
import { readArguments } from "./read_arguments.ts";
import { systemFolders } from "./system_paths.ts";

/** What a granted program could do beyond its arguments: the first thing a reviewer looks at. */
export interface Escape {
  /** `argument-limited`: its arguments say all that it does. `arbitrary-code`: it may run any code. */
  readonly class: "argument-limited" | "arbitrary-code";
  /** One clause, such as `tar runs what --checkpoint-action names`. */
  readonly reason: string;
}

/**
 * The escape class of a grant: by the name of its program, by the shape of its arguments, and by its
 * variables. Careful: a program, an option or a place that nobody has looked at counts as arbitrary
 * code. Of a brokered program it says whether a box holds it.
 *
 * @example
 * ```ts
 * import { escapeOf } from "./escape.ts";
 * import assert from "node:assert/strict";
 *
 * const tar = (...args: string[]) => escapeOf({ program: "tar", args, env: [] }).class;
 * assert.equal(tar("-x", "-f", "/srv/a.tar", "-C", "/srv/a", "--", "**"), "argument-limited");
 * assert.equal(tar("-x", "-f", "/srv/a.tar", "-C", "/srv/a", "**"), "arbitrary-code");
 * ```
 */
export function escapeOf(grant: ProgramGrant): Escape {
  const judged = judge(grant);
  if (grant.brokered !== true) return judged;
  const box = grant.deno !== undefined
    ? "Deno holds it to a set of its own"
    : grant.box === undefined
    ? "no box holds it"
    : "a box of its own holds it";
  return { ...judged, reason: `${judged.reason}; ${box}` };
}

function judge({ program, args, env }: ProgramGrant): Escape {
  const slash = program.lastIndexOf("/");
  const name = program.slice(slash + 1);
  const rule = ruleOf(name);
  if (rule?.kind === "code") return arbitrary(`${name} ${rule.reason}`);
  const folder = program.slice(0, Math.max(slash, 0));
  if (slash >= 0 && !systemFolders.some((each) => each === folder)) {
    return arbitrary(`${name} is in no system folder: it may hold anything when it is run`);
  }
  if (rule === undefined) return arbitrary(`nobody has looked at ${name}`);
  const variable = escapingVariable(env);
  if (variable !== undefined) return arbitrary(`${name} ${variable}`);
  if (rule.kind === "options") {
    const read = readArguments(shapeOf(args), rule);
    const clause = typeof read === "string" ? read : rule.judge?.(read);
    if (clause !== undefined) return arbitrary(`${name} ${clause}`);
  }
  return { class: "argument-limited", reason: `${name} ${rule.reason}` };
}

/** `python3.11` is python; but only what may do anything is known by another program's name. */
function ruleOf(name: string): EscapeRule | undefined {
  const exact = escapeClasses.get(name) ??
    escapeFamilies.find(([pattern]) => pattern.test(name))?.[1];
  if (exact !== undefined) return exact;
  const versioned = escapeClasses.get(name.replace(/-?\d+(\.\d+)*$/, ""));
  return versioned?.kind === "code" ? versioned : undefined;
}

function arbitrary(reason: string): Escape {
  return { class: "arbitrary-code", reason };
}
