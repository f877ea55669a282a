/** A service on loopback that says it is healthy, and in which version. */
export function serveHealth(version: string): AsyncDisposable & { readonly url: string } {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, () => Response.json({ status: "healthy", version }));
  return {
    url: `http://127.0.0.1:${server.addr.port}/healthz`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
