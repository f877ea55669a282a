import * as v from "valibot";
import type { DocumentStep, Node } from "../document/document.ts";
import { nodeToJson } from "../document/node_to_json.ts";
import { didYouMean } from "../document/suggest.ts";
import { InvalidInputError } from "../errors.ts";
import { references } from "../expression/analyse.ts";
import { foldTemplate } from "../expression/fold.ts";
import { parseTemplate } from "../expression/template.ts";
import type { Json, JsonObject } from "../json.ts";
import { inputSchema, lateKeys } from "../schema/input_schema.ts";
import type { JsonSchema } from "../schema/json_schema.ts";
import { memberSchema, objectBranches } from "../schema/object_branches.ts";
import { unknownKeys } from "../schema/unknown_keys.ts";
import type { AnyStep } from "../step.ts";
import { checkValue, type ValueSite } from "./check_value.ts";
import { keySpanAt } from "./node_path.ts";
import type { Template } from "./plan.ts";
import { readAuthoredTemplate } from "./read_authored_template.ts";
import type { Report } from "./report.ts";
import { reportIssues } from "./report_issues.ts";
import { knownValues, type Origin, originOf, type ScopeState } from "./scope_state.ts";

/** What stands under `with`, checked as far as it goes without values. */
export interface CheckedInput {
  readonly node: Node;
  readonly schema: JsonSchema;
  readonly late: ReadonlySet<string>;
  readonly entries: readonly CheckedEntry[];
}

interface CheckedEntry {
  readonly key: string;
  readonly node: Node;
  readonly schema: JsonSchema;
  readonly template: Template;
  /** Whether no fault was found in it. */
  readonly sound: boolean;
}

/**
 * Reports unknown keys and ill-typed expressions of a step's input, and what permissions depend on
 * and only the run will know.
 */
export function checkInput(
  step: DocumentStep,
  definition: AnyStep,
  scope: ScopeState,
  site: ValueSite,
): CheckedInput {
  const schema = inputSchema(definition);
  const node: Node = step.with ?? { kind: "map", entries: [], span: step.uses.span };
  const value = nodeToJson(node) as JsonObject;
  const unknown = unknownKeys(value, schema);
  for (const { path, key, known } of unknown) {
    const message = path.length === 1
      ? `${definition.name} has no input ${JSON.stringify(key)}`
      : `unknown key ${JSON.stringify(key)} in ${JSON.stringify(path.slice(0, -1).join("."))}`;
    const hint = didYouMean(key, known.filter((name) => !Object.hasOwn(value, name)));
    site.report.error("unknown-key", keySpanAt(node, path), message, hint);
  }
  const branches = objectBranches(
    schema,
    (key) => Object.hasOwn(value, key) ? value[key] : undefined,
  );
  const entries = node.kind === "map" ? node.entries : [];
  const late = lateKeys(definition);
  return {
    node,
    schema,
    late,
    entries: entries.flatMap(({ key, value }) => {
      const schema = memberSchema(branches, key);
      if (schema === undefined) {
        checkValue(value, {}, [key], site);
        return [];
      }
      const { template } = parseTemplate(value, site.text);
      const origin = late.has(key) ? undefined : originOf(template, scope);
      // A misspelt name is a fault of its own, and then nobody knows where the value comes from.
      const isNamed = references(template).steps.every((step) => site.types.allSteps?.has(step));
      if (origin && isNamed) reportLate(key, value, definition, late, origin, site.report);
      const sound = !(origin && isNamed) && checkValue(value, schema, [key], site);
      return [{ key, node: value, schema, template, sound }];
    }),
  };
}

function reportLate(
  key: string,
  { span }: Node,
  { name }: AnyStep,
  late: ReadonlySet<string>,
  { expression, from }: Origin,
  report: Report,
): void {
  const allowed = [...late].map((name) => JSON.stringify(name)).join(", ");
  report.error(
    "late-value",
    span,
    `${JSON.stringify(key)} of ${name} must be known when planning, but ${expression} comes from ` +
      `${from} and is known only when the pipeline runs`,
    `the permissions of ${name} depend on it: give a plain value or a parameter` +
      (allowed === "" ? "" : `; from earlier steps it takes ${allowed}`),
  );
}

/** A step's input with all that is known put in. */
export interface FoldedInput {
  /** As the definition's schema gave them out; `undefined` where not all are known and right. */
  readonly params: JsonObject | undefined;
  readonly late: Readonly<Record<string, Template>>;
}

/**
 * Evaluates what is known of a step's input and validates it by the definition's schemas.
 *
 * @param folder what relative paths in it are relative to
 */
export async function foldInput(
  step: DocumentStep,
  definition: AnyStep,
  input: CheckedInput,
  scope: ScopeState,
  folder: string,
  report: Report,
): Promise<FoldedInput> {
  const known = knownValues(scope);
  const raw: Record<"params" | "late", Record<string, Json>> = { params: {}, late: {} };
  const late: Record<string, Template> = {};
  const open: string[][] = [];
  for (const { key, node, schema, template, sound } of input.entries) {
    const isLate = input.late.has(key);
    const folded = sound ? await fold(template, known, node, report) : undefined;
    const converted = folded && readAuthoredTemplate(folded, schema, folder);
    if (isLate && converted) late[key] = converted;
    if (converted?.kind === "value") raw[isLate ? "late" : "params"][key] = converted.value;
    else open.push([key]);
  }
  const judged = {
    owner: definition.name,
    node: input.node,
    schema: input.schema,
    span: step.uses.span,
    unknown: open,
    from: (key: string) => {
      const entry = input.entries.find((entry) => entry.key === key);
      return entry && cameFrom(entry.template, scope);
    },
  };
  if (definition.late) {
    reportIssues(v.safeParse(definition.late, raw.late).issues ?? [], judged, report);
  }
  const parsed = v.safeParse(definition.params, raw.params);
  reportIssues(parsed.issues ?? [], judged, report);
  const whole = parsed.success && open.every(([key]) => input.late.has(key!));
  return { params: whole ? parsed.output as JsonObject : undefined, late };
}

/** Where a value comes from that is one parameter, in words. */
function cameFrom(template: Template, { params }: ScopeState): string | undefined {
  const [name, ...others] = references(template).params;
  const state = name === undefined || others.length > 0 ? undefined : params.get(name);
  return state?.kind === "known" ? state.from : undefined;
}

async function fold(
  template: Template,
  known: ReturnType<typeof knownValues>,
  node: Node,
  report: Report,
): Promise<Template | undefined> {
  try {
    return await foldTemplate(template, known);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    report.error("expression-failed", node.span, error.message, error.hint);
    return undefined;
  }
}
