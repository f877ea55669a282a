import { parseDocument } from "../../engine/document/parse.ts";
import { renderDiagnostics } from "../../engine/document/render.ts";
import { type ExitCode, exitCode, InvalidInputError } from "../../engine/errors.ts";
import { resolve } from "../../engine/plan/resolve.ts";
import type { Registry } from "../../engine/registry.ts";
import type { SignablePipeline } from "../launch/planner_protocol.ts";
import { relativeName } from "../launch/signed/file_names.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { digestBytes } from "../launch/signed/read_bytes.ts";
import { describerOf } from "./describer_of.ts";
import { hasErrors } from "./load_pipeline.ts";
import type { Asked, Place } from "./port.ts";
import { readIncluded } from "./read_text.ts";
import { showNames, shownName } from "./shown_name.ts";

/**
 * `sluice sign FILE|SURFACE`: finds out what pipelines are made from, and that they have no fault. The
 * launcher then has them signed; the key is not known here.
 */
export async function sign(
  { target }: Asked<"sign">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  if (context.pipelines === undefined) {
    throw new InvalidInputError(`${JSON.stringify(target)} is neither a file nor a surface`, {
      hint: "name a pipeline, or a surface that permissions.lock.json has",
    });
  }
  const signable: SignablePipeline[] = [];
  for (const file of context.pipelines) {
    const found = await findParts(file, place, registry);
    if (found === undefined) return exitCode.invalid;
    signable.push(found);
  }
  port.sign(signable);
  return exitCode.done;
}

/** `undefined` when it has a fault, which has then been shown. */
async function findParts(
  file: string,
  { context, port }: Place,
  registry: Registry,
): Promise<SignablePipeline | undefined> {
  const at = file.lastIndexOf("/");
  const folder = file.slice(0, at) || "/";
  const read = new Map<string, string>();
  const load = async (path: string) => {
    // Read once: what is judged is what is digested.
    const text = read.get(path) ?? await readIncluded(path);
    read.set(path, text);
    return text;
  };
  // Named relative to its own folder, as the statement names what it includes.
  const { document, diagnostics } = parseDocument(await load(file), file.slice(at + 1));
  const resolved = document &&
    await resolve(document, registry, {
      cwd: folder,
      load,
      describer: describerOf(port),
      sources: undefined,
    });
  const found = [...diagnostics, ...resolved?.diagnostics ?? []].map((each) => ({
    ...each,
    span: { ...each.span, file: resolvePath(folder, each.span.file) },
  }));
  const texts = new Map([...read].map(([path, text]) => [shownName(path, context.cwd), text]));
  const { color, columns } = context;
  const shown = showNames(found, context.cwd);
  port.err(renderDiagnostics("text", shown, texts, { color, width: columns }));
  if (resolved === undefined || hasErrors(found)) return undefined;
  const pipelines = new Set(
    [...resolved.texts.keys()].map((name) => resolvePath(folder, name)),
  );
  const digests = await Promise.all(
    [...read].map(async ([path, text]) => {
      // A text that was decoded without loss has the bytes that were read.
      const digest = await digestBytes(new TextEncoder().encode(text));
      const name = relativeName(folder, path);
      return { path, entry: [name, digest] as const };
    }),
  );
  const pick = (isPipeline: boolean) =>
    Object.fromEntries(
      digests.filter(({ path }) => pipelines.has(path) === isPipeline).map(({ entry }) => entry),
    );
  return { file, files: pick(true), steps: pick(false) };
}
