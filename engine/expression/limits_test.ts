import assert from "node:assert/strict";
import { limits } from "./limits.ts";
import { faults, passes } from "./test_scope.ts";

Deno.test("checkExpression() holds to the limits on source, nodes and depth", () => {
  const long = `'${"x".repeat(limits.characters)}'`;
  const wide = Array.from({ length: limits.nodes }, () => "1").join(",");
  const deep = "(".repeat(limits.depth + 1) + "1" + ")".repeat(limits.depth + 1);
  const chain = "1" + "+1".repeat(limits.depth);
  for (
    const source of [
      long,
      `[${wide}]`,
      deep,
      chain,
      "!".repeat(4000) + "true",
      "-".repeat(4000) + "1",
    ]
  ) {
    assert.match(faults(source)[0]!, /^expression-limit/, source.slice(0, 20));
  }
  passes(Array.from({ length: 40 }, () => "params.on").join(" && "));
});

Deno.test("checkExpression() holds to the limit on nested comprehensions", () => {
  passes("params.names.map(a, params.names.map(b, a + b))");
  const three = "params.names.all(a, params.names.all(b, params.names.all(c, a + b == c)))";
  assert.match(faults(three)[0]!, /^expression-limit .* nest more than 2 deep/);
  assert.match(faults("params.names.map(params, 1)")[0]!, /the name params is taken/);
  assert.match(faults("params.names.map(a, params.names.map(a, 1))")[0]!, /the name a is taken/);
});
