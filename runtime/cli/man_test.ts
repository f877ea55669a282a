// flags: --allow-read=. --allow-env=SLUICE_UPDATE_GOLDEN
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { renderMan } from "./man.ts";

Deno.test("renderMan() is the golden page", async () => {
  await compareGolden("cli/sluice.1", renderMan());
});

Deno.test("renderMan() has no request of roff that it does not mean", () => {
  for (const line of renderMan().split("\n")) {
    if (/^[.']/.test(line)) assert.match(line, /^\.(TH|SH|SS|TP|PP|B|I)( |$)/);
  }
});
