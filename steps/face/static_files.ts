import { contentType } from "./content_type.ts";

/**
 * Serves files of one folder: GET and HEAD, `index.html` for a folder, with an ETag. Nothing outside of
 * the folder, nothing whose name begins with a dot but `.well-known`, and nothing behind a link is
 * served; whoever asks for it learns no more than that there is no such file.
 *
 * @param root absolute path of the folder
 * @param path of the URL below the place where the folder is served: `""` or beginning with `/`, still
 * encoded
 */
export async function serveFile(root: string, path: string, request: Request): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const segments = segmentsOf(path);
  if (segments === undefined) return missing();
  let file = [root, ...segments].join("/");
  try {
    let info = await Deno.lstat(file);
    if (info.isDirectory) {
      if (!path.endsWith("/")) return redirect(request);
      file = `${file}/index.html`;
      info = await Deno.lstat(file);
    } else if (path.endsWith("/")) return missing();
    if (!info.isFile || await Deno.realPath(file) !== await realPlace(root, file)) {
      return missing();
    }
    return await answer(file, info, request);
  } catch (error) {
    if (isMissing(error)) return missing();
    throw error;
  }
}

/** The decoded segments of a path; `undefined` for what no honest client asks for. */
function segmentsOf(path: string): readonly string[] | undefined {
  let segments: string[];
  try {
    segments = path.split("/").filter((one) => one !== "").map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const sound = (name: string) =>
    // deno-lint-ignore no-control-regex
    !/[/\\\x00-\x1f]/.test(name) && (!name.startsWith(".") || name === ".well-known");
  return segments.every(sound) ? segments : undefined;
}

/** Where a file really lies if no link leads to it from the folder. */
async function realPlace(root: string, file: string): Promise<string> {
  return await Deno.realPath(root) + file.slice(root.length);
}

async function answer(file: string, info: Deno.FileInfo, request: Request): Promise<Response> {
  const etag = `"${(info.mtime?.getTime() ?? 0).toString(36)}-${info.size.toString(36)}"`;
  const headers = {
    "content-type": contentType(file),
    "content-length": String(info.size),
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    etag,
  };
  if (request.headers.get("if-none-match") === etag) {
    return new Response(null, { status: 304, headers: { etag, "cache-control": "no-cache" } });
  }
  if (request.method === "HEAD") return new Response(null, { headers });
  return new Response((await Deno.open(file)).readable, { headers });
}

function redirect(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  // Two slashes at the beginning would name a host.
  const place = pathname.replace(/^\/+/, "/");
  return new Response(null, { status: 308, headers: { location: `${place}/${search}` } });
}

function missing(): Response {
  return Response.json({ error: "not found" }, { status: 404 });
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    (error instanceof Error &&
      /ENAMETOOLONG|ENOTDIR|name too long|Not a directory/i.test(error.message));
}
