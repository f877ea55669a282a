import { BugError, InvalidInputError } from "../../../engine/errors.ts";
import { type TokenForm, tokenForms } from "../../../engine/events/token_form.ts";
import type { Permissions } from "../../../engine/permissions/permissions.ts";
import type { Served } from "../../../engine/permissions/render/launcher_unit/served.ts";
import { isVariableName } from "../../../engine/read_variable.ts";
import { readPermissions } from "../../../engine/permissions/read_permissions.ts";

/**
 * What the planner asks the launcher to make for a machine. Where it is made stands in the launcher's
 * own arguments.
 */
export type DeployRequest<Plan = unknown> =
  | { readonly action: "compile"; readonly kit: KitRequest<Plan> }
  | { readonly action: "compile-open"; readonly open: OpenKitRequest }
  | { readonly action: "install"; readonly kit: KitRequest<Plan> }
  | { readonly action: "uninstall"; readonly surface: string };

/** An open surface, whose runs are planned on the machine. */
export interface OpenKitRequest {
  readonly surface: string;
  /** What its start script writes to standard output. */
  readonly tokens: TokenForm;
  /** Version of Sluice. */
  readonly version: string;
  /** Where its one pipeline stays up: what its unit says of that. */
  readonly served?: Served;
}

/** A surface, planned. */
export interface KitRequest<Plan = unknown> {
  readonly surface: string;
  readonly plan: Plan;
  /** What the steps declare: the unreduced union, without the engine's own need. */
  readonly permissions: Permissions;
  /** Absolute path of the pipeline. */
  readonly file: string;
  /** Version of Sluice. */
  readonly version: string;
}

/**
 * The planner's request, every part of it looked at but the plan, which is the runner's to read.
 *
 * @throws BugError when it is not a request
 */
export function readDeployRequest(value: unknown): DeployRequest {
  const { action, surface, kit, open } = object(value, "it");
  switch (action) {
    case "uninstall":
      return { action, surface: surfaceName(surface) };
    case "compile":
    case "install":
      return { action, kit: readKit(kit) };
    case "compile-open":
      return { action, open: readOpenKit(open) };
  }
  throw fault("action");
}

function readOpenKit(value: unknown): OpenKitRequest {
  const { surface, tokens: form, version, served } = object(value, "open");
  const tokens = tokenForms.find((known) => known === form);
  if (tokens === undefined) throw fault("open.tokens");
  if (typeof version !== "string") throw fault("open.version");
  return {
    surface: surfaceName(surface),
    tokens,
    version,
    ...served === undefined ? {} : { served: readServed(served) },
  };
}

/** It becomes the text of a unit. */
function readServed(value: unknown): Served {
  const { variables, required, slows, drain } = object(value, "open.served");
  const names = (list: unknown, where: string): readonly string[] => {
    if (Array.isArray(list) && list.every(isVariableName)) return list;
    throw fault(where);
  };
  if (typeof slows !== "boolean") throw fault("open.served.slows");
  return {
    variables: names(variables, "open.served.variables"),
    required: names(required, "open.served.required"),
    ...drain === undefined ? {} : { drain: readDrain(drain) },
    slows,
  };
}

function readDrain(value: unknown): NonNullable<Served["drain"]> {
  const { variable, seconds } = object(value, "open.served.drain");
  if (!isVariableName(variable) || !Number.isSafeInteger(seconds)) throw fault("open.served.drain");
  return { variable, seconds: seconds as number };
}

function readKit(value: unknown): KitRequest {
  const { surface, plan, permissions, file, version } = object(value, "kit");
  if (typeof plan !== "object" || plan === null) throw fault("kit.plan");
  if (typeof file !== "string" || !file.startsWith("/")) throw fault("kit.file");
  if (typeof version !== "string") throw fault("kit.version");
  try {
    const set = readPermissions(permissions, "kit.permissions");
    return { surface: surfaceName(surface), plan, permissions: set, file, version };
  } catch (error) {
    throw error instanceof InvalidInputError ? new BugError(error.message) : error;
  }
}

/** It becomes the name of files. */
function surfaceName(value: unknown): string {
  if (typeof value !== "string" || !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(value)) {
    throw fault("surface");
  }
  return value;
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(where);
  return value as Readonly<Record<string, unknown>>;
}

function fault(where: string): BugError {
  return new BugError(`the planner asked for a kit whose ${where} is not as it has to be`);
}
