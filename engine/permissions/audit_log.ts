/** Lines of one log that ask for the same thing. */
export interface LoggedCheck {
  /** Deno's name of the permission: `read`, `write`, `net`, `env`, `sys`, `import`, `ffi`. */
  readonly permission: string;
  /** As it was passed; `null` where everything of that kind was asked for. */
  readonly value: string | null;
  /** The seconds in which it was asked for, as milliseconds since 1970, in their order. */
  readonly seconds: readonly number[];
  readonly count: number;
}

/** What a log of Deno's says. */
export interface AuditLog {
  readonly checks: readonly LoggedCheck[];
  /** How many lines could be read. */
  readonly lines: number;
  /** Numbers of the lines, from 1, that are none of Deno's. */
  readonly damaged: readonly number[];
  /** Whether the last line has no end: the process was cut off while it wrote. */
  readonly torn: boolean;
}

/**
 * Reads what Deno writes into the file that `DENO_AUDIT_PERMISSIONS` names: a line of JSON each time
 * it asks itself whether something is permitted, before it decides. What cannot be read is told, not
 * passed over.
 *
 * @example
 * ```ts
 * import { readAuditLog } from "./audit_log.ts";
 * import assert from "node:assert/strict";
 *
 * const line = '{"v":1,"datetime":"2026-01-02T03:04:05Z","permission":"read","value":"/srv"}\n';
 * const { checks, torn } = readAuditLog(line + line + '{"v":1,"da');
 * assert.deepEqual(checks.map(({ value, count }) => [value, count]), [["/srv", 2]]);
 * assert.ok(torn);
 * ```
 */
export function readAuditLog(text: string): AuditLog {
  const checks = new Map<string, { check: LoggedCheck; seconds: Set<number>; count: number }>();
  const damaged: number[] = [];
  const lines = text.split("\n");
  const last = lines.pop()!;
  for (const [index, line] of lines.entries()) {
    const read = readLine(line);
    if (read === undefined) {
      damaged.push(index + 1);
      continue;
    }
    const { permission, value, second } = read;
    const key = JSON.stringify([permission, value]);
    const known = checks.get(key) ??
      { check: { permission, value, seconds: [], count: 0 }, seconds: new Set(), count: 0 };
    known.seconds.add(second);
    known.count++;
    checks.set(key, known);
  }
  return {
    checks: [...checks.values()].map(({ check, seconds, count }) => ({
      ...check,
      seconds: [...seconds].sort((a, b) => a - b),
      count,
    })),
    lines: lines.length - damaged.length,
    damaged,
    torn: last !== "",
  };
}

function readLine(
  line: string,
): { permission: string; value: string | null; second: number } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { v, datetime, permission, value } = parsed as Readonly<Record<string, unknown>>;
  if (v !== 1 || typeof permission !== "string" || typeof datetime !== "string") return undefined;
  const second = Date.parse(datetime);
  if (Number.isNaN(second)) return undefined;
  if (value !== null && typeof value !== "string") return undefined;
  return { permission, value, second };
}
