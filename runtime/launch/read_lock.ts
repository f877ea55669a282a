import { InvalidInputError } from "../../engine/errors.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import type { Lock, OpenSurface } from "./protocol.ts";

/** The name of the lock, in the project's folder. */
export const lockFile = "permissions.lock.json";

/**
 * Reads the lock: what each surface may be launched with, and what a pipeline of no surface may.
 *
 * @throws InvalidInputError when it is missing or not as it has to be
 */
export function readLock(text: string): Lock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(`${lockFile} is not JSON`, { cause: error });
  }
  const lock = object(value, "it");
  if (lock["schemaVersion"] !== 1) throw fault("schemaVersion", "1");
  const surfaces = Object.entries(object(lock["surfaces"], "surfaces"));
  return {
    schemaVersion: 1,
    ad_hoc: {
      ceiling: ceiling(object(lock["ad_hoc"], "ad_hoc")["ceiling"], "ad_hoc.ceiling"),
    },
    surfaces: Object.fromEntries(
      surfaces.map(([name, surface]) => [name, readSurface(surface, `surfaces.${name}`)]),
    ),
  };
}

function readSurface(value: unknown, where: string): OpenSurface {
  const surface = object(value, where);
  const { kind, pipelines, note } = surface;
  if (kind !== "open") throw fault(`${where}.kind`, '"open"');
  if (!Array.isArray(pipelines) || !pipelines.every((path) => typeof path === "string")) {
    throw fault(`${where}.pipelines`, "a list of paths");
  }
  return {
    kind,
    pipelines,
    ceiling: ceiling(surface["ceiling"], `${where}.ceiling`),
    ...(typeof note === "string" ? { note } : {}),
  };
}

function ceiling(value: unknown, where: string) {
  try {
    return readPermissions(value, where);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(`${lockFile}: ${error.message}`);
  }
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fault(where, "a mapping");
  }
  return value as Readonly<Record<string, unknown>>;
}

function fault(where: string, wanted: string): InvalidInputError {
  return new InvalidInputError(`${lockFile}: ${where} has to be ${wanted}`);
}
