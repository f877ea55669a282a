import { parseDocument } from "../document/parse.ts";
import { codeDigest } from "../foreign/foreign_code.ts";
import { folderOf, joinPath } from "../join_path.ts";
import type { WrittenCode } from "../permissions/lock/written_lock.ts";
import { isForeign } from "../plan/load_foreign.ts";

/**
 * The files of others that a pipeline uses as steps, itself or by what it includes, with their
 * digests. What cannot be read, or is faulty, is left out: checking the pipeline says so.
 *
 * @param path of the pipeline, relative to the project
 * @param load reads a file of the project
 */
export async function foreignFiles(
  path: string,
  load: (path: string) => Promise<string>,
): Promise<readonly WrittenCode[]> {
  const found = new Map<string, string>();
  const seen = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await load(file).catch(() => undefined);
    const { document } = text === undefined ? { document: undefined } : parseDocument(text, file);
    for (const { uses, file: included } of [...document?.steps ?? [], ...document?.finally ?? []]) {
      const name = isForeign(uses.value) ? uses.value : included?.value;
      if (name === undefined || name.startsWith("/")) continue;
      const target = joinPath(folderOf(file), name);
      if (!isForeign(uses.value)) await visit(target);
      else {
        const source = await load(target).catch(() => undefined);
        if (source !== undefined) found.set(target, codeDigest(source));
      }
    }
  };
  await visit(path);
  return [...found].map(([file, digest]) => ({ file, digest }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
