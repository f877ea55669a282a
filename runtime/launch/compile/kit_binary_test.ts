import assert from "node:assert/strict";
import { judgeHello } from "./kit_binary.ts";

const wanted = { greeting: "a-greeting", version: "0.1.0" };
const hello = {
  sluice_runner: "a-greeting",
  version: "0.1.0",
  deno: Deno.version.deno,
  open: [] as string[],
};

Deno.test("judgeHello() takes nothing but our runner, of this version, with nothing open", () => {
  assert.equal(judgeHello(JSON.stringify(hello), wanted), undefined);
  for (
    const [answer, message] of [
      ["", /does not answer/],
      ["null", /does not answer/],
      ["exit using ctrl+d, ctrl+c, or close()\n> ", /does not answer/],
      ["a-greeting", /does not answer/],
      [JSON.stringify({ ...hello, sluice_runner: "another" }), /does not answer/],
      [JSON.stringify({ ...hello, version: "0.0.9" }), /it is sluice 0\.0\.9/],
      [JSON.stringify({ ...hello, deno: "2.9.5" }), /it runs Deno 2\.9\.5/],
      [JSON.stringify({ ...hello, open: ["env", "run"] }), /it has all of env, run/],
      [JSON.stringify({ ...hello, open: undefined }), /does not say what it may do/],
    ] as const
  ) {
    assert.match(judgeHello(answer, wanted) ?? "nothing", message);
  }
});
