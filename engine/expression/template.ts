import type { Diagnostic, Span } from "../diagnostic.ts";
import type { Entry, Node } from "../document/document.ts";
import type { Template } from "../plan/plan.ts";
import { parsePath } from "./path.ts";
import { type PlacedText, spanOfPart } from "./place.ts";
import { scan, type Segment } from "./scan.ts";

/** An expression with its place: what there is to check. */
export interface PlacedExpression {
  /** Without `${{ }}` and the space around it. */
  readonly source: string;
  readonly span: Span;
  /** Whether it is a whole scalar, or stands within text. */
  readonly place: "whole" | "text";
  /** The scalar that it stands in, and where in its value: for the places of faults within it. */
  readonly scalar: PlacedText;
  readonly offset: number;
}

export interface ParsedTemplate {
  readonly template: Template;
  readonly diagnostics: readonly Diagnostic[];
  readonly expressions: readonly PlacedExpression[];
}

/**
 * Turns a value of a document into a template. A scalar that is wholly one `${{ e }}` keeps the type
 * of `e`; within text it becomes text; `$${{` stands for a literal `${{`. Expressions are not
 * checked here, and stand in values only, not in keys.
 *
 * @param text the whole text of the file: with it, the places of expressions are exact in scalars
 * that go over several lines or hold escapes too
 *
 * @example
 * ```ts
 * import { parseTemplate } from "./template.ts";
 * import assert from "node:assert/strict";
 *
 * const span = { file: "a.yaml", line: 1, column: 1, endLine: 1, endColumn: 24 };
 * const node = { kind: "scalar", value: "${{ params.root }}/etc", span } as const;
 * assert.deepEqual(parseTemplate(node).template, {
 *   kind: "text",
 *   parts: [
 *     { kind: "path", path: ["params", "root"], source: "params.root" },
 *     { kind: "value", value: "/etc" },
 *   ],
 * });
 * ```
 */
export function parseTemplate(node: Node, text?: string): ParsedTemplate {
  const diagnostics: Diagnostic[] = [];
  const expressions: PlacedExpression[] = [];
  const template = parseNode(node, { text, diagnostics, expressions });
  return { template, diagnostics, expressions };
}

/**
 * The template of an expression that stands without `${{ }}` around it, as under `when`.
 *
 * @example
 * ```ts
 * import { parseExpression } from "./template.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseExpression("steps.probe.ready").kind, "path");
 * assert.equal(parseExpression("params.count > 3").kind, "cel");
 * ```
 */
export function parseExpression(source: string): Template {
  const path = parsePath(source);
  return path === undefined ? { kind: "cel", source } : { kind: "path", path, source };
}

/**
 * An expression that stands without `${{ }}` around it, to be checked and placed like those of
 * {@linkcode parseTemplate}.
 */
export function placeExpression(
  { value, span }: { readonly value: string; readonly span: Span },
  text?: string,
): PlacedExpression {
  const scalar = placedText(value, span, text);
  return { source: value, span, place: "whole", scalar, offset: 0 };
}

/**
 * Text that a template gives back as it is.
 *
 * @example
 * ```ts
 * import { escapeText } from "./template.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(escapeText("write ${{ x }}"), "write $${{ x }}");
 * ```
 */
export function escapeText(text: string): string {
  return text.replaceAll("${{", () => "$${{");
}

interface Parse {
  readonly text: string | undefined;
  readonly diagnostics: Diagnostic[];
  readonly expressions: PlacedExpression[];
}

function parseNode(node: Node, parse: Parse): Template {
  switch (node.kind) {
    case "scalar":
      if (typeof node.value !== "string") return { kind: "value", value: node.value };
      return parseText(placedText(node.value, node.span, parse.text), parse);
    case "list": {
      const items = node.items.map((item) => parseNode(item, parse));
      return items.every((item) => item.kind === "value")
        ? { kind: "value", value: items.map((item) => item.value) }
        : { kind: "list", items };
    }
    case "map":
      return parseMap(node.entries, parse);
  }
}

function parseMap(entries: readonly Entry[], parse: Parse): Template {
  const members = entries.map(({ key, keySpan, value }) => {
    if (key.includes("${{")) {
      parse.diagnostics.push({
        severity: "error",
        code: "expression-in-key",
        message: `the key ${JSON.stringify(key)} holds an expression: keys are literal`,
        span: keySpan,
      });
    }
    return [key, parseNode(value, parse)] as const;
  });
  const known = members.flatMap(([key, member]) =>
    member.kind === "value" ? [[key, member.value] as const] : []
  );
  return known.length === members.length
    ? { kind: "value", value: Object.fromEntries(known) }
    : { kind: "map", entries: Object.fromEntries(members) };
}

function placedText(value: string, span: Span, text: string | undefined): PlacedText {
  return { value, span, ...(text === undefined ? {} : { text }) };
}

function parseText(scalar: PlacedText, parse: Parse): Template {
  if (!scalar.value.includes("${{")) return { kind: "value", value: scalar.value };
  const segments = scan(scalar.value);
  const [only] = segments;
  if (segments.length === 1 && only?.kind === "expression") {
    return expression(only, scalar, "whole", parse);
  }
  const parts = segments.flatMap((segment): Template[] => {
    switch (segment.kind) {
      case "text":
        return [{ kind: "value", value: segment.text }];
      case "expression":
        return [expression(segment, scalar, "text", parse)];
      case "unclosed":
        report(
          parse,
          "unclosed-expression",
          "this ${{ is never closed",
          "close it with }}, or write $${{ for a literal ${{",
          spanOfPart(scalar, segment.open, 3),
        );
        return [];
    }
  });
  const [first] = parts;
  if (first === undefined) return { kind: "value", value: "" };
  return parts.length === 1 && first.kind === "value" ? first : { kind: "text", parts };
}

function expression(
  { source, from, to, open }: Extract<Segment, { kind: "expression" }>,
  scalar: PlacedText,
  place: "whole" | "text",
  parse: Parse,
): Template {
  if (source === "") {
    const span = spanOfPart(scalar, open, from - open);
    report(parse, "empty-expression", "this expression is empty", "write $${{ for ${{", span);
    return { kind: "value", value: "" };
  }
  const span = spanOfPart(scalar, from, to - from);
  parse.expressions.push({ source, span, place, scalar, offset: from });
  return parseExpression(source);
}

function report(parse: Parse, code: string, message: string, hint: string, span: Span): void {
  parse.diagnostics.push({ severity: "error", code, message, hint, span });
}
