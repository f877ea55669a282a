import * as v from "valibot";
import { fold } from "../document/fold.ts";
import { parseDocument } from "../document/parse.ts";
import { nodeToJson } from "../document/node_to_json.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Permissions } from "../permissions/permissions.ts";
import { none } from "../permissions/permissions.ts";
import { showLine, showPermissions } from "../plan/show_permissions.ts";
import type { AnyStep, Effect, Schema, StepPermissions } from "../step.ts";
import { authoredValue } from "./author_schema.ts";
import { type JsonSchema, jsonSchemaOf } from "./json_schema.ts";
import { objectBranches } from "./object_branches.ts";
import { readAuthored } from "./read_authored.ts";
import { showSchema } from "./show_schema.ts";

/** One input or fact of a step. */
export interface FieldDescription {
  readonly name: string;
  /** In words, such as `path` or `list of string`. */
  readonly type: string;
  /** For a fact: it is always there. */
  readonly required: boolean;
  /** As an author would write it. */
  readonly default?: Json;
  readonly summary?: string;
}

/** A step's documentation, from its own definition. */
export interface StepDescription {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly holds: boolean;
  /** Known when planning. */
  readonly params: readonly FieldDescription[];
  /** May come from the facts of earlier steps. */
  readonly late: readonly FieldDescription[];
  readonly facts: readonly FieldDescription[];
  readonly example: string;
  /** What the example may touch; absent where its parameters are not all plain values. */
  readonly permissions?: { readonly run: Permissions; readonly undo: Permissions };
}

/** Documents a step. */
export function describeStep(step: AnyStep): StepDescription {
  const params = exampleParams(step);
  return describeWith(step, params === undefined ? undefined : step.permissions(params));
}

/**
 * Documents a step whose permissions were computed elsewhere.
 *
 * @param permissions what its example may touch, where that is known
 */
export function describeWith(
  step: AnyStep,
  permissions: StepPermissions | undefined,
): StepDescription {
  return {
    schemaVersion: 1,
    name: step.name,
    summary: step.summary,
    effect: step.effect,
    holds: step.holds === true,
    params: describeFields(step.params, "input"),
    late: step.late === undefined ? [] : describeFields(step.late, "input"),
    facts: describeFields(step.facts, "output"),
    example: step.example,
    ...(permissions && { permissions: { run: permissions.run, undo: permissions.undo ?? none } }),
  };
}

/** The members of an object's schema; those of all alternatives, where it has several. */
function describeFields(
  schema: Schema<unknown>,
  direction: "input" | "output",
): readonly FieldDescription[] {
  const branches = objectBranches(jsonSchemaOf(schema, direction), () => undefined);
  const names = new Set(branches.flatMap((branch) => Object.keys(branch.properties ?? {})));
  return [...names].map((name) => {
    const found = branches.flatMap(({ properties }) => {
      const property = properties?.[name];
      return typeof property === "object" ? [property] : [];
    });
    const member: JsonSchema = found.length === 1 ? found[0]! : { anyOf: found };
    const { default: fallback, description } = member;
    return {
      name,
      type: showSchema(member),
      required: branches.every((branch) => branch.required?.includes(name) ?? false),
      ...(fallback !== undefined && { default: authoredValue(fallback, member.sluice) }),
      ...(description !== undefined && { summary: description }),
    };
  });
}

/**
 * The parameters of a step's example, as its schema gives them out; `undefined` where one of them
 * is an expression. What is `late` in the example may be anything.
 *
 * @throws Error when the example is no piece of a pipeline, or its parameters are not valid
 */
export function exampleParams(step: AnyStep): JsonObject | undefined {
  const indented = step.example.replaceAll(/^(?=.)/gm, "    ");
  const text = `sluice: v1\nname: example\nsteps:\n  - id: example\n${indented}\n`;
  const { document, diagnostics } = parseDocument(text, `example of ${step.name}`);
  const [fault] = diagnostics;
  if (fault || !document) {
    throw new Error(`the example of ${step.name} is wrong: ${fault?.message}`);
  }
  const node = document.steps[0]?.with;
  const given = node === undefined ? {} : nodeToJson(node) as JsonObject;
  const schema = jsonSchemaOf(step.params, "input");
  const late = step.late === undefined ? {} : jsonSchemaOf(step.late, "input").properties ?? {};
  const own = Object.entries(given).filter(([key]) => !Object.hasOwn(late, key));
  if (JSON.stringify(own).includes("${{")) return undefined;
  const input = readAuthored(Object.fromEntries(own), schema, "/");
  const parsed = v.safeParse(step.params, input);
  if (parsed.success) return parsed.output as JsonObject;
  throw new Error(`the example of ${step.name} is wrong: ${v.summarize(parsed.issues)}`);
}

/** A step's documentation for a terminal of so many columns, without colour. */
export function renderStepText(description: StepDescription, columns: number): string {
  const { name, summary, effect, holds, permissions, example } = description;
  const lines = [`${name}: ${summary}`, "", `effect: ${effects[effect]}`];
  if (holds) lines.push("holds: leaves something alive until the run ends");
  lines.push(...section("params, known when planning", description.params, ", required"));
  lines.push(...section("late, may come from earlier steps", description.late, ", required"));
  lines.push(...section("facts", description.facts, ""));
  const more: string[] = [];
  if (permissions) {
    more.push("", "the example may", ...indentedGrants(permissions.run));
    if (effect === "reversible") {
      more.push("", "and to undo it", ...indentedGrants(permissions.undo));
    }
  }
  // To be copied: it stays as it is.
  const shown = ["", "example", ...example.split("\n").map((line) => line && `  ${line}`)];
  return [fold(lines.join("\n"), columns), ...shown, fold(more.join("\n"), columns)].join("\n")
    .trimEnd() + "\n";
}

const effects: Readonly<Record<Effect, string>> = {
  none: "none, there is nothing to undo",
  reversible: "reversible, undone when the run fails",
  irreversible: "irreversible, cannot be undone",
};

function indentedGrants(set: Permissions): readonly string[] {
  const lines = showPermissions(set).map((line) => `  ${line.verb.padEnd(8)} ${showLine(line)}`);
  return lines.length === 0 ? ["  touch nothing"] : lines;
}

function section(
  title: string,
  fields: readonly FieldDescription[],
  required: string,
): readonly string[] {
  if (fields.length === 0) return [];
  const width = Math.max(...fields.map((field) => field.name.length));
  const lines = fields.map((field) => `  ${field.name.padEnd(width)}  ${details(field, required)}`);
  return ["", title, ...lines];
}

function details(
  { type, required, default: fallback, summary }: FieldDescription,
  whenRequired: string,
): string {
  const isPlain = typeof fallback === "string" && fallback !== "";
  const presence = fallback !== undefined
    ? `, default ${isPlain ? fallback : JSON.stringify(fallback)}`
    : required
    ? whenRequired
    : ", optional";
  return `${type}${presence}${summary === undefined ? "" : `: ${summary}`}`;
}
