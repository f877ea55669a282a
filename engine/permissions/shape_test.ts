import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anyGrant } from "./any_set_test.ts";
import { matchesProgram, matchesShape, programCovers } from "./shape.ts";

const grant = (...args: string[]) => ({ program: "x", args, env: [] });

Deno.test("matchesShape() compares argument by argument", () => {
  assert.ok(matchesShape(grant(), []));
  assert.ok(!matchesShape(grant(), ["a"]));
  assert.ok(matchesShape(grant("a", "*"), ["a", "b"]));
  assert.ok(matchesShape(grant("a", "*"), ["a", ""]));
  assert.ok(!matchesShape(grant("a", "*"), ["a", "b", "c"]));
  assert.ok(!matchesShape(grant("a", "*"), ["a"]));
  assert.ok(matchesShape(grant("releases/*"), ["releases/1.0"]));
  assert.ok(!matchesShape(grant("releases/*"), ["release"]));
  assert.ok(!matchesShape(grant("a"), ["A"]));
});

Deno.test("matchesShape() lets '**' stand for any number, as the last element only", () => {
  assert.ok(matchesShape(grant("a", "**"), ["a"]));
  assert.ok(matchesShape(grant("a", "**"), ["a", "b", "c"]));
  assert.ok(!matchesShape(grant("a", "**"), []));
  assert.ok(!matchesShape(grant("**", "a"), ["b", "c", "a"]));
});

Deno.test("programCovers() promises that whatever fits the grant fits the ceiling", () => {
  const argument = fc.constantFrom(
    "",
    "*",
    "a",
    "ab",
    "abc",
    "b",
    "a/b",
    "a/../b",
    "a/..b",
    "a/..",
  );
  const args = fc.array(argument, { maxLength: 4 });
  fc.assert(
    fc.property(anyGrant, anyGrant, args, (ceiling, inner, given) => {
      const outer = { ...ceiling, program: inner.program };
      if (programCovers(outer, inner) && matchesShape(inner, given)) {
        assert.ok(matchesShape(outer, given));
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("matchesShape() lets no '..' lead out of a prefix that is a path", () => {
  assert.ok(matchesShape(grant("/srv/*"), ["/srv/a/b"]));
  assert.ok(matchesShape(grant("/srv/*"), ["/srv/..a"]));
  for (const way of ["/srv/..", "/srv/../etc", "/srv/a/../../etc", "/srv/a/.."]) {
    assert.ok(!matchesShape(grant("/srv/*"), [way]), way);
    assert.ok(matchesShape(grant("*"), [way]), way);
  }
  assert.ok(!matchesShape(grant("--file=/srv/*"), ["--file=/srv/../etc"]));
});

Deno.test("matchesProgram() takes a path as it is spelled, '*' in brokered ones for one segment", () => {
  const hook = { program: "/srv/*/hook", args: [], env: [] };
  assert.ok(matchesProgram({ ...hook, brokered: true }, "/srv/1.0/hook"));
  assert.ok(!matchesProgram({ ...hook, brokered: true }, "/srv/../hook"));
  assert.ok(!matchesProgram({ ...hook, brokered: true }, "/srv/a/b/hook"));
  assert.ok(!matchesProgram({ ...hook, brokered: true }, "/srv//hook"));
  assert.ok(!matchesProgram(hook, "/srv/1.0/hook"));
});

Deno.test("programCovers() lets no box pass that holds less, and none at all least", () => {
  const hook = { program: "/srv/hook", args: [], env: [], brokered: true } as const;
  const box = { read: ["/etc"], write: ["/srv/x"], network: false };
  const covered = (outer: object | undefined, inner: object | undefined) =>
    programCovers(
      { ...hook, ...(outer && { box: { ...box, ...outer } }) },
      { ...hook, ...(inner && { box: { ...box, ...inner } }) },
    );
  assert.ok(covered({}, {}));
  assert.ok(covered(undefined, {}));
  assert.ok(!covered({}, undefined));
  assert.ok(!covered({ network: true }, undefined));
  assert.ok(covered({ network: true }, {}));
  assert.ok(!covered({}, { network: true }));
  assert.ok(covered({}, { read: ["/etc/a", "/srv/x/y"] }));
  assert.ok(!covered({}, { read: ["/"] }));
  assert.ok(covered({}, { write: [] }));
  assert.ok(!covered({}, { write: ["/etc"] }));
});
