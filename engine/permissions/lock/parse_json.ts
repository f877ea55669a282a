import { InvalidInputError } from "../../errors.ts";
import type { JsonMember, JsonNode } from "./json_node.ts";
import { placeOf } from "./json_node.ts";

/** Most levels of lists and mappings within each other. */
const depthLimit = 32;

/**
 * Reads JSON with the place of every value, so that what is wrong with a file can be shown in it. By
 * hand, because it runs where no library may. A key that stands twice is a fault: who reads the file
 * would see the first, and programs the second. Comments are passed over: `deno.json` may hold some.
 *
 * @param file names the text in messages
 * @throws InvalidInputError with `file:line:column`
 *
 * @example
 * ```ts
 * import { jsonValue } from "./json_node.ts";
 * import { parseJson } from "./parse_json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(jsonValue(parseJson('{ "a": [1, "b"] }', "x.json")), { a: [1, "b"] });
 * assert.throws(() => parseJson('{\n  "a": 1,\n  "a": 2\n}', "x.json"), /^InvalidInputError: x\.json:3:3: /);
 * ```
 */
export function parseJson(text: string, file: string): JsonNode {
  const parser = new Parser(text, file);
  return parser.whole();
}

const blank = /(?:[ \t\r\n]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const string = /"(?:[^"\\\n]|\\.)*"/y;
const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

class Parser {
  #at = 0;

  constructor(private readonly text: string, private readonly file: string) {}

  whole(): JsonNode {
    const node = this.#value(0);
    this.#skip();
    if (this.#at < this.text.length) this.#fail("nothing may follow the value");
    return node;
  }

  #value(depth: number): JsonNode {
    if (depth > depthLimit) this.#fail(`this is nested more than ${depthLimit} levels deep`);
    this.#skip();
    const start = this.#at;
    switch (this.text[start]) {
      case "{": {
        const members = this.#all("}", () => this.#member(depth));
        this.#refuseDuplicates(members);
        return { kind: "map", members, start, end: this.#at };
      }
      case "[": {
        const items = this.#all("]", () => this.#value(depth + 1));
        return { kind: "list", items, start, end: this.#at };
      }
    }
    const source = this.#match(string) ?? this.#match(literal);
    if (source === undefined) this.#fail("a value has to stand here");
    return { kind: "scalar", value: this.#read(source!, start), start, end: this.#at };
  }

  /** What stands between brackets, with commas between. */
  #all<T>(close: string, read: () => T): readonly T[] {
    this.#at++;
    const found: T[] = [];
    this.#skip();
    if (this.#take(close)) return found;
    do found.push(read()); while (this.#comma(close));
    return found;
  }

  #comma(close: string): boolean {
    this.#skip();
    if (this.#take(close)) return false;
    if (!this.#take(",")) this.#fail(`"," or "${close}" has to stand here`);
    return true;
  }

  #member(depth: number): JsonMember {
    this.#skip();
    const start = this.#at;
    const source = this.#match(string);
    if (source === undefined) this.#fail("a key in quotes has to stand here");
    const key = this.#read(source!, start) as string;
    this.#skip();
    if (!this.#take(":")) this.#fail('":" has to stand here');
    return { key, start, value: this.#value(depth + 1) };
  }

  #refuseDuplicates(members: readonly JsonMember[]): void {
    const seen = new Set<string>();
    for (const { key, start } of members) {
      if (seen.has(key)) this.#fail(`the key ${JSON.stringify(key)} is here twice`, start);
      seen.add(key);
    }
  }

  #read(source: string, start: number): null | boolean | number | string {
    try {
      return JSON.parse(source);
    } catch {
      return this.#fail("this is no JSON", start);
    }
  }

  #skip(): void {
    this.#match(blank);
  }

  #take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fail(message: string, at = this.#at): never {
    const { line, column } = placeOf(this.text, at);
    throw new InvalidInputError(`${this.file}:${line}:${column}: ${message}`);
  }
}
