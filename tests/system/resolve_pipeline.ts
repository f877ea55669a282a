import { parseDocument } from "../../engine/document/parse.ts";
import { parseValues } from "../../engine/document/parse_values.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { resolve } from "../../engine/plan/resolve.ts";
import { registry } from "../../steps/registry.ts";

/** The plan of a pipeline, as `sluice plan --format json` gives it. */
export async function resolvePipeline(
  { file, text }: { readonly file: string; readonly text: string },
  params: JsonObject,
): Promise<Plan> {
  const { document, diagnostics } = parseDocument(text, file);
  if (document === undefined) throw new Error(JSON.stringify(diagnostics));
  const resolved = await resolve(document, registry, {
    cwd: "/",
    load: (path) => Deno.readTextFile(path),
    sources: { given: [], values: parseValues(JSON.stringify(params), "params").values, env: {} },
  });
  if (resolved.plan === undefined) throw new Error(JSON.stringify(resolved.diagnostics));
  return resolved.plan;
}
