// flags: none
import assert from "node:assert/strict";
import { dirname, join } from "node:path/posix";
import fc from "fast-check";
import { folderOf, joinPath } from "./join_path.ts";

const parts = fc.array(fc.constantFrom("a", "b.c", "..", ".", "", "...", " "), { maxLength: 8 });
const paths = fc.tuple(fc.constantFrom("", "/", "//"), parts).map(([root, names]) =>
  root + names.join("/")
);

Deno.test("joinPath() is what node:path/posix joins, less a slash at the end", () => {
  fc.assert(fc.property(paths, paths, (folder, path) => {
    const joined = path.startsWith("/") ? join(path) : join(folder || ".", path);
    assert.equal(joinPath(folder, path), joined === "/" ? joined : joined.replace(/\/$/, ""));
  }));
});

Deno.test("folderOf() is the folder of a file as node:path/posix names it", () => {
  for (const file of ["a", "a/b", "/a", "/a/b.yaml", "../a"]) {
    assert.equal(folderOf(file), dirname(file));
  }
});
