/** Answers the requests below BASE_PATH, whose URLs begin after it. */
export type RestHandler = (request: Request, info: RestInfo) => Response | Promise<Response>;

export interface RestInfo {
  /** Where the agent's routes live, such as `/agents/x`; `""` is the root. */
  readonly base_path: string;
  /** Address of the client that is connected to the runtime. */
  readonly client: string;
}

/** Serves a handler on a Unix socket. */
export async function serveRest(
  handler: RestHandler,
  path: string,
  basePath: string,
): Promise<Deno.HttpServer> {
  const base = basePath === "/" ? "" : basePath;
  followUpgrades();
  const listening = Promise.withResolvers<void>();
  const server = Deno.serve({
    path,
    onListen: () => listening.resolve(),
    onError(error) {
      console.error(error);
      return new Response("Internal Server Error", { status: 500 });
    },
  }, async (request) => {
    const url = below(request, base);
    if (url === undefined) return new Response("Not Found", { status: 404 });
    const client = (request.headers.get("x-forwarded-for") ?? "").split(",").at(-1)!.trim();
    const { method, headers, body } = request;
    const own = new Request(url, { method, headers, body });
    originals.set(own, request);
    const answer: unknown = await handler(own, { base_path: base, client });
    if (answer instanceof Response) return answer;
    throw new TypeError("the handler of rest returned no Response");
  });
  await listening.promise;
  await Deno.chmod(path, 0o600);
  return server;
}

/** What came from a connection, by what a handler was given for it. */
const originals = new WeakMap<Request, Request>();

/** Has a handler's request upgrade the connection that it came from: Deno itself knows no other. */
function followUpgrades(): void {
  const upgrade = Deno.upgradeWebSocket;
  Deno.upgradeWebSocket = (request, options) => upgrade(originals.get(request) ?? request, options);
}

/** The URL as the client knows it, without the base path; `undefined` for what is not below it. */
function below(request: Request, base: string): URL | undefined {
  const { pathname, search } = new URL(request.url);
  if (pathname !== base && !pathname.startsWith(`${base}/`)) return undefined;
  const scheme = request.headers.get("x-forwarded-proto") === "https" ? "https" : "http";
  const host = request.headers.get("host") ?? "localhost";
  const rest = pathname.slice(base.length) || "/";
  return new URL(
    `${scheme}://${URL.canParse(`http://${host}/`) ? host : "localhost"}${rest}${search}`,
  );
}
