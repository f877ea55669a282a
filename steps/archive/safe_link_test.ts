import assert from "node:assert/strict";
import { linkFault } from "./safe_link.ts";

const links = new Map([
  ["current", "releases/a"],
  ["x", "y"],
  ["y", "z/x"],
  ["z/x", "../x"],
  ["chain1", "chain2"],
  ["chain2", "bin/tool"],
]);

const cases: readonly [path: string, target: string, why: RegExp | undefined][] = [
  ["lib/libx.so", "libx.so.1", undefined],
  ["lib/libx.so", "../lib/libx.so.1", undefined],
  ["a/b/c", "../../top", undefined],
  ["bin/python3", "/usr/bin/python3.11", undefined],
  ["chain1", "chain2", undefined],
  ["missing", "not/there", undefined],
  ["a/b", "..2/c", undefined],
  ["a", "../b", /leaves/],
  ["a/b", "../../b", /leaves/],
  ["a/b", "../c/../../d", /'\.\.'/],
  ["a", "b/../../c", /'\.\.'/],
  ["a", "/etc/passwd", /outside of \/usr/],
  ["a", "/usr", /outside of \/usr/],
  ["a", "/usr/../etc", /'\.\.'/],
  ["a", "/usr//bin", /empty/],
  ["a", "//usr/bin", /outside of \/usr/],
  ["a", "", /end with a name/],
  ["a", ".", /end with a name/],
  ["a/b", "..", /end with a name/],
  ["a/b", "../", /end with a name/],
  ["a", "b/", /empty/],
  ["a", "./b", /'\.'/],
  ["a", "b\nc", /control/],
  ["a", "current/x", /through the link current/],
  ["d/a", "../current/x", /through the link current/],
  ["x", "y", /back to itself/],
  ["new", "x", undefined],
];

Deno.test("linkFault() lets links stay in the tree or lead to /usr, and no others", () => {
  for (const [path, target, why] of cases) {
    const all = links.has(path) ? links : new Map([...links, [path, target]]);
    const fault = linkFault(path, target, all);
    const about = `${path} -> ${target}: ${fault}`;
    if (path === "new") assert.match(fault ?? "", /back to itself/, about);
    else if (why === undefined) assert.equal(fault, undefined, about);
    else assert.match(fault ?? "nothing", why, about);
  }
});
