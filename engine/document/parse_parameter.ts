import type { Entry, Node, Parameter, ParameterType, Placed } from "./document.ts";
import { itemTypes, parameterTypes } from "./document.ts";
import type { Faults } from "./faults.ts";
import { readFields } from "./read_fields.ts";
import { readPattern, readText, readWord, wrongType } from "./read_scalar.ts";
import {
  listParameterShape,
  numberParameterShape,
  parameterNamePattern,
  parameterShape,
  type Shape,
  variablePattern,
} from "./shape.ts";

/** What types are called elsewhere. */
const meanings: Readonly<Record<string, ParameterType>> = {
  array: "list",
  bool: "boolean",
  bytes: "size",
  dict: "map",
  dir: "path",
  directory: "path",
  file: "path",
  float: "number",
  folder: "path",
  int: "integer",
  object: "map",
  password: "secret",
  seconds: "duration",
  str: "string",
  text: "string",
  time: "duration",
  uri: "url",
};

/** Reads the mapping under `params`. */
export function parseParameters(entry: Entry | undefined, report: Faults): readonly Parameter[] {
  if (entry === undefined) return [];
  const { value: node } = entry;
  if (node.kind !== "map") {
    const hint = "write for example root: { type: path, default: /opt/app }";
    wrongType(node, "params", "a mapping of names to parameters", report, hint);
    return [];
  }
  return node.entries.map((one) => parseParameter(one, report));
}

function parseParameter(entry: Entry, report: Faults): Parameter {
  const { key, keySpan, value: node } = entry;
  if (!new RegExp(parameterNamePattern).test(key)) {
    report.error(
      "bad-name",
      keySpan,
      `${JSON.stringify(key)} cannot be the name of a parameter`,
      "use letters, digits and _, and begin with no digit: expressions read it as params.NAME",
    );
  }
  const fields = readFields(node, shapeFor(node), report);
  const type = readWord<ParameterType>(
    fields.get("type"),
    parameterTypes,
    ["bad-type", meanings],
    report,
  );
  const items = readWord(fields.get("items"), itemTypes, ["bad-type", meanings], report);
  const summary = readText(fields.get("summary"), report);
  const env = readPattern(fields.get("env"), variablePattern, [
    "bad-name",
    "the name of a variable",
    "use letters, digits and _, as in ATP_ROOT",
  ], report);
  const choices = readChoices(fields.get("choices"), report);
  const minimum = readBound(fields.get("minimum"), report);
  const maximum = readBound(fields.get("maximum"), report);
  if (minimum !== undefined && maximum !== undefined && minimum.value > maximum.value) {
    const message = `minimum ${minimum.value} is more than maximum ${maximum.value}`;
    report.error("bad-value", minimum.span, message, "exchange them");
  }
  const fallback = type === undefined ? undefined : fields.get("default")?.value;
  return {
    name: { value: key, span: keySpan },
    type: type ?? meantType(fields.get("type"), node),
    ...(items === undefined ? {} : { items }),
    ...(summary === undefined ? {} : { summary }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(env === undefined ? {} : { env }),
    ...(choices === undefined ? {} : { choices }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    span: node.span,
  };
}

/** Which keys it may have, by the type that is written. */
function shapeFor(node: Node): Shape {
  const type = node.kind === "map"
    ? node.entries.find(({ key }) => key === "type")?.value
    : undefined;
  const written = type?.kind === "scalar" ? type.value : undefined;
  if (written === "list") return listParameterShape;
  return written === "integer" || written === "number" ? numberParameterShape : parameterShape;
}

function readBound(entry: Entry | undefined, report: Faults): Placed<number> | undefined {
  if (entry === undefined) return undefined;
  const { key, value: node } = entry;
  if (node.kind === "scalar" && typeof node.value === "number") {
    return { value: node.value, span: node.span };
  }
  wrongType(node, key, "a number", report);
  return undefined;
}

/** What stands in for a type that is missing or wrong, so that what uses the parameter is judged. */
function meantType(entry: Entry | undefined, parameter: Node): Placed<ParameterType> {
  const text = entry?.value.kind === "scalar" ? String(entry.value.value) : "";
  const type = Object.hasOwn(meanings, text) ? meanings[text]! : "string";
  return { value: type, span: entry?.value.span ?? parameter.span };
}

function readChoices(
  entry: Entry | undefined,
  report: Faults,
): Placed<readonly Node[]> | undefined {
  if (entry === undefined) return undefined;
  const { value: node } = entry;
  if (node.kind !== "list" || node.items.length === 0) {
    const hint = "write for example [dev, prod]";
    wrongType(node, "choices", "a list of at least one value", report, hint);
    return undefined;
  }
  for (const item of node.items) {
    if (item.kind !== "scalar" || item.value === null) {
      wrongType(item, "a choice", "a text, a number or a boolean", report);
    }
  }
  return { value: node.items, span: node.span };
}
