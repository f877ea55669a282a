import type { Entry, Placed } from "../document/document.ts";
import type { Faults } from "../document/faults.ts";
import { didYouMean } from "../document/suggest.ts";
import { wrongType } from "../document/read_scalar.ts";
import { hintOfAddress, parseEndpoint } from "../permissions/endpoint.ts";
import type { TextKind } from "../permissions/grants.ts";
import { isPlainPath } from "../permissions/path.ts";

/** What Deno can be asked of the system. */
const systemKinds = [
  "cpus",
  "getegid",
  "getPriority",
  "gid",
  "homedir",
  "hostname",
  "inspector",
  "loadavg",
  "networkInterfaces",
  "osRelease",
  "osUptime",
  "setPriority",
  "statfs",
  "systemMemoryInfo",
  "uid",
  "username",
  "userInfo",
];

/** Reads a list of texts of one kind; what no process could be granted is reported. */
export function readEntries(
  { key, value: node }: Entry,
  kind: TextKind,
  report: Faults,
): readonly Placed<string>[] {
  if (node.kind !== "list") {
    const one = node.kind === "scalar" && typeof node.value === "string";
    const hint = one ? `write [${JSON.stringify(node.value)}]` : undefined;
    wrongType(node, key, "a list of texts", report, hint);
    return [];
  }
  return node.items.flatMap((item) => {
    if (item.kind !== "scalar" || typeof item.value !== "string") {
      const hint = item.kind === "scalar" && item.value !== null
        ? `quote it: "${item.value}"`
        : undefined;
      wrongType(item, `an entry of ${key}`, "a text", report, hint);
      return [];
    }
    const entry = { value: item.value, span: item.span };
    return judge(entry, kind, report) ? [entry] : [];
  });
}

function judge(entry: Placed<string>, kind: TextKind, report: Faults): boolean {
  switch (kind) {
    case "read":
    case "write":
      return judgePath(entry, "", report);
    case "connect":
    case "listen":
      return judgeEndpoint(entry, report);
    case "env":
      return judgeName(entry, /^[A-Za-z_][A-Za-z0-9_]*$/, [
        "the name of a variable",
        "names are exact, there are no patterns",
      ], report);
    case "sys":
      return judgeName(entry, new RegExp(`^(?:${systemKinds.join("|")})$`), [
        "a kind of system information",
        didYouMean(entry.value, systemKinds),
      ], report);
  }
}

/**
 * Whether a text is an absolute path, or one that begins with a word of ours.
 *
 * @param before what stands before it, such as `unix:`
 */
export function judgePath(
  { value, span }: Placed<string>,
  before: string,
  report: Faults,
): boolean {
  const path = value.slice(before.length);
  const word = /^\$\{([^}]*)\}/.exec(path);
  const rest = word === null ? path : path.slice(word[0].length) || "/";
  const known = ["project", "runs", "tmp"];
  const shown = JSON.stringify(value);
  if (word !== null && !known.includes(word[1]!)) {
    const hint = didYouMean(word[1]!, known);
    report.error("bad-word", span, `\${${word[1]}} in ${shown} stands for nothing`, hint);
    return false;
  }
  if (isPlainPath(rest) && !rest.includes("${") && !rest.includes(",")) return true;
  report.error(
    "bad-path",
    span,
    `${shown} is no path that can be granted`,
    "write an absolute one without '.', '..' and ',', or begin with ${project}, ${runs} or ${tmp}",
  );
  return false;
}

function judgeEndpoint(entry: Placed<string>, report: Faults): boolean {
  const { value, span } = entry;
  if (value.startsWith("unix:")) return judgePath(entry, "unix:", report);
  if (parseEndpoint(value) !== undefined) return true;
  report.error(
    "bad-endpoint",
    span,
    `${JSON.stringify(value)} is no endpoint that can be granted`,
    hintOfAddress(value) ?? "write HOST, HOST:PORT, *.HOST, [IPV6]:PORT or unix:/path",
  );
  return false;
}

function judgeName(
  { value, span }: Placed<string>,
  pattern: RegExp,
  [what, hint]: readonly [string, string | undefined],
  report: Faults,
): boolean {
  if (pattern.test(value)) return true;
  report.error("bad-entry", span, `${JSON.stringify(value)} is not ${what}`, hint);
  return false;
}
