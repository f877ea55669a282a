// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
/**
 * What files allow under grants with lists. `steps/release/` makes links by a program and moves them
 * (decision 5), syncs folders and locks, archives may hold no link that leaves them, and the journal
 * is locked and synced.
 *
 * @module
 */
import assert from "node:assert/strict";
import { folder, probe } from "./probe.ts";

const scoped = (dir: string) => [`--allow-read=${dir}`, `--allow-write=${dir}`];
const ln = "--allow-run=/usr/bin/ln";
const link = `const link = (target, path) =>
  new Deno.Command("/usr/bin/ln", { args: ["-s", "--", target, path] }).output();\n`;

Deno.test("making a link needs reading and writing without a list", async () => {
  const dir = await folder();
  const code = `return await tries(() => Deno.symlink("target", dir + "/link"));`;
  assert.equal(await probe(code, { flags: scoped(dir), given: { dir } }), "NotCapable");
  const unscoped = ["--allow-read", "--allow-write"];
  assert.equal(await probe(code, { flags: unscoped, given: { dir } }), "works");
});

Deno.test("node:wasi makes links under a list, but where WebAssembly has no memory", async () => {
  const code = `
    const { WASI } = await import("node:wasi");
    const wasi = new WASI({ version: "preview1", preopens: { "/at": dir } });
    return await tries(() => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      wasi.finalizeBindings({ exports: { memory } }, { memory });
      const bytes = new Uint8Array(memory.buffer);
      const put = (at, text) => new TextEncoder().encodeInto(text, bytes.subarray(at)).written;
      if (wasi.wasiImport.path_symlink(0, put(0, "/etc"), 3, 99, put(99, "link")) !== 0) throw 0;
    });`;
  const make = async (...more: string[]) => {
    const dir = await folder();
    const tried = await probe(code, { flags: [...scoped(dir), ...more], given: { dir } });
    return [tried, await Array.fromAsync(Deno.readDir(dir), ({ isSymlink }) => isSymlink)];
  };
  assert.deepEqual(await make(), ["works", [true]]);
  // What the launcher starts steps of others with. No step turns it back.
  assert.deepEqual(await make("--v8-flags=--wasm-max-mem-pages=0"), ["RangeError", []]);
});

Deno.test("a link that is there can be renamed and removed under a list", async () => {
  const dir = await folder();
  assert.deepEqual(
    await probe(
      `${link} await link("target", dir + "/link");
       return [
         await tries(() => Deno.rename(dir + "/link", dir + "/moved")),
         await tries(() => Deno.remove(dir + "/moved")),
       ];`,
      { flags: [...scoped(dir), ln], given: { dir } },
    ),
    ["works", "works"],
  );
});

Deno.test("reading and writing through a link in a granted folder reaches what lies outside", async () => {
  const [dir, outside] = [await folder(), await folder()];
  await Deno.writeTextFile(`${outside}/a`, "a");
  assert.deepEqual(
    await probe(
      `${link} await link(outside, dir + "/link");
       const [direct, through] = [outside + "/a", dir + "/link/a"];
       return [await read(direct), await read(through), await write(direct), await write(through)];`,
      { flags: [...scoped(dir), ln], given: { dir, outside } },
    ),
    ["NotCapable", "works", "NotCapable", "works"],
  );
});

Deno.test("a folder can be opened and synced under a list", async () => {
  const dir = await folder();
  assert.equal(
    await probe(
      `return await tries(async () => {
         using file = await Deno.open(dir);
         await file.sync();
       });`,
      { flags: [`--allow-read=${dir}`], given: { dir } },
    ),
    "works",
  );
});

Deno.test("a lock keeps another process out, and is free when its process is killed", async () => {
  const dir = await folder();
  assert.deepEqual(
    await probe(
      `const program = "const file = await Deno.open(Deno.args[0], { read: true, write: true, create: true });" +
         "console.log(await file.tryLock(true)); setInterval(() => {}, 1000);";
       const child = new Deno.Command(Deno.execPath(), {
         args: ["run", "--no-prompt", "--allow-read=" + dir, "--allow-write=" + dir, "-", dir + "/lock"],
         stdin: "piped",
         stdout: "piped",
       }).spawn();
       const input = child.stdin.getWriter();
       await input.write(new TextEncoder().encode(program));
       await input.close();
       const { value } = await child.stdout.getReader().read();
       using file = await Deno.open(dir + "/lock", { read: true, write: true });
       const kept = await file.tryLock(true);
       child.kill("SIGKILL");
       await child.status;
       return [decoder.decode(value).trim(), kept, await file.tryLock(true)];`,
      { flags: [...scoped(dir), `--allow-run=${Deno.execPath()}`], given: { dir } },
    ),
    ["true", false, true],
  );
});

Deno.test("a lock is the kernel's own, which flock(1) sees", async () => {
  const dir = await folder();
  assert.deepEqual(
    await probe(
      `const flock = () => start("/usr/bin/flock", ["--nonblock", dir + "/lock", "/usr/bin/true"]);
       using file = await Deno.open(dir + "/lock", { read: true, write: true, create: true });
       await file.tryLock(true);
       const held = await flock();
       await file.unlock();
       return [held, await flock()];`,
      { flags: [...scoped(dir), "--allow-run=/usr/bin/flock"], given: { dir } },
    ),
    ["Http", "works"],
  );
});

Deno.test("free space is asked for by statfs, which is a kind of system information", async () => {
  const dir = await folder();
  const code = `const { statfs } = await import("node:fs/promises");
    return await tries(() => statfs(dir));`;
  const read = `--allow-read=${dir}`;
  assert.equal(await probe(code, { flags: [read], given: { dir } }), "NotCapable");
  assert.equal(await probe(code, { flags: [read, "--allow-sys=statfs"], given: { dir } }), "works");
});

Deno.test("an open file behind a link tells its size by seeking, not by stat", async () => {
  const dir = await folder();
  await Deno.mkdir(`${dir}/real`);
  await Deno.writeTextFile(`${dir}/real/a`, "four");
  const made = await probe(`${link} return (await link("real", dir + "/link")).code;`, {
    flags: [...scoped(dir), ln],
    given: { dir },
  });
  assert.equal(made, 0);
  const code = `using file = await Deno.open(dir + "/link/a");
    return [await tries(() => file.stat()), await file.seek(0, Deno.SeekMode.End)];`;
  assert.deepEqual(await probe(code, { flags: scoped(`${dir}/link`), given: { dir } }), [
    "NotCapable",
    4,
  ]);
});
