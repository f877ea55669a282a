import assert from "node:assert/strict";
import { tableRows } from "./table.ts";

const readme = await Deno.readTextFile(new URL("README.md", import.meta.url));

Deno.test("the table of the README has every hostile case, and says what the tests show", () => {
  const rows = readme.split("\n").filter((line) => line.startsWith("|")).slice(2);
  const cells = rows.map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
  const wanted = tableRows().map(([name, attack, layer, unboxed]) => [
    `\`${name}\``,
    attack!.replaceAll("|", "\\|"),
    `\`${layer}\``,
    unboxed!,
  ]);
  assert.deepEqual(cells, wanted);
});

Deno.test("no two hostile cases have one name, and there are at least 40", () => {
  const names = tableRows().map(([name]) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length >= 40);
});
