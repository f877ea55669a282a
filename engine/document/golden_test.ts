// flags: --allow-read=. --allow-env=SLUICE_UPDATE_GOLDEN --ignore-env=LOG_TOKENS,LOG_STREAM
// To rewrite the golden files: deno task golden
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { parseDocument } from "./parse.ts";
import { renderDiagnostics } from "./render.ts";

const corpus = new URL("../../tests/golden/", import.meta.url);

async function pipelines(folder: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, corpus)));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(".yaml")).sort();
}

for (const name of await pipelines("bad/")) {
  Deno.test(`parseDocument() tells what is wrong with bad/${name}`, async () => {
    const text = await Deno.readTextFile(new URL(`bad/${name}`, corpus));
    assert.match(text, /^# fault: (shape|semantic|syntax)\n/);
    const { document, diagnostics } = parseDocument(text, name);
    // What only planning finds is not the parser's: such a file has its golden text from `check`.
    if (diagnostics.length === 0) return assert.notEqual(document, undefined);
    const found = renderDiagnostics("text", diagnostics, new Map([[name, text]]));
    await compareGolden(`bad/${name.replace(".yaml", ".txt")}`, found);
  });
}

for (const name of await pipelines("good/")) {
  Deno.test(`parseDocument() accepts good/${name}`, async () => {
    const text = await Deno.readTextFile(new URL(`good/${name}`, corpus));
    const { document, diagnostics } = parseDocument(text, name);
    assert.equal(renderDiagnostics("text", diagnostics, new Map([[name, text]])), "");
    assert.notEqual(document, undefined);
  });
}
