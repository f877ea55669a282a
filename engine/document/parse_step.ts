import { type DocumentStep, type Entry, missingUses, type Node, type Placed } from "./document.ts";
import type { Faults } from "./faults.ts";
import { parseRetry } from "./parse_retry.ts";
import { describe, readFields } from "./read_fields.ts";
import {
  readBoolean,
  readDuration,
  readInteger,
  readPattern,
  readText,
  readWord,
  wrongType,
} from "./read_scalar.ts";
import { idPattern, includeShape, type Shape } from "./shape.ts";
import { spanWithin } from "./span_within.ts";

/**
 * Reads one entry under `steps` or `finally`; `undefined` where it is no mapping. Where its id or its
 * `uses` is missing or wrong, something stands in for it, so that the rest can be judged as well.
 */
export function parseStep(
  node: Node,
  shape: Shape,
  text: string,
  report: Faults,
): DocumentStep | undefined {
  const isInclude = node.kind === "map" &&
    node.entries.some(({ key, value }) =>
      key === "uses" && value.kind === "scalar" && value.value === "pipeline"
    );
  const fields = readFields(node, isInclude ? includeShape : shape, report);
  const id = readId(fields.get("id"), report);
  const uses = readText(fields.get("uses"), report);
  const input = readMap(fields.get(isInclude ? "params" : "with"), report);
  const optional = {
    summary: readText(fields.get("summary"), report),
    with: input,
    file: readText(fields.get("file"), report),
    needs: readNeeds(fields.get("needs"), report),
    when: readWhen(fields.get("when"), text, report),
    retry: parseRetry(fields.get("retry"), report),
    timeout: readDuration(fields.get("timeout"), report),
    on_failure: readWord(
      fields.get("on_failure"),
      ["stop", "continue"] as const,
      ["bad-value", { ignore: "continue", abort: "stop", fail: "stop" }],
      report,
    ),
    commit: readBoolean(fields.get("commit"), report),
    for_each: readForEach(fields.get("for_each"), report),
    max_parallel: readInteger(fields.get("max_parallel"), 1, 1000, report),
  };
  const parallel = fields.get("max_parallel");
  if (parallel !== undefined && !fields.has("for_each")) {
    const message = "max_parallel says how many items of for_each run at once, and there is none";
    report.error("missing-key", parallel.keySpan, message, "add for_each, or remove max_parallel");
  }
  if (node.kind !== "map") return undefined;
  const present = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    id: id ?? standIn(fields.get("id"), `?${node.span.line}`, node),
    uses: uses ?? { value: missingUses, span: node.span },
    ...Object.fromEntries(present),
    span: node.span,
  };
}

/** The id as it was written, which others may refer to; `otherwise` where there is no text. */
function standIn(entry: Entry | undefined, otherwise: string, step: Node): Placed<string> {
  const { value, span } = entry?.value.kind === "scalar"
    ? entry.value
    : { value: null, span: step.span };
  return { value: value === null || value === "" ? otherwise : String(value), span };
}

function readId(entry: Entry | undefined, report: Faults): Placed<string> | undefined {
  const id = readPattern(entry, idPattern, [
    "bad-id",
    "an id",
    "use letters, digits, _ and -, and begin with a letter or digit, as in P5-2",
  ], report);
  if (id?.value !== "undo") return id;
  report.error("bad-id", id.span, '"undo" cannot be an id', 'ids of undone steps end in ".undo"');
  return undefined;
}

function readMap(entry: Entry | undefined, report: Faults): Node | undefined {
  if (entry === undefined || entry.value.kind === "map") return entry?.value;
  wrongType(entry.value, entry.key, "a mapping of names to values", report);
  return undefined;
}

function readNeeds(entry: Entry | undefined, report: Faults): DocumentStep["needs"] {
  if (entry === undefined) return undefined;
  const { value: node } = entry;
  if (node.kind !== "list") {
    const one = node.kind === "scalar" && typeof node.value === "string";
    const hint = one ? `write [${node.value}]` : "write [] to start at once";
    wrongType(node, "needs", "a list of ids", report, hint);
    return undefined;
  }
  const ids: Placed<string>[] = [];
  for (const item of node.items) {
    if (item.kind === "scalar" && typeof item.value === "string") {
      ids.push({ value: item.value, span: item.span });
    } else {
      const number = item.kind === "scalar" && typeof item.value === "number";
      wrongType(item, "an id", "a text", report, number ? `quote it: "${item.value}"` : undefined);
    }
  }
  return { value: ids, span: node.span };
}

/** A condition may stand within `${{ }}` or without; `true` and `false` are conditions too. */
function readWhen(
  entry: Entry | undefined,
  text: string,
  report: Faults,
): Placed<string> | undefined {
  if (entry === undefined) return undefined;
  const { value: node } = entry;
  if (node.kind === "scalar" && typeof node.value === "boolean") {
    return { value: String(node.value), span: node.span };
  }
  const whole = readText(entry, report);
  if (whole === undefined) return undefined;
  const inner = /^\s*\$\{\{([^]*)\}\}\s*$/.exec(whole.value)?.[1] ?? whole.value;
  const source = inner.trim();
  if (source === "" || inner.includes("${{")) {
    const message = `when must be one expression, not ${describe(node)}`;
    report.error("bad-expression", node.span, message, "join conditions with && or || within it");
    return undefined;
  }
  const start = whole.value.indexOf(source);
  const span = spanWithin(text, node.span, whole.value, start, start + source.length);
  return { value: source, span };
}

function readForEach(entry: Entry | undefined, report: Faults): Node | undefined {
  if (entry === undefined) return undefined;
  const { value: node } = entry;
  const isExpression = node.kind === "scalar" && typeof node.value === "string" &&
    /^\s*\$\{\{[^]*\}\}\s*$/.test(node.value);
  if (node.kind === "list" || isExpression) return node;
  const hint = "write for example [a, b] or ${{ params.hosts }}";
  wrongType(node, "for_each", "a list, or one expression that gives a list", report, hint);
  return undefined;
}
