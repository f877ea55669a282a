import assert from "node:assert/strict";
import { InvalidInputError } from "./errors.ts";
import { readVariable } from "./read_variable.ts";

Deno.test("readVariable() names a variable that holds no text, and nothing of its value", () => {
  const get = () => {
    throw new Deno.errors.InvalidData('environment variable was not valid unicode: "secret"');
  };
  assert.throws(() => readVariable("KEY", get), (error) => {
    assert.ok(error instanceof InvalidInputError);
    assert.match(error.message, /^the variable KEY holds no UTF-8 text$/);
    assert.equal(error.cause, undefined);
    return true;
  });
});

Deno.test("readVariable() passes on that a grant is missing", () => {
  const get = () => {
    throw new Deno.errors.NotCapable("no");
  };
  assert.throws(() => readVariable("KEY", get), Deno.errors.NotCapable);
});
