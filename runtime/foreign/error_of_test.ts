import assert from "node:assert/strict";
import { errorOf } from "./error_of.ts";
import { modulePrefix } from "./load_step.ts";

Deno.test("errorOf() says which import cannot be, in plain words, whatever colours Deno uses", () => {
  const place =
    `\x1b[0m\x1b[36m${modulePrefix}aW1wb3J0\x1b[0m:\x1b[0m\x1b[33m1\x1b[0m:\x1b[0m\x1b[33m22\x1b[0m`;
  const words = "invalid URL: relative URL with a cannot-be-a-base base";
  const error = Object.assign(new Error(`${words}\n    at ${place}`), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  assert.equal(errorOf(error, "./step.ts").message, "it imports a file at ./step.ts:1:22");
});
