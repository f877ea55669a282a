// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
/**
 * What shedding rests on: `engine/permissions/wider_grants.ts` (what drops with what),
 * `engine/permissions/grant_tally.ts` (what waits for a wider grant), `runtime/runner/shedder.ts`
 * (how it is revoked, and when not), `engine/permissions/endpoint.ts` (one spelling an address), and
 * `engine/permissions/test_sandbox.ts` (the model that the engine's property goes by).
 *
 * @module
 */
import * as fc from "fast-check";
import assert from "node:assert/strict";
import type { DenoGrant } from "../../engine/permissions/deno_grant.ts";
import { testSandbox } from "../../engine/permissions/test_sandbox.ts";
import { permissionOf } from "../../runtime/runner/permission_of.ts";
import { cachedOnly, folder, probe } from "./probe.ts";

async function filesIn(...names: string[]): Promise<string> {
  const dir = await folder();
  await Deno.mkdir(`${dir}/in`);
  for (const name of names) await Deno.writeTextFile(`${dir}/${name}`, name);
  return dir;
}

Deno.test("revoking a path drops the folders above it that are listed", async () => {
  const dir = await filesIn("in/a", "in/b");
  assert.deepEqual(
    await probe(
      `Deno.permissions.revokeSync({ name: "read", path: dir + "/in/a" });
       return [await read(dir + "/in/a"), await read(dir + "/in/b")];`,
      { flags: [`--allow-read=${dir},${dir}/in,${dir}/in/a`], given: { dir } },
    ),
    ["NotCapable", "NotCapable"],
  );
});

Deno.test("revoking a folder keeps what is listed below it", async () => {
  const dir = await filesIn("in/a", "in/b");
  assert.deepEqual(
    await probe(
      `Deno.permissions.revokeSync({ name: "read", path: dir });
       return [await read(dir + "/in/a"), await read(dir + "/in/b")];`,
      { flags: [`--allow-read=${dir},${dir}/in/a`], given: { dir } },
    ),
    ["works", "NotCapable"],
  );
});

Deno.test("revoking something below a listed folder drops the whole folder", async () => {
  const dir = await filesIn("in/a", "in/b");
  assert.deepEqual(
    await probe(
      `Deno.permissions.revokeSync({ name: "read", path: dir + "/in/none" });
       return await read(dir + "/in/b");`,
      { flags: [`--allow-read=${dir}/in`], given: { dir } },
    ),
    "NotCapable",
  );
});

Deno.test("what is granted without a list cannot be narrowed, and says nothing", async () => {
  const dir = await filesIn("a");
  assert.deepEqual(
    await probe(
      `const path = dir + "/a";
       const { state } = Deno.permissions.revokeSync({ name: "read", path });
       return [state, await read(path)];`,
      { flags: ["--allow-read"], given: { dir } },
    ),
    ["granted", "works"],
  );
});

Deno.test("a kind is revoked whole, list or no list", async () => {
  const dir = await filesIn("a");
  const code = `Deno.permissions.revokeSync({ name: "read" }); return await read(dir + "/a");`;
  for (const flag of [`--allow-read=${dir},${dir}/a`, "--allow-read"]) {
    assert.equal(await probe(code, { flags: [flag], given: { dir } }), "NotCapable");
  }
});

Deno.test("a link is revoked by its own spelling, its target stays", async () => {
  const dir = await filesIn("in/a");
  assert.deepEqual(
    await probe(
      `await new Deno.Command("/usr/bin/ln", { args: ["-s", dir + "/in", dir + "/link"] }).output();
       const before = await read(dir + "/link/a");
       Deno.permissions.revokeSync({ name: "read", path: dir + "/in" });
       const between = await read(dir + "/link/a");
       Deno.permissions.revokeSync({ name: "read", path: dir + "/link" });
       return [before, between, await read(dir + "/link/a")];`,
      {
        flags: [`--allow-read=${dir}/in,${dir}/link`, "--allow-run=/usr/bin/ln"],
        given: { dir },
      },
    ),
    ["works", "works", "NotCapable"],
  );
});

Deno.test("connecting and listening are one right", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr as Deno.NetAddr;
  free.close();
  assert.deepEqual(
    await probe(
      `const hostname = "127.0.0.1";
       const server = Deno.listen({ hostname, port });
       const before = await reach(hostname, port);
       server.close();
       Deno.permissions.revokeSync({ name: "net", host: hostname + ":" + port });
       const listen = await tries(() => Deno.listen({ hostname, port }));
       return [before, listen, await reach(hostname, port)];`,
      { flags: [`--allow-net=127.0.0.1:${port}`], given: { port } },
    ),
    ["works", "NotCapable", "NotCapable"],
  );
});

Deno.test("revoking a port drops the host, revoking the host keeps listed ports", async () => {
  assert.deepEqual(
    await probe(
      `Deno.permissions.revokeSync({ name: "net", host: "127.0.0.1:1" });
       Deno.permissions.revokeSync({ name: "net", host: "[::1]" });
       return [await reach("127.0.0.1", 2), await reach("::1", 1), await reach("::1", 2)];`,
      { flags: ["--allow-net=127.0.0.1,[::1],[::1]:1"] },
    ),
    ["NotCapable", "works", "NotCapable"],
  );
});

Deno.test("a wildcard is revoked by a name under it, and has no name itself", async () => {
  assert.deepEqual(
    await probe(
      `const itself = await tries(() =>
         Deno.permissions.revokeSync({ name: "net", host: "*.a.invalid" })
       );
       const names = [["x.a.invalid", 1], ["a.invalid", 1], ["x.b.invalid", 443]];
       const all = async () => await Promise.all(names.map(([name, port]) => reach(name, port)));
       const before = await all();
       Deno.permissions.revokeSync({ name: "net", host: "y.a.invalid" });
       Deno.permissions.revokeSync({ name: "net", host: "y.b.invalid" });
       const between = await all();
       Deno.permissions.revokeSync({ name: "net", host: "y.b.invalid:443" });
       return { itself, before, between, after: await all() };`,
      { flags: ["--allow-net=*.a.invalid,*.b.invalid:443"] },
    ),
    {
      itself: "URIError",
      before: ["works", "works", "works"],
      between: ["NotCapable", "NotCapable", "works"],
      after: ["NotCapable", "NotCapable", "NotCapable"],
    },
  );
});

Deno.test("a network is not revoked by its own spelling, but by an address in it", async () => {
  assert.deepEqual(
    await probe(
      `const { state } = Deno.permissions.revokeSync({ name: "net", host: "127.0.0.0/8" });
       const between = await reach("127.0.0.1", 1);
       Deno.permissions.revokeSync({ name: "net", host: "127.0.0.9" });
       return [state, between, await reach("127.0.0.1", 1)];`,
      { flags: ["--allow-net=127.0.0.0/8"] },
    ),
    ["prompt", "works", "NotCapable"],
  );
});

Deno.test("an address is one, however it is spelled", async () => {
  assert.deepEqual(
    await probe(
      `const state = (host) => Deno.permissions.querySync({ name: "net", host }).state;
       return ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0::1]", "LOCALHOST"].map(state);`,
      { flags: ["--allow-net=127.0.0.1,[::1],localhost"] },
    ),
    ["granted", "granted", "granted", "granted"],
  );
});

Deno.test("variables, kinds of system information and programs are revoked by their names", async () => {
  assert.deepEqual(
    await probe(
      `const all = async () => [
         await tries(() => Deno.env.get("ONE")),
         await tries(() => Deno.env.get("TWO")),
         await tries(() => Deno.hostname()),
         await tries(() => Deno.osRelease()),
         await start("/usr/bin/true"),
         await start("/usr/bin/env"),
       ];
       const before = await all();
       Deno.permissions.revokeSync({ name: "env", variable: "ONE" });
       Deno.permissions.revokeSync({ name: "sys", kind: "hostname" });
       Deno.permissions.revokeSync({ name: "run", command: "/usr/bin/true" });
       return [before, await all()];`,
      {
        flags: [
          "--allow-env=ONE,TWO",
          "--allow-sys=hostname,osRelease",
          "--allow-run=/usr/bin/true,/usr/bin/env",
        ],
      },
    ),
    [
      ["works", "works", "works", "works", "works", "works"],
      ["NotCapable", "works", "NotCapable", "works", "NotCapable", "works"],
    ],
  );
});

Deno.test("revoking a variable drops a pattern that grants it", async () => {
  assert.deepEqual(
    await probe(
      `Deno.permissions.revokeSync({ name: "env", variable: "ATP_ONE" });
       return await tries(() => Deno.env.get("ATP_TWO"));`,
      { flags: ["--allow-env=ATP_*"] },
    ),
    "NotCapable",
  );
});

Deno.test("what was revoked does not come back", async () => {
  const dir = await filesIn("a");
  assert.deepEqual(
    await probe(
      `const path = dir + "/a";
       Deno.permissions.revokeSync({ name: "read", path });
       const { state } = Deno.permissions.requestSync({ name: "read", path });
       return [state, await read(path)];`,
      { flags: [`--allow-read=${dir}/a`], given: { dir } },
    ),
    ["denied", "NotCapable"],
  );
});

Deno.test("a handle that was opened before works on", async () => {
  const dir = await filesIn("a");
  assert.deepEqual(
    await probe(
      `using file = Deno.openSync(dir + "/a");
       Deno.permissions.revokeSync({ name: "read" });
       return [await read(dir + "/a"), file.readSync(new Uint8Array(9))];`,
      { flags: [`--allow-read=${dir}/a`], given: { dir } },
    ),
    ["NotCapable", 1],
  );
});

Deno.test("code of the network may be loaded by default; that can be revoked, and npm stays", async () => {
  assert.deepEqual(
    await probe(
      `const load = async (name) => {
         try {
           await import("https://jsr.io/none.ts?" + name);
         } catch (error) {
           return /Requires import access|not found in cache/.exec(error.message)?.[0];
         }
       };
       const { state } = Deno.permissions.querySync({ name: "import" });
       const before = await load("secret");
       Deno.permissions.revokeSync({ name: "import" });
       const { string } = await import("valibot");
       return [state, before, await load("other"), typeof string];`,
      { flags: cachedOnly },
    ),
    ["granted", "not found in cache", "Requires import access", "function"],
  );
});

Deno.test("Deno revokes as the model does that the engine is tested with", async () => {
  const segment = fc.constantFrom("a", "b");
  const label = fc.constantFrom("a", "b");
  const port = fc.constantFrom("", ":1", ":2");
  const anyGrant = (world: string): fc.Arbitrary<DenoGrant> =>
    fc.oneof(
      fc.array(segment, { maxLength: 3 }).map((parts): DenoGrant => ({
        kind: "read",
        entry: ["", world, ...parts].join("/"),
      })),
      fc.tuple(fc.boolean(), fc.array(label, { maxLength: 2 }), port).map((
        [wild, labels, at],
      ): DenoGrant => ({
        kind: "net",
        entry: `${wild ? "*." : ""}${[...labels, world, "invalid"].join(".")}${at}`,
      })),
      fc.constantFrom<DenoGrant>(
        { kind: "env", entry: `${world}_A` },
        { kind: "env", entry: `${world}_B` },
        { kind: "run", entry: `/usr/bin/${world}` },
      ),
    );
  // Every world has names of its own, so that one process can hold all of them.
  const worlds = Array.from({ length: 60 }, (_, index) => {
    const grant = anyGrant(`w${index}`);
    const [sample] = fc.sample(
      fc.record({
        listed: fc.array(grant, { minLength: 1, maxLength: 8 }),
        revoked: fc.array(grant, { maxLength: 3 }),
        asked: fc.array(grant, { maxLength: 8 }),
      }),
      { numRuns: 1, seed: index + 1 },
    );
    return sample!;
  });
  const listed = worlds.flatMap((world) => world.listed);
  const flag = (kind: DenoGrant["kind"]) =>
    `--allow-${kind}=${
      [...new Set(listed.filter((each) => each.kind === kind).map(({ entry }) => entry))].join()
    }`;
  const ask = worlds.flatMap((world) => [...world.listed, ...world.asked]);
  const states = await probe(
    `for (const each of revoked) Deno.permissions.revokeSync(each);
     return asked.map((each) => Deno.permissions.querySync(each).state === "granted");`,
    {
      flags: (["read", "net", "env", "run"] as const).map(flag),
      given: {
        revoked: worlds.flatMap((world) => world.revoked.map(permissionOf)),
        asked: ask.map(permissionOf),
      },
    },
  );
  const sandbox = testSandbox(listed);
  for (const grant of worlds.flatMap((world) => world.revoked)) sandbox.revoke(grant);
  const expected = ask.map((grant) => sandbox.allows(grant));
  assert.ok(expected.includes(true) && expected.includes(false));
  assert.deepEqual(
    ask.map((grant, index) => [grant, (states as boolean[])[index]]),
    ask.map((grant, index) => [grant, expected[index]]),
  );
});
