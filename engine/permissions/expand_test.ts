import assert from "node:assert/strict";
import { InvalidInputError } from "../errors.ts";
import { expand } from "./expand.ts";
import { permissions } from "./permissions.ts";

const places = { project: "/src", runs: "/home/me/runs", tmp: "/tmp" };

Deno.test("expand() puts places where a path begins", () => {
  const ceiling = expand(
    permissions({
      read: ["${project}", "/etc"],
      write: ["${runs}/x"],
      connect: ["unix:${tmp}", "localhost"],
      run: [{ program: "${project}/tool", args: ["${tmp}/*", "--to=${tmp}/x", "a"], env: ["A"] }],
    }),
    places,
  );
  assert.deepEqual(
    ceiling,
    permissions({
      read: ["/src", "/etc"],
      write: ["/home/me/runs/x"],
      connect: ["unix:/tmp", "localhost"],
      run: [{ program: "/src/tool", args: ["/tmp/*", "--to=/tmp/x", "a"], env: ["A"] }],
    }),
  );
});

Deno.test("expand() refuses unknown words and words in the middle", () => {
  for (const path of ["${home}", "/x/${tmp}", "${tmp}x", "${constructor}"]) {
    assert.throws(() => expand(permissions({ read: [path] }), places), InvalidInputError, path);
  }
});

Deno.test("expand() gives the root folder no second slash", () => {
  const atRoot = { ...places, tmp: "/" };
  assert.deepEqual(expand(permissions({ read: ["${tmp}", "${tmp}/a"] }), atRoot).read, ["/", "/a"]);
});
