import type { Json } from "../json.ts";
import { secretForms } from "./secret_forms.ts";

/** What stands in place of a secret. */
export const mask = "***";

/** Fewer characters than this are masked only where they stand as a word, and in no other form. */
const shortest = 4;
/** The shortest line of a secret of several lines that is a secret by itself. */
const shortestLine = 8;
/** The shortest beginning of a form that is masked where a text was cut in the middle of it. */
const shortestCut = 8;
/** What stands where somebody shortened a text. */
const cutMark = /…|\.{3}/g;
/** Lines of a PEM file that are no secret. */
const pemBoundary = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/;

/** From `start` up to, but without, `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Replaces secrets by `***`, in every form in which they may leave a process: as they are, in
 * base64 (any alignment, both alphabets), hex, percent-encoding, HTML, JSON, and as JavaScript and
 * Python print a text within a value; of a secret of several lines also each line of at least 8 characters. Where forms overlap all of them goes. Of a form that
 * a text was cut in, at its end or before `…` or `...`, what is left goes from 8 characters on.
 *
 * A secret of fewer than 4 characters is masked only as a word of its own: anything more would
 * make all output unreadable, and hides little. An empty one is ignored.
 *
 * @example
 * ```ts
 * import { Masker } from "./masker.ts";
 * import assert from "node:assert/strict";
 *
 * const masker = new Masker();
 * masker.add("s3cr3t!");
 * assert.equal(masker.mask("password=s3cr3t%21 (czNjcjN0IQ==)"), "password=*** (***)");
 * ```
 */
export class Masker {
  readonly #known = new Set<string>();
  readonly #words = new Set<string>();
  /** Forms by their first four characters, the longest first. */
  readonly #forms = new Map<number, string[]>();
  /** Which hashes of four characters begin a form: most places of a text end here. */
  readonly #begins = new Uint8Array(1 << 16);
  #longest = 0;

  /** Masks this from now on, and without the white space around it as well. */
  add(secret: string): void {
    const lines = secret.split(/\r\n|[\r\n]/).map((line) => line.trim());
    const long = lines.length === 1
      ? []
      : lines.filter((line) => line.length >= shortestLine && !pemBoundary.test(line));
    for (const text of [secret, secret.trim(), ...long]) {
      if (text.trim() === "" || this.#known.has(text)) continue;
      this.#known.add(text);
      this.#longest = Math.max(this.#longest, text.length);
      if (text.length < shortest) this.#words.add(text);
      else for (const form of secretForms(text)) this.#addForm(form);
    }
  }

  /** The text with every secret replaced. */
  mask(text: string): string {
    let masked = "";
    let at = 0;
    for (const { start, end } of this.find(text)) {
      masked += text.slice(at, start) + mask;
      at = end;
    }
    return at === 0 ? text : masked + text.slice(at);
  }

  /**
   * The value with every text in it masked, names of members too (those that become equal get a
   * number). Numbers stay as they are.
   */
  maskJson<T extends Json>(value: T): T {
    return this.#maskValue(value) as T;
  }

  /** Characters of the longest form of a secret. */
  get longest(): number {
    return this.#longest;
  }

  /** Where secrets stand: apart, in order; those that overlap or touch are one. */
  find(text: string): readonly Stretch[] {
    const found: Stretch[] = this.#words.size === 0 ? [] : this.#findWords(text);
    if (this.#forms.size > 0) this.#findForms(text, found);
    return joined(found);
  }

  #addForm(form: string): void {
    if (form.length < shortest) return;
    this.#longest = Math.max(this.#longest, form.length);
    const hash = hashAt(form, 0);
    const forms = this.#forms.get(hash) ?? [];
    if (forms.includes(form)) return;
    forms.push(form);
    forms.sort((one, other) => other.length - one.length);
    this.#forms.set(hash, forms);
    this.#begins[hash & 0xffff] = 1;
  }

  #findForms(text: string, found: Stretch[]): void {
    const begins = this.#begins;
    let cut = -1;
    for (let at = 0; at + shortest <= text.length; at++) {
      const hash = hashAt(text, at);
      if (begins[hash & 0xffff] === 0) continue;
      const forms = this.#forms.get(hash);
      if (forms === undefined) continue;
      const form = forms.find((each) => text.startsWith(each, at));
      if (form !== undefined) found.push({ start: at, end: at + form.length });
      if (cut < at) cut = nextCut(text, at);
      if (cut - at < shortestCut || cut - at >= this.#longest) continue;
      const left = text.slice(at, cut);
      const begun = !pemBoundary.test(left) && forms.some((each) => each.startsWith(left));
      if (begun) found.push({ start: at, end: cut });
    }
  }

  #findWords(text: string): Stretch[] {
    const found: Stretch[] = [];
    for (const word of this.#words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        const end = at + word.length;
        if (partOfWord.test(text.charAt(at - 1)) || partOfWord.test(text.charAt(end))) continue;
        found.push({ start: at, end });
      }
    }
    return found.sort((one, other) => one.start - other.start);
  }

  #maskValue(value: Json): Json {
    if (typeof value === "string") return this.mask(value);
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((item) => this.#maskValue(item));
    const members = new Map<string, Json>();
    for (const [key, member] of Object.entries(value)) {
      const masked = this.mask(key);
      let name = masked;
      for (let number = 2; members.has(name); number++) name = `${masked}${number}`;
      members.set(name, this.#maskValue(member));
    }
    return Object.fromEntries(members);
  }
}

/** Where the text ends, or was shortened, from a place on. */
function nextCut(text: string, from: number): number {
  cutMark.lastIndex = from;
  return cutMark.exec(text)?.index ?? text.length;
}

const partOfWord = /^[\p{L}\p{N}_]$/u;

function hashAt(text: string, at: number): number {
  let hash = text.charCodeAt(at);
  hash = Math.imul(hash, 31) + text.charCodeAt(at + 1);
  hash = Math.imul(hash, 31) + text.charCodeAt(at + 2);
  return Math.imul(hash, 31) + text.charCodeAt(at + 3) | 0;
}

function joined(stretches: Stretch[]): readonly Stretch[] {
  if (stretches.length < 2) return stretches;
  const result: { start: number; end: number }[] = [];
  for (const stretch of stretches.sort((one, other) => one.start - other.start)) {
    const last = result.at(-1);
    if (last !== undefined && stretch.start <= last.end) {
      last.end = Math.max(last.end, stretch.end);
    } else result.push({ ...stretch });
  }
  return result;
}
