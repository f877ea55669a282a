// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/bin/sh
import assert from "node:assert/strict";
import fc from "fast-check";
import { BugError, BusyError, FailedError, InvalidInputError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { openChain } from "./chain.ts";
import { verifyChain } from "./verify_chain.ts";

/** A new folder that goes away with the block. */
async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function write(path: string, records: readonly JsonObject[]): Promise<void> {
  await using chain = await openChain(path);
  // All at once: the chain has to put them in their order.
  await Promise.all(records.map((record, n) => chain.append(record, { sync: n % 2 === 0 })));
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

Deno.test("openChain() gives back what was appended, in order, also when appended at once", async () => {
  await using dir = await folder();
  const path = `${dir.path}/new/chain.jsonl`;
  await write(path, numbered(20));
  await using chain = await openChain(path);
  assert.deepEqual(chain.entries.map(({ n }) => n), numbered(20).map(({ n }) => n));
  assert.deepEqual(chain.entries.map(({ seq }) => seq), numbered(20).map(({ n }) => n + 1));
  assert.equal(chain.repaired, 0);
});

Deno.test("openChain() makes the file for its owner only", async () => {
  await using dir = await folder();
  await write(`${dir.path}/new/chain.jsonl`, numbered(1));
  assert.equal((await Deno.stat(`${dir.path}/new/chain.jsonl`)).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(`${dir.path}/new`)).mode! & 0o777, 0o700);
});

Deno.test("openChain() keeps any JSON as it is", async () => {
  await using dir = await folder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.json(), { maxLength: 5 }), async (values) => {
      const path = `${dir.path}/${run++}.jsonl`;
      const records = values.map((value) => ({ value: JSON.parse(value) }));
      await write(path, records);
      await using chain = await openChain(path);
      assert.deepEqual(chain.entries.map(({ value }) => ({ value })), records);
      assert.equal(verifyChain(await Deno.readFile(path)).ok, true);
    }),
    { numRuns: 30 },
  );
});

Deno.test("openChain() cuts a torn last line off at every byte and goes on", async () => {
  await using dir = await folder();
  const path = `${dir.path}/chain.jsonl`;
  await write(path, [{ n: 0 }, { n: "é" }, { n: 2 }]);
  const whole = await Deno.readFile(path);
  const ends = [0, ...[...whole.keys()].filter((at) => whole[at] === 0x0a).map((at) => at + 1)];
  for (let length = 0; length <= whole.length; length++) {
    await Deno.writeFile(path, whole.subarray(0, length));
    const kept = ends.filter((end) => end <= length);
    await using chain = await openChain(path);
    assert.equal(chain.repaired, length - kept.at(-1)!);
    assert.equal(chain.entries.length, kept.length - 1);
    assert.equal((await Deno.stat(path)).size, kept.at(-1));
    await chain.append({ n: "again" }, { sync: false });
    const verdict = verifyChain(await Deno.readFile(path));
    assert.equal(verdict.ok && verdict.lines, kept.length);
  }
});

Deno.test("openChain() cuts a last line off that a power cut left without its middle", async () => {
  await using dir = await folder();
  const path = `${dir.path}/chain.jsonl`;
  await write(path, numbered(3));
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, bytes.fill(0, bytes.length - 40, bytes.length - 1));
  await using chain = await openChain(path);
  assert.equal(chain.entries.length, 2);
  assert.ok(chain.repaired > 40);
});

Deno.test("openChain() refuses a file that another has open", async () => {
  await using dir = await folder();
  const path = `${dir.path}/chain.jsonl`;
  {
    await using _held = await openChain(path);
    await assert.rejects(openChain(path), BusyError);
    await (await openChain(path, { lock: false })).close();
  }
  await (await openChain(path)).close();
});

Deno.test("openChain() refuses a changed file, names the line and leaves it as it is", async () => {
  await using dir = await folder();
  const path = `${dir.path}/chain.jsonl`;
  await write(path, numbered(3));
  const text = (await Deno.readTextFile(path)).replace('"n":1', '"n":7');
  await Deno.writeTextFile(path, text + '{"torn');
  await assert.rejects(openChain(path), (error) => {
    assert.ok(error instanceof InvalidInputError);
    assert.match(error.message, /chain\.jsonl:2: it was changed: its hash does not match$/);
    return true;
  });
  assert.equal(await Deno.readTextFile(path), text + '{"torn');
});

Deno.test("openChain() says which file it cannot open", async () => {
  await using dir = await folder();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await assert.rejects(openChain(`${dir.path}/file/chain.jsonl`), (error) => {
    assert.ok(error instanceof FailedError);
    assert.match(error.message, /file\/chain\.jsonl cannot be opened: Not a directory/);
    return true;
  });
});

Deno.test("append() refuses members that are the chain's own, and a closed chain", async () => {
  await using dir = await folder();
  const chain = await openChain(`${dir.path}/chain.jsonl`);
  await assert.rejects(chain.append({ prev: "x" }, { sync: false }), BugError);
  await chain.append({ n: 1 }, { sync: false });
  assert.equal(chain.head.seq, 1);
  await chain.close();
  await chain.close();
  await assert.rejects(chain.append({ n: 2 }, { sync: false }), FailedError);
});

Deno.test("append() takes a line back that the file system cut short, and goes on after it", async () => {
  await using dir = await folder();
  const path = `${dir.path}/chain.jsonl`;
  // A limit of 4 KiB on files: the kernel takes a part of the line and then says no, as a full disk
  // does. The signal that goes with it is ignored.
  const child = new URL("./full_disk_child.ts", import.meta.url).pathname;
  const flags = `--no-prompt --cached-only --no-check --no-code-cache --allow-read='${dir.path}'`;
  const script =
    `ulimit -f 8; trap '' XFSZ; exec "$0" run ${flags} --allow-write='${dir.path}' "$@"`;
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, Deno.execPath(), child, path],
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout);
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.match(said, /^FailedError: .*chain\.jsonl could not be written: File too large/);
  const verdict = verifyChain(await Deno.readFile(path));
  assert.deepEqual(verdict.ok && [verdict.lines, verdict.torn], [2, 0]);
  await using chain = await openChain(path);
  assert.deepEqual(chain.entries.map(({ text }) => text), ["first", "third"]);
});
