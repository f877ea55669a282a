import type { Document, DocumentStep } from "../document/document.ts";
import { parseDocument } from "../document/parse.ts";
import { folderOf, joinPath } from "../join_path.ts";
import { absolutePath } from "../schema/read_authored.ts";
import type { Report } from "./report.ts";

/** A pipeline with all that it includes. */
export interface LoadedPipeline {
  readonly document: Document;
  /** Absolute; what relative paths in it are relative to. */
  readonly folder: string;
  /** By the id of the step with `uses: pipeline`; absent where it could not be read. */
  readonly includes: ReadonlyMap<string, LoadedPipeline>;
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
}

/**
 * Reads all pipelines that a document includes, and those that they include. Faults of theirs, and
 * files that cannot be read or that include themselves, are reported.
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
  const loading: Loading = { options, texts, report, steps: 0, reported: new Set() };
  texts.set(document.file, document.text);
  return await load(document, [{ name: document.file, absolute }], loading);
}

interface Loading {
  readonly options: LoadOptions;
  readonly texts: Map<string, string>;
  readonly report: Report;
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
  const own = [...document.steps, ...document.finally];
  loading.steps += own.length;
  for (const step of own) {
    if (step.uses.value !== "pipeline" || step.file === undefined) continue;
    const included = await include(step, step.file, chain, loading);
    if (included) includes.set(step.id.value, included);
  }
  return { document, folder: folderOf(chain.at(-1)!.absolute), includes };
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
    report.error("missing-file", span, `${name} cannot be read: ${reasonOf(error)}`);
    return undefined;
  }
  texts.set(name, text);
  const { document, diagnostics } = parseDocument(text, name);
  if (!loading.reported.has(absolute)) report.add(diagnostics);
  loading.reported.add(absolute);
  return document && await load(document, [...chain, file], loading);
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotCapable) {
    return "it is outside the folder that may be read while planning";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "access is denied";
  return error instanceof Error ? error.message : String(error);
}
