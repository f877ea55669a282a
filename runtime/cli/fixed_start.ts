import type { Diagnostic } from "../../engine/diagnostic.ts";
import { parseValues } from "../../engine/document/parse_values.ts";
import type { Node } from "../../engine/document/document.ts";
import { UsageError } from "../../engine/errors.ts";
import { readParameters } from "../../engine/plan/parameters.ts";
import type { FixedPipeline, GivenAtStart } from "../../engine/surface/resolve_fixed.ts";
import type { DeclaredFixed } from "../../engine/surface/surfaces.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import type { GivenValues } from "./load_pipeline.ts";
import type { Place } from "./port.ts";
import { readPipeline } from "./read_text.ts";
import { variablesOf } from "./variables_of.ts";

/** What the start of a fixed surface adds to it. */
export interface FixedStart {
  /** @throws UsageError when a parameter is given that the surface fixes */
  given(pipeline: FixedPipeline): Promise<GivenAtStart>;
  /** Faults of the file of values; there once `given` has been called. */
  diagnostics(): readonly Diagnostic[];
  texts(): ReadonlyMap<string, string>;
}

/**
 * The values that a start gives to a fixed surface: only to parameters that its permissions do not
 * depend on. A variable that would give a fixed one another value is refused as well: an operator who
 * set it expects it to count.
 */
export function fixedStart(
  { name }: DeclaredFixed,
  { param, params }: GivenValues,
  { context, port }: Place,
): FixedStart {
  const found: Diagnostic[] = [];
  const texts = new Map<string, string>();
  const refuse = (what: string, why: string): never => {
    throw new UsageError(`${what}: the surface ${name.value} is fixed, and ${why}`, {
      hint: `leave it out; a pipeline of an open surface takes it`,
    });
  };
  const readValues = async (): Promise<ReadonlyMap<string, Node>> => {
    if (params === undefined) return new Map();
    const path = resolvePath(context.cwd, params);
    const text = await readPipeline(params, context.cwd);
    texts.set(path, text);
    const { values, diagnostics } = parseValues(text, path);
    found.push(...diagnostics);
    return values;
  };
  return {
    async given(pipeline) {
      const { document, decisive } = pipeline;
      const values = await readValues();
      const why = (key: string) => {
        const { step, uses } = decisive.get(key)!;
        return `its permissions may depend on ${key}, by step ${step} (${uses})`;
      };
      for (const [key] of param) if (decisive.has(key)) refuse(`--param ${key}`, why(key));
      for (const key of values.keys()) {
        if (decisive.has(key)) refuse(`${key} in ${params}`, why(key));
      }
      const { values: env } = await port.env(variablesOf(document));
      for (const { variable, key } of overridden(pipeline, env, context.project)) {
        refuse(`the variable ${variable} gives ${key} another value`, why(key));
      }
      const fixed = document.params.flatMap(({ name, env }) =>
        env !== undefined && decisive.has(name.value) ? [env.value] : []
      );
      return {
        given: param.map(([name, text]) => ({ name, text })),
        values,
        env: Object.fromEntries(Object.entries(env).filter(([name]) => !fixed.includes(name))),
      };
    },
    diagnostics: () => found,
    texts: () => texts,
  };
}

/** The variables that say something else than the surface does. */
function overridden(
  { document, decisive, values }: FixedPipeline,
  env: Readonly<Record<string, string>>,
  project: string,
): readonly { readonly variable: string; readonly key: string }[] {
  const folders = { cwd: project, pipeline: document.file.replace(/\/[^/]*$/, "") };
  const optional = new Set(document.params.map(({ name }) => name.value));
  const common = { given: [], optional };
  const fixed = readParameters(document, { ...common, values, env: {} }, folders).values;
  const wanted = readParameters(document, { ...common, values: new Map(), env }, folders).values;
  return document.params.flatMap(({ name: { value: key }, env: variable }) => {
    if (variable === undefined || !decisive.has(key)) return [];
    if (!Object.hasOwn(env, variable.value)) return [];
    const isSame = JSON.stringify(fixed[key]) === JSON.stringify(wanted[key]);
    return isSame ? [] : [{ variable: variable.value, key }];
  });
}
