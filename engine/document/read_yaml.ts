import {
  Composer,
  isMap,
  isScalar,
  isSeq,
  type Node as YamlNode,
  type Pair,
  type YAMLError,
} from "yaml";
import type { Diagnostic, Span } from "../diagnostic.ts";
import type { Entry, Node } from "./document.ts";
import { explainMisfit, explainSyntax } from "./explain_syntax.ts";
import { type Faults, faults } from "./faults.ts";
import { findMisfit, type Misfit } from "./find_misfit.ts";
import { type LineIndex, lineIndex } from "./line_index.ts";
import { yamlTokens } from "./yaml_tokens.ts";

/** Most characters (UTF-16 units) of a text: 1 Mi. */
export const textLimit = 2 ** 20;

export interface YamlText {
  /** `undefined` where the text could not be read as data, or holds nothing. */
  readonly node: Node | undefined;
  /** The text without a byte order mark: what the spans count in. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads one YAML 1.2 document (and so also JSON) into values with places. Only data: directives,
 * anchors, aliases, tags, merge keys, duplicate keys and numbers that JSON lacks are faults.
 */
export function readYaml(source: string, file: string): YamlText {
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  const report = faults();
  const node = read(text, lineIndex(text, file), report);
  return { node, text, diagnostics: report.found };
}

function read(text: string, index: LineIndex, report: Faults): Node | undefined {
  if (text.length > textLimit) {
    report.error(
      "too-large",
      index.span(0, 0),
      `the file has ${text.length} characters; at most ${textLimit} are read`,
      "split it: a step with uses: pipeline includes another file",
    );
    return undefined;
  }
  // A file that is no text at all has more of them than anybody reads.
  for (const { index: at, 0: character } of text.matchAll(control).take(10)) {
    const message = `a control character stands here: ${nameOf(character)}`;
    report.error("control-character", index.span(at, at + 1), message, "remove it");
  }
  const before = report.found.length;
  const tokens = yamlTokens(text, index, report);
  if (tokens === undefined || report.found.length > before) return undefined;
  const options = {
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    logLevel: "silent",
  } as const;
  const [document] = new Composer(options).compose(tokens, true, text.length);
  reportSyntax(document?.errors ?? [], text, index, report);
  if (report.found.length > before || !document?.contents) return undefined;
  return new Converter(text, index, report).node(document.contents);
}

/** What no text of a pipeline needs: it steers a terminal, or ends a path for the system. */
const control = /(?![\t\n\r])\p{Cc}/gu;

function nameOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What the parser has found, as far as it stands for itself. */
function reportSyntax(
  errors: readonly YAMLError[],
  text: string,
  index: LineIndex,
  report: Faults,
): void {
  let lastLine = 0;
  for (const { code, message, pos } of errors) {
    const span = index.span(pos[0], Math.max(pos[1], pos[0] + 1));
    // The rest of a line is misread after its first fault, and so may be all lines after it.
    if (span.line === lastLine || lastLine > 0 && code === "UNEXPECTED_TOKEN") continue;
    lastLine = span.line;
    const misfit = code === "TAB_AS_INDENT" ? undefined : findMisfit(text, span.line + 1);
    // A key without its colon takes the line after it for more of itself: that is at fault, not the line.
    const isKey = code === "MULTILINE_IMPLICIT_KEY" && (misfit?.line ?? 0) > span.line;
    if (misfit !== undefined && misfit.line >= span.line && !isKey) {
      const explained = explainMisfit(misfit);
      report.error("yaml-syntax", placeOf(misfit, text, index), explained.message, explained.hint);
      return;
    }
    const explained = explainSyntax(code, message, text, pos[0]);
    report.error("yaml-syntax", span, explained.message, explained.hint);
    // What belongs to what is not known any more.
    if (code === "TAB_AS_INDENT") return;
  }
}

/** The first word of its line. */
function placeOf({ line, indent }: Misfit, text: string, index: LineIndex): Span {
  let start = 0;
  for (let n = 1; n < line; n++) start = text.indexOf("\n", start) + 1;
  start += indent;
  const word = /^(?:- *)?[^\s:]*/.exec(text.slice(start, start + 200))![0];
  return index.span(start, start + Math.max(1, word.length));
}

/** Turns the parser's nodes into ours. */
class Converter {
  constructor(
    private readonly text: string,
    private readonly index: LineIndex,
    private readonly report: Faults,
  ) {}

  node(node: YamlNode): Node {
    const [start, valueEnd] = node.range!;
    // A block collection reaches to the next token: leave out the blank lines behind it.
    const source = this.text.slice(start, valueEnd).trimEnd();
    const span = this.index.span(start, start + source.length);
    if (isSeq(node)) {
      return { kind: "list", items: node.items.map((item) => this.node(item as YamlNode)), span };
    }
    if (isMap(node)) return { kind: "map", entries: this.entries(node.items), span };
    const value = isScalar(node) ? node.value : null;
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.report.error("bad-number", span, `${source} is no number that JSON can hold`);
    } else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const message = `the number ${source} is too large to be kept exactly`;
      this.report.error("bad-number", span, message, "quote it to make it a text");
    } else {
      const [character] = typeof value === "string" ? value.match(control) ?? [] : [];
      // One that is no escape has been told.
      if (character !== undefined && source.search(control) < 0) {
        const message = `this text holds the control character ${nameOf(character)}`;
        this.report.error("control-character", span, message, "remove the escape");
      }
      return { kind: "scalar", value: value as null | boolean | number | string, span };
    }
    return { kind: "scalar", value: 0, span };
  }

  private entries(pairs: readonly Pair<unknown, unknown>[]): Entry[] {
    const entries: Entry[] = [];
    const lines = new Map<string, number>();
    for (const pair of pairs) {
      const yamlKey = pair.key as YamlNode;
      const { kind, span: keySpan } = this.node(yamlKey);
      const value = pair.value === null
        ? { kind: "scalar", value: null, span: keySpan } as const
        : this.node(pair.value as YamlNode);
      const key = isScalar(yamlKey) ? this.keyText(yamlKey.value, yamlKey) : "";
      const shown = JSON.stringify(key);
      if (kind !== "scalar" || (isScalar(yamlKey) && yamlKey.value === null)) {
        this.report.error("bad-key", keySpan, "a key must be a text", "write key: value");
      } else if (key === "<<") {
        this.report.error("yaml-merge", keySpan, "merge keys are not supported", "write them out");
      } else if (key === "__proto__") {
        this.report.error("bad-key", keySpan, `${shown} cannot be a key`, "choose another name");
      } else if (lines.has(key)) {
        const message = `the key ${shown} is here twice, first on line ${lines.get(key)}`;
        this.report.error("duplicate-key", keySpan, message, "remove one of them");
      } else {
        lines.set(key, keySpan.line);
        entries.push({ key, keySpan, value });
      }
    }
    return entries;
  }

  /** Keys are texts in JSON: `8080: x` has the key "8080", as it is written. */
  private keyText(value: unknown, node: YamlNode): string {
    return typeof value === "string" ? value : this.text.slice(node.range![0], node.range![1]);
  }
}
