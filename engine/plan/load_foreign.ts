import type { DocumentStep } from "../document/document.ts";
import { foreignPattern } from "../document/shape.ts";
import { SluiceError } from "../errors.ts";
import type { Describer } from "../foreign/describer.ts";
import { defineForeign, type ForeignDefinition } from "../foreign/foreign_definition.ts";
import { ForeignFault } from "../foreign/foreign_fault.ts";
import { sourceBytes } from "../foreign/limits.ts";
import { folderOf } from "../join_path.ts";
import { absolutePath } from "../schema/read_authored.ts";
import { readingFault, readingHint } from "./reading_fault.ts";
import type { Report } from "./report.ts";

/** Whether a `uses` names a file that is a step, and no step of the registry. */
export function isForeign(uses: string): boolean {
  return /^\.{1,2}\//.test(uses);
}

/** What loading steps of others needs. */
export interface ForeignLoading {
  /** Reads a file, by its absolute path. */
  load(file: string): Promise<string>;
  readonly describer: Describer | undefined;
  /** What was found so far, by name and path: a file is described once, however often it is used. */
  readonly known: Map<string, Promise<ForeignDefinition>>;
}

/**
 * The definition of a step that is a file beside the pipeline; `undefined` where there is something
 * wrong with it, which has been reported at its `uses`.
 *
 * @param file absolute path of the pipeline
 */
export async function loadForeign(
  { uses }: DocumentStep,
  file: string,
  loading: ForeignLoading,
  report: Report,
): Promise<ForeignDefinition | undefined> {
  const name = uses.value;
  const absolute = absolutePath(name, folderOf(file));
  const key = `${name}\n${absolute}`;
  const definition = loading.known.get(key) ?? define(name, absolute, loading);
  loading.known.set(key, definition);
  try {
    return await definition;
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    report.error("foreign-step", uses.span, error.message, error.hint);
  }
}

async function define(
  name: string,
  file: string,
  { load, describer }: ForeignLoading,
): Promise<ForeignDefinition> {
  if (!new RegExp(foreignPattern).test(name)) {
    throw new ForeignFault(
      `${name} is no step: a step of others is a file of TypeScript or JavaScript`,
      "its name ends in .ts, .js, .mts or .mjs; another pipeline is included with uses: pipeline",
    );
  }
  if (describer === undefined) {
    throw new ForeignFault(
      `${name} cannot be used here: its process is started by the launcher`,
      "a fixed surface, and whatever runs without a launcher, has steps of the registry only",
    );
  }
  let source: string;
  try {
    source = await load(file);
  } catch (error) {
    throw new ForeignFault(`${name} cannot be read: ${readingFault(error)}`, readingHint(error));
  }
  const bytes = new TextEncoder().encode(source).length;
  if (bytes > sourceBytes) {
    throw new ForeignFault(`${name} has ${bytes} bytes; at most ${sourceBytes} are read`);
  }
  return await defineForeign({ name, file, source }, describer);
}
