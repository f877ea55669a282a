/** A line whose indentation fits nothing above it. */
export interface Misfit {
  /** Counted from 1. */
  readonly line: number;
  /** Spaces before its text. */
  readonly indent: number;
  /** Where entries of its kind stand above it: the nearest ones with fewer and with more spaces. */
  readonly fitting: readonly number[];
}

/** A list or mapping that is open, and the column in which its entries begin. */
interface Level {
  readonly indent: number;
  readonly kind: "list" | "map";
}

const key = /^(?:q|[^\s"'[\]{}#,][^"]*?):(?=\s|$)/;
/** A quoted text that does not end on its line. */
const openQuote = /(?:^|[\s[{,:-])["']/;
const flow = /(?:^|[:-])\s+[[{]/;
const blockScalar = /(?:^|[\s:-])[|>][+\-\d]*$/;

/**
 * Looks in a text that is no YAML for the first line, up to `last`, with an entry of a list or mapping
 * that is indented as none above it. The parser takes such a line for more of the value before it, and
 * so finds fault with another place. `undefined` where there is none, or where it cannot be told.
 */
export function findMisfit(text: string, last: number): Misfit | undefined {
  const levels: Level[] = [];
  let opened = true;
  let open = 0;
  /** Lines with more spaces than this belong to a block scalar. */
  let scalar: number | undefined;
  for (const [index, line] of text.split("\n", last).entries()) {
    const indent = line.search(/[^ ]/);
    if (indent < 0 || line.trim() === "") continue;
    if (scalar !== undefined && indent > scalar) continue;
    scalar = undefined;
    if (line.charAt(indent) === "\t") return undefined;
    const plain = plainOf(line);
    if (plain.trim() === "") continue;
    if (openQuote.test(plain)) return undefined;
    const inside = open > 0;
    if (inside || flow.test(plain)) open = Math.max(0, open + balance(plain));
    if (inside) continue;
    const kind = /^-(?: |$)/.test(plain.slice(indent)) ? "list" : "map";
    if (kind === "map" && !key.test(plain.slice(indent))) continue;
    const fitting = levels.filter((level) => level.kind === kind).map((level) => level.indent);
    const before = levels.length;
    while (levels.length > 0 && isBehind(levels.at(-1)!, indent, kind)) levels.pop();
    const top = levels.at(-1);
    if (top?.indent !== indent || top.kind !== kind) {
      // Only a line that says that more comes begins something, and then below itself.
      if (!opened || levels.length < before) {
        return { line: index + 1, indent, fitting: nearest(fitting, indent) };
      }
      levels.push({ indent, kind });
    }
    const at = pushItems(plain, indent, levels);
    const rest = plain.slice(at).trimEnd();
    opened = rest === "" || rest.endsWith(":");
    if (blockScalar.test(rest)) scalar = levels.at(-1)!.indent;
  }
  return undefined;
}

/** Whether an entry at `indent` stands behind all of a list or mapping. */
function isBehind(level: Level, indent: number, kind: Level["kind"]): boolean {
  return level.indent > indent ||
    level.indent === indent && level.kind === "list" && kind === "map";
}

/** Opens what stands behind the dashes of a line; gives the place where the last of it begins. */
function pushItems(plain: string, indent: number, levels: Level[]): number {
  let at = indent;
  for (;;) {
    const dash = /^- +/.exec(plain.slice(at))?.[0] ?? (/^-$/.test(plain.slice(at)) ? "-" : "");
    if (dash === "") return at;
    at += dash.length;
    const rest = plain.slice(at);
    if (/^-(?: |$)/.test(rest)) levels.push({ indent: at, kind: "list" });
    else if (key.test(rest)) levels.push({ indent: at, kind: "map" });
  }
}

/** A line without its comment; quoted texts and expressions are `q`. */
function plainOf(line: string): string {
  return line.replaceAll(/(?<=^|[\s[{,:-])(?:"(?:[^"\\]|\\.)*"|'[^']*')|\$\{\{.*?\}\}/g, "q")
    .replace(/(?:^|\s)#.*$/, "").trimEnd();
}

function balance(plain: string): number {
  const count = (pattern: RegExp) => plain.match(pattern)?.length ?? 0;
  return count(/[[{]/g) - count(/[\]}]/g);
}

function nearest(fitting: readonly number[], indent: number): readonly number[] {
  const fewer = fitting.filter((one) => one < indent);
  const more = fitting.filter((one) => one > indent);
  return [
    ...(fewer.length === 0 ? [] : [Math.max(...fewer)]),
    ...(more.length === 0 ? [] : [Math.min(...more)]),
  ];
}
