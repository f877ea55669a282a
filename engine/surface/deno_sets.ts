import { InvalidInputError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { WrittenGrant, WrittenSurface } from "../permissions/lock/written_lock.ts";
import { setOfGrants } from "../permissions/grant.ts";

/** The configuration of Deno, in the project's folder. */
export const denoConfigFile = "deno.json";

/** Where a runner that is started from the project's folder keeps its runs, and finds its plan. */
const own = { read: [".sluice"], write: [".sluice/runs"] };

/**
 * The set of a fixed surface as a named permission set of `deno.json`, for
 * `deno run -P=NAME runtime/runner.ts --plan .sluice/NAME.plan.json --runs .sluice/runs`. Paths are
 * relative to that file; brokered programs are left out, as nobody is there to start them.
 *
 * @param spelled where each program with a bare name is started from
 * @throws InvalidInputError for a socket below `${project}` or `${runs}`: those must be absolute there
 */
export function denoSet(
  { name, grants }: WrittenSurface,
  spelled: Readonly<Record<string, string>>,
): JsonObject {
  const set = setOfGrants(grants);
  const programs = set.run.filter(({ brokered }) => brokered !== true).map(({ program }) =>
    Object.hasOwn(spelled, program) ? spelled[program]! : relative(program)
  );
  const net = [...set.connect, ...set.listen].map((entry) => {
    const path = entry.startsWith("unix:") ? relative(entry.slice("unix:".length)) : undefined;
    if (path === undefined) return entry;
    if (path.startsWith("/")) return `unix:${path}`;
    throw new InvalidInputError(`${name}: a set of ${denoConfigFile} cannot name ${entry}`, {
      hint: "give the socket an absolute path",
    });
  });
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ["read", [...own.read, ...set.read.map(relative)]],
    ["write", [...own.write, ...set.write.map(relative)]],
    ["net", net],
    ["env", set.env],
    ["sys", set.sys],
    ["run", programs],
  ];
  return Object.fromEntries(
    kinds.filter(([, entries]) => entries.length > 0).map((
      [kind, entries],
    ) => [kind, [...new Set(entries)]]),
  );
}

function relative(path: string): string {
  return path
    .replace(/^\$\{project\}(?:\/|$)/, "./")
    .replace(/^\$\{runs\}/, ".sluice/runs")
    .replace(/^\$\{tmp\}/, "/tmp");
}

/** How a kind of grants is called in a set of `deno.json`. */
export function denoKey(kind: WrittenGrant["kind"]): string {
  return kind === "connect" ? "net" : kind;
}

/**
 * What a set of `deno.json` grants, to be compared; `undefined` for what is none. A program there may
 * be given any arguments.
 */
export function grantsOfDenoSet(value: unknown): readonly WrittenGrant[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const kinds: Readonly<Record<string, (entry: string) => WrittenGrant>> = {
    run: (program) => ({ kind: "run", grant: { program, args: ["**"], env: [] }, why: [] }),
    write: (entry) => ({ kind: "write", entry: absolute(entry), why: [] }),
    read: (entry) => ({ kind: "read", entry: absolute(entry), why: [] }),
    net: (entry) => ({ kind: "connect", entry, why: [] }),
    env: (entry) => ({ kind: "env", entry, why: [] }),
    sys: (entry) => ({ kind: "sys", entry, why: [] }),
  };
  const grants: WrittenGrant[] = [];
  for (const [kind, make] of Object.entries(kinds)) {
    const entries = (value as JsonObject)[kind] ?? [];
    if (!Array.isArray(entries)) return undefined;
    for (const entry of entries) {
      if (typeof entry !== "string") return undefined;
      grants.push(make(entry));
    }
  }
  return grants;
}

function absolute(path: string): string {
  if (path.startsWith("/")) return path;
  const below = path.replace(/^\.\/?/, (start) => start === "." ? "." : "");
  return below === "" ? "${project}" : `\${project}/${below}`;
}
