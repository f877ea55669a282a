import { secretText } from "../bed.ts";
import type { StepCase } from "../case.ts";

const notLoaded = (what: RegExp) => ({ layer: "deno" as const, error: what });
const refused = (kind: string) => ({
  layer: "deno" as const,
  error: new RegExp(`^RefusedError: the sandbox refused [\\w-]+: ${kind} access`),
});

/** What code can load, and what it finds in the process. */
export const modules: readonly StepCase[] = [
  {
    name: "import-file",
    attack: "imports a file beside it, whose error would tell what is in it",
    step: (at) => ({ grants: { read: [at.open] }, run: `await import("file://${at.secret}");` }),
    refused: notLoaded(/^FailedError: it imports a file: read access to ".*secret.txt"$/),
    after: (_at, { error }) => {
      if (error!.message.includes(secretText)) throw new Error(error!.message);
    },
  },
  {
    name: "import-remote",
    attack: "imports code from the network",
    step: (at) => ({ run: `await import("http://127.0.0.1:${at.port}/x.ts");` }),
    refused: notLoaded(/^FailedError: it imports "http:\/\/127.0.0.1:\d+\/x.ts"$/),
  },
  {
    name: "import-package",
    attack: "imports a package",
    step: () => ({ run: `await import("npm:yaml");` }),
    refused: notLoaded(/^FailedError: it imports a package$/),
  },
  {
    name: "import-data",
    attack: "imports code from a data: URL, to have other rights in it",
    step: (at) => ({
      run: `
        const code = 'export default Deno.readTextFileSync("${at.secret}")';
        await import("data:text/javascript," + encodeURIComponent(code));`,
    }),
    refused: refused("read"),
    real: (at) => [`--allow-read=${at.secret}`],
  },
  {
    name: "import-blob",
    attack: "imports code from a blob: URL, to have other rights in it",
    step: (at) => ({
      run: `
        const code = 'export default Deno.readTextFileSync("${at.secret}")';
        await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));`,
    }),
    refused: refused("read"),
    real: (at) => [`--allow-read=${at.secret}`],
  },
  {
    name: "worker",
    attack: "reads in a worker what it may not read itself",
    step: (at) => ({
      run: `
        const code = \`
          try { Deno.readTextFileSync("${at.secret}"); postMessage("read"); }
          catch (error) { postMessage(error.name); }\`;
        const url = "data:text/javascript," + encodeURIComponent(code);
        const worker = new Worker(url, { type: "module" });
        const said = await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
        worker.terminate();
        return { said };`,
    }),
    refused: { layer: "deno", facts: { said: "NotCapable" } },
    real: (at) => [`--allow-read=${at.secret}`],
  },
  {
    name: "many-workers",
    attack: "starts four workers, each with a heap of its own that may be as large as its own",
    step: () => ({
      run: `
        for (let n = 0; n < 4; n++) {
          const worker = new Worker("data:text/javascript,postMessage(1)", { type: "module" });
          await new Promise((resolve) => worker.onmessage = resolve);
        }
        return { started: 4 };`,
    }),
    refused: { layer: "box", error: /used up its memory/ },
    unboxed: { succeeds: "nothing limits it but the machine", facts: { started: 4 } },
  },
  {
    name: "child-process",
    attack: "starts a program by node:child_process",
    step: () => ({
      run: `(await import("node:child_process")).execFileSync("/bin/true", [], { env: {} });`,
    }),
    refused: refused("(run|env)"),
    real: () => ["--allow-run", "--allow-env"],
  },
  {
    name: "node-fs",
    attack: "reads a file by node:fs",
    step: (at) => ({ run: `(await import("node:fs")).readFileSync("${at.secret}");` }),
    refused: refused("read"),
    real: (at) => [`--allow-read=${at.secret}`],
  },
  {
    name: "node-vm",
    attack: "reads a file by code in a context of node:vm",
    step: (at) => ({
      run: `
        const { runInThisContext } = await import("node:vm");
        runInThisContext('Deno.readTextFileSync("${at.secret}")');`,
    }),
    refused: refused("read"),
    real: (at) => [`--allow-read=${at.secret}`],
  },
  {
    name: "function-constructor",
    attack: "reads a file by code that it makes from text",
    step: (at) => ({ run: `new Function('Deno.readTextFileSync("${at.secret}")')();` }),
    refused: refused("read"),
    real: (at) => [`--allow-read=${at.secret}`],
  },
  {
    name: "inspector",
    attack: "opens a debugger's port, by which anybody could run code in it",
    step: () => ({ run: `(await import("node:inspector")).open(0, "127.0.0.1");` }),
    refused: refused("(net|sys)"),
  },
  {
    name: "native-library",
    attack: "loads a native library by Deno.dlopen",
    step: () => ({ run: `Deno.dlopen("/usr/lib/x.so", {});` }),
    refused: refused("ffi"),
  },
  {
    name: "native-addon",
    attack: "loads a native library by process.dlopen",
    step: () => ({
      run: `(await import("node:process")).default.dlopen({ exports: {} }, "/usr/lib/x.node");`,
    }),
    refused: refused("ffi"),
  },
  {
    name: "internals",
    attack: "calls Deno's operations past the checks in its JavaScript",
    step: (at) => ({
      run: `
        const { core } = Deno[Deno.internal];
        const { op_fs_read_file_text_sync, op_fs_read_file_sync } = core.ops;
        (op_fs_read_file_text_sync ?? op_fs_read_file_sync)("${at.secret}", 0);`,
    }),
    refused: { layer: "deno", error: /NotCapable|read access|TypeError/ },
  },
  {
    name: "ask-for-more",
    attack: "asks for permission while it runs",
    step: () => ({
      run: `
        const { state } = await Deno.permissions.request({ name: "read", path: "/etc" });
        return { state };`,
    }),
    refused: { layer: "deno", facts: { state: "denied" } },
  },
  {
    name: "host-name",
    attack: "learns the machine's name by node:os",
    step: () => ({ run: `(await import("node:os")).hostname();` }),
    refused: refused("sys"),
    real: () => ["--allow-sys=hostname"],
  },
];
