import type { Placed } from "../../../engine/document/document.ts";
import { asText, entryOf, type MapNode, mapOf, textOf } from "./manifest_node.ts";
import type { Manifest } from "./manifest.ts";

type Runtime = Pick<Manifest, "runtime" | "requires_python">;

const specifier = /^(?:(?:~=|===?|!=|<=?|>=?)\s*[A-Za-z0-9][A-Za-z0-9.*+!_-]*\s*(?:,\s*(?!$)|$))+$/;

/**
 * Reads what runs the package. `python3.11` asks for that version or a later one; a package that says
 * nothing is Python's.
 */
export function readRuntime(top: MapNode): Runtime {
  const entry = entryOf(top, "runtime");
  if (entry === undefined) return { runtime: "python" };
  if (entry.value.kind === "map") return readMapping(top);
  const text = textOf(top, "runtime");
  if (text === undefined) return { runtime: "python" };
  if (text.value === "deno") return { runtime: "deno" };
  const [, minor] = /^python(?:3(?:\.(\d{1,2}))?)?$/.exec(text.value) ?? [text.value];
  if (/^python(3(\.\d{1,2})?)?$/.test(text.value)) {
    return {
      runtime: "python",
      ...(minor === undefined ? {} : { requires_python: `>=3.${minor}` }),
    };
  }
  refuse(top, text);
  return { runtime: "python" };
}

function refuse(top: MapNode, { value, span }: Placed<string>): void {
  const other = /^(node|go)\d/.exec(value);
  top.report.error(
    "bad-runtime",
    span,
    `runtime must be python3 with a minor version, or deno, not ${JSON.stringify(value)}`,
    other === null
      ? "write for example runtime: python3.11"
      : `this runtime does not run packages of ${other[1] === "go" ? "Go" : "Node.js"}`,
  );
}

/** `{python: ">=3.8"}`. */
function readMapping(top: MapNode): Runtime {
  const map = mapOf(top, "runtime")!;
  for (const { key, keySpan } of map.entries) {
    if (key === "python") continue;
    map.report.error("bad-runtime", keySpan, `runtime must name python, not ${key}`);
  }
  const entry = entryOf(map, "python");
  const text = entry === undefined ? undefined : asText(entry.value, "runtime.python", map);
  if (text === undefined) return { runtime: "python" };
  if (specifier.test(text.value)) return { runtime: "python", requires_python: text.value };
  map.report.error(
    "bad-version",
    text.span,
    `runtime.python must say which versions, not ${JSON.stringify(text.value.slice(0, 100))}`,
    'write for example python: ">=3.8"',
  );
  return { runtime: "python" };
}
