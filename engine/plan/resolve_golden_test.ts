// flags: --allow-read=. --allow-env=SLUICE_UPDATE_GOLDEN --ignore-env=LOG_TOKENS,LOG_STREAM
// To rewrite the golden files: deno task golden
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { renderDiagnostics } from "../document/render.ts";
import { renderMermaid } from "./render_mermaid.ts";
import { renderPlanText } from "./render_text.ts";
import { resolveText, type TestResult } from "./test_registry.ts";

function read(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../tests/golden/plan/${name}`, import.meta.url));
}

function show({ diagnostics, texts }: TestResult): string {
  return renderDiagnostics("text", diagnostics, texts);
}

async function upgrade() {
  const result = await resolveText(await read("upgrade.yaml"), {
    files: { "/srv/demo/switch.yaml": await read("switch.yaml") },
    given: [["bundle", "a.tar.zst"]],
  });
  assert.equal(show(result), "");
  return result.plan!;
}

Deno.test("resolve() gives the whole plan of a pipeline with everything in it", async () => {
  const plan = await upgrade();
  await compareGolden("plan/upgrade.json", JSON.stringify(plan, undefined, 2) + "\n");
});

Deno.test("renderPlanText() shows everything, programs first, the undo path in reverse", async () => {
  const text = renderPlanText(await upgrade(), { color: false, columns: 80 });
  await compareGolden("plan/upgrade.txt", text);
});

Deno.test("renderPlanText() colours nothing but for terminals", async () => {
  const plan = await upgrade();
  const plain = renderPlanText(plan, { color: false, columns: 100 });
  const colored = renderPlanText(plan, { color: true, columns: 100 });
  assert.ok(!plain.includes("\x1b"));
  // deno-lint-ignore no-control-regex
  assert.equal(colored.replaceAll(/\x1b\[\d+m/g, ""), plain);
});

Deno.test("renderMermaid() draws the graph", async () => {
  await compareGolden("plan/upgrade.mmd", renderMermaid(await upgrade()));
});

Deno.test("resolve() tells all faults at once", async () => {
  const text = await read("faults.yaml");
  await compareGolden("plan/faults.txt", show(await resolveText(text)));
});

Deno.test("resolve() without values tells the faults of the text all the same", async () => {
  const text = await read("faults.yaml");
  await compareGolden("plan/faults_check.txt", show(await resolveText(text, { plan: false })));
});
