import { type CelType, celTypeOfJsonSchema, listOf } from "../expression/cel_type.ts";
import type { StepFacts } from "../expression/check.ts";
import type { DocumentStep } from "../document/document.ts";
import type { Registry } from "../registry.ts";
import { jsonSchemaOf } from "../schema/json_schema.ts";
import type { AnyStep } from "../step.ts";
import { isForeign } from "./load_foreign.ts";
import type { LoadedPipeline } from "./load_includes.ts";

/** What the steps of one pipeline leave for expressions, by the id of its own text. */
export interface VisibleFacts {
  /** Names as expressions write them: `id`, or `id.inner` for what it includes. */
  readonly facts: ReadonlyMap<string, ReadonlyMap<string, StepFacts>>;
  /** All names of steps of the pipeline. */
  readonly names: ReadonlySet<string>;
  /**
   * Names of steps whose facts nobody knows, since they use what does not exist or include what
   * cannot be read. Expressions that name them are not judged: the fault has been told.
   */
  readonly broken: ReadonlySet<string>;
}

/** The types of the facts of a pipeline's steps, from their definitions alone. */
export function visibleFacts(pipeline: LoadedPipeline, registry: Registry): VisibleFacts {
  const facts = new Map<string, ReadonlyMap<string, StepFacts>>();
  const broken = new Set<string>();
  const { document } = pipeline;
  for (const step of [...document.steps, ...document.finally]) {
    const id = step.id.value;
    const optional = step.when !== undefined || step.on_failure?.value === "continue";
    if (step.uses.value === "pipeline") {
      const included = pipeline.includes.get(id);
      if (included === undefined) broken.add(id);
      else facts.set(id, factsWithin(id, included, optional, registry, broken));
      continue;
    }
    const type = factsType(step, definitionOf(step, pipeline, registry));
    if (type === undefined) broken.add(id);
    else facts.set(id, new Map([[id, { facts: type, optional }]]));
  }
  const ids = [...document.steps, ...document.finally].map((step) => step.id.value);
  return { facts, names: namesOf(ids, facts), broken };
}

/** Steps of a pipeline by their own ids, and what they include. */
export function namesOf(ids: Iterable<string>, facts: VisibleFacts["facts"]): ReadonlySet<string> {
  return new Set([...ids].flatMap((id) => [id, ...facts.get(id)?.keys() ?? []]));
}

/** The facts of the main steps of an included pipeline, under the names that they have outside. */
function factsWithin(
  id: string,
  included: LoadedPipeline,
  optional: boolean,
  registry: Registry,
  broken: Set<string>,
): ReadonlyMap<string, StepFacts> {
  const inner = visibleFacts(included, registry);
  for (const name of inner.broken) broken.add(`${id}.${name}`);
  const found = new Map<string, StepFacts>();
  for (const step of included.document.steps) {
    for (const [name, facts] of inner.facts.get(step.id.value) ?? []) {
      found.set(`${id}.${name}`, { ...facts, optional: facts.optional || optional });
    }
  }
  return found;
}

function factsType(step: DocumentStep, definition: AnyStep | undefined): CelType | undefined {
  if (definition === undefined) return undefined;
  const type = celTypeOfJsonSchema(jsonSchemaOf(definition.facts, "output"));
  return step.for_each === undefined ? type : listOf(type);
}

/** What a step uses: of the registry, or a file of others; `undefined` where there is no such step. */
export function definitionOf(
  { id, uses }: DocumentStep,
  { foreign }: LoadedPipeline,
  registry: Registry,
): AnyStep | undefined {
  return isForeign(uses.value) ? foreign.get(id.value)?.step : registry.get(uses.value);
}
