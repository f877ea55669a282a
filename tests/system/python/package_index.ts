import { wheelhouse } from "./venv_bed.ts";

export interface PackageIndex extends AsyncDisposable {
  /** Of the simple API, with user and password. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
}

/** An index on loopback that serves the wheelhouse to whoever has the password. */
export function startIndex(password: string): PackageIndex {
  const names = [...Deno.readDirSync(wheelhouse)].map(({ name }) => name);
  const normal = (name: string) => name.split("-")[0]!.replace(/[-_.]+/g, "-").toLowerCase();
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    if (request.headers.get("authorization") !== `Basic ${btoa(`me:${password}`)}`) {
      return new Response("who are you?", {
        status: 401,
        headers: { "www-authenticate": 'Basic realm="index"' },
      });
    }
    const [, kind, name = ""] = pathname.split("/");
    if (kind === "files" && names.includes(name)) {
      return new Response(await Deno.readFile(`${wheelhouse}/${name}`));
    }
    const found = names.filter((each) => kind === "simple" && normal(each) === name);
    if (found.length === 0) return new Response("not found", { status: 404 });
    const links = found.map((each) => `<a href="/files/${each}">${each}</a>`).join("\n");
    return new Response(`<!DOCTYPE html><html><body>${links}</body></html>`, {
      headers: { "content-type": "text/html" },
    });
  });
  return {
    url: `http://me:${password}@127.0.0.1:${server.addr.port}/simple/`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
