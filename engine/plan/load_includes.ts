import type { Document, DocumentStep } from "../document/document.ts";
import { parseDocument } from "../document/parse.ts";
import type { Describer } from "../foreign/describer.ts";
import type { ForeignDefinition } from "../foreign/foreign_definition.ts";
import { folderOf, joinPath } from "../join_path.ts";
import { absolutePath } from "../schema/read_authored.ts";
import { type ForeignLoading, isForeign, loadForeign } from "./load_foreign.ts";
import { readingFault, readingHint } from "./reading_fault.ts";
import type { Report } from "./report.ts";

/** A pipeline with all that it includes. */
export interface LoadedPipeline {
  readonly document: Document;
  /** Absolute; what relative paths in it are relative to. */
  readonly folder: string;
  /** By the id of the step with `uses: pipeline`; absent where it could not be read. */
  readonly includes: ReadonlyMap<string, LoadedPipeline>;
  /** Steps of others by the id of the step that uses them; absent where something is wrong. */
  readonly foreign: ReadonlyMap<string, ForeignDefinition>;
}

/** Most levels of pipelines within each other. */
export const includeDepth = 10;

/** Most steps of a pipeline with all that it includes, before lists multiply them. */
export const stepLimit = 2_000;

export interface LoadOptions {
  /** Absolute; what a relative path of the outermost file is relative to. */
  readonly cwd: string;
  /** Reads a file, by its absolute path. */
  load(file: string): Promise<string>;
  /** Asks steps of others what they are; without it there can be none. */
  readonly describer?: Describer;
}

/**
 * Reads all pipelines that a document includes, and those that they include, and has the steps of
 * others that they use describe themselves. Faults of theirs, and files that cannot be read or that
 * include themselves, are reported.
 *
 * @param texts gets the text of each file that was read, under the name that its diagnostics use
 */
export async function loadIncludes(
  document: Document,
  options: LoadOptions,
  texts: Map<string, string>,
  report: Report,
): Promise<LoadedPipeline> {
  const absolute = absolutePath(document.file, options.cwd);
  const foreign = { load: options.load, describer: options.describer, known: new Map() };
  const loading: Loading = { options, texts, report, foreign, steps: 0, reported: new Set() };
  texts.set(document.file, document.text);
  return await load(document, [{ name: document.file, absolute }], loading);
}

interface Loading {
  readonly options: LoadOptions;
  readonly texts: Map<string, string>;
  readonly report: Report;
  readonly foreign: ForeignLoading;
  /** So far, over all files. */
  steps: number;
  /** Files whose own faults have been reported: one may be included twice. */
  readonly reported: Set<string>;
}

interface PlacedFile {
  /** As diagnostics name it. */
  readonly name: string;
  readonly absolute: string;
}

/** @param chain the files from the outermost to this one */
async function load(
  document: Document,
  chain: readonly PlacedFile[],
  loading: Loading,
): Promise<LoadedPipeline> {
  const includes = new Map<string, LoadedPipeline>();
  const foreign = new Map<string, ForeignDefinition>();
  const file = chain.at(-1)!.absolute;
  const own = [...document.steps, ...document.finally];
  loading.steps += own.length;
  for (const step of own) {
    if (isForeign(step.uses.value)) {
      const definition = await loadForeign(step, file, loading.foreign, loading.report);
      if (definition) foreign.set(step.id.value, definition);
    }
    if (step.uses.value !== "pipeline" || step.file === undefined) continue;
    const included = await include(step, step.file, chain, loading);
    if (included) includes.set(step.id.value, included);
  }
  return { document, folder: folderOf(file), includes, foreign };
}

async function include(
  step: DocumentStep,
  { value: path, span }: NonNullable<DocumentStep["file"]>,
  chain: readonly PlacedFile[],
  loading: Loading,
): Promise<LoadedPipeline | undefined> {
  const { report, texts } = loading;
  const from = chain.at(-1)!;
  const absolute = absolutePath(path, folderOf(from.absolute));
  const name = joinPath(folderOf(from.name), path);
  const file = { name, absolute };
  const start = chain.findIndex((outer) => outer.absolute === absolute);
  if (start >= 0) {
    const circle = [...chain.slice(start), file].map((each) => each.name).join(" → ");
    report.error("include-cycle", span, `${name} includes itself: ${circle}`);
    return undefined;
  }
  if (chain.length > includeDepth) {
    const message = `pipelines are included more than ${includeDepth} levels deep here`;
    report.error("include-too-deep", span, message, "include it further out");
    return undefined;
  }
  if (loading.steps > stepLimit) {
    const message = `the pipeline has more than ${stepLimit} steps with what it includes`;
    report.error("too-many-steps", step.span, message);
    return undefined;
  }
  let text: string;
  try {
    text = await loading.options.load(absolute);
  } catch (error) {
    const message = `${name} cannot be read: ${readingFault(error)}`;
    report.error("missing-file", span, message, readingHint(error));
    return undefined;
  }
  texts.set(name, text);
  const { document, diagnostics } = parseDocument(text, name);
  if (!loading.reported.has(absolute)) report.add(diagnostics);
  loading.reported.add(absolute);
  return document && await load(document, [...chain, file], loading);
}
