import { textKinds } from "../../engine/permissions/grants.ts";
import { normalise } from "../../engine/permissions/normalise.ts";
import { isEmpty } from "../../engine/permissions/is_empty.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { showConfinement } from "../../engine/permissions/show_box.ts";
import type { Refusal } from "./judge.ts";

/** The entries of a set, one a line, indented; programs first, since they leave the sandbox. */
export function showMissing(set: Permissions): string {
  const { run, ...rest } = normalise(set);
  const programs = run.map((grant) => {
    const { program, args, env, brokered } = grant;
    const given = env.length === 0 ? "" : `  with ${env.map(word).join(", ")}`;
    const how = brokered === true ? `  (${showConfinement(grant)})` : "";
    return row("run", [program, ...args].map(word).join(" ") + given + how);
  });
  const others = textKinds.flatMap((kind) => rest[kind].map((entry) => row(kind, word(entry))));
  return [...programs, ...others].join("\n");
}

/** Why a set is refused, and below it what no ceiling allows. */
export function showRefusal({ why, code, missing }: Refusal): string {
  const rows = code.map((text) => row("code", text));
  const all = isEmpty(missing) ? rows : [...rows, showMissing(missing)];
  return all.length === 0 ? why : `${why}:\n${all.join("\n")}`;
}

function row(kind: string, text: string): string {
  return `    ${kind.padEnd(8)} ${text}`;
}

function word(text: string): string {
  return /^[^\s"'\\]+$/.test(text) ? text : JSON.stringify(text);
}
