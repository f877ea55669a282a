/** A service on loopback that is healthy, until it is disposed of. */
export function serveHealth(before: () => Promise<void> = () => Promise.resolve()) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
    await before();
    return Response.json({ status: "ok", version: "1.0" });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    host: `127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
