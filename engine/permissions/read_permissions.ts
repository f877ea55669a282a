import { InvalidInputError } from "../errors.ts";
import { textKinds } from "./grants.ts";
import type { Permissions, ProgramBox, ProgramGrant } from "./permissions.ts";

/**
 * A set from JSON that somebody else wrote. Kinds that are left out are empty; unknown keys are
 * faults. By hand, because it runs where no library may.
 *
 * @param where names the value in messages, such as `ad_hoc.ceiling`
 * @throws InvalidInputError
 *
 * @example
 * ```ts
 * import { readPermissions } from "./read_permissions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readPermissions({ read: ["/srv"] }, "set").read, ["/srv"]);
 * assert.throws(() => readPermissions({ reed: ["/srv"] }, "set"), /set.reed/);
 * ```
 */
export function readPermissions(value: unknown, where: string): Permissions {
  const object = readObject(value, where, [...textKinds, "run"]);
  const [read, write, connect, listen, env, sys] = textKinds.map((kind) =>
    readTexts(object[kind] ?? [], `${where}.${kind}`)
  );
  const run = object["run"] ?? [];
  if (!Array.isArray(run)) throw fault(`${where}.run`, "a list of programs");
  return {
    read: read!,
    write: write!,
    connect: connect!,
    listen: listen!,
    env: env!,
    sys: sys!,
    run: run.map((grant, index) => readGrant(grant, `${where}.run[${index}]`)),
  };
}

/** The members of a program's grant. */
export const grantMembers = ["program", "args", "env", "brokered", "box", "deno"] as const;

function readGrant(value: unknown, where: string): ProgramGrant {
  const object = readObject(value, where, grantMembers);
  const { program, args = [], env = [], brokered, box, deno } = object;
  if (typeof program !== "string" || program === "") throw fault(`${where}.program`, "a text");
  if (brokered !== undefined && brokered !== true) {
    throw fault(`${where}.brokered`, "true, or left out");
  }
  if (box !== undefined && brokered !== true) {
    throw fault(`${where}.box`, "left out: only a brokered program has a box of its own");
  }
  if (deno !== undefined && (brokered !== true || box !== undefined)) {
    throw fault(`${where}.deno`, "left out: only a brokered program has it, instead of a box");
  }
  return {
    program,
    args: readTexts(args, `${where}.args`),
    env: readTexts(env, `${where}.env`),
    ...(brokered === true ? { brokered } : {}),
    ...(box === undefined ? {} : { box: readBox(box, `${where}.box`) }),
    ...(deno === undefined ? {} : { deno: readModuleSet(deno, `${where}.deno`) }),
  };
}

function readModuleSet(value: unknown, where: string): Permissions {
  const set = readPermissions(value, where);
  if (set.run.length > 0) throw fault(`${where}.run`, "left out: it starts no programs");
  return set;
}

function readBox(value: unknown, where: string): ProgramBox {
  const { read = [], write = [], network = false } = readObject(value, where, [
    "read",
    "write",
    "network",
  ]);
  if (typeof network !== "boolean") throw fault(`${where}.network`, "true or false");
  return {
    read: readTexts(read, `${where}.read`),
    write: readTexts(write, `${where}.write`),
    network,
  };
}

function readObject(
  value: unknown,
  where: string,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fault(where, "a mapping");
  }
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) throw fault(`${where}.${key}`, `one of ${keys.join(", ")}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function readTexts(value: unknown, where: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string")) {
    throw fault(where, "a list of texts");
  }
  return value;
}

function fault(where: string, wanted: string): InvalidInputError {
  return new InvalidInputError(`${where} has to be ${wanted}`);
}
