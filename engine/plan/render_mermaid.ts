import type { Effect } from "../step.ts";
import type { Plan, PlannedStep } from "./plan.ts";

/**
 * A plan as a Mermaid flowchart: an arrow from each step to those that need it; the colour tells
 * the effect, a frame the steps of `finally`.
 */
export function renderMermaid(plan: Plan): string {
  const names = new Map([...plan.steps, ...plan.finally].map(({ id }, n) => [id, `s${n + 1}`]));
  const lines = ["flowchart TD"];
  for (const step of plan.steps) lines.push(`  ${box(step, names)}`);
  for (const step of plan.steps) lines.push(...arrows(step, names));
  if (plan.finally.length > 0) {
    lines.push("  subgraph finally");
    for (const step of plan.finally) lines.push(`    ${box(step, names)}`);
    lines.push("  end");
    for (const step of plan.finally) lines.push(...arrows(step, names));
    const needed = new Set(plan.steps.flatMap((step) => step.needs));
    for (const { id } of plan.steps) {
      if (!needed.has(id)) lines.push(`  ${names.get(id)} -.-> finally`);
    }
  }
  lines.push(
    "  classDef none fill:#eef,stroke:#669",
    "  classDef reversible fill:#efe,stroke:#696",
    "  classDef irreversible fill:#fee,stroke:#966",
  );
  for (const effect of ["none", "reversible", "irreversible"] satisfies Effect[]) {
    const members = [...plan.steps, ...plan.finally].filter((step) => step.effect === effect);
    if (members.length > 0) {
      lines.push(`  class ${members.map(({ id }) => names.get(id)).join(",")} ${effect}`);
    }
  }
  return lines.join("\n") + "\n";
}

function box({ id, uses, summary, commit }: PlannedStep, names: ReadonlyMap<string, string>) {
  const label = [id, uses, summary, ...(commit ? ["commit"] : [])].map(escape).join("<br/>");
  return `${names.get(id)}["${label}"]`;
}

function arrows(step: PlannedStep, names: ReadonlyMap<string, string>): readonly string[] {
  const label = step.when.length > 0 ? " -->|when| " : " --> ";
  return step.needs.map((need) => `  ${names.get(need)}${label}${names.get(step.id)}`);
}

/** Mermaid reads quotes, angle brackets and # in a label as its own: they are written as entities. */
function escape(text: string): string {
  return text.replaceAll(/[#"<>&]/g, (character) => `#${character.codePointAt(0)};`);
}
