import type { DocumentStep } from "../document/document.ts";
import { didYouMean } from "../document/suggest.ts";
import { type CelType, showType } from "../expression/cel_type.ts";
import type { TypeScope } from "../expression/check.ts";
import { foldTemplate } from "../expression/fold.ts";
import { references } from "../expression/analyse.ts";
import { parseExpression, placeExpression } from "../expression/template.ts";
import type { Registry } from "../registry.ts";
import type { AnyStep } from "../step.ts";
import { checkValue, judgeExpression, type ValueSite } from "./check_value.ts";
import { stepDigest } from "./digest.ts";
import { sortGraph } from "./graph.ts";
import { includedParameters } from "./included_parameters.ts";
import type { LoadedPipeline } from "./load_includes.ts";
import { narrowScope } from "./narrow_scope.ts";
import type { Group, PlannedStep, Scope, Template } from "./plan.ts";
import type { Report } from "./report.ts";
import {
  type ItemState,
  knownValues,
  originOf,
  type ParameterState,
  type ScopeState,
} from "./scope_state.ts";
import { type CheckedInput, checkInput, foldInput } from "./step_input.ts";
import { type Items, readItems } from "./step_items.ts";
import { orderSteps, type StepOrder } from "./step_order.ts";
import { stepPermissions } from "./step_permissions.ts";
import { stepsAtTheEnd, usedParams } from "./used_params.ts";
import { typeScopeOf } from "./type_scope_of.ts";
import { type VisibleFacts, visibleFacts } from "./visible_facts.ts";
import { warnModifiers } from "./warn_modifiers.ts";

/** What all pipelines of a plan come together in. */
export interface Resolution {
  readonly registry: Registry;
  readonly report: Report;
  readonly scopes: Scope[];
  readonly groups: Group[];
  readonly steps: PlannedStep[];
  readonly last: PlannedStep[];
}

/** One pipeline, with what it gets from around it. */
export interface ScopeInput {
  readonly pipeline: LoadedPipeline;
  /** `""`, or `"<id>."` of the step that includes it. */
  readonly prefix: string;
  readonly parent?: string;
  readonly params: ReadonlyMap<string, ParameterState>;
  /** Conditions of the steps that include it. */
  readonly when: PlannedStep["when"];
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
    const definition = registry.get(step.uses.value);
    if (step.uses.value === "pipeline") {
      return await this.#resolveInclude(step, types, needs, isLast);
    }
    if (definition) return await this.#resolvePlain(step, definition, types, needs, isLast);
    const message = `there is no step ${JSON.stringify(step.uses.value)}`;
    const hint = didYouMean(step.uses.value, [...registry.keys(), "pipeline"]) ??
      "sluice steps lists them";
    report.error("unknown-step", step.uses.span, message, hint);
    this.#checkCondition(step, this.#site(types));
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
    if (items.kind === "known") {
      const members: string[] = [];
      for (const [index, value] of items.values.entries()) {
        const id = `${full}.${index + 1}`;
        const item: ItemState = { kind: "known", value };
        const planned = await this.#planStep(step, definition, input, id, item, needs);
        if (planned) target.push(planned);
        members.push(id);
      }
      const max_parallel = step.max_parallel?.value ?? 1;
      this.resolution.groups.push({ id: full, members, max_parallel });
      return members.length === 0 ? needs : members;
    }
    const item = itemState(items);
    const planned = await this.#planStep(step, definition, input, full, item, needs);
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
      this.#checkCondition(step, site);
      return checkInput(step, definition, state, { ...site, types: narrowed(scope, step) });
    };
    if (items.kind === "once" || items.kind === "faulty") return of(undefined);
    const [first, ...rest] = items.types.map(of);
    if (first === undefined) {
      // A list that is always empty: its type is unknown, and nothing will be run for it.
      return checkInput(step, definition, state, { ...this.#site(types), brokenItem: true });
    }
    const entries = first.entries.map((entry, index) => ({
      ...entry,
      sound: [first, ...rest].every((input) => input.entries[index]?.sound ?? false),
    }));
    return { ...first, entries };
  }

  async #planStep(
    step: DocumentStep,
    definition: AnyStep,
    input: CheckedInput,
    id: string,
    item: ItemState | undefined,
    needs: readonly string[],
  ): Promise<PlannedStep | undefined> {
    const { pipeline: { folder }, prefix } = this.input;
    const scope: ScopeState = { ...this.#state, ...(item && { item }) };
    const { report } = this.resolution;
    const { params, late } = await foldInput(step, definition, input, scope, folder, report);
    if (params === undefined) return undefined;
    const known = item?.kind === "known" ? { item: item.value } : {};
    const uses = definition.name;
    return {
      id,
      uses,
      summary: step.summary?.value ?? definition.summary,
      effect: definition.effect,
      holds: definition.holds === true,
      span: step.span,
      scope: prefix,
      params,
      late,
      needs,
      when: await this.#conditions(step, scope),
      ...(step.retry && { retry: step.retry.value }),
      ...(step.timeout && { timeout_ms: step.timeout.value }),
      on_failure: step.on_failure?.value ?? "stop",
      commit: step.commit?.value ?? false,
      ...known,
      permissions: stepPermissions(definition, params),
      digest: stepDigest({ uses, params, late, ...known }),
    };
  }

  async #resolveInclude(
    step: DocumentStep,
    types: TypeScope,
    needs: readonly string[],
    isLast: boolean,
  ): Promise<Ends> {
    const { pipeline, prefix } = this.input;
    this.#checkCondition(step, this.#site(types));
    const site = this.#site(narrowed(types, step));
    const included = pipeline.includes.get(step.id.value);
    if (included === undefined) {
      if (step.with) checkValue(step.with, {}, [], site);
      return needs;
    }
    const params = await includedParameters(step, included, this.#state, pipeline.folder, site);
    if (!isLast) this.#checkForFinally(step, included, params);
    const inner: ScopeInput = {
      pipeline: included,
      prefix: `${prefix}${step.id.value}.`,
      parent: prefix,
      params,
      when: await this.#conditions(step, this.#state),
      needs,
      atTheEnd: isLast,
    };
    const ends = await resolveScope(inner, this.resolution);
    return ends.length === 0 ? needs : ends;
  }

  /**
   * What an included pipeline has under `finally` runs at the end, whatever has run before: its
   * condition, and what its parameters take from facts, must stand that.
   */
  #checkForFinally(
    step: DocumentStep,
    included: LoadedPipeline,
    params: ReadonlyMap<string, ParameterState>,
  ): void {
    const atTheEnd = stepsAtTheEnd(included);
    if (atTheEnd.length === 0) return;
    const { document } = this.input.pipeline;
    const order: StepOrder = {
      ...this.#order,
      before: () => new Set(document.steps.map(({ id }) => id.value)),
    };
    const types = typeScopeOf(step.id.value, document, order, this.#facts, true);
    const reason = `; ${included.document.file} has steps under finally, for which this counts too`;
    const { report } = this.resolution;
    const add: Report["add"] = (diagnostics) =>
      report.add(diagnostics.map((one) => ({ ...one, message: one.message + reason })));
    const site = { ...this.#site(types), report: { ...report, add } };
    this.#checkCondition(step, site);
    const entries = step.with?.kind === "map" ? step.with.entries : [];
    const used = usedParams(atTheEnd, included.document);
    for (const { key, value } of entries) {
      if (used.has(key) && params.get(key)?.kind === "late") {
        checkValue(value, {}, [key], { ...site, types: narrowed(types, step) });
      }
    }
  }

  #site(types: TypeScope): ValueSite {
    const { text } = this.input.pipeline.document;
    return { types, text, broken: this.#facts.broken, report: this.resolution.report };
  }

  #checkCondition({ when }: DocumentStep, site: ValueSite): void {
    if (when === undefined) return;
    const placed = placeExpression(when, site.text);
    const type = judgeExpression(placed, site);
    if (type === undefined || type.kind === "bool") return;
    const message = `when must be bool, but the expression is ${showType(type)}`;
    site.report.error("ill-typed", when.span, message);
  }

  /** A condition that asks for no item is met before the list is evaluated. */
  #narrowList(step: DocumentStep, types: TypeScope): TypeScope {
    if (step.when === undefined) return types;
    const { usesItem } = references(parseExpression(step.when.value));
    return usesItem ? types : narrowed(types, step);
  }

  /** Those around the pipeline and the step's own, without one that is known to hold. */
  async #conditions({ when }: DocumentStep, scope: ScopeState): Promise<PlannedStep["when"]> {
    if (when === undefined) return this.input.when;
    const condition = parseExpression(when.value);
    const folded = originOf(condition, scope)
      ? condition
      : await foldTemplate(condition, knownValues(scope)).catch(() => condition);
    if (folded.kind === "value" && folded.value === true) return this.input.when;
    return [...this.input.when, { scope: this.input.prefix, condition }];
  }
}

function narrowed(types: TypeScope, { when }: DocumentStep): TypeScope {
  return when === undefined ? types : narrowScope(types, when.value);
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
