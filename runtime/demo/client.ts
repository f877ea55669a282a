/**
 * A client that does not know that its service is being upgraded: every 50 ms it adds a record, and
 * remembers which were acknowledged. When its standard input ends it asks the ledger for all of
 * them, and prints a {@linkcode ClientReport} as one line of JSON. It may reach one port, and nothing
 * else.
 *
 * @module
 */
import type { ClientReport } from "./client_report.ts";

const interval = 50;
const patience = 1_000;

const url = Deno.args[0] ?? "";
const acknowledged: string[] = [];
const versions: string[] = [];
let refused = 0;
let longestGap = 0;
let lastAnswer: number | undefined;

const ended = untilInputEnds();
let stop = false;
ended.then(() => stop = true);
for (let count = 1; !stop; count++) {
  const begun = performance.now();
  await addRecord(`record-${count}`);
  await Promise.race([ended, rest(interval - (performance.now() - begun))]);
}
// A ledger that cannot be asked has kept nothing, as far as anybody can tell.
const kept = await listRecords().catch(() => new Set<string>());
const report: ClientReport = {
  acknowledged: acknowledged.length,
  kept: acknowledged.filter((id) => kept.has(id)).length,
  refused,
  longest_gap_ms: Math.round(longestGap),
  versions,
};
console.log(JSON.stringify(report));
Deno.exit(0);

async function addRecord(id: string): Promise<void> {
  try {
    const response = await fetch(`${url}/records`, {
      method: "POST",
      body: JSON.stringify({ id }),
      signal: AbortSignal.timeout(patience),
    });
    const { version } = await response.json();
    if (response.status !== 201) throw new Error(`${response.status}`);
    acknowledged.push(id);
    if (versions.at(-1) !== version) versions.push(version);
    const now = performance.now();
    longestGap = Math.max(longestGap, now - (lastAnswer ?? now));
    lastAnswer = now;
  } catch {
    // Not acknowledged: it may be in the ledger, and need not be.
    refused++;
  }
}

async function listRecords(): Promise<ReadonlySet<string>> {
  const response = await fetch(`${url}/records`);
  const { records } = await response.json();
  return new Set(records.map(({ id }: { id: string }) => id));
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}

async function untilInputEnds(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}
