import assert from "node:assert/strict";
import { TimedOutError } from "../../../engine/errors.ts";
import type { LoadFault } from "../../../steps/face/worker/worker_protocol.ts";
import { type Agent, fixture, load, sample, startAgent, startWorker } from "./bed.ts";

/** What is wrong with an agent, and that its worker ends well for all that. */
async function faultsOf(agent: Agent): Promise<readonly LoadFault[]> {
  await using bed = await startWorker();
  const outcome = await load(bed, agent);
  assert.equal(outcome.type, "failed");
  await bed.link.stop(1000);
  assert.equal(await bed.link.ended, "it stopped, as it was told");
  assert.equal((await bed.ended).code, 0);
  return outcome.type === "failed" ? outcome.faults : [];
}

/** The errors of a package whose one module holds this code and whose `rest.entry` is `m:mount`. */
async function errorOf(code: string): Promise<string> {
  const faults = await faultsOf({
    files: { "m.py": code },
    manifest: { rest: { entry: "m:mount" } },
  });
  assert.deepEqual(faults.map(({ part }) => part), ["rest"]);
  return faults[0]!.error;
}

Deno.test("a package with routes, actions and an entrypoint loads, and says what it offers", async () => {
  await using bed = await startAgent(sample);
  assert.match(bed.link.hello.version, /^3\.\d+\.\d+/);
  assert.equal(bed.link.hello.pid, bed.child.pid);
  assert.equal(bed.loaded.rest, true);
  assert.deepEqual(bed.loaded.a2a, {
    kind: "actions",
    methods: ["block", "echo", "greet", "handler", "throw", "wait"],
  });
  assert.deepEqual(bed.loaded.routes, [
    "GET /api/ping",
    "GET /api/who",
    "POST /api/upload",
    "GET /api/count",
    "GET /api/block",
    "GET /api/throw",
    "WS /ws",
  ]);
  assert.ok(bed.loaded.load_ms > 0);
});

Deno.test("exports are actions by their names", async () => {
  await using bed = await startAgent(fixture("exports"));
  assert.deepEqual(bed.loaded.a2a, { kind: "actions", methods: ["add", "hello"] });
  assert.equal(bed.loaded.rest, false);
  const call = (action: string, parameters: Record<string, string>) =>
    bed.link.invoke(action, parameters, { timeout_ms: 5000 });
  assert.equal((await call("hello", { who: "you" })).result, "Hello, you");
  assert.equal((await call("add", { a: "1", b: "2" })).result, '{"sum": 3.0}');
});

Deno.test("no module of the host stands in the way of the agent's, or of a library's", async () => {
  const names = ["rest", "actions", "control", "loader", "worker", "main"];
  const module = "async def handler(input):\n    return __name__\n";
  const seen = `
from importlib.util import find_spec
async def handler(input):
    return find_spec("results") is None and find_spec("service") is None
`;
  await using bed = await startAgent({
    files: Object.fromEntries([
      ...names.map((name) => [`${name}.py`, module]),
      ["seen.py", seen],
    ]),
    manifest: { exports: [...names, "seen"].map((name) => ({ name, handler: `${name}:handler` })) },
  });
  for (const name of names) {
    assert.equal((await bed.link.invoke(name, {}, { timeout_ms: 5000 })).result, name);
  }
  assert.equal((await bed.link.invoke("seen", {}, { timeout_ms: 5000 })).result, "true");
});

Deno.test("a broken import is told with the agent's own frames, and no others", async () => {
  const [fault, ...rest] = await faultsOf(fixture("broken_import"));
  assert.deepEqual(rest, []);
  assert.equal(fault!.part, "rest");
  assert.equal(
    fault!.error,
    "ModuleNotFoundError: No module named 'a_module_that_nobody_has'",
  );
  const files = [...fault!.traceback.matchAll(/File "([^"]+)"/g)].map(([, file]) => file);
  assert.deepEqual(files, ["src/broken/routes.py", "src/broken/storage.py"]);
});

Deno.test("every fault is told, not just the first", async () => {
  const faults = await faultsOf({
    files: {
      "routes.py": "mount = 3\n",
      "service.py": "def create():\n    return None\n",
      "entry.py": "def handler():\n    pass\n",
      "one.py": "def f(input:\n",
      "two.py": "import sys\nsys.exit(3)\n",
    },
    manifest: {
      rest: { entry: "routes:mount" },
      a2a: { service: "service:create" },
      entrypoint: "entry:handler",
      exports: [
        { name: "one", handler: "one:f" },
        { name: "two", handler: "two:f" },
        { name: "three", handler: "three:f" },
        { name: "four", handler: "entry:missing" },
      ],
    },
  });
  const told = Object.fromEntries(faults.map(({ part, error }) => [part, error]));
  assert.equal(faults.length, 7);
  assert.equal(told["rest"], "TypeError: routes:mount is a int, not a function");
  assert.match(told["a2a"]!, /^TypeError: a2a\.service gave a NoneType; it has to give an object/);
  assert.match(
    told["entrypoint"]!,
    /^TypeError: entry:handler cannot be called as handler\(input\)/,
  );
  assert.match(told["export one"]!, /^SyntaxError: .*one\.py, line 1/);
  assert.equal(told["export two"], "SystemExit: 3 (the code asked for the end of the process)");
  assert.equal(told["export three"], "ModuleNotFoundError: No module named 'three'");
  assert.equal(told["export four"], "AttributeError: entry has no missing");
});

Deno.test("whatever is thrown while a module is imported is a fault", async () => {
  assert.equal(await errorOf("raise KeyboardInterrupt"), "KeyboardInterrupt");
  assert.equal(
    await errorOf("class Odd(BaseException):\n    def __str__(self): raise self\nraise Odd()"),
    "Odd: (its message cannot be had)",
  );
  assert.match(await errorOf("def f(): f()\nf()"), /^RecursionError: /);
  assert.match(await errorOf("raise ValueError('x' * 10**7)"), /^ValueError: x{3900,}…$/);
});

Deno.test("mount has to be a plain function, and its own faults are told", async () => {
  assert.match(
    await errorOf("async def mount(app):\n    pass"),
    /^TypeError: m:mount is async; it has to be a plain function$/,
  );
  assert.match(
    await errorOf("def mount():\n    pass"),
    /cannot be called as mount\(app\): too many/,
  );
  assert.equal(await errorOf("def mount(app):\n    raise OSError('no')"), "OSError: no");
  assert.match(
    await errorOf("def mount(app):\n    import sys\n    sys.exit()"),
    /^SystemExit/,
  );
});

Deno.test("what an agent wants run at the start is part of the load", async () => {
  assert.equal(
    await errorOf(`
from contextlib import asynccontextmanager
@asynccontextmanager
async def lifespan(app):
    raise RuntimeError("no database")
    yield
def mount(app):
    app.router.lifespan_context = lifespan
`),
    "RuntimeError: no database",
  );
});

Deno.test("a table of actions with faults in it, and two actions of one name, are refused", async () => {
  const faults = await faultsOf({
    files: {
      "s.py": `
class S:
    custom_handlers = {"no": 3, 4: print, "bare": lambda: 1, "same": lambda parameters: 1}
def create():
    return S()
def same(input):
    return 1
`,
    },
    manifest: {
      a2a: { service: "s:create" },
      exports: [{ name: "same", handler: "s:same" }],
    },
  });
  assert.deepEqual(faults.map(({ part, error }) => `${part}: ${error}`), [
    "a2a: TypeError: the action no is a int, not a function",
    "a2a: TypeError: an action's name is a text, not 4",
    "a2a: TypeError: the action bare cannot be called with its parameters: too many positional arguments",
    "export same: ValueError: there are two actions of the name same",
  ]);
});

Deno.test("a module may run a loop of its own while it is imported; the next finds ours", async () => {
  await using bed = await startAgent({
    files: {
      "m.py": "import asyncio\nasyncio.run(asyncio.sleep(0))\nasync def f(input):\n    pass\n",
      "n.py": `
import asyncio
loop = asyncio.get_event_loop()
async def f(input):
    return asyncio.get_running_loop() is loop
`,
    },
    manifest: { exports: ["m", "n"].map((name) => ({ name, handler: `${name}:f` })) },
  });
  assert.equal((await bed.link.invoke("n", {}, { timeout_ms: 5000 })).result, "true");
});

Deno.test("an import that hangs ends with its worker at the time limit", async () => {
  for (const code of ["while True: pass", "import time\ntime.sleep(3600)"]) {
    await using bed = await startWorker();
    const agent = { files: { "m.py": code }, manifest: { rest: { entry: "m:mount" } } };
    await assert.rejects(load(bed, agent, 500), TimedOutError);
    const { code: exit } = await bed.ended;
    assert.equal(exit, 1);
  }
});

Deno.test("a module that ends the process is seen as that", async () => {
  await using bed = await startWorker();
  const agent = {
    files: { "m.py": "import os\nos._exit(9)" },
    manifest: { rest: { entry: "m:mount" } },
  };
  await assert.rejects(load(bed, agent), /the worker is gone: its process ended/);
  assert.equal((await bed.ended).code, 9);
});
