import assert from "node:assert/strict";
import { type CelType, intType, stringType } from "./cel_type.ts";
import { checkExpression } from "./check.ts";
import { faults, scope } from "./test_scope.ts";

Deno.test("checkExpression() refuses members that a type lacks", () => {
  assert.deepEqual(faults("params.names.first"), [
    "ill-typed [first] a list is indexed by an int, not by a name | write list[0], list.size(), or list.map(x, …)",
  ]);
  assert.deepEqual(faults("params.root.length"), [
    "ill-typed [length] a value of type string has no members | ",
  ]);
  assert.deepEqual(faults("params.labels[0]"), ["ill-typed [0] a map is indexed by a string | "]);
  assert.deepEqual(faults("steps['P5-2'][params.root]"), [
    "ill-typed [params.root] which member this is must be known when planning | write its name",
  ]);
});

Deno.test("checkExpression() suggests what a mistyped name was meant to be", () => {
  assert.deepEqual(faults("params.rooot"), [
    'unknown-name [rooot] there is no parameter "rooot" | did you mean params.root?',
  ]);
  assert.deepEqual(faults("steps['P5-22'].release"), [
    "unknown-name ['P5-22'] there is no step \"P5-22\" | did you mean steps['P5-2']?",
  ]);
  assert.deepEqual(faults("steps['P5-2'].relese"), [
    "unknown-name [relese] steps['P5-2'] has no member \"relese\" | did you mean release?",
  ]);
  assert.deepEqual(faults("has(steps['P5-2'].relese)"), [
    "unknown-name [relese] steps['P5-2'] has no member \"relese\" | did you mean release?",
  ]);
  assert.deepEqual(faults("param.root"), [
    'unknown-name [param] there is no name "param" | did you mean "params"?',
  ]);
  assert.deepEqual(faults("root"), [
    'unknown-name [root] there is no name "root" | did you mean params.root?',
  ]);
  assert.deepEqual(faults("params.root.startWith('a')"), [
    "unknown-name [params.root.startWith('a')] there is no method startWith() | did you mean \"startsWith\"?",
  ]);
  assert.deepEqual(faults("contains(params.root, 'a')"), [
    "unknown-name [contains(params.root, 'a')] there is no function contains() | write value.contains(…)",
  ]);
});

Deno.test("checkExpression() knows no member that JavaScript gives every object", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    for (const source of [`params['${name}']`, `steps['${name}'].a`, `steps['P5-2']['${name}']`]) {
      assert.match(faults(source)[0]!, /^unknown-name/, source);
    }
  }
  assert.match(faults("params.names['length']")[0]!, /a list is indexed by an int/);
  assert.match(faults("params.names.toString()")[0]!, /there is no method/);
});

Deno.test("checkExpression() says of a step why its facts cannot be used", () => {
  const [unclear] = faults("steps.other.release");
  assert.match(unclear!, /step "other" runs later, or is not among the steps that this one needs/);
  const laterSteps = new Set(["P5-9"]);
  const [later] = faults("steps['P5-9'].release", { laterSteps });
  assert.match(later!, /step "P5-9" runs later \|/);
  const [unneeded] = faults("steps.other.release", { laterSteps });
  assert.match(unneeded!, /step "other" is not among .* \| add "other" to its needs/);
  const [own] = faults("steps.other.release", { laterSteps, self: "other" });
  assert.match(own!, /step "other" is this step itself \| only facts of steps that have ended/);
});

Deno.test("checkExpression() knows item and run only where they exist", () => {
  assert.match(faults("item")[0]!, /item exists only in a step with for_each/);
  assert.match(faults("run.outcome")[0]!, /run exists only under finally/);
  const run: CelType = {
    kind: "object",
    fields: { outcome: { type: stringType, optional: false } },
    closed: true,
  };
  assert.deepEqual(checkExpression("item", { ...scope, item: intType }), { type: intType });
  assert.deepEqual(checkExpression("run.outcome", { ...scope, run }), { type: stringType });
  assert.match(faults("run.outcom", { run })[0]!, /did you mean outcome\?/);
});
