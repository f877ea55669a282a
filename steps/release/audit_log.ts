/**
 * The audit log of upgrades: hash-chained JSON lines (see `engine/journal/chain.ts`), one when a
 * command begins and one when it ends. Several installations may share a log.
 *
 * @module
 */
import { type Chain, type Chained, openChain } from "../../engine/journal/chain.ts";
import { BusyError } from "../../engine/errors.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { Clock } from "../../engine/step.ts";

/** One line, without what the chain adds (`seq`, `prev`, `hash`). */
export type AuditEntry = {
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly run: string;
  /** `name(uid)` of who started the command, before any sudo. */
  readonly actor: string;
  readonly action: "apply" | "rollback";
  readonly root: string;
  /** The installed version before; `null` for none. */
  readonly from: string | null;
  /** The version that was to be installed; `null` while it is not known. */
  readonly to: string | null;
  readonly bundle_sha256: string | null;
  readonly key_id: string | null;
  /** Rules that the operator set aside, such as `allow_downgrade`. */
  readonly overrides: readonly string[];
  /** `started`, `interrupted`, or how the run ended. */
  readonly outcome: string;
  readonly reason: string | null;
  readonly duration_s: number;
} & JsonObject;

/** Does something with the log open. Another command has it open for moments only: waited for. */
export async function withAuditLog<T>(
  path: string,
  ctx: { readonly clock: Clock; readonly signal: AbortSignal },
  work: (chain: Chain) => Promise<T>,
): Promise<T> {
  const until = ctx.clock.monotonic() + 5_000;
  while (true) {
    let chain: Chain;
    try {
      chain = await openChain(path);
    } catch (error) {
      if (!(error instanceof BusyError) || ctx.clock.monotonic() > until) throw error;
      await ctx.clock.sleep(50, ctx.signal);
      continue;
    }
    try {
      return await work(chain);
    } finally {
      await chain.close();
    }
  }
}

/** The entries of a root that were started and never ended, the oldest first. */
export function openEntries(chain: Chain, root: string): readonly Chained<AuditEntry>[] {
  const open = new Map<string, Chained<AuditEntry>>();
  for (const entry of chain.entries as unknown as readonly Chained<AuditEntry>[]) {
    if (entry.root !== root) continue;
    if (entry.outcome === "started") open.set(entry.run, entry);
    else open.delete(entry.run);
  }
  return [...open.values()];
}

/** The entry that ends another one. */
export function ending(
  begun: Chained<AuditEntry>,
  time: Date,
  end: Pick<AuditEntry, "outcome" | "reason"> & Partial<AuditEntry>,
): AuditEntry {
  const { seq: _seq, prev: _prev, hash: _hash, ...entry } = begun;
  const elapsed = (time.getTime() - new Date(begun.time).getTime()) / 1000;
  return {
    ...entry,
    time: time.toISOString(),
    ...end,
    duration_s: Math.max(0, elapsed),
  } as AuditEntry;
}
