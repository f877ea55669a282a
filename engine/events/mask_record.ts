import type { Json } from "../json.ts";
import type { Masker } from "./masker.ts";

/**
 * Members that say how a record is to be read. Their values come from our code or from the pipeline's
 * text, never from a secret; a secret that is a common word ("done", "test") must not change them.
 */
const structural: ReadonlySet<string> = new Set([
  "v",
  "type",
  "run",
  "time",
  "step",
  "token",
  "attempt",
  "outcome",
  "exit",
  "stream",
  "unit",
  "plan",
  "permissions",
  "code",
  "digest",
  "input",
]);

/** Masks every text of an event or a journal record but what gives it its structure. */
export function maskRecord<T extends { readonly type: string }>(masker: Masker, record: T): T {
  const isStructural = (key: string) =>
    structural.has(key) || (key === "reason" && record.type === "run.undoing");
  const members = Object.entries(record).map(([key, value]) => [
    key,
    isStructural(key) ? value : masker.maskJson(value as Json),
  ]);
  return Object.fromEntries(members) as T;
}
