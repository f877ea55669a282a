/** What browsers are told of the files of a page, by the ending of the name. */
const types: Readonly<Record<string, string>> = {
  avif: "image/avif",
  css: "text/css; charset=utf-8",
  gif: "image/gif",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  map: "application/json",
  md: "text/markdown; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  ttf: "font/ttf",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xml: "application/xml",
};

/**
 * The media type of a file by its name; bytes of any kind where the ending is not known.
 *
 * @example
 * ```ts
 * import { contentType } from "./content_type.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(contentType("/ui/index.HTML"), "text/html; charset=utf-8");
 * assert.equal(contentType("/ui/constructor"), "application/octet-stream");
 * ```
 */
export function contentType(path: string): string {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(types, ending) ? types[ending]! : "application/octet-stream";
}
