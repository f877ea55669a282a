import assert from "node:assert/strict";
import fc from "fast-check";
import { byteReader } from "./byte_reader.ts";
import { readTar, type TarEntry, type TarReader } from "./tar_reader.ts";
import { type NewTarEntry, tarEnd, tarHeader, tarPadding } from "./tar_writer.ts";

/** An archive that comes in chunks of any size. */
function reader(parts: readonly Uint8Array[], chunk = 1000): TarReader {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      for (let at = 0; at < part.length; at += chunk) {
        yield await Promise.resolve(part.subarray(at, at + chunk));
      }
    }
  }
  return readTar(byteReader(chunks(), "the archive"));
}

function archive(entries: readonly NewTarEntry[]): Uint8Array[] {
  return [
    ...entries.flatMap((entry) => {
      const size = entry.type === "file" ? entry.size : 0;
      return [tarHeader(entry), new Uint8Array(size).fill(7), tarPadding(size)];
    }),
    tarEnd(),
  ];
}

const name = fc.stringMatching(/^[a-zäöü€ .]{1,60}$/);
const path = fc.array(name, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
const entry: fc.Arbitrary<NewTarEntry> = fc.oneof(
  fc.record({
    type: fc.constant("file" as const),
    name: path,
    size: fc.integer({ min: 0, max: 3000 }),
    mode: fc.constantFrom(0o644, 0o755),
  }),
  fc.record({ type: fc.constant("folder" as const), name: path }),
  fc.record({ type: fc.constant("link" as const), name: path, target: path }),
);

Deno.test("readTar() reads what tarHeader() writes, however it is cut up", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 8 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.boolean(),
      async (entries, chunk, whole) => {
        const tar = reader(archive(entries), chunk);
        for (const wanted of entries) {
          const found = await tar.next();
          assert.deepEqual(found, without(wanted));
          if (found?.type !== "file") continue;
          let size = 0;
          if (whole) size = (await tar.readAll()).length;
          else for (let part = await tar.read(); part; part = await tar.read()) size += part.length;
          assert.equal(size, found.size);
        }
        assert.equal(await tar.next(), undefined);
        assert.equal(await tar.next(), undefined);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("readTar() passes over what was not read of a file", async () => {
  const tar = reader(archive([
    { type: "file", name: "a", size: 5000, mode: 0o644 },
    { type: "file", name: "b", size: 10, mode: 0o644 },
  ]));
  await tar.next();
  await tar.read();
  assert.equal((await tar.next())?.name, "b");
  assert.equal(await tar.next(), undefined);
});

Deno.test("tarHeader() says sizes beyond 8 GiB, and readTar() believes them", async () => {
  for (const size of [2 ** 32 + 1, 8 ** 11 - 1, 8 ** 11, 5 * 2 ** 40]) {
    const tar = reader([tarHeader({ type: "file", name: "big", size, mode: 0o644 })]);
    assert.deepEqual(await tar.next(), { type: "file", name: "big", size });
  }
});

Deno.test("readTar() refuses an archive that is cut off anywhere", async () => {
  const parts = archive([{ type: "file", name: "ä", size: 600, mode: 0o644 }]);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  for (let end = 0; end < length; end += 97) {
    const tar = reader(cut(parts, end));
    await assert.rejects(async () => {
      while (await tar.next() !== undefined) { /* until it ends */ }
    }, { name: "InvalidInputError", message: /cut off/ });
  }
});

function without(entry: NewTarEntry): TarEntry {
  if (entry.type !== "file") return { ...entry };
  return { type: entry.type, name: entry.name, size: entry.size };
}

function cut(parts: readonly Uint8Array[], length: number): Uint8Array[] {
  let left = length;
  return parts.map((part) => {
    const kept = part.subarray(0, left);
    left -= kept.length;
    return kept;
  });
}
