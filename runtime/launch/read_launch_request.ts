import { BugError, InvalidInputError } from "../../engine/errors.ts";
import { tokenForms } from "../../engine/events/token_form.ts";
import { isPlainPath } from "../../engine/permissions/path.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import type { AskedSet, LaunchRequest } from "./planner_protocol.ts";
import { readForeignRequest } from "./read_foreign_request.ts";
import type { RunMode } from "./run_mode.ts";

/**
 * The planner's request, every part of it looked at but the plan, which is the runner's to read. The
 * planner runs libraries over texts of others: the launcher believes nothing it says.
 *
 * @throws BugError when it is not a request
 */
export function readLaunchRequest(value: unknown): LaunchRequest {
  const request = object(value, "request");
  const run = object(request["run"], "run");
  const { plan, set, file, surface, accept, foreign } = request;
  if (typeof plan !== "object" || plan === null) throw fault("plan");
  if (typeof set !== "string") throw fault("set");
  if (file !== undefined && typeof file !== "string") throw fault("file");
  if (surface !== undefined && typeof surface !== "string") throw fault("surface");
  if (accept !== undefined && typeof accept !== "string") throw fault("accept");
  const { id, folder } = run;
  if (typeof id !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) throw fault("run.id");
  if (typeof folder !== "string" || !isPlainPath(folder)) throw fault("run.folder");
  return {
    mode: mode(request["mode"]),
    plan,
    permissions: permissions(request["permissions"]),
    set,
    run: { id, folder },
    tokens: oneOf(request["tokens"], tokenForms, "tokens"),
    events: oneOf(request["events"], ["text", "json"], "events"),
    // A plan that was built by a program may call its file anything: then it is of no surface.
    ...(file === undefined || !isPlainPath(file) ? {} : { file }),
    ...(surface === undefined ? {} : { surface }),
    ...(accept === undefined ? {} : { accept }),
    ...(foreign === undefined ? {} : { foreign: readForeignRequest(foreign) }),
  };
}

/**
 * The planner's question about a set, read as carefully as its request.
 *
 * @throws BugError when it is none
 */
export function readAskedSet(value: unknown): AskedSet {
  const { permissions: own, set, file, surface, code } = object(value, "asked");
  if (set !== undefined && typeof set !== "string") throw fault("set");
  if (file !== undefined && typeof file !== "string") throw fault("file");
  if (surface !== undefined && typeof surface !== "string") throw fault("surface");
  return {
    permissions: permissions(own),
    ...(set === undefined ? {} : { set }),
    ...(Array.isArray(code) ? { code: code.map(readCode) } : {}),
    ...(file === undefined || !isPlainPath(file) ? {} : { file }),
    ...(surface === undefined ? {} : { surface }),
  };
}

function mode(value: unknown): RunMode {
  const given = object(value, "mode");
  switch (given["kind"]) {
    case "run":
    case "undo":
      return { kind: given["kind"] };
    case "resume":
      return { kind: "resume", again: given["again"] === true };
  }
  throw fault("mode");
}

function permissions(value: unknown) {
  try {
    return readPermissions(value, "permissions");
  } catch (error) {
    throw error instanceof InvalidInputError ? new BugError(error.message) : error;
  }
}

function oneOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw fault(where);
  return found;
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(where);
  return value as Readonly<Record<string, unknown>>;
}

function fault(where: string): BugError {
  return new BugError(`the planner asked for a launch whose ${where} is not as it has to be`);
}

function readCode(value: unknown): NonNullable<AskedSet["code"]>[number] {
  const { name, digest } = object(value, "code");
  return { name: String(name), digest: String(digest) };
}
