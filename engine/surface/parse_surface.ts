import type { Entry, Node, Placed } from "../document/document.ts";
import type { Faults } from "../document/faults.ts";
import { type Fields, readFields } from "../document/read_fields.ts";
import { readPattern, readText, readWord, wrongType } from "../document/read_scalar.ts";
import { suggest } from "../document/suggest.ts";
import { tokenForms } from "../events/token_form.ts";
import { parseAccepts } from "./parse_accepts.ts";
import { parseCeiling } from "./parse_ceiling.ts";
import { fixedShape, openShape, pipelinePattern, surfacePattern } from "./surface_shape.ts";
import type { DeclaredSurface } from "./surfaces.ts";

const kinds = ["open", "fixed"] as const;

/** Reads one entry under `surfaces`; `undefined` where it is no mapping. */
export function parseSurface(
  name: Placed<string>,
  node: Node,
  report: Faults,
): DeclaredSurface | undefined {
  const shown = JSON.stringify(name.value);
  if (!new RegExp(surfacePattern).test(name.value) || name.value === "default") {
    const hint = "use letters, digits, _ and -, as in appliance-watch; default is Deno's own";
    report.error("bad-name", name.span, `${shown} is not a name of a surface`, hint);
  }
  if (node.kind !== "map") {
    wrongType(node, `the surface ${shown}`, "a mapping", report, "begin with kind: open");
    return undefined;
  }
  const has = (key: string) => node.entries.some((entry) => entry.key === key);
  const written = node.entries.find(({ key }) => key === "kind");
  const kind = readWord(written, kinds, ["bad-kind"], report)?.value ?? meant(written);
  // What is of no known kind is not held to the keys of one.
  if (written !== undefined && kind === undefined) return undefined;
  // Where it does not say which, its keys do.
  const isFixed = kind === "fixed" || (kind === undefined && has("pipeline"));
  const fields = readFields(node, isFixed ? fixedShape : openShape, report);
  const note = readText(fields.get("note"), report);
  const common = {
    name,
    ...(note === undefined ? {} : { note }),
    accepts: parseAccepts(fields.get("accepts"), report),
  };
  if (!isFixed) {
    const tokens = readWord(fields.get("tokens"), tokenForms, ["bad-tokens"], report);
    return {
      ...common,
      kind: "open",
      pipelines: readPipelines(fields.get("pipelines"), report),
      ceiling: parseCeiling(fields.get("ceiling"), report),
      ...(tokens === undefined ? {} : { tokens }),
    };
  }
  const pipeline = readPipeline(fields.get("pipeline"), report);
  return {
    ...common,
    kind: "fixed",
    pipeline: pipeline ?? { value: "", span: name.span },
    params: readParams(fields, report),
  };
}

/** The kind that a mistyped one was told to be. */
function meant(written: Entry | undefined): string | undefined {
  const { value: node } = written ?? {};
  return node?.kind === "scalar" ? suggest(String(node.value), kinds) : undefined;
}

function readPipelines(entry: Entry | undefined, report: Faults): readonly Placed<string>[] {
  if (entry === undefined) return [];
  const { key, value: node } = entry;
  if (node.kind !== "list") {
    wrongType(node, key, "a list of paths", report, "write [pipelines/NAME.yaml]");
    return [];
  }
  const found: Placed<string>[] = [];
  for (const item of node.items) {
    const path = readPipeline({ key: "a pipeline", keySpan: item.span, value: item }, report);
    if (path === undefined) continue;
    if (found.some(({ value }) => value === path.value)) {
      report.error("duplicate", path.span, `${path.value} is listed twice`, "remove one of them");
    } else found.push(path);
  }
  return found;
}

function readPipeline(entry: Entry | undefined, report: Faults): Placed<string> | undefined {
  return readPattern(entry, pipelinePattern, [
    "bad-path",
    "the path of a pipeline",
    "write it from the project's folder, as in pipelines/upgrade/apply.yaml",
  ], report);
}

function readParams(fields: Fields, report: Faults): readonly Entry[] {
  const entry = fields.get("params");
  if (entry === undefined) return [];
  if (entry.value.kind === "map") return entry.value.entries;
  wrongType(entry.value, entry.key, "a mapping of parameters to values", report);
  return [];
}
