import { BugError, InvalidInputError } from "../../engine/errors.ts";
import type { ForeignSet } from "../../engine/permissions/foreign_sets.ts";
import { sourceBytes } from "../../engine/foreign/limits.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { sha256 } from "../../engine/sha256.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import type { ForeignSource } from "./foreign_messages.ts";
import type { ForeignRequest } from "./planner_protocol.ts";

/**
 * The part of a launch request that is about steps of others. The digest of each piece of code is
 * computed here again: what was accepted under that name is what will run.
 *
 * @throws BugError when it is not as it has to be
 */
export function readForeignRequest(value: unknown): ForeignRequest {
  const { code, steps } = object(value, "foreign");
  const sources = Object.entries(object(code, "foreign.code")).map(([digest, given]) => {
    const { name, source } = object(given, "foreign.code");
    if (typeof name !== "string" || typeof source !== "string") throw fault("foreign.code");
    if (source.length > sourceBytes || `sha256:${sha256(source)}` !== digest) {
      throw fault("foreign.code");
    }
    return [digest, { name, source } satisfies ForeignSource] as const;
  });
  const known = new Map(sources);
  const sets = Object.entries(object(steps, "foreign.steps")).map(([id, given]) => {
    // It becomes the name of a folder.
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/.test(id)) {
      throw fault("foreign.steps");
    }
    const { code, run, undo } = object(given, `foreign.steps.${id}`);
    if (typeof code !== "string" || !known.has(code)) throw fault(`foreign.steps.${id}.code`);
    const set: ForeignSet = { code, run: permissions(run, id), undo: permissions(undo, id) };
    return [id, set] as const;
  });
  return { code: Object.fromEntries(sources), steps: Object.fromEntries(sets) };
}

/** No process of others starts a program itself. */
function permissions(value: unknown, id: string): Permissions {
  const where = `foreign.steps.${id}`;
  try {
    const set = readPermissions(value, where);
    if (set.run.every(({ brokered, box }) => brokered === true && box !== undefined)) return set;
  } catch (error) {
    throw error instanceof InvalidInputError ? new BugError(error.message) : error;
  }
  throw fault(`${where}.run`);
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(where);
  return value as Readonly<Record<string, unknown>>;
}

function fault(where: string): BugError {
  return new BugError(`the planner asked for a launch whose ${where} is not as it has to be`);
}
