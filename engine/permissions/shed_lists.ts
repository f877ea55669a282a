import { type DenoKind, denoKinds } from "./deno_grant.ts";
import type { Shed } from "./shed.ts";

/** What goes, by its kind; programs first. Kinds of which nothing goes are left out. */
export type ShedLists = Partial<Record<DenoKind | "brokered", readonly string[]>>;

/** What is shed at once as lists of names, to be told and shown. */
export function shedLists({ grants, brokered }: Omit<Shed, "kinds">): ShedLists {
  const ofKind = (kind: DenoKind) =>
    grants.filter((grant) => grant.kind === kind).map(({ entry }) => entry);
  const lists = [
    ["run", ofKind("run")],
    ["brokered", brokered.map(({ program }) => program)],
    ...["write", "read", ...denoKinds.filter((kind) => !["run", "write", "read"].includes(kind))]
      .map((kind) => [kind, ofKind(kind as DenoKind)] as const),
  ] as const;
  return Object.fromEntries(
    lists.filter(([, names]) => names.length > 0)
      .map(([kind, names]) => [kind, [...new Set(names)].sort()]),
  );
}
