import { sha256 } from "../../engine/sha256.ts";
import { version } from "../cli/version.ts";

/**
 * Names the code that runs the steps, for resume: the versions of Sluice, Deno and V8. Files are not
 * read for it: a runner may read only what its plan declares. A changed checkout of one version has
 * the same name.
 */
export function codeDigest(): string {
  const text = `sluice ${version}, deno ${Deno.version.deno}, v8 ${Deno.version.v8}`;
  return `sha256:${sha256(text)}`;
}
