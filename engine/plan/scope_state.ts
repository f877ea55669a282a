import type { Json, JsonObject } from "../json.ts";
import { references } from "../expression/analyse.ts";
import type { Template } from "./plan.ts";

/** Where a value comes from that nobody knows before the run. */
export interface Origin {
  /** The expression that asks for it. */
  readonly expression: string;
  /** Who makes it, in words: `step "P5-2"`. */
  readonly from: string;
}

/** What is known of a parameter of a pipeline while it is resolved. */
export type ParameterState =
  | {
    readonly kind: "known";
    readonly value: Json;
    /** Where it comes from, in words, such as `the variable REST_PORT`. */
    readonly from?: string;
  }
  /** Nobody gave it yet (`sluice check`), or what was given is faulty, which has been reported. */
  | { readonly kind: "unknown" }
  /** Of an included pipeline: it comes from the facts of a step outside. */
  | { readonly kind: "late"; readonly template: Template; readonly origin: Origin };

/** What is known of `item`. */
export type ItemState =
  | { readonly kind: "known"; readonly value: Json }
  | { readonly kind: "unknown" }
  | { readonly kind: "late"; readonly origin: Origin };

/** The values that expressions of one pipeline see while it is resolved. */
export interface ScopeState {
  readonly params: ReadonlyMap<string, ParameterState>;
  readonly item?: ItemState;
}

/** The parameters whose values are known. */
export function knownValues({ params, item }: ScopeState): { params: JsonObject; item?: Json } {
  const known = [...params].flatMap(([name, state]) =>
    state.kind === "known" ? [[name, state.value] as const] : []
  );
  return {
    params: Object.fromEntries(known),
    ...(item?.kind === "known" && { item: item.value }),
  };
}

/** The first part of a template that only the run will know; `undefined` when there is none. */
export function originOf(template: Template, scope: ScopeState): Origin | undefined {
  switch (template.kind) {
    case "value":
      return undefined;
    case "text":
      return firstOf(template.parts, scope);
    case "list":
      return firstOf(template.items, scope);
    case "map":
      return firstOf(Object.values(template.entries), scope);
  }
  const { params, steps, usesItem, usesRun } = references(template);
  const expression = template.source.trim();
  const [step] = steps;
  if (step !== undefined) return { expression, from: `step ${JSON.stringify(step)}` };
  if (usesRun) return { expression, from: "the run itself" };
  for (const name of params) {
    const state = scope.params.get(name);
    if (state?.kind === "late") return { expression, from: state.origin.from };
  }
  if (usesItem && scope.item?.kind === "late") return { expression, from: scope.item.origin.from };
  return undefined;
}

function firstOf(templates: readonly Template[], scope: ScopeState): Origin | undefined {
  for (const template of templates) {
    const origin = originOf(template, scope);
    if (origin) return origin;
  }
  return undefined;
}
