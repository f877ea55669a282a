// flags: --allow-read=. --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { findMisfit } from "./find_misfit.ts";
import { parseDocument } from "./parse.ts";

const pipeline = `sluice: v1
name: demo
params:
  a: { type: string }
  b: { type: string }
steps:
  - id: a
    uses: http.probe
    with:
      url: "\${{ params.a }}"
      settle: 5s
    timeout: 5s
  - id: b
    uses: http.probe
    with: { url: "\${{ params.b }}" }
finally:
  - id: c
    uses: http.probe
    with: { url: "\${{ params.b }}" }
`;
const lines = pipeline.split("\n").slice(0, -1);

Deno.test("parseDocument() tells one fault of a line that is shifted, at it or at its neighbour", () => {
  for (const [at, line] of lines.entries()) {
    for (const by of [-2, -1, 1, 2]) {
      if (by < 0 && !line.startsWith(" ".repeat(-by))) continue;
      const shifted = by < 0 ? line.slice(-by) : " ".repeat(by) + line;
      const { diagnostics } = parseDocument(lines.with(at, shifted).join("\n"), "x.yaml");
      const found = diagnostics.filter(({ code }) => code === "yaml-syntax");
      const what = JSON.stringify(shifted);
      // What is one level out may mean something else.
      if (Math.abs(by) === 2 && found.length === 0) continue;
      assert.equal(diagnostics.length, 1, what);
      const { message, hint, span } = found[0]!;
      assert.match(
        message,
        /^this line is (?:not indented|indented by \d spaces?), which fits/,
        what,
      );
      assert.match(
        hint!,
        /^(?:indent it by .*\d spaces?|do not indent it), as what stands above it$/,
      );
      // Of the first entry of a list or mapping, the next one fits no more.
      assert.ok(span.line === at + 1 || span.line === at + 2, what);
      const shown = span.line === at + 1 ? shifted : lines[at + 1]!;
      assert.equal(span.column, shown.search(/\S/) + 1, what);
    }
  }
});

Deno.test("parseDocument() tells one fault of a line that a tab indents", () => {
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith(" ")) continue;
    const { diagnostics } = parseDocument(
      lines.with(at, line.replace(/^ +/, "\t")).join("\n"),
      "x",
    );
    assert.deepEqual(diagnostics.map(({ message, span }) => [message, span.line]), [
      ["a tab indents this line", at + 1],
    ]);
  }
});

Deno.test("findMisfit() finds nothing in what is indented well", async () => {
  const texts = [
    'a: |\n   x: y\n  z: u\nb: >-\n - x\n\n    - y\nc: "x\n y: z"\n',
    "a:\n- b: c\n  d:\n  - e\n  - - f\n    - g: h\n      i: j\nk: it's\nl: 'm: n'\n",
    "# x\n a:\n   # y\n  - b\n",
    "a: [b,\nc: d]\ne: f [y\ng: h # i: j\n",
    "a:\r\n  b: c\r\n\r\n  d: e\r\n",
    "a: b\n  c\nd: e\n",
  ];
  for (const text of texts) assert.equal(findMisfit(text, 99), undefined, text);
  const root = new URL("../../", import.meta.url);
  let count = 0;
  for (const folder of ["tests/golden/good", "pipelines", "pipelines/par", "pipelines/upgrade"]) {
    for await (const { name } of Deno.readDir(new URL(folder, root))) {
      if (!name.endsWith(".yaml")) continue;
      const text = await Deno.readTextFile(new URL(`${folder}/${name}`, root));
      assert.equal(findMisfit(text, 9999), undefined, name);
      count++;
    }
  }
  assert.ok(count >= 20, `${count}`);
});

Deno.test("findMisfit() says what would fit, entries of lists apart from those of mappings", () => {
  assert.deepEqual(findMisfit("a:\n  - b: c\n   d: e\n", 9), {
    line: 3,
    indent: 3,
    fitting: [0, 4],
  });
  assert.deepEqual(findMisfit("a:\n  - b: c\n   - d: e\n", 9), {
    line: 3,
    indent: 3,
    fitting: [2],
  });
  assert.equal(findMisfit("a: b\n c: d\n", 1), undefined);
});
