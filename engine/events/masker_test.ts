import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inspect } from "node:util";
import fc from "fast-check";
import type { JsonObject } from "../json.ts";
import { maskLines } from "./mask_lines.ts";
import { Masker } from "./masker.ts";

function maskerOf(...secrets: string[]): Masker {
  const masker = new Masker();
  for (const secret of secrets) masker.add(secret);
  return masker;
}

/** Ways in which programs write a text; made without the code under test. */
const writers: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 without padding": (text) => Buffer.from(text).toString("base64").replaceAll("=", ""),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "hex, lower case": (text) => Buffer.from(text).toString("hex"),
  "hex, upper case": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "percent-encoded": encodeURIComponent,
  "percent-encoded, lower case": (text) =>
    encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  "of a form": (text) => new URLSearchParams([["", text]]).toString().slice(1),
  json: (text) => JSON.stringify(text).slice(1, -1),
  "json in json": (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  "in a value that Deno prints": (text) =>
    quotedIn(Deno.inspect([text], { strAbbreviateSize: 1000 })),
  "in a value that Node prints": (text) => quotedIn(inspect([text], { breakLength: Infinity })),
  "as bytes of Python": pythonBytes,
  "in HTML": (text) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
  "ASCII json": (text) =>
    JSON.stringify(text).slice(1, -1)
      .replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`),
};

/** What stands between the quotes of a list with one text. */
function quotedIn(list: string): string {
  return /^\[\s*(['"`])(.*)\1\s*\]$/s.exec(list)![2]!;
}

/** As Python's `repr` writes the bytes of a text. */
function pythonBytes(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return [...Buffer.from(text)].map((byte) => {
    const one = String.fromCharCode(byte);
    if (one === quote || one === "\\") return `\\${one}`;
    const letter = { "\t": "\\t", "\n": "\\n", "\r": "\\r" }[one];
    if (letter !== undefined) return letter;
    return /[ -~]/.test(one) ? one : `\\x${Buffer.from([byte]).toString("hex")}`;
  }).join("");
}

/** No asterisk, as the mask is made of them. */
const character = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  fc.constantFrom(..."'\"\\`<>&/\n\t"),
);
const secret = fc.string({ unit: character, minLength: 4, maxLength: 40 })
  .map((text) => text.toWellFormed())
  .filter((text) => text.trim().length >= 4 && !text.includes("*"));

for (const [name, write] of Object.entries(writers)) {
  Deno.test(`mask() leaves no secret that is written ${name}`, () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.string(),
        (secrets, around) => {
          const masker = maskerOf(...secrets);
          const written = secrets.map(write);
          const masked = masker.mask(around + written.join("\x00") + around);
          for (const each of written) assert.ok(!masked.includes(each), `${each} in ${masked}`);
        },
      ),
    );
  });
}

for (const [name, write] of Object.entries(writers)) {
  Deno.test(`mask() leaves no long beginning of a secret that is written ${name} and cut`, () => {
    fc.assert(
      fc.property(secret, fc.nat(), fc.constantFrom("", "…", "... (cut)"), (text, at, mark) => {
        const written = write(text);
        const kept = written.slice(0, 8 + at % 32);
        if (written.length < 8 || /…|\.{3}/.test(written)) return;
        const masked = maskerOf(text).mask(`said "x: ${kept}${mark}`);
        assert.ok(!masked.includes(kept), masked);
      }),
    );
  });
}

Deno.test("mask() leaves the beginning of a secret where the text goes on otherwise", () => {
  const masker = maskerOf("healthy-and-secret");
  assert.equal(masker.mask("healthy-and-well"), "healthy-and-well");
  assert.equal(masker.mask("healthy"), "healthy");
  assert.equal(masker.mask(`${"healthy-and-s"} ${"x".repeat(99)}`).slice(0, 13), "healthy-and-s");
});

Deno.test("mask() knows the quotes in which other languages write a text", () => {
  const value = "p@ss'\"\\x<&ü\u00ad\x1b\n😀`";
  const masker = maskerOf(value);
  const written = {
    "repr of Python": "p@ss\\'\"\\\\x<&ü\\xad\\x1b\\n😀`",
    "ascii of Python": "p@ss\\'\"\\\\x<&\\xfc\\xad\\x1b\\n\\U0001f600`",
    "html.escape of Python": "p@ss&#x27;&quot;\\x&lt;&amp;ü\u00ad\x1b\n😀`",
    "html.EscapeString of Go": "p@ss&#39;&#34;\\x&lt;&amp;ü\u00ad\x1b\n😀`",
    "XML in a text": "p@ss'\"\\x&lt;&amp;ü\u00ad\x1b\n😀`",
  };
  for (const [language, text] of Object.entries(written)) {
    assert.equal(masker.mask(`<${text}>`), "<***>", language);
  }
});

Deno.test("mask() leaves no secret that stands anywhere in base64", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      secret,
      fc.string({ unit: "binary" }),
      (before, value, after) => {
        const masker = maskerOf(value);
        for (const alphabet of ["base64", "base64url"] as const) {
          const bytes = Buffer.from(value);
          const at = Buffer.from(before).length;
          const text = Buffer.from(before + value + after).toString(alphabet).replaceAll("=", "");
          // The characters that the secret alone decides.
          const own = text.slice(Math.ceil(at * 8 / 6), Math.floor((at + bytes.length) * 8 / 6));
          assert.ok(!masker.mask(text).includes(own), `${own} in ${masker.mask(text)}`);
        }
      },
    ),
  );
});

Deno.test("mask() masks the whole of secrets that overlap, in whatever order they were added", () => {
  for (const secrets of [["abcdef", "defghi"], ["defghi", "abcdef"]]) {
    assert.equal(maskerOf(...secrets).mask("<abcdefghi>"), "<***>");
  }
  assert.equal(maskerOf("pass", "password").mask("password pass"), "*** ***");
  assert.equal(maskerOf("aaaa").mask("aaaaaaa b"), "*** b");
});

Deno.test("mask() masks the lines of a secret of several lines, but not the frame of a PEM file", () => {
  const body = ["MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg", "hZbN8V5K8lq3rm0n", "aQ=="];
  const pem = ["-----BEGIN PRIVATE KEY-----", ...body, "-----END PRIVATE KEY-----", ""].join("\n");
  const masker = maskerOf(pem);
  assert.equal(masker.mask(pem), "***");
  assert.equal(masker.mask(pem.trim()), "***");
  assert.equal(masker.mask(`read ${body[1]}!`), "read ***!");
  assert.equal(masker.mask(JSON.stringify({ pem })), '{"pem":"***"}');
  assert.equal(masker.mask("-----BEGIN PRIVATE KEY-----"), "-----BEGIN PRIVATE KEY-----");
  // As `base64 -w 76` prints the whole file.
  const wrapped = Buffer.from(pem).toString("base64").replace(/.{76}/g, "$&\n");
  assert.match(masker.mask(wrapped), /^[*\n]+$/);
});

Deno.test("mask() knows a secret without the white space that its file had around it", () => {
  assert.equal(maskerOf("  s3cret \n").mask("Bearer s3cret"), "Bearer ***");
});

Deno.test("mask() masks very short secrets as words only, and ignores empty ones", () => {
  const masker = maskerOf("ab", "", " \n", "é");
  assert.equal(masker.mask("ab=ab; cab abc é été _ab"), "***=***; cab abc *** été _ab");
  assert.equal(maskerOf("", "\n").mask("nothing\n"), "nothing\n");
});

Deno.test("mask() takes a text for a text, not for a pattern", () => {
  const value = "$&.*(a|b)\\1[";
  assert.equal(maskerOf(value).mask(`x${value}y`), "x***y");
});

Deno.test("maskJson() masks texts and names, and keeps members that become equal", () => {
  const value: JsonObject = {
    "token s3cr3t": ["s3cr3t", 1, null, { deep: true, "s3cr3t": "x" }],
    "s3cr3t": 1,
    [btoa("s3cr3t")]: 2,
    ["__proto__"]: "s3cr3t",
  };
  assert.equal(
    JSON.stringify(maskerOf("s3cr3t").maskJson(value)),
    '{"token ***":["***",1,null,{"deep":true,"***":"x"}],"***":1,"***2":2,"__proto__":"***"}',
  );
});

Deno.test("maskLines() finds secrets in whatever pieces they come", () => {
  const value = fc.string({ unit: "grapheme-ascii", minLength: 4, maxLength: 12 })
    .filter((text) => text.trim().length >= 4 && !text.includes("*"));
  const part = fc.oneof(fc.string({ maxLength: 8 }), fc.constant("\n"), fc.constant("SECRET"));
  fc.assert(
    fc.property(value, fc.array(part), fc.array(fc.nat(20)), (secret, parts, sizes) => {
      const text = parts.map((each) => each === "SECRET" ? secret : each).join("");
      const masker = maskerOf(secret);
      const lines: string[] = [];
      const masked = maskLines(masker, (line) => lines.push(line));
      let at = 0;
      for (const size of sizes) masked.piece(text.slice(at, at += size));
      masked.piece(text.slice(at));
      masked.end();
      const expected = text.split("\n").map((line) => masker.mask(line.replace(/\r$/, "")));
      if (text.endsWith("\n") || text === "") expected.pop();
      assert.deepEqual(lines, expected);
    }),
  );
});

Deno.test("maskLines() cuts a very long line, but no secret in it", () => {
  const secret = "0123456789".repeat(30);
  const masker = maskerOf(secret, "56789ab");
  for (let before = 8192 - 700; before < 8192 + 10; before += 7) {
    const lines: string[] = [];
    const masked = maskLines(masker, (line) => lines.push(line));
    const text = "x".repeat(before) + secret + "ab" + "y".repeat(9000) + "😀".repeat(5000) +
      "\nend";
    for (let at = 0; at < text.length; at += 1000) masked.piece(text.slice(at, at + 1000));
    masked.end();
    assert.equal(lines.pop(), "end");
    assert.equal(lines.join(""), masker.mask(text.slice(0, -4)));
    assert.ok(
      lines.length > 1 && lines.every((line) => line.length < 10_000 && line.isWellFormed()),
    );
  }
});
