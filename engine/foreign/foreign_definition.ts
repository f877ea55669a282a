import { BugError } from "../errors.ts";
import { canonicalJson, type Json, type JsonObject } from "../json.ts";
import type { Permissions } from "../permissions/permissions.ts";
import type { AnyStep, StepContext } from "../step.ts";
import type { Describer, NamedSource } from "./describer.ts";
import { type Description, readDescription } from "./description.ts";
import { codeDigest, type ForeignCode } from "./foreign_code.ts";
import { ForeignFault } from "./foreign_fault.ts";
import { isShallow } from "./is_shallow.ts";
import { madeUpExample } from "./made_up_example.ts";
import { readForeignPermissions } from "./read_foreign_permissions.ts";
import { schemaOf } from "./schema_of.ts";

/** A step of others as planning sees it. */
export interface ForeignDefinition {
  /** Everything but its permissions, which only its own process can compute. */
  readonly step: AnyStep;
  readonly digest: string;
  readonly code: ForeignCode;
  /**
   * What it may touch with these parameters, for running and for being undone.
   *
   * @throws ForeignFault when it cannot say, or says what no set can be
   */
  permissions(
    params: JsonObject,
  ): Promise<{ readonly run: Permissions; readonly undo: Permissions }>;
}

/**
 * Has a file of others describe itself, and looks at every word of the answer. Each question is
 * asked twice: who answers differently the second time is refused.
 *
 * @param from its text, with its absolute path for people
 * @throws ForeignFault that says what is wrong with it
 */
export async function defineForeign(
  from: NamedSource & { readonly file: string },
  describer: Describer,
): Promise<ForeignDefinition> {
  const { name, file, source } = from;
  const code: NamedSource = { name, source };
  return await named(name, async () => {
    const answer = await twice("describe itself", () => describer.describe(code));
    const description = readDescription(answer);
    return {
      step: stepOf(name, description),
      digest: codeDigest(source),
      code: { file, source, description },
      permissions: (params) =>
        named(name, async () => {
          const ask = () => describer.permissions(code, params);
          const asked = await twice("compute its permissions", ask);
          return readForeignPermissions(asked, description.effect);
        }),
    };
  });
}

/** Puts the name before what is wrong, where it does not stand there yet. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ForeignFault) || error.message.startsWith(name)) throw error;
    throw new ForeignFault(`${name}: ${error.message}`, error.hint);
  }
}

/** What a step of others does once it runs. */
export interface ForeignWork {
  check(params: JsonObject, ctx: StepContext): Promise<void>;
  run(input: JsonObject, ctx: StepContext): Promise<unknown>;
  undo(input: JsonObject, facts: JsonObject | undefined, ctx: StepContext): Promise<void>;
}

/**
 * A definition like those of the registry, from what a step of others said of itself.
 *
 * @param work how it is done; left out where nothing is run
 */
export function stepOf(name: string, description: Description, work?: ForeignWork): AnyStep {
  const { summary, effect, holds, check, params, late, facts, example } = description;
  const never = () => {
    throw new BugError(`${name} runs in a process of its own only`);
  };
  const { run, undo, check: ask }: ForeignWork = work ?? { run: never, undo: never, check: never };
  return {
    name,
    summary,
    effect,
    ...(holds ? { holds } : {}),
    params: schemaOf(params, "params"),
    ...(late === undefined ? {} : { late: schemaOf(late, "late") }),
    facts: schemaOf(facts, "facts"),
    example: example ?? madeUpExample(name, description),
    permissions: never,
    ...(check ? { check: ask } : {}),
    run,
    ...(effect === "reversible" ? { undo } : {}),
  } as AnyStep;
}

async function twice(what: string, ask: () => Promise<unknown>): Promise<unknown> {
  const first = await ask();
  if (!isShallow(first)) throw new ForeignFault(`it was asked to ${what}; its answer is too deep`);
  const second = await ask();
  const same = isShallow(second) && canonicalJson(first as Json) === canonicalJson(second as Json);
  if (same) return first;
  throw new ForeignFault(`it was asked twice to ${what}, and answered differently`, purity);
}

const purity = "an answer may depend on the parameters alone: not on time, chance or a counter";
