import assert from "node:assert/strict";
import { NotAuthorisedError, UsageError } from "../../engine/errors.ts";
import { refuseInKit } from "./refuse_in_kit.ts";

const refuse = (text: string) => refuseInKit(text.split(" "));

Deno.test("refuseInKit() refuses what needs the sources, and nothing else", () => {
  for (
    const command of [
      "compile par",
      "install par",
      "uninstall par",
      "lock --check",
      "sign par",
      "verify a.yaml",
    ]
  ) {
    assert.throws(() => refuse(command), UsageError, command);
  }
  assert.throws(() => refuse("run --surface par --require-signature keys"), NotAuthorisedError);
  for (const command of ["run --surface par", "resume lock", "plan --surface par", "--help"]) {
    refuse(command);
  }
});
