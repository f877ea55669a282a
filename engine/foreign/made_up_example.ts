import { exampleInput } from "../schema/example_input.ts";
import type { Description } from "./description.ts";

/** An example for a step whose author gave none: what it has to have, in YAML. */
export function madeUpExample(
  name: string,
  { params, late }: Pick<Description, "params" | "late">,
): string {
  const members = [params, ...late === undefined ? [] : [late]]
    .flatMap((schema) => Object.entries(exampleInput(schema) ?? {}));
  const lines = members.map(([key, value]) => {
    const shown = /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
    return `  ${shown}: ${JSON.stringify(value)}`;
  });
  return [`uses: ${name}`, ...lines.length === 0 ? [] : ["with:", ...lines]].join("\n");
}
