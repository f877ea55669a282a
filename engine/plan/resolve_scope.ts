import { type DocumentStep, missingUses } from "../document/document.ts";
import { didYouMean } from "../document/suggest.ts";
import { references } from "../expression/analyse.ts";
import type { CelType } from "../expression/cel_type.ts";
import type { TypeScope } from "../expression/check.ts";
import { parseExpression } from "../expression/template.ts";
import type { ForeignCode } from "../foreign/foreign_code.ts";
import type { Registry } from "../registry.ts";
import type { AnyStep } from "../step.ts";
import { checkCondition, checkForFinally, narrowed } from "./check_condition.ts";
import { checkValue, type ValueSite } from "./check_value.ts";
import { stepDigest } from "./digest.ts";
import { sortGraph } from "./graph.ts";
import { includedParameters } from "./included_parameters.ts";
import { isForeign } from "./load_foreign.ts";
import type { Group, PlannedStep, Scope, Template } from "./plan.ts";
import { conditionsOf, planStep, type Surroundings } from "./plan_step.ts";
import type { Report } from "./report.ts";
import type { ItemState, ParameterState, ScopeState } from "./scope_state.ts";
import { type CheckedInput, checkInput } from "./step_input.ts";
import { type Items, readItems } from "./step_items.ts";
import { orderSteps, type StepOrder } from "./step_order.ts";
import { typeScopeAtTheEnd, typeScopeOf } from "./type_scope_of.ts";
import { definitionOf, type VisibleFacts, visibleFacts } from "./visible_facts.ts";
import { warnModifiers } from "./warn_modifiers.ts";

/** What all pipelines of a plan come together in. */
export interface Resolution {
  readonly registry: Registry;
  readonly report: Report;
  readonly scopes: Scope[];
  readonly groups: Group[];
  readonly steps: PlannedStep[];
  readonly last: PlannedStep[];
  /** The code of steps of others, by its digest. */
  readonly foreign: Map<string, ForeignCode>;
}

/** One pipeline, with what it gets from around it. */
export interface ScopeInput extends Surroundings {
  /** The prefix of the pipeline that includes it. */
  readonly parent?: string;
  readonly params: ReadonlyMap<string, ParameterState>;
  /** Full ids that must have ended before its first steps start. */
  readonly needs: readonly string[];
  /** Whether it is included under `finally`. */
  readonly atTheEnd: boolean;
}

/** The ids that must have ended for the whole pipeline to have. */
type Ends = readonly string[];

/** Resolves one pipeline and all that it includes; what it finds goes into the resolution. */
export async function resolveScope(input: ScopeInput, resolution: Resolution): Promise<Ends> {
  return await new ScopeResolver(input, resolution).resolve();
}

/** Resolves the steps of one pipeline; holds what is the same for all of them. */
class ScopeResolver {
  readonly #state: ScopeState;
  readonly #order: StepOrder;
  readonly #facts: VisibleFacts;
  /** For each step by its own id: the full ids that those wait for that need it. */
  readonly #ends = new Map<string, Ends>();

  constructor(private readonly input: ScopeInput, private readonly resolution: Resolution) {
    const { pipeline, params } = input;
    this.#state = { params };
    this.#order = orderSteps(pipeline.document, resolution.report);
    this.#facts = visibleFacts(pipeline, resolution.registry);
  }

  async resolve(): Promise<Ends> {
    const { pipeline: { document }, prefix, parent, params } = this.input;
    this.resolution.scopes.push({
      prefix,
      ...(parent !== undefined && { parent }),
      params: Object.fromEntries([...params].flatMap(([name, state]) => templateOf(name, state))),
    });
    const needed = new Set<string>();
    for (const step of this.#sorted(document.steps)) {
      this.#ends.set(step.id.value, await this.#resolveStep(step, this.input.atTheEnd));
      for (const need of this.#order.needs.get(step.id.value) ?? []) needed.add(need);
    }
    for (const step of this.#sorted(document.finally)) {
      this.#ends.set(step.id.value, await this.#resolveStep(step, true));
    }
    const sinks = document.steps.filter(({ id }) => !needed.has(id.value));
    return unique(sinks.flatMap(({ id }) => this.#ends.get(id.value) ?? []));
  }

  #sorted(steps: readonly DocumentStep[]): readonly DocumentStep[] {
    const nodes = steps.map((step) => ({
      step,
      id: step.id.value,
      needs: this.#order.needs.get(step.id.value) ?? [],
    }));
    return sortGraph(nodes).map(({ step }) => step);
  }

  /** @param isLast whether it runs under `finally`, be it of this pipeline or of one around it */
  async #resolveStep(step: DocumentStep, isLast: boolean): Promise<Ends> {
    const id = step.id.value;
    const { pipeline: { document }, needs: outer } = this.input;
    const own = this.#order.needs.get(id) ?? [];
    const isOuter = isLast && !this.input.atTheEnd;
    const needs = own.length === 0
      ? isOuter ? [] : outer
      : unique(own.flatMap((need) => this.#ends.get(need) ?? []));
    const types = typeScopeOf(id, document, this.#order, this.#facts, this.input.atTheEnd);
    const { registry, report } = this.resolution;
    const definition = definitionOf(step, this.input.pipeline, registry);
    if (step.uses.value === "pipeline") {
      return await this.#resolveInclude(step, types, needs, isLast);
    }
    if (definition) return await this.#resolvePlain(step, definition, types, needs, isLast);
    const message = `there is no step ${JSON.stringify(step.uses.value)}`;
    const hint = didYouMean(step.uses.value, [...registry.keys(), "pipeline"]) ??
      "sluice steps lists them";
    // What is wrong with a file of others has been told where it was read.
    if (step.uses.value !== missingUses && !isForeign(step.uses.value)) {
      report.error("unknown-step", step.uses.span, message, hint);
    }
    checkCondition(step, this.#site(types));
    if (step.with) checkValue(step.with, {}, [], { ...this.#site(types), brokenItem: true });
    return needs;
  }

  async #resolvePlain(
    step: DocumentStep,
    definition: AnyStep,
    types: TypeScope,
    needs: readonly string[],
    isLast: boolean,
  ): Promise<Ends> {
    const { report, steps, last } = this.resolution;
    const target = isLast ? last : steps;
    warnModifiers(step, definition, report);
    if (step.commit?.value && isLast) {
      const message = "a step that runs under finally has nothing left to commit";
      report.error("bad-commit", step.commit.span, message, "remove commit");
    }
    const items = await readItems(step, this.#state, this.#site(this.#narrowList(step, types)));
    const input = this.#checkEach(step, definition, items, types);
    if (items.kind === "faulty") return needs;
    const full = this.input.prefix + step.id.value;
    const foreign = this.input.pipeline.foreign.get(step.id.value);
    const source = { step, definition, ...(foreign && { foreign }) };
    const common = { ...source, input, needs, around: this.input, scope: this.#state };
    if (foreign) this.resolution.foreign.set(foreign.digest, foreign.code);
    if (items.kind === "known") {
      const members: string[] = [];
      for (const [index, value] of items.values.entries()) {
        const id = `${full}.${index + 1}`;
        const item: ItemState = { kind: "known", value };
        const planned = await planStep({ ...common, id, item }, report);
        if (planned) target.push(planned);
        members.push(id);
      }
      const max_parallel = step.max_parallel?.value ?? 1;
      this.resolution.groups.push({ id: full, members, max_parallel });
      return members.length === 0 ? needs : members;
    }
    const item = itemState(items);
    const planned = await planStep({ ...common, id: full, ...(item && { item }) }, report);
    if (planned) {
      target.push(items.kind === "late" ? forEach(planned, items.template, step) : planned);
    }
    return [full];
  }

  /** Judges condition and input once for each type that `item` may have. */
  #checkEach(
    step: DocumentStep,
    definition: AnyStep,
    items: Items,
    types: TypeScope,
  ): CheckedInput {
    const itself = itemState(items);
    const state: ScopeState = { ...this.#state, ...(itself && { item: itself }) };
    const of = (item: CelType | undefined): CheckedInput => {
      const scope = item === undefined ? types : { ...types, item };
      const site = { ...this.#site(scope), brokenItem: items.kind === "faulty" };
      checkCondition(step, site);
      return checkInput(step, definition, state, { ...site, types: narrowed(scope, step) });
    };
    if (items.kind === "once" || items.kind === "faulty") return of(undefined);
    const [first, ...rest] = items.types.map(of);
    if (first === undefined) {
      // A list that is always empty: its type is unknown, and nothing will be run for it.
      const site = { ...this.#site(types), brokenItem: true };
      checkCondition(step, site);
      return checkInput(step, definition, state, site);
    }
    const entries = first.entries.map((entry, index) => ({
      ...entry,
      sound: [first, ...rest].every((input) => input.entries[index]?.sound ?? false),
    }));
    return { ...first, entries };
  }

  async #resolveInclude(
    step: DocumentStep,
    types: TypeScope,
    needs: readonly string[],
    isLast: boolean,
  ): Promise<Ends> {
    const { pipeline, prefix } = this.input;
    checkCondition(step, this.#site(types));
    const site = this.#site(narrowed(types, step));
    const included = pipeline.includes.get(step.id.value);
    if (included === undefined) {
      if (step.with) checkValue(step.with, {}, [], site);
      return needs;
    }
    const params = await includedParameters(step, included, this.#state, pipeline.folder, site);
    if (!isLast) {
      const atTheEnd = typeScopeAtTheEnd(step.id.value, pipeline.document, this.#facts);
      checkForFinally(step, included, params, this.#site(atTheEnd));
    }
    const inner: ScopeInput = {
      pipeline: included,
      prefix: `${prefix}${step.id.value}.`,
      parent: prefix,
      params,
      when: await conditionsOf(step, this.input, this.#state),
      needs,
      atTheEnd: isLast,
    };
    const ends = await resolveScope(inner, this.resolution);
    return ends.length === 0 ? needs : ends;
  }

  #site(types: TypeScope): ValueSite {
    const { text } = this.input.pipeline.document;
    return { types, text, broken: this.#facts.broken, report: this.resolution.report };
  }

  /** A condition that asks for no item is met before the list is evaluated. */
  #narrowList(step: DocumentStep, types: TypeScope): TypeScope {
    if (step.when === undefined) return types;
    const { usesItem } = references(parseExpression(step.when.value));
    return usesItem ? types : narrowed(types, step);
  }
}

function itemState(items: Items): ItemState | undefined {
  switch (items.kind) {
    case "late":
      return { kind: "late", origin: items.origin };
    case "unknown":
      return { kind: "unknown" };
    default:
      return undefined;
  }
}

function forEach(planned: PlannedStep, for_each: Template, step: DocumentStep): PlannedStep {
  const max_parallel = step.max_parallel?.value ?? 1;
  return { ...planned, for_each, max_parallel, digest: stepDigest({ ...planned, for_each }) };
}

function templateOf(name: string, state: ParameterState): readonly [string, Template][] {
  switch (state.kind) {
    case "known":
      return [[name, { kind: "value", value: state.value }]];
    case "late":
      return [[name, state.template]];
    case "unknown":
      return [];
  }
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
