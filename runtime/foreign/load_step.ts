import type { ForeignStep } from "../../engine/foreign/foreign_step.ts";

/** How a module begins that holds its own text. */
const javascript = "data:text/javascript;base64,";
const typescript = "data:application/typescript;base64,";
/** What stands for a module of ours in the places of errors, up to its text. */
export const modulePrefix = /data:(?:text\/javascript|application\/typescript);base64,/;

/**
 * Loads the code of a step from its text. As a module of its own it can reach no other file: nothing
 * beside it, nothing from the network, no package, and what Deno has built in only as far as this
 * process may.
 *
 * Deno keeps what it makes of TypeScript in its cache. In a box it cannot, and tries for 150 ms: so
 * types are blanked out first, which moves nothing in the text. What needs more than that is Deno's.
 *
 * @param name as people call its file
 */
export async function loadStep(source: string, name: string): Promise<ForeignStep> {
  const blanked = /\.m?js$/.test(name) ? source : await withoutTypes(source);
  const url = (prefix: string, text: string) => prefix + new TextEncoder().encode(text).toBase64();
  const module = await import(
    blanked === undefined ? url(typescript, source) : url(javascript, blanked)
  );
  return module.default;
}

/** JavaScript of the same places; `undefined` for what is not so easily had. */
async function withoutTypes(source: string): Promise<string | undefined> {
  const { stripTypeScriptTypes } = await import("node:module");
  try {
    return stripTypeScriptTypes(source);
  } catch {
    return undefined;
  }
}
