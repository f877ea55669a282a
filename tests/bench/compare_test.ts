// flags: none
import assert from "node:assert/strict";
import { compare, spread } from "./compare.ts";

Deno.test("spread() takes the mean of the two in the middle of an even number", () => {
  assert.deepEqual(spread([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 });
});

Deno.test("spread() of nothing is no figure", () => {
  assert.throws(() => spread([]), RangeError);
});

Deno.test("compare() pairs the rounds: one slow round of both changes no ratio", () => {
  const [peer, thing] = compare([
    { name: "peer", ms: [10, 100, 10] },
    { name: "thing", ms: [20, 200, 20] },
  ]);
  assert.equal(peer?.ratio, undefined);
  assert.deepEqual(thing?.ratio, { median: 2, min: 2, max: 2 });
  assert.deepEqual(thing?.more, { median: 10, min: 10, max: 100 });
});
