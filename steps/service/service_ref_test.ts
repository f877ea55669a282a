import assert from "node:assert/strict";
import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import { jsonSchemaOf } from "../../engine/schema/json_schema.ts";
import { parseServiceRef, printServiceRef, services } from "./service_ref.ts";

Deno.test("parseServiceRef() and printServiceRef() agree", () => {
  for (
    const text of ["systemd:atp-router", "systemd:a@b\\x2dc", "supervisor:/run/a.sock", "none"]
  ) {
    assert.equal(printServiceRef(parseServiceRef(text)), text);
  }
  assert.deepEqual(
    parseServiceRef("systemd:atp-router.service"),
    parseServiceRef("systemd:atp-router"),
  );
});

Deno.test("parseServiceRef() refuses what systemctl could misread, and paths that are none", () => {
  const bad = ["", "atp", "systemd:", "systemd:-H", "systemd:a b", "systemd:a*", "systemd:a/b"];
  const more = ["supervisor:s", "supervisor:/", "supervisor:/a/../b", "supervisor:/a,b", "None"];
  for (const text of [...bad, ...more, "systemd:a.timer", `supervisor:/${"x".repeat(107)}`]) {
    assert.throws(() => parseServiceRef(text), InvalidInputError, text);
  }
});

Deno.test("services() takes one or a list, and gives a list", () => {
  assert.deepEqual(v.parse(services(), "none"), ["none"]);
  assert.deepEqual(v.parse(services(), ["systemd:a", "systemd:b"]), ["systemd:a", "systemd:b"]);
  assert.equal(v.safeParse(services(), []).success, false);
  assert.equal(v.safeParse(services(), ["cron:a"]).success, false);
});

Deno.test("services() has a JSON Schema", () => {
  assert.equal(jsonSchemaOf(services(), "input").anyOf?.length, 2);
});
