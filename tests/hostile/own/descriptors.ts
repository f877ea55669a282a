import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import { runForeign } from "../../cli/foreign_bed.ts";
import type { OwnCase } from "../case.ts";

/** What says this to whoever connects. */
const banner = "for whoever started it";

function serveBanner() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    for await (const connection of listener) {
      await connection.write(new TextEncoder().encode(`${banner}\n`));
      connection.close();
    }
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await served;
    },
  };
}

/** Opens a file, a folder and a connection, and is then the launcher. */
const open = `exec 7<"$1" 8<"$2" 9<>"/dev/tcp/127.0.0.1/$3"; shift 3; exec "$@"`;

/** Where the socket answers, what it says; else why it does not. */
const readSocket = `
  const { Socket } = await import("node:net");
  const socket = await new Promise((resolve) => {
    const at = new Socket({ fd: 9 });
    at.on("data", (data) => resolve(String(data).trim()));
    at.on("error", (error) => resolve(String(error)));
    at.on("close", () => resolve("closed"));
  }).catch(String);`;

async function reached(args: readonly string[]) {
  await using server = serveBanner();
  const hidden = await folderWith({ secret: "kept from every step" });
  const grants = { run: [{ program: "head", args: ["-v", "**"] }] };
  const given = [`${hidden}/secret`, hidden, `${server.port}`];
  const ran = await runForeign({
    grants: args.includes("none") ? {} : grants,
    run: `${readSocket}
      const files = ${args.includes("none")} ? "" : (await ctx.exec({
        program: "head",
        args: ["-v", "/proc/self/fd/7", "/proc/self/fd/8/secret"],
      })).stdout;
      return { socket, files };`,
  }, { args, before: ["/bin/bash", "-c", open, "bash", ...given] });
  const done = ran.events.find(({ type }) => type === "step.done");
  assert.ok(done, ran.said.join("\n") + JSON.stringify(ran.error));
  return done["facts"] as { readonly socket: string; readonly files: string };
}

/** What whoever starts the launcher has open beside its standard streams. */
export const descriptors: readonly OwnCase[] = [
  {
    name: "open-descriptors",
    attack:
      "uses, by their numbers, a socket, a file and a folder that the launcher was given open",
    layer: "box",
    unboxed: "**succeeds** with the socket: Deno asks no permission for it. No program starts",
    boxed: true,
    async prove() {
      const boxed = await reached([]);
      assert.notEqual(boxed.socket, banner);
      assert.equal(boxed.files, "");
      assert.equal((await reached(["--box", "none"])).socket, banner);
    },
  },
];
