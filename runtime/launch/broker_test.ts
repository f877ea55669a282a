// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/usr/bin/ln --allow-env=<what Deno needs>,SLUICE_*
import assert from "node:assert/strict";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import { type BrokerRequest, makeBroker } from "./broker.ts";
import { placesIn } from "./test_places.ts";

async function world(script: string) {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const program = `${root}/releases/1.0/hook.sh`;
  await Deno.mkdir(`${root}/releases/1.0`, { recursive: true });
  await Deno.writeTextFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const places = placesIn(root);
  const set = permissions({
    run: [
      { program: `${root}/releases/*/hook.sh`, args: ["go", "*"], env: ["NAME"], brokered: true },
      { program: `${root}/plain.sh`, args: [], env: [] },
    ],
  });
  const broker = makeBroker(
    { set, foreign: {}, programs: {}, folder: `${root}/runs/r1` },
    { kind: "none", why: "there is none" },
    places,
  );
  const request = (more: Partial<BrokerRequest> = {}): BrokerRequest => ({
    type: "broker",
    id: 1,
    step: "P5-1",
    grant: set.run[0]!,
    program,
    args: ["go", "on"],
    env: { NAME: "value" },
    cwd: `${root}/releases/1.0`,
    max_output: 1000,
    show: false,
    stays: false,
    ...more,
  });
  return { root, places, broker, request, program };
}

Deno.test("makeBroker() starts what was declared, with its variables, in its folder", async () => {
  const { root, broker, request } = await world(
    'echo "$1 $2 $NAME $HOME $(pwd)"; echo bad >&2; exit 3',
  );
  assert.deepEqual(await broker.start(request()), {
    code: 3,
    stdout: `go on value  ${root}/releases/1.0\n`,
    stderr: "bad\n",
  });
});

Deno.test("makeBroker() keeps no more output than was asked for", async () => {
  const { broker, request } = await world("printf 0123456789; printf 0123456789");
  const ended = await broker.start(request({ max_output: 12 }));
  assert.equal("stdout" in ended && ended.stdout, "012345678901");
});

Deno.test("makeBroker() tells what is printed as it comes, where that is asked for", async () => {
  const { root, broker, request } = await world(
    '/usr/bin/mkfifo "$2"; echo one; read x < "$2"; echo two >&2',
  );
  const pipe = `${root}/pipe`;
  const told: string[] = [];
  const ended = await broker.start(
    request({ args: ["go", pipe], show: true }),
    async (stream, text) => {
      told.push(`${stream}: ${text}`);
      // It goes on only when this has been told.
      if (stream === "stdout") await Deno.writeTextFile(pipe, "on\n");
    },
  );
  assert.deepEqual(told, ["stdout: one\n", "stderr: two\n"]);
  assert.deepEqual(ended, { code: 0, stdout: "one\n", stderr: "two\n" });
});

Deno.test("makeBroker() refuses what was not declared, whatever the runner says of it", async () => {
  const { root, broker, request, program } = await world("exit 0");
  await Deno.writeTextFile(`${root}/plain.sh`, "#!/bin/sh\n", { mode: 0o755 });
  const bad: Partial<BrokerRequest>[] = [
    { args: ["go"] },
    { args: ["stay", "on"] },
    { env: { NAME: "x", LD_PRELOAD: "y" } },
    { program: `${root}/plain.sh`, args: [], env: {} },
    { program: "/bin/sh" },
    { program: `${root}/releases/../releases/1.0/hook.sh` },
    { program: `${root}/releases/2.0/hook.sh` },
    { program: "/bin/sh", grant: { program: "/bin/sh", args: ["**"], env: [], brokered: true } },
  ];
  for (const more of bad) {
    const answer = await broker.start(request(more));
    assert.ok("refused" in answer, JSON.stringify(more));
  }
  await Deno.mkdir(`${root}/releases/3.0`);
  await new Deno.Command("/usr/bin/ln", {
    args: ["-s", program, `${root}/releases/3.0/hook.sh`],
    clearEnv: true,
  }).output();
  const link = await broker.start(request({ program: `${root}/releases/3.0/hook.sh` }));
  assert.match("refused" in link ? link.refused : "", /is not a file/);
});

Deno.test("makeBroker() refuses a program behind a link that a `*` matched, and follows spelled ones", async () => {
  const { root, places, broker, request, program } = await world("exit 0");
  const link = async (target: string, name: string) => {
    const args = ["-s", target, name];
    await new Deno.Command("/usr/bin/ln", { args, clearEnv: true }).output();
  };
  await link(`${root}/releases/1.0`, `${root}/releases/4.0`);
  assert.deepEqual(await broker.start(request({ program: `${root}/releases/4.0/hook.sh` })), {
    refused: `${root}/releases/4.0, on the way to ${root}/releases/4.0/hook.sh, is a link`,
  });
  await link(`${root}/releases`, `${root}/spelled`);
  const grant = {
    program: `${root}/spelled/*/hook.sh`,
    args: [],
    env: [],
    brokered: true,
  } as const;
  const spelled = makeBroker(
    { set: permissions({ run: [grant] }), foreign: {}, programs: {}, folder: `${root}/runs/r1` },
    { kind: "none", why: "there is none" },
    places,
  );
  const through = program.replace("/releases/", "/spelled/");
  assert.deepEqual(
    await spelled.start(request({ program: through, grant, args: [], env: {} })),
    { code: 0, stdout: "", stderr: "" },
  );
});

Deno.test("makeBroker() follows a link to the program of its name, in its box or the system's folders", async () => {
  const { root, places, request } = await world("exit 0");
  const link = async (target: string, name: string) => {
    const args = ["-s", target, `${root}/${name}`];
    await new Deno.Command("/usr/bin/ln", { args, clearEnv: true }).output();
    const box = { read: [`${root}/releases`], write: [], network: false };
    const program = `${root}/${name}`;
    const grant = { program, args: [], env: [], brokered: true, box } as const;
    const broker = makeBroker(
      { set: permissions({ run: [grant] }), foreign: {}, programs: {}, folder: `${root}/runs/r1` },
      { kind: "none", why: "there is none" },
      places,
    );
    const answer = await broker.start(request({ program, grant, args: [], env: {} }));
    return "refused" in answer ? answer.refused : "";
  };
  await Deno.writeTextFile(`${root}/releases/tool3.11`, "");
  await Deno.writeTextFile(`${root}/hidden3`, "");
  assert.match(await link(`${root}/releases/tool3.11`, "tool"), /in a box of its own only/);
  assert.match(await link("/usr/bin/env", "env"), /in a box of its own only/);
  assert.match(await link("/usr/bin/env", "other"), /other is not a file/);
  assert.match(await link(`${root}/hidden3`, "hidden"), /hidden is not a file/);
});

Deno.test("makeBroker() refuses the id of what still runs, and leaves that alone", async () => {
  const { root, broker, request } = await world('echo > "$2"; exec sleep 100');
  const pipe = `${root}/started`;
  const watcher = Deno.watchFs(root);
  const answer = broker.start(request({ args: ["go", pipe] }));
  for await (const { paths } of watcher) if (paths.includes(pipe)) break;
  assert.deepEqual(await broker.start(request()), { refused: "1 is the id of one that runs" });
  broker.cancel(1);
  const ended = await answer;
  assert.equal("code" in ended && ended.code, 128 + 15);
});

Deno.test("makeBroker() kills what is cancelled", async () => {
  const { root, broker, request } = await world('echo > "$2"; exec sleep 100');
  const pipe = `${root}/started`;
  const watcher = Deno.watchFs(root);
  const answer = broker.start(request({ args: ["go", pipe] }));
  for await (const { paths } of watcher) if (paths.includes(pipe)) break;
  broker.cancel(1);
  const ended = await answer;
  assert.equal("code" in ended && ended.code, 128 + 15);
});

Deno.test("makeBroker() refuses what the run has no use for any more", async () => {
  const { broker, request } = await world("exit 0");
  assert.deepEqual(await broker.start(request()), { code: 0, stdout: "", stderr: "" });
  broker.shed([request().grant]);
  assert.match(JSON.stringify(await broker.start(request())), /no brokered grant of P5-1 allows/);
});

Deno.test("makeBroker() starts for a step of others what that step declared, and nothing of others", async () => {
  const { root, places } = await world("exit 0");
  const program = `${root}/releases/1.0/hook.sh`;
  const grant = { program, args: [], env: [], brokered: true } as const;
  const other = { ...grant, args: ["on"] };
  const of = (run: typeof other | typeof grant) => ({
    code: "sha256:c",
    run: permissions({ run: [run] }),
    undo: none,
  });
  const broker = makeBroker(
    {
      set: permissions({ run: [{ ...grant, args: ["runner"] }] }),
      foreign: { A: of(grant), B: of(other) },
      programs: {},
      folder: `${root}/runs/r1`,
    },
    { kind: "none", why: "there is none" },
    places,
  );
  const start = async (step: string, asked: typeof other | typeof grant) => {
    const request = {
      type: "broker",
      id: 1,
      program,
      env: {},
      max_output: 10,
      show: false,
      stays: false,
    } as const;
    return await broker.start({ ...request, step, grant: asked, args: asked.args });
  };
  const done = { code: 0, stdout: "", stderr: "" };
  assert.deepEqual(await start("A", grant), done);
  assert.deepEqual(await start("A.7", grant), done);
  assert.deepEqual(await start("B", other), done);
  for (const [step, asked] of [["A", other], ["B", grant], ["C", grant], ["C", other]] as const) {
    assert.match(JSON.stringify(await start(step, asked)), /no brokered grant of/, step);
  }
});
