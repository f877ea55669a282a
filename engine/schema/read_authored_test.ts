import assert from "node:assert/strict";
import * as v from "valibot";
import { jsonSchemaOf } from "./json_schema.ts";
import { absolutePath, readAuthored } from "./read_authored.ts";
import { duration, path, secret, size, url } from "./types.ts";

const schema = jsonSchemaOf(
  v.strictObject({
    wait: v.optional(duration()),
    most: v.optional(size()),
    roots: v.optional(v.array(path())),
    key: v.optional(secret()),
    health: v.optional(v.union([v.literal("none"), url()])),
    target: v.optional(v.union([v.literal("none"), path()])),
    probe: v.optional(v.variant("kind", [
      v.strictObject({ kind: v.literal("file"), at: path() }),
      v.strictObject({ kind: v.literal("name"), at: v.string() }),
    ])),
  }) as v.GenericSchema,
  "input",
);

Deno.test("readAuthored() reads texts by the type that is wanted, at any depth", () => {
  const read = readAuthored(
    {
      wait: "1m30s",
      most: "2KiB",
      roots: ["a", "../b/", "/c//d/./e"],
      key: "file:keys/a.pem",
      probe: { kind: "file", at: "x" },
    },
    schema,
    "/srv/app",
  );
  assert.deepEqual(read, {
    wait: 90_000,
    most: 2048,
    roots: ["/srv/app/a", "/srv/b", "/c/d/e"],
    key: "file:/srv/app/keys/a.pem",
    probe: { kind: "file", at: "/srv/app/x" },
  });
});

Deno.test("readAuthored() takes a constant at its word and the variant that was chosen", () => {
  const value = { target: "none", health: "none", probe: { kind: "name", at: "x" } };
  assert.deepEqual(readAuthored(value, schema, "/srv"), value);
});

Deno.test("readAuthored() leaves to validation what it cannot read", () => {
  const value = { wait: "soon", most: "much", key: "env:KEY", roots: [""], other: [1, null] };
  assert.deepEqual(readAuthored(value, schema, "/srv"), value);
});

Deno.test("absolutePath() gives one spelling", () => {
  assert.equal(absolutePath(".", "/srv"), "/srv");
  assert.equal(absolutePath("/", "/srv"), "/");
  assert.equal(absolutePath("//srv//x/", "/"), "/srv/x");
  assert.equal(absolutePath("../../..", "/srv"), "/");
});
