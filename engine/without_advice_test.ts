import assert from "node:assert/strict";
import { withoutAdvice } from "./errors.ts";

Deno.test({
  name: "withoutAdvice() knows what Deno says of everything that it refuses",
  permissions: "none",
  fn: async () => {
    const refused = [
      () => Deno.readTextFile("/etc/hostname"),
      () => Deno.writeTextFile("/x", ""),
      () => Deno.connect({ port: 1 }),
      () => fetch("http://127.0.0.1:1/"),
      () => Deno.hostname(),
      () => new Deno.Command("ls").output(),
      () => Deno.dlopen("/x.so", {}),
      () => import(`file:///etc/${"x"}.ts`),
    ];
    let met = 0;
    for (const work of refused) {
      const error = await (async () => await work())().catch((error) => error);
      assert.ok(error instanceof Error);
      if (error.message.includes("--allow-")) met++;
      assert.doesNotMatch(withoutAdvice(`${error.message}; and more`), /--allow|run again/);
      assert.match(withoutAdvice(`${error.message}; and more`), /; and more$/);
    }
    assert.ok(met >= 7, `${met}`);
  },
});

Deno.test("withoutAdvice() leaves all else, and what Deno says where it was compiled, without advice", () => {
  const compiled = 'Requires net access to "a:1", specify the required permissions during ' +
    "compilation using `deno compile --allow-net`";
  assert.equal(withoutAdvice(compiled), 'Requires net access to "a:1"');
  assert.equal(withoutAdvice("busy, run again with care"), "busy, run again with care");
});
