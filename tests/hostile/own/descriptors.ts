import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import { foreignPipeline, runForeign } from "../../cli/foreign_bed.ts";
import { processesWith } from "../../cli/processes_with.ts";
import { startSluice } from "../../cli/start_sluice.ts";
import { serveHealth } from "../serve_health.ts";
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

/** What a plain Deno that is started so gets. */
async function reachedByDeno(): Promise<string> {
  await using server = serveBanner();
  const given = ["/dev/null", "/", `${server.port}`];
  const code = `${readSocket}\nconsole.log(socket);`;
  const { stdout } = await new Deno.Command("/bin/bash", {
    args: ["-c", open, "bash", ...given, Deno.execPath(), "eval", "--no-config", code],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** What the launcher says of a step that tells what it got, when it is asked what it is. */
async function toldWhilePlanning(args: readonly string[]): Promise<string> {
  await using server = serveBanner();
  const cwd = await folderWith({
    "step.ts": `${readSocket}\nthrow new Error(socket);`,
    "alone.yaml": foreignPipeline(),
  });
  const before = ["/bin/bash", "-c", open, "bash", "/dev/null", "/", `${server.port}`] as const;
  return (await startSluice(["run", "alone.yaml", ...args], { cwd, before }).ended).stderr;
}

/** What a process of ours has open, as links, while a step is at work in no box. */
async function openOf(programs: readonly string[], cwd: string): Promise<readonly string[]> {
  const found = new Map<string, string>();
  await using health = serveHealth(async () => {
    for (const program of programs) {
      for (const id of await processesWith(`/runtime/${program}`, cwd)) {
        const { stdout } = await new Deno.Command("/bin/sh", {
          args: ["-c", 'for link in /proc/"$1"/fd/*; do readlink "$link"; done', "sh", `${id}`],
          clearEnv: true,
          env: { PATH: "/usr/bin:/bin" },
        }).output();
        found.set(program, new TextDecoder().decode(stdout));
      }
    }
  });
  const ran = await runForeign({
    grants: { connect: [health.host] },
    run: `return { ok: (await fetch("${health.url}")).ok };`,
  }, {
    cwd,
    args: ["--box", "none", "--runs", `${cwd}/.sluice/runs`],
    before: ["/bin/bash", "-c", `exec 7<"$1" 12<"$1"; shift; exec "$@"`, "bash", `${cwd}/secret`],
  });
  assert.equal(ran.code, 0, ran.said.join("\n"));
  return programs.map((program) => found.get(program) ?? "nothing was seen");
}

/** What whoever starts the launcher has open beside its standard streams. */
export const descriptors: readonly OwnCase[] = [
  {
    name: "open-descriptors",
    attack:
      "uses, by their numbers, a socket, a file and a folder that the launcher was given open",
    layer: "box",
    unboxed: "`launcher`, where setpriv is installed; no program starts",
    boxed: true,
    async prove() {
      const boxed = await reached([]);
      assert.notEqual(boxed.socket, banner);
      assert.equal(boxed.files, "");
      assert.notEqual((await reached(["--box", "none"])).socket, banner);
      assert.equal(await reachedByDeno(), banner);
    },
  },
  {
    name: "open-descriptors-planning",
    attack: "uses such a socket while it is planned",
    layer: "box",
    unboxed: "`launcher`, where setpriv is installed",
    boxed: true,
    async prove() {
      for (const args of [[], ["--box", "none"]]) {
        const said = await toldWhilePlanning(args);
        assert.match(said, /cannot be loaded/);
        assert.ok(!said.includes(banner), said);
      }
    },
  },
  {
    name: "open-descriptors-runner",
    attack:
      "is a program of the runner, in no box, and finds open what the launcher was given open",
    layer: "launcher",
    boxed: true,
    async prove() {
      const cwd = await folderWith({ secret: "kept from every step" });
      const [launcher, ...others] = await openOf(
        ["launch/main.ts", "runner.ts", "foreign/host.ts"],
        cwd,
      );
      assert.equal(launcher!.split(`${cwd}/secret\n`).length - 1, 2);
      for (const links of others) {
        assert.match(links, /^socket:/m);
        assert.ok(!links.includes(`${cwd}/secret`), links);
      }
    },
  },
];
