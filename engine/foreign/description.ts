import { didYouMean } from "../document/suggest.ts";
import type { Json, JsonObject } from "../json.ts";
import type { JsonSchema } from "../schema/json_schema.ts";
import type { Effect } from "../step.ts";
import { ForeignFault } from "./foreign_fault.ts";
import { readSchema } from "./read_schema.ts";
import { schemaOf } from "./schema_of.ts";

/** What a step of others says of itself, looked at: plain JSON, part of the plan. */
export interface Description {
  readonly summary: string;
  readonly effect: Effect;
  readonly holds?: true;
  /** Whether it has a precondition to ask for. */
  readonly check?: true;
  readonly params: JsonSchema;
  readonly late?: JsonSchema;
  readonly facts: JsonSchema;
  readonly example?: string;
}

const effects: readonly string[] = ["none", "reversible", "irreversible"];
/** The members of a step that is code, and of what its process makes of it. */
const members = [
  "summary",
  "effect",
  "holds",
  "params",
  "late",
  "facts",
  "example",
  "permissions",
  "check",
  "run",
  "undo",
];

/**
 * Reads what the process of a step of others answered when it was asked to describe itself. The
 * functions of the step stand in it as `true`.
 *
 * @throws ForeignFault that names what is wrong
 */
export function readDescription(value: unknown): Description {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ForeignFault("its default export is no step", forms);
  }
  const step = value as JsonObject;
  const stranger = Object.keys(step).find((key) => !members.includes(key));
  if (stranger !== undefined) {
    throw fault(stranger, "is no member of a step", didYouMean(stranger, members));
  }
  const { effect, holds, example } = step;
  if (!effects.includes(effect as string)) throw fault("effect", `has to be one of ${list}`);
  if (holds !== undefined && holds !== true) throw fault("holds", "has to be true, or left out");
  if (example !== undefined && typeof example !== "string") {
    throw fault("example", "has to be text");
  }
  for (const name of ["permissions", "run"]) {
    if (step[name] !== true) throw fault(name, "has to be a function");
  }
  for (const name of ["check", "undo"]) {
    if (step[name] !== undefined && step[name] !== true) throw fault(name, "has to be a function");
  }
  if ((step["undo"] === true) !== (effect === "reversible")) {
    throw effect === "reversible"
      ? fault("undo", "is missing", "a reversible step says how it is undone")
      : fault("undo", `has no place in a step whose effect is ${effect}`);
  }
  return {
    summary: readSummary(step["summary"]),
    effect: effect as Effect,
    ...(holds === true ? { holds } : {}),
    ...(step["check"] === true ? { check: true } : {}),
    ...readSchemas(step),
    ...(example === undefined ? {} : { example }),
  };
}

const list = effects.map((effect) => JSON.stringify(effect)).join(", ");
const forms = "write export default { summary, effect, params, facts, permissions, run }";

function readSummary(value: Json | undefined): string {
  if (typeof value !== "string" || value.trim() === "") throw fault("summary", "has to be a text");
  if (value.length > 60 || /\p{C}/u.test(value)) {
    throw fault("summary", "has to be one line of at most 60 characters");
  }
  return value;
}

function readSchemas(step: JsonObject): Pick<Description, "params" | "late" | "facts"> {
  const params = readObjectSchema(step["params"], "params");
  const facts = readObjectSchema(step["facts"], "facts");
  if (step["late"] === undefined) return { params, facts };
  const late = readObjectSchema(step["late"], "late");
  if (params.type !== "object" || late.type !== "object") {
    throw fault("late", "goes with params that are one plain object, and is one itself");
  }
  const names = Object.keys(params.properties ?? {});
  const twice = Object.keys(late.properties ?? {}).find((name) => names.includes(name));
  if (twice !== undefined) throw fault(`late.properties.${twice}`, "stands in params as well");
  return { params, late, facts };
}

function readObjectSchema(value: unknown, where: string): JsonSchema {
  if (value === undefined) throw fault(where, "is missing", `write ${where}: { type: "object" }`);
  const schema = readSchema(value, where);
  const branches = schema.anyOf ?? schema.oneOf ?? [schema];
  if (!branches.every(({ type }) => type === "object")) {
    throw fault(where, "has to describe an object");
  }
  schemaOf(schema, where); // Judges its defaults.
  return schema;
}

function fault(where: string, what: string, hint?: string): ForeignFault {
  return new ForeignFault(`${where} ${what}`, hint);
}
