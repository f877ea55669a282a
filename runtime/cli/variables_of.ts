import type { Document } from "../../engine/document/document.ts";

/** The variables that parameters are given by, each once. */
export function variablesOf({ params }: Pick<Document, "params">): readonly string[] {
  return [...new Set(params.flatMap(({ env }) => env === undefined ? [] : [env.value]))];
}
