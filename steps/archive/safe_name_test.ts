import assert from "node:assert/strict";
import fc from "fast-check";
import { caseKey, nameFault, showName } from "./safe_name.ts";

Deno.test("nameFault() accepts what file systems and people can live with", () => {
  const good = [
    "a",
    "files/app/main.py",
    "files/größe 😀/…",
    "files/.hidden/..two/three...",
    "files/a b/$HOME;`x`*?",
    "-rf",
    "a".repeat(255),
  ];
  for (const path of good) assert.equal(nameFault(path), undefined, path);
});

Deno.test("nameFault() refuses what could go elsewhere or deceive", () => {
  const bad = [
    "",
    "/",
    "/etc/passwd",
    "..",
    "../x",
    "a/..",
    "a/../b",
    ".",
    "./a",
    "a/.",
    "a//b",
    "a/",
    "a\\b",
    "a\0b",
    "a\nb",
    "a\x7f",
    "a\u0085",
    "a\u2028",
    "a\uD800",
    "a\uFFFD",
    "a".repeat(256),
    "ü".repeat(128),
    "ab/".repeat(700) + "c",
  ];
  for (const path of bad) assert.notEqual(nameFault(path), undefined, JSON.stringify(path));
});

Deno.test("nameFault() lets no path leave a folder", () => {
  fc.assert(fc.property(
    fc.array(fc.constantFrom("..", ".", "", "a", "/", "\\", "\0", "b c"), { maxLength: 8 }),
    (parts) => {
      const path = parts.join("/");
      if (nameFault(path) !== undefined) return;
      const url = new URL(path.replaceAll(/[%?#]/g, "_"), "file:///root/folder/");
      assert.ok(url.pathname.startsWith("/root/folder/"), path);
    },
  ));
});

Deno.test("caseKey() joins what some file system takes for one name", () => {
  const same = [
    ["README", "readme"],
    ["é", "e\u0301"],
    ["straße", "STRASSE"],
    ["ﬁ", "FI"],
    [
      "Σ",
      "σ",
    ],
    ["ς", "σ"],
    ["\u212A", "k"],
  ];
  for (const [a, b] of same) assert.equal(caseKey(a!), caseKey(b!), `${a} and ${b}`);
  assert.notEqual(caseKey("a"), caseKey("b"));
});

Deno.test("showName() writes no control character and does not go on for ever", () => {
  const shown = showName(`a\n\x1b[31m\u202e\x9b${"x".repeat(1000)}`);
  assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}]/u);
  assert.ok(shown.length < 250);
  assert.equal(showName('say "hi"'), '"say \\"hi\\""');
});
