// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>
/**
 * What flags grant. `engine/permissions/deno_flags.ts` makes them, `endpoint_covers.ts` and `path.ts`
 * read entries as Deno does, `sluice lock` writes sets into deno.json, the conformance suite proves
 * what steps declare, and `runtime/launch/planner_flags.ts` closes the planner.
 *
 * @module
 */
import assert from "node:assert/strict";
import { deno, folder, probe, run, script } from "./probe.ts";

Deno.test("asking can say granted for what a deny flag refuses; only trying tells", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a`, "a");
  assert.deepEqual(
    await probe(
      `const { state } = Deno.permissions.querySync({ name: "read", path: dir });
       return [state, await tries(() => Deno.readDirSync(dir).next()), await read(dir + "/a")];`,
      { flags: [`--allow-read=${dir}`, `--deny-read=${dir}/a`], given: { dir } },
    ),
    ["granted", "works", "NotCapable"],
  );
});

Deno.test("a path grants all below it, by its segments", async () => {
  const dir = await folder();
  await Deno.mkdir(`${dir}/a`);
  for (const name of ["a/x", "ab"]) await Deno.writeTextFile(`${dir}/${name}`, "x");
  assert.deepEqual(
    await probe(`return [await read(dir + "/a/x"), await read(dir + "/ab")];`, {
      flags: [`--allow-read=${dir}/a`],
      given: { dir },
    }),
    ["works", "NotCapable"],
  );
});

Deno.test("a host grants all its ports, a port only itself, a name not its address", async () => {
  assert.deepEqual(
    await probe(
      `return [
         await reach("127.0.0.1", 1), await reach("127.0.0.1", 2),
         await reach("::1", 1), await reach("::1", 2),
         await reach("127.0.0.2", 1), await reach("localhost", 1),
       ];`,
      { flags: ["--allow-net=127.0.0.1,[::1]:1"] },
    ),
    ["works", "works", "works", "NotCapable", "NotCapable", "NotCapable"],
  );
});

Deno.test("a wildcard grants the name itself and every name below it, a network its addresses", async () => {
  assert.deepEqual(
    await probe(
      `return [
         await reach("a.invalid", 1), await reach("b.a.invalid", 1), await reach("c.b.a.invalid", 1),
         await reach("xa.invalid", 1), await reach("127.1.2.3", 1), await reach("128.0.0.1", 1),
       ];`,
      { flags: ["--allow-net=*.a.invalid,127.0.0.0/8"] },
    ),
    ["works", "works", "works", "NotCapable", "works", "NotCapable"],
  );
});

Deno.test("a Unix socket needs reading, writing and net, each with exactly its path", async () => {
  const path = `${await folder()}/s`;
  const all = [`--allow-read=${path}`, `--allow-write=${path}`, `--allow-net=unix:${path}`];
  const code = `return await tries(() => Deno.listen({ transport: "unix", path }).close());`;
  assert.equal(await probe(code, { flags: all, given: { path } }), "works");
  for (const left of all) {
    const flags = all.filter((flag) => flag !== left);
    assert.equal(await probe(code, { flags, given: { path } }), "NotCapable", left);
  }
  const ofFolder = all.map((flag) => flag.replace(/(unix:.*)\/s$/, "$1"));
  assert.equal(await probe(code, { flags: ofFolder, given: { path } }), "NotCapable");
});

Deno.test("a redirect is asked for again", async () => {
  const answer = () => new Response("there");
  await using target = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  await using from = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.redirect(`http://127.0.0.1:${target.addr.port}/`),
  );
  const code = `return await tries(async () => await (await fetch(url)).text());`;
  const given = { url: `http://127.0.0.1:${from.addr.port}/` };
  const first = `--allow-net=127.0.0.1:${from.addr.port}`;
  assert.equal(await probe(code, { flags: [first], given }), "NotCapable");
  const both = `${first},127.0.0.1:${target.addr.port}`;
  assert.equal(await probe(code, { flags: [both], given }), "works");
});

Deno.test("/proc, /sys and /dev need all permissions, even when they are listed", async () => {
  assert.deepEqual(
    await probe(
      `return [
         await read("/proc/self/environ"), await read("/proc/1/status"),
         await read("/sys/kernel/mm/transparent_hugepage/enabled"), await read("/dev/shm"),
       ];`,
      { flags: ["--allow-read=/proc,/sys,/dev"] },
    ),
    ["NotCapable", "NotCapable", "NotCapable", "NotCapable"],
  );
});

Deno.test("a variable that is ignored reads as not set, where it would be refused", async () => {
  const code = `return [await tries(() => Deno.env.get("A")), Deno.env.get("B") ?? "not set"];`;
  assert.deepEqual(await probe(code, { flags: ["--ignore-env=B"], env: { A: "1", B: "1" } }), [
    "NotCapable",
    "not set",
  ]);
});

Deno.test("an import that is written out needs no grant, one of a text that is made needs reading", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a.ts`, "export const a = 1;");
  const of = (specifier: string) => `return await tries(() => import(${specifier}));`;
  assert.equal(await probe(of(`"file://${dir}/a.ts"`)), "works");
  assert.equal(
    await probe(of(`["file:/", dir, "/a.ts"].join("/")`), { given: { dir } }),
    "TypeError",
  );
  const flags = [`--allow-read=${dir}`];
  const made = of(`"file://" + dir + "/a.ts"`);
  assert.equal(await probe(made, { flags, given: { dir } }), "works");
});

Deno.test("the permissions of a test narrow it and cannot widen it; those of a step in it do nothing", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a`, "a");
  const file = `${dir}/probe_test.ts`;
  await Deno.writeTextFile(
    file,
    `const fn = () => void Deno.readTextFileSync(${JSON.stringify(`${dir}/a`)});
     Deno.test({ name: "inherits", permissions: { read: "inherit" }, fn });
     Deno.test({ name: "none", permissions: { read: false }, fn });
     Deno.test({ name: "wider", permissions: { env: true }, fn() {} });
     Deno.test({
       name: "outer",
       permissions: { read: "inherit" },
       fn: async (t) => void await t.step({ name: "inner", permissions: { read: false }, fn }),
     });`,
  );
  const flags = ["--no-prompt", "--no-check", `--allow-read=${dir}`];
  const { stdout } = await deno(["test", "--quiet", ...flags, file]);
  const results = [...stdout.matchAll(/^ *(\w+) \.\.\. (ok|FAILED)/gm)].map(([, name, how]) =>
    `${name} ${how}`
  );
  assert.deepEqual(results, ["inherits ok", "none FAILED", "wider FAILED", "inner ok", "outer ok"]);
  assert.match(stdout, /^none =>[^\n]*\nerror: NotCapable: Requires read access/m);
  assert.match(stdout, /^wider =>[^\n]*\nerror: NotCapable: Can't escalate/m);
});

Deno.test("a set of deno.json is chosen by its name, and its paths are relative to the file", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a`, "a");
  await Deno.writeTextFile(`${dir}/b`, "b");
  const config = async (permissions: unknown) =>
    await Deno.writeTextFile(`${dir}/deno.json`, JSON.stringify({ permissions }));
  const code = `return [await read(dir + "/a"), await read(dir + "/b")];`;
  const flags = [`--config=${dir}/deno.json`, "-P=tight"];
  await config({ tight: { read: ["./a"] }, wide: { read: ["./b"] } });
  assert.deepEqual(await probe(code, { flags, given: { dir }, cwd: "/" }), ["works", "NotCapable"]);

  await config({ tight: { read: ["~/a", "./*"] } });
  const home = { env: { HOME: dir } };
  const literal = await probe(code, { flags, given: { dir }, ...home });
  assert.deepEqual(literal, ["NotCapable", "NotCapable"], "no ~, no patterns");

  const ends = async (more: readonly string[]) =>
    (await run(await script(code, { dir }), { flags: more })).code;
  assert.notEqual(await ends([flags[0]!, "-P=tight,wide"]), 0, "sets do not compose");
  assert.notEqual(await ends([flags[0]!, "-P=none"]), 0, "a set that is not there");
  await config({ tight: { reed: ["./a"] } });
  assert.notEqual(await ends(flags), 0, "an unknown key");
});
