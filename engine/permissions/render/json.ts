import type { Json } from "../../json.ts";
import { digestOf } from "../digest.ts";
import { escapeOf } from "../escape.ts";
import { mapGrants } from "../grants.ts";
import { normalise } from "../normalise.ts";
import type { ProgramGrant } from "../permissions.ts";
import type { RenderedSurface, Rendering } from "./rendering.ts";

/**
 * A surface as JSON, `schemaVersion` 1: the set in its normal form, each program with its real path
 * and its escape class, every grant with the steps that asked for it, and what the lock says besides:
 * `kind`, `digest`, the `code` of others and the findings it `accepts`. Says everything.
 */
export function renderJson(
  { name, summary, set, explained, locked, programs }: RenderedSurface,
): Rendering {
  const told = ({ program, ...grant }: ProgramGrant) => ({
    program,
    path: program.startsWith("/") ? program : programs[program] ?? null,
    ...grant,
    escape: escapeOf({ program, ...grant }),
  });
  const value = {
    schemaVersion: 1,
    surface: name,
    summary,
    ...(locked ?? { digest: digestOf(set) }),
    permissions: mapGrants(normalise(set), (entries) => entries, (grants) => grants.map(told)),
    grants: explained.map((each) =>
      each.kind === "run"
        ? { kind: each.kind, ...told(each.grant), why: each.why }
        : { kind: each.kind, entry: each.entry, why: each.why }
    ),
  };
  return { text: `${JSON.stringify(value as unknown as Json, null, 2)}\n`, unsaid: [] };
}
