import type { ClientReport } from "./client_report.ts";
import type { DemoPlaces } from "./places.ts";

/** The client at work. */
export interface Client extends AsyncDisposable {
  /** Lets it end, and gives what it saw; `undefined` when it could not tell. */
  report(): Promise<ClientReport | undefined>;
}

/** Starts the client, which may reach the port of the service and nothing else. */
export function startClient(places: DemoPlaces, port: number): Client {
  const process = new Deno.Command(places.deno, {
    args: [
      ...["run", "-q", "--no-prompt", "--cached-only", `--allow-net=127.0.0.1:${port}`],
      `${places.project}/runtime/demo/client.ts`,
      `http://127.0.0.1:${port}`,
    ],
    cwd: places.top,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    detached: true,
  }).spawn();
  const output = new Response(process.stdout).text();
  const end = async () => {
    await process.stdin.close().catch(() => {});
    await process.status;
    return await output;
  };
  return {
    async report() {
      const text = await end();
      return text.startsWith("{") ? JSON.parse(text) : undefined;
    },
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}
