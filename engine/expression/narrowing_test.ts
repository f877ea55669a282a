import assert from "node:assert/strict";
import { faults, passes } from "./test_scope.ts";

Deno.test("checkExpression() demands a guard for facts of steps that may be skipped", () => {
  assert.deepEqual(faults("steps.maybe.release"), [
    'unguarded [steps.maybe] step "maybe" may be skipped or fail, and then has no facts | ' +
    "guard it: has(steps.maybe.FACT) ? … : …",
  ]);
  // Of a step with `for_each`, the guard that is advised has to have a type.
  assert.match(faults("steps.each[0].release")[0]!, /\| guard it: has\(steps\.each\) \? /);
  passes(
    "has(steps.each) ? steps.each[0].release : 'none'",
    "has(steps.maybe.release) ? steps.maybe.release : 'none'",
    "has(steps['maybe'].release) ? steps.maybe.files[0].name : 'none'",
    "!has(steps.maybe.release) ? 'none' : steps.maybe.release",
    "has(steps.maybe.release) && steps.maybe.release == 'x'",
    "!has(steps.maybe.release) || steps.maybe.release == 'x'",
    "params.on && has(steps.maybe.release) ? steps.maybe.release : ''",
    "has(steps.maybe) && steps.maybe.release == 'x'",
    "has(steps.maybe.release) && params.names.exists(x, x == steps.maybe.release)",
  );
});

Deno.test("checkExpression() is not satisfied by a guard that does not guard", () => {
  for (
    const source of [
      "has(steps.maybe.release) ? 'none' : steps.maybe.release",
      "!has(steps.maybe.release) ? steps.maybe.release : ''",
      "has(steps.maybe.release) || steps.maybe.release == 'x'",
      "params.on || has(steps.maybe.release) ? steps.maybe.release : ''",
      "steps.maybe.release == 'x' && has(steps.maybe.release)",
      "(has(steps.maybe.release) || params.on) && steps.maybe.release == 'x'",
      "(has(steps.maybe.release) && params.on) == params.on ? steps.maybe.release : ''",
      "params.names.exists(x, has(steps.maybe.release)) ? steps.maybe.release : ''",
      "!(has(steps.maybe.release) && params.on) ? '' : !params.on ? '' : steps.maybe.extra.note",
      "has(steps.maybe.extra) && steps.maybe.files[0].size > 1",
    ]
  ) assert.match(faults(source)[0]!, /^unguarded/, source);
});

Deno.test("checkExpression() demands guards for optional members and for null", () => {
  assert.deepEqual(faults("steps['P5-2'].extra.note"), [
    "unguarded [steps['P5-2'].extra] steps['P5-2'].extra may be absent | " +
    "guard it: has(steps['P5-2'].extra) ? … : …",
  ]);
  assert.match(faults("steps['P5-2'].reason + '!'")[0]!, /unguarded .* may be null/);
  assert.match(
    faults("has(steps['P5-2'].reason) ? steps['P5-2'].reason + '!' : ''")[0]!,
    /unguarded .* may be null/,
  );
  assert.match(faults("steps['P5-2'].reason.size()")[0]!, /there is no string or null.size\(\)/);
  passes(
    "has(steps['P5-2'].extra.note) ? steps['P5-2'].extra.note : ''",
    "steps['P5-2'].reason != null ? steps['P5-2'].reason + '!' : ''",
    "null == steps['P5-2'].reason ? '' : steps['P5-2'].reason",
    "steps['P5-2'].reason == null || steps['P5-2'].reason.size() > 3",
    "steps['P5-2'].reason == 'x'",
    "steps['P5-2'].files.map(f, has(f.size), f.size)",
    "steps['P5-2'].files.exists(f, has(f.size) && f.size > 3)",
    "has(steps.maybe.extra.note) ? steps.maybe.extra.note + steps.maybe.release : ''",
  );
  assert.match(faults("steps['P5-2'].files.map(f, f.size)")[0]!, /f.size may be absent/);
});

Deno.test("checkExpression() forgets a guard on a name that another comprehension binds", () => {
  const source = "steps['P5-2'].files.exists(f, has(f.size)) && " +
    "steps['P5-2'].files.exists(f, f.size > 3)";
  assert.match(faults(source)[0]!, /f.size may be absent/);
});

Deno.test("checkExpression() refuses has() of anything but the path of a member", () => {
  for (const source of ["has(params)", "has(1)", "has(params.names[0])", "has()", "has([1].x)"]) {
    assert.equal(faults(source).length, 1, source);
  }
});
