import assert from "node:assert/strict";
import { didYouMean, suggest } from "./suggest.ts";

const keys = ["timeout", "retry", "needs", "on_failure", "max_parallel"];

Deno.test("suggest() finds a slip, a swap, another case and another separator", () => {
  assert.equal(suggest("timout", keys), "timeout");
  assert.equal(suggest("nedes", keys), "needs");
  assert.equal(suggest("Timeout", keys), "timeout");
  assert.equal(suggest("on-failure", keys), "on_failure");
  assert.equal(suggest("maxParallel", keys), "max_parallel");
});

Deno.test("suggest() keeps silent when nothing is near", () => {
  assert.equal(suggest("x", keys), undefined);
  assert.equal(suggest("environment", keys), undefined);
});

Deno.test("didYouMean() lists what is known when nothing is near and the list is short", () => {
  assert.equal(didYouMean("zzz", ["b", "a"]), "known here: a, b");
  assert.equal(didYouMean("zzz", Array.from({ length: 16 }, (_, n) => `key${n}`)), undefined);
});
