import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import { foreignFile } from "../../cli/foreign_bed.ts";
import type { OwnCase } from "../case.ts";
import { acceptedSet, inNamespaces } from "../in_namespaces.ts";

const pipeline = `sluice: v1
name: full
steps:
  - { id: make, uses: ./make.ts }
  - { id: fill, uses: ./fill.ts }
`;

/**
 * Two runs on a disk of their own, which a step fills. In the first there is room for the small lines
 * of the journal, on its last page. In the second that page is full but for 50 bytes.
 */
const script = `
mount -t tmpfs -o size=2m none "$at/.sluice"
touch "$at/pad"
set=${acceptedSet("full.yaml")}
for turn in small none; do
  sluice run full.yaml --box none --accept "$set"
  echo "$turn: run ended with $?"
  test -e "$at/made" || echo "gone"
  id=$(ls -t "$runs" | grep -v launches | head -n 1)
  journal=$runs/$id/journal.jsonl
  rm "$runs/$id/artifacts/fill/filled"
  sluice log verify "$journal"
  echo "$turn: verify ended with $?"
  size=$(head -n 4 "$journal" | wc -c)
  head -c $(((8192 - 50 - size % 4096) % 4096)) /dev/zero | tr '\\0' x >"$at/pad"
done
touch "$at/room"
sluice resume "$id" --box none --accept "$set"
echo "resume ended with $?"
test -e "$at/made" || echo "gone"
`;

let told: Promise<string> | undefined;

async function fillTwice(): Promise<string> {
  const at = await folderWith({ "full.yaml": pipeline });
  await Deno.mkdir(`${at}/.sluice`);
  const make = foreignFile({
    grants: { read: [`${at}/pad`], write: [`${at}/made`] },
    undoGrants: { write: [`${at}/made`] },
    run: `
          await Deno.writeTextFile("${at}/made", "");
          return { pad: await Deno.readTextFile("${at}/pad") };`,
    undo: `await Deno.remove("${at}/made").catch(() => {});`,
  });
  const fill = foreignFile({
    grants: { read: [`${at}/room`] },
    run: `
          if (await Deno.stat("${at}/room").then(() => true, () => false)) return {};
          const file = await Deno.open(await ctx.artifacts() + "/filled", { create: true, write: true });
          for (const size of [65536, 1]) {
            const piece = new Uint8Array(size);
            try { for (;;) await file.write(piece); } catch { /* It is full. */ }
          }
          return { padding: "x".repeat(8192) };`,
  });
  await Deno.writeTextFile(`${at}/make.ts`, make);
  await Deno.writeTextFile(`${at}/fill.ts`, fill);
  return await inNamespaces(at, script);
}

/** A disk that a step fills. */
export const disk: readonly OwnCase[] = [
  {
    name: "fill-the-disk",
    attack: "fills the disk of its run's folder, and takes no error for one",
    layer: "engine",
    namespaces: true,
    async prove() {
      const said = await (told ??= fillTwice());
      assert.match(
        said,
        /^fill +FAIL .*the journal of the run cannot be written: .*No space left/m,
      );
      for (const turn of ["small", "none"]) {
        assert.match(said, new RegExp(`^${turn}: run ended with 5\ngone$`, "m"), said);
        // Half a line is none: what was written before is whole.
        assert.match(said, new RegExp(`^${turn}: verify ended with 0$`, "m"), said);
      }
    },
  },
  {
    name: "undo-unwritten",
    attack: "leaves no byte of that disk for the journal to tell that steps were undone",
    layer: "engine",
    namespaces: true,
    async prove() {
      const said = await (told ??= fillTwice());
      assert.match(said, /^none: run ended with 5$/m, said);
      assert.match(said, /^resume ended with 64\ngone$/m, said);
      assert.match(said, /is finished: undone, exit 5/, said);
    },
  },
];
