import assert from "node:assert/strict";
import { type Bed, secretText } from "../bed.ts";
import type { StepCase } from "../case.ts";

const refusedRead = (what: string) => ({
  layer: "deno" as const,
  error: new RegExp(`^RefusedError: the sandbox refused [\\w-]+: read access to "${what}"`),
});
const secretIsWhole = async (at: Bed) =>
  assert.equal(await Deno.readTextFile(at.secret), secretText);

/** What is on the disk. */
export const files: readonly StepCase[] = [
  {
    name: "read-shadow",
    attack: "reads /etc/shadow, with no grant",
    step: () => ({ run: `await Deno.readTextFile("/etc/shadow");` }),
    refused: refusedRead("/etc/shadow"),
    real: () => ["--allow-read=/etc/shadow"],
  },
  {
    name: "read-dots",
    attack: "climbs by `..` out of the folder that it may read",
    step: (at) => ({
      grants: { read: [at.open] },
      run: `await Deno.readTextFile("${at.open}/../secret.txt");`,
    }),
    refused: refusedRead(".*secret.txt"),
    real: (at) => [`--allow-read=${at.secret}`],
  },
  {
    name: "read-through-link",
    attack: "reads through a link that somebody left in the folder that it may read",
    step: (at) => ({
      grants: { read: [at.open] },
      run: `return { text: await Deno.readTextFile("${at.open}/link") };`,
    }),
    refused: { layer: "box", error: /NotFound: No such file .*open\/link'$/ },
    unboxed: { succeeds: "Deno follows links in a granted folder", facts: { text: secretText } },
  },
  {
    name: "make-link",
    attack: "makes a link to a file that it may not read, in a folder that it may write",
    step: (at) => ({
      grants: { read: [at.open], write: [at.open] },
      run: `await Deno.symlink("${at.secret}", "${at.open}/mine");`,
    }),
    refused: {
      layer: "deno",
      error: /^RefusedError: the sandbox refused make-link: Deno.symlink\(\) requires unscoped/,
    },
    after: async (at) => {
      await assert.rejects(Deno.lstat(`${at.open}/mine`), Deno.errors.NotFound);
    },
  },
  {
    name: "wasi-link",
    attack: "makes that link by node:wasi, for which Deno asks no permission",
    step: (at) => ({
      grants: { read: [at.open], write: [at.open] },
      run: `
        const { WASI } = await import("node:wasi");
        const wasi = new WASI({ version: "preview1", preopens: { "/at": "${at.open}" } });
        const memory = new WebAssembly.Memory({ initial: 1 });
        wasi.finalizeBindings({ exports: { memory } }, { memory });
        const bytes = new Uint8Array(memory.buffer);
        const put = (at, text) => new TextEncoder().encodeInto(text, bytes.subarray(at)).written;
        const made = wasi.wasiImport.path_symlink(
          0, put(0, "${at.secret}"), 3, 8192, put(8192, "wasi"));
        return { made, got: await Deno.readTextFile("${at.open}/wasi") };`,
    }),
    refused: { layer: "launcher", error: /WebAssembly\.Memory\(\): could not allocate memory/ },
    after: async (at) => {
      await assert.rejects(Deno.lstat(`${at.open}/wasi`), Deno.errors.NotFound);
    },
  },
  {
    name: "hard-link",
    attack: "makes a hard link to a file that it may not read",
    step: (at) => ({
      grants: { read: [at.open], write: [at.open] },
      run: `await Deno.link("${at.secret}", "${at.open}/hard");`,
    }),
    refused: refusedRead(".*secret.txt"),
    real: (at) => [`--allow-read=${at.folder}`, `--allow-write=${at.folder}`],
  },
  {
    name: "rename-in",
    attack: "moves a file that it may not read into a folder that it may",
    step: (at) => ({
      grants: { read: [at.open], write: [at.open] },
      run: `await Deno.rename("${at.folder}/spare.txt", "${at.open}/spare");`,
    }),
    refused: refusedRead(".*spare.txt"),
    real: (at) => [`--allow-read=${at.folder}`, `--allow-write=${at.folder}`],
    after: async (at) => assert.equal(await Deno.readTextFile(`${at.folder}/spare.txt`), "spare"),
  },
  {
    name: "write-aside",
    attack: "writes a file beside the one that it may write",
    step: (at) => ({
      grants: { write: [`${at.open}/out`] },
      run: `await Deno.writeTextFile("${at.open}/out.txt", "");`,
    }),
    refused: { layer: "deno", error: /refused write-aside: write access to ".*open\/out.txt"/ },
    real: (at) => [`--allow-write=${at.folder}`],
  },
  {
    name: "overwrite-through-link",
    attack: "writes through a link in the folder that it may write",
    step: (at) => ({
      grants: { write: [at.open] },
      run: `await Deno.writeTextFile("${at.open}/link", "${secretText}");\nreturn { wrote: true };`,
    }),
    refused: { layer: "box", error: /NotFound: No such file .*open\/link'$/ },
    unboxed: { succeeds: "Deno follows links in a granted folder", facts: { wrote: true } },
    after: secretIsWhole,
  },
  {
    name: "own-environ",
    attack: "reads /proc/self/environ, with no grant",
    step: () => ({ run: `await Deno.readTextFile("/proc/self/environ");` }),
    refused: refusedRead("/proc/self/environ"),
  },
  {
    name: "parent-environ",
    attack: "reads the environment of its parent under /proc",
    step: () => ({ run: `await Deno.readTextFile("/proc/" + Deno.ppid + "/environ");` }),
    refused: refusedRead("/proc/[0-9]+/environ"),
  },
  {
    name: "parent-fd",
    attack: "opens a file that its parent has open",
    step: () => ({ run: `await Deno.open("/proc/" + Deno.ppid + "/fd/0");` }),
    refused: refusedRead("/proc/[0-9]+/fd/0"),
  },
  {
    name: "parent-memory",
    attack: "opens the memory of its parent for writing",
    step: () => ({
      run: `await Deno.open("/proc/" + Deno.ppid + "/mem", { read: false, write: true });`,
    }),
    refused: {
      layer: "deno",
      error: /refused parent-memory: write access to "\/proc\/[0-9]+\/mem"/,
    },
  },
  {
    name: "terminal",
    attack: "reads what the user types, from /dev/stdin",
    step: () => ({ run: `await Deno.readTextFile("/dev/stdin");` }),
    refused: refusedRead("/dev/stdin"),
  },
  {
    name: "own-source",
    attack: "rewrites its own code after it was planned",
    step: (at) => ({ run: `await Deno.writeTextFile("${at.folder}/own-source.ts", "");` }),
    refused: { layer: "deno", error: /refused own-source: write access to ".*own-source.ts"/ },
    real: (at) => [`--allow-write=${at.folder}`],
  },
  {
    name: "project-files",
    attack: "may read the folder of the pipeline; writes the plan of its own run in it",
    step: (at) => ({
      grants: { read: [at.folder], write: [at.open] },
      run: `
        for (const { name } of Deno.readDirSync("${at.folder}/.sluice/runs")) {
          await Deno.writeTextFile("${at.folder}/.sluice/runs/" + name + "/plan.json", "{}");
        }`,
    }),
    refused: refusedRead(".*\\.sluice/runs"),
  },
  {
    name: "deno-cache",
    attack: "poisons the cache that Deno loads code from",
    step: () => ({
      run: `
        await Deno.writeTextFile("/root/.cache/deno/npm/yaml/x.js", "");`,
    }),
    refused: { layer: "deno", error: /refused deno-cache: write access to ".*yaml\/x.js"/ },
  },
  {
    name: "artifact-link",
    attack: "names as its artifact a link in its folder, to a file that it may not write",
    step: (at) => ({
      grants: { write: [at.open] },
      run: `ctx.emit.artifact("${at.open}/system");`,
    }),
    refused: {
      layer: "launcher",
      error: /named the artifact .*open\/system, which does not exist/,
    },
  },
  {
    name: "artifact-other",
    attack: "names as its artifact a file that it may not write",
    step: (at) => ({ run: `ctx.emit.artifact("${at.secret}");` }),
    refused: { layer: "engine", error: /named the artifact .*secret.txt, which it may not write/ },
  },
  {
    name: "artifact-newline",
    attack: "forges a token by an artifact whose name holds a new line",
    step: () => ({
      run: `
        const path = await ctx.artifacts() + "/x\\nAPPLIANCE_STEP:forged:OK";
        await Deno.writeTextFile(path, "");
        ctx.emit.artifact(path);`,
    }),
    refused: { layer: "engine", error: /forged:OK, which it may not write$/ },
    after: (_at, { run }) => assert.doesNotMatch(run.stdout, /^APPLIANCE_STEP:forged/m),
  },
];
