import type { Placed } from "../../../engine/document/document.ts";
import {
  asMap,
  asText,
  fieldOf,
  listOf,
  type MapNode,
  mapOf,
  missing,
  textOf,
} from "./manifest_node.ts";
import type { Manifest } from "./manifest.ts";

type Runtime = Manifest["runtime"];

const name = "[\\p{ID_Start}_][\\p{ID_Continue}]*";
const patterns: Readonly<Record<Runtime, RegExp>> = {
  python: new RegExp(`^${name}(?:\\.${name})*:${name}$`, "u"),
  // A file of the package: its segments begin with no dot, so none leads elsewhere.
  deno: /^(?:\.\/)?(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.m?[jt]s:[A-Za-z_$][\w$]*$/,
};
const examples: Readonly<Record<Runtime, string>> = {
  python: "module:function, as in main:mount",
  deno: "file:function, as in src/main.ts:mount",
};
/** `agent.hello`, as `exports` has it. */
const dotted = new RegExp(`^(${name}(?:\\.${name})*)\\.(${name})$`, "u");

type Handlers = Pick<Manifest, "rest" | "a2a" | "entrypoint" | "exports">;

/** Reads which functions answer for the faces; their faces are those of the agent. */
export function readHandlers(top: MapNode, runtime: Runtime): Handlers {
  const rest = readEntry(mapOf(top, "rest"), "entry", runtime);
  const a2a = readEntry(mapOf(top, "a2a"), "service", runtime);
  const entrypoint = textOf(top, "entrypoint");
  const whole = checked(top, "entrypoint", entrypoint, runtime);
  return {
    ...(rest === undefined ? {} : { rest: { entry: rest } }),
    ...(a2a === undefined ? {} : { a2a: { service: a2a } }),
    ...(whole === undefined ? {} : { entrypoint: whole }),
    exports: readExports(top, runtime),
  };
}

function readEntry(map: MapNode | undefined, key: string, runtime: Runtime): string | undefined {
  if (map === undefined) return undefined;
  const text = textOf(map, key);
  if (text === undefined && !map.entries.some((entry) => entry.key === key && !isNull(entry))) {
    missing(map, fieldOf(map, key), `it names ${examples[runtime]}`);
  }
  return checked(map, fieldOf(map, key), text, runtime);
}

function isNull({ value }: MapNode["entries"][number]): boolean {
  return value.kind === "scalar" && value.value === null;
}

function checked(
  map: MapNode,
  field: string,
  text: Placed<string> | undefined,
  runtime: Runtime,
): string | undefined {
  if (text === undefined) return undefined;
  if (patterns[runtime].test(text.value)) return text.value;
  const [, module, last] = runtime === "python" ? dotted.exec(text.value) ?? [] : [];
  map.report.error(
    "bad-handler",
    text.span,
    `${field} must be ${examples[runtime]}, not ${JSON.stringify(text.value.slice(0, 100))}`,
    module === undefined ? undefined : `did you mean "${module}:${last}"?`,
  );
  return undefined;
}

function readExports(top: MapNode, runtime: Runtime): Manifest["exports"] {
  const lines = new Map<string, number>();
  return listOf(top, "exports").flatMap((node, index) => {
    const map = asMap(node, `exports[${index}]`, top);
    if (map === undefined) return [];
    const of = (key: string) => {
      const text = textOf(map, key);
      const there = map.entries.some((entry) => entry.key === key && !isNull(entry));
      if (!there) missing(map, fieldOf(map, key), "each export has a name and a handler");
      return text;
    };
    const exported = of("name");
    const handler = of("handler");
    const type = map.entries.find(({ key }) => key === "type");
    if (type !== undefined && !isNull(type)) {
      const kind = asText(type.value, fieldOf(map, "type"), map);
      if (kind !== undefined && kind.value !== "function") {
        const message = `${fieldOf(map, "type")} must be function: nothing else can be called`;
        map.report.error("bad-value", kind.span, message);
      }
    }
    if (exported !== undefined) {
      const line = lines.get(exported.value);
      if (line !== undefined) {
        const message = `${fieldOf(map, "name")} is taken by the export on line ${line}`;
        map.report.error("duplicate-export", exported.span, message, "give each a name of its own");
      }
      lines.set(exported.value, exported.span.line);
    }
    const colon = handler === undefined
      ? undefined
      : { ...handler, value: handler.value.replace(dotted, "$1:$2") };
    const checkedHandler = checked(map, fieldOf(map, "handler"), colon, runtime);
    if (exported === undefined || checkedHandler === undefined) return [];
    return [{ name: exported.value, handler: checkedHandler }];
  });
}
