import assert from "node:assert/strict";
import type { StepCase } from "../case.ts";

const refused = (kind: string) => ({
  layer: "deno" as const,
  error: new RegExp(`^RefusedError: the sandbox refused [\\w-]+: ${kind} access`),
});
const unstable = (error: RegExp) => ({ layer: "deno" as const, error });

/** What Deno offers besides files, network and programs. */
export const apis: readonly StepCase[] = [
  {
    name: "channel-listens",
    attack: "stays, and listens on a BroadcastChannel, for which Deno asks no permission",
    step: () => ({
      holds: true,
      run: `
        const heard = [];
        const channel = new BroadcastChannel("hostile");
        channel.onmessage = ({ data }) => heard.push(data);
        ctx.scope.defer(() => console.log("heard " + JSON.stringify(heard)));
        return {};`,
    }),
    // A channel ends with its process.
    refused: { layer: "process", facts: {} },
    after: (_at, { output }) => assert.deepEqual(output, ["heard []"]),
  },
  {
    name: "channel-tells",
    attack: "tells that step something by the same BroadcastChannel",
    step: () => ({
      run: `
        const own = new BroadcastChannel("hostile");
        const told = new BroadcastChannel("hostile");
        const heard = new Promise((resolve) => told.onmessage = ({ data }) => resolve(data));
        own.postMessage("stolen");
        return { within: await heard };`,
    }),
    refused: { layer: "process", facts: { within: "stolen" } },
  },
  {
    name: "web-socket-stream",
    attack: "connects by WebSocketStream",
    step: (at) => ({
      run: `
        const { opened, closed } = new WebSocketStream("ws://127.0.0.1:${at.port}/");
        closed.catch(() => {});
        await opened.catch((error) => {
          if (error.name === "NotCapable") throw error; // Else it was reached: it speaks no HTTP.
        });`,
    }),
    refused: unstable(/^FailedError: ReferenceError: WebSocketStream is not defined$/),
    real: () => ["--unstable-net", "--allow-net"],
  },
  {
    name: "cron",
    attack: "has itself called again every minute, by Deno.cron",
    step: () => ({ run: `void Deno.cron("again", "* * * * *", () => {});` }),
    refused: unstable(/^FailedError: TypeError: Deno.cron is not a function$/),
    real: () => ["--unstable-cron"],
  },
  {
    name: "key-value-store",
    attack: "keeps something for later steps by Deno.openKv",
    step: () => ({ run: `(await Deno.openKv()).close();` }),
    refused: unstable(/^FailedError: TypeError: Deno.openKv is not a function$/),
    real: () => ["--unstable-kv"],
  },
  {
    name: "sqlite-file",
    attack: "opens a file that it may not read as a database, by node:sqlite",
    step: (at) => ({
      run: `
        const { DatabaseSync } = await import("node:sqlite");
        new DatabaseSync("${at.secret}");`,
    }),
    refused: refused("read"),
    real: (at) => [`--allow-read=${at.secret}`, `--allow-write=${at.folder}`],
  },
  {
    name: "sqlite-attach",
    attack: "attaches such a file to a database in memory",
    step: (at) => ({
      run: `
        const { DatabaseSync } = await import("node:sqlite");
        new DatabaseSync(":memory:").exec("ATTACH DATABASE '${at.secret}' AS x");`,
    }),
    refused: unstable(/too many attached databases - max 0/),
  },
  {
    name: "sqlite-extension",
    attack: "loads a native library as an extension of a database",
    step: () => ({
      run: `
        const { DatabaseSync } = await import("node:sqlite");
        new DatabaseSync(":memory:", { allowExtension: true });`,
    }),
    refused: refused("ffi"),
    real: () => ["--allow-ffi"],
  },
  {
    name: "raw-memory",
    attack: "makes a pointer to an address in its memory by Deno.UnsafePointer",
    step: () => ({ run: `Deno.UnsafePointer.create(4096n);` }),
    refused: refused("ffi"),
    real: () => ["--allow-ffi"],
  },
  {
    name: "debugger-session",
    attack: "debugs itself by node:inspector, to read a file from there",
    step: (at) => ({
      run: `
        const { Session } = await import("node:inspector");
        const session = new Session();
        session.connect();
        const expression = 'Deno.readTextFileSync("${at.secret}")';
        await new Promise((resolve) => session.post("Runtime.evaluate", { expression }, resolve));`,
    }),
    refused: refused("sys"),
  },
  {
    name: "lift-heap-limit",
    attack: "gives V8 a higher limit of its heap by node:v8, then uses memory up",
    step: () => ({
      run: `
        (await import("node:v8")).setFlagsFromString("--max-old-space-size=4096");
        const all = []; while (true) all.push(new Array(1e5).fill(0.5));`,
    }),
    refused: {
      layer: "process",
      error: /^FailedError: the process of .* used up its memory \(heap limit 256 MiB\)/,
    },
  },
  {
    name: "other-user",
    attack: "becomes another user by node:process",
    step: () => ({ run: `(await import("node:process")).default.setuid(1);` }),
    refused: refused("sys"),
  },
];
