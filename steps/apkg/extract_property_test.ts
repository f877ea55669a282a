// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../engine/errors.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { bed, namesIn, packageOf, readFiles, shortManifest } from "./test_package.ts";
import { rawZip } from "./zip/raw_zip.ts";

/** What names are made of that go elsewhere, or that are one for some file system. */
const piece = fc.constantFrom(
  ...["..", ".", "a", "A", "b", "package", "package-evil", "agent.yaml", "C:", "~", "é", "e\u0301"],
  ...["\\", "\0", "\n", "\u202e", "%2e%2e", "tmp", "ß", "SS"],
);
const name = fc.tuple(
  fc.constantFrom("", "", "", "/", "../"),
  fc.array(piece, { minLength: 1, maxLength: 4 }),
  fc.constantFrom("", "", "/", "//"),
).map(([head, pieces, tail]) => `${head}${pieces.join("/")}${tail}`);

Deno.test("apkg.extract writes exactly what is named, or nothing: any names", async () => {
  const { extract, to, work } = await bed();
  let whole = 0;
  const entry = fc.record({ name, local: fc.option(fc.record({ name }), { nil: undefined }) });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
      await removeTree(to);
      const files = entries.map(({ name, local }) => ({
        name,
        content: name.endsWith("/") ? "" : name,
        ...(local === undefined ? {} : { local }),
      }));
      try {
        await extract(packageOf(shortManifest, ...files));
        whole++;
        const expected = files.filter(({ name }) => !name.endsWith("/")).map((
          f,
        ) => [f.name, f.name]);
        assert.deepEqual(await readFiles(to), {
          "agent.yaml": shortManifest,
          ...Object.fromEntries(expected),
        });
        assert.deepEqual(await namesIn(work), ["package", "package.apkg"]);
      } catch (error) {
        assert.ok(error instanceof InvalidInputError, String(error));
        assert.deepEqual(await namesIn(work), ["package.apkg"]);
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(whole > 20, `only ${whole} were good`);
});

Deno.test("apkg.extract gives the same content or refuses, whichever byte of a zip is changed", async () => {
  const { extract, to, work } = await bed();
  const files = [
    { name: "src/main.py", content: "print('hello')\n" },
    { name: "stored", content: "0123456789", method: 0 },
  ];
  const good = rawZip({ entries: [{ name: "agent.yaml", content: shortManifest }, ...files] });
  await extract(good);
  const expected = await readFiles(to);
  let refused = 0;
  for (let at = 0; at < good.length; at++) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const bad = good.slice();
      bad[at]! ^= flip;
      try {
        await extract(bad);
        assert.deepEqual(await readFiles(to), expected, `byte ${at} ^ ${flip}`);
      } catch (error) {
        assert.ok(error instanceof InvalidInputError, `byte ${at} ^ ${flip}: ${error}`);
        assert.deepEqual(await namesIn(work), ["package.apkg"]);
        refused++;
      }
    }
  }
  // Times, versions and permissions may be anything.
  assert.ok(refused > good.length * 2, `${refused} of ${good.length * 3} were refused`);
});

Deno.test("apkg.extract refuses a zip that ends anywhere but at its end", async () => {
  const { extract } = await bed();
  const good = packageOf(shortManifest, { name: "a", content: "a" });
  for (let length = 0; length < good.length; length++) {
    await assert.rejects(extract(good.slice(0, length)), InvalidInputError, `${length}`);
  }
});
