import { InvalidInputError } from "../errors.ts";
import type { Json } from "../json.ts";

/**
 * Parses JSON in which no object has a key twice. Readers differ in which of two they believe, so
 * that a text which one of them judged would say something else to the other.
 *
 * @throws InvalidInputError when it is no JSON, or a key stands twice; nothing but the key is repeated
 *
 * @example
 * ```ts
 * import { parseStrictJson } from "./strict_json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseStrictJson('{"a": [1]}'), { a: [1] });
 * assert.throws(() => parseStrictJson('{"a": 1, "\\u0061": 2}'), /"a" twice/);
 * ```
 */
export function parseStrictJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidInputError("it is not JSON"); // The cause would quote the text.
  }
  const twice = findTwice(text);
  if (twice !== undefined) {
    throw new InvalidInputError(`it has the key ${JSON.stringify(twice)} twice`);
  }
  return value;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** A key that an object of a sound JSON text has twice, in whatever spelling. */
function findTwice(text: string): string | undefined {
  /** The keys of each object around a token; `undefined` for a list. */
  const around: (Set<string> | undefined)[] = [];
  let keyNext = false;
  for (const [token] of text.matchAll(tokens)) {
    switch (token) {
      case "{":
        around.push(new Set());
        keyNext = true;
        break;
      case "[":
        around.push(undefined);
        keyNext = false;
        break;
      case "}":
      case "]":
        around.pop();
        keyNext = false;
        break;
      case ",":
        keyNext = around.at(-1) !== undefined;
        break;
      case ":":
        keyNext = false;
        break;
      default: {
        if (!keyNext) break;
        const key: string = JSON.parse(token);
        const keys = around.at(-1)!;
        if (keys.has(key)) return key;
        keys.add(key);
      }
    }
  }
  return undefined;
}
