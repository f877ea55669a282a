import type { Layer, Refusal, StepCase, Succeeds } from "./case.ts";
import { ownCases } from "./own_cases.ts";
import { planCases } from "./planning.ts";
import { stepCases } from "./step_cases.ts";
import { wideCases } from "./wide_cases.ts";

/** The cells of the gallery's table, a row each: case, attack, what refuses it, and in no box. */
export function tableRows(): readonly (readonly string[])[] {
  return [
    ...planCases.map(({ name, attack }) => [name, attack, "plan", same]),
    ...stepCases.map((one) => [one.name, one.attack, layerOf(one.refused), inNoBox(one)]),
    ...wideCases.map(({ name, attack, free }) => [
      name,
      `${attack}, with no flag of Deno in the way`,
      "box",
      free === undefined ? same : `**succeeds**: a box is what stops it`,
    ]),
    ...ownCases.map(({ name, attack, layer, unboxed }) => [name, attack, layer, unboxed ?? same]),
  ];
}

const same = "the same";

function inNoBox({ needsBox, refused, unboxed = refused }: StepCase): string {
  if (needsBox) return "`launcher`: it does not start";
  if ("succeeds" in unboxed) return `**succeeds**: ${unboxed.succeeds}`;
  return layerOf(unboxed) === layerOf(refused) ? same : `\`${layerOf(unboxed)}\``;
}

function layerOf(outcome: Refusal | Succeeds): Layer {
  return "succeeds" in outcome ? "nothing" : outcome.layer;
}
