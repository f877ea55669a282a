/**
 * What two grants of a kind both reach: one grant, or none. Exact, because a grant names whole trees
 * of paths, whole ranges of ports and whole shapes: two of them lie one within the other, or apart, or
 * differ in parts that do so each.
 *
 * @module
 */
import { type Element, meetElements, shapeOf, spelled } from "./element.ts";
import { parseEndpoint } from "./endpoint.ts";
import { endpointCovers } from "./endpoint_covers.ts";
import { entryCovers, mapGrants, type TextKind } from "./grants.ts";
import { isPlainPath, pathCovers } from "./path.ts";
import type { Permissions, ProgramBox, ProgramGrant } from "./permissions.ts";

/** What two entries of a kind both reach. */
export function meetEntries(kind: TextKind, a: string, b: string): string | undefined {
  if (entryCovers(kind, a, b)) return b;
  if (entryCovers(kind, b, a)) return a;
  return kind === "connect" || kind === "listen" ? meetEndpoints(a, b) : undefined;
}

/** `*.example.com:80` and `a.example.com`: one is wider in the host, the other in the port. */
function meetEndpoints(a: string, b: string): string | undefined {
  const [one, two] = [parseEndpoint(a), parseEndpoint(b)];
  if (one?.kind !== "host" || two?.kind !== "host") return undefined;
  if (one.port !== undefined && two.port !== undefined && one.port !== two.port) return undefined;
  const port = one.port ?? two.port;
  const [left, right] = [one, two].map(({ host, wildcard }) => wildcard ? `*.${host}` : host);
  const host = endpointCovers(left!, right!)
    ? right
    : endpointCovers(right!, left!)
    ? left
    : undefined;
  return host === undefined || port === undefined ? host : `${host}:${port}`;
}

/** What two program grants both allow. */
export function meetPrograms(a: ProgramGrant, b: ProgramGrant): ProgramGrant | undefined {
  if ((a.brokered === true) !== (b.brokered === true)) return undefined;
  const program = a.brokered === true ? meetPatterns(a.program, b.program) : a.program;
  if (program === undefined || a.brokered !== true && b.program !== a.program) return undefined;
  const args = meetShapes(a.args, b.args);
  if (args === undefined) return undefined;
  const box = meetBoxes(a.box, b.box);
  if ((a.deno === undefined) !== (b.deno === undefined)) return undefined;
  const deno = a.deno && meetSets(a.deno, b.deno!);
  return {
    program,
    args,
    env: a.env.filter((name) => b.env.includes(name)),
    ...(a.brokered === true ? { brokered: true } : {}),
    ...(box === undefined ? {} : { box }),
    ...(deno === undefined ? {} : { deno }),
  };
}

/** Of sets without programs, an entry that both have once. */
function meetSets(a: Permissions, b: Permissions): Permissions {
  return mapGrants(
    a,
    (entries, kind) => {
      const met = entries.flatMap((one) => b[kind].map((other) => meetEntries(kind, one, other)));
      return [...new Set(met.filter((entry) => entry !== undefined))];
    },
    () => [],
  );
}

function meetPatterns(a: string, b: string): string | undefined {
  if (a === b) return a;
  const [one, two] = [a.split("/"), b.split("/")];
  if (!isPlainPath(a) || !isPlainPath(b) || one.length !== two.length) return undefined;
  const segments = one.map((segment, index) => {
    const other = two[index]!;
    if (segment === other || other === "*") return segment;
    return segment === "*" ? other : undefined;
  });
  return segments.includes(undefined) ? undefined : segments.join("/");
}

function meetShapes(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  const [one, two] = [shapeOf(a), shapeOf(b)];
  const length = Math.max(one.fixed.length, two.fixed.length);
  if ([one, two].some(({ fixed, rest }) => !rest && fixed.length !== length)) return undefined;
  const anything: Element = { prefix: "" };
  const words: string[] = [];
  for (let index = 0; index < length; index++) {
    const met = meetElements(one.fixed[index] ?? anything, two.fixed[index] ?? anything);
    if (met === undefined) return undefined;
    words.push("literal" in met ? met.literal : `${spelled(met)}*`);
  }
  return one.rest && two.rest ? [...words, "**"] : words;
}

/** No box at all holds everything. */
function meetBoxes(
  a: ProgramBox | undefined,
  b: ProgramBox | undefined,
): ProgramBox | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    read: meetPaths([...a.read, ...a.write], [...b.read, ...b.write]),
    write: meetPaths(a.write, b.write),
    network: a.network && b.network,
  };
}

function meetPaths(a: readonly string[], b: readonly string[]): readonly string[] {
  return [
    ...new Set([
      ...a.filter((path) => b.some((outer) => pathCovers(outer, path))),
      ...b.filter((path) => a.some((outer) => pathCovers(outer, path))),
    ]),
  ];
}
