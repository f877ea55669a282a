import type { ClientReport } from "./client_report.ts";
import type { DemoPlaces } from "./places.ts";
import { first, second, third } from "./releases.ts";
import type { SluiceEnd } from "./sluice.ts";

/** Something that the demonstration says happened, and whether it did. */
export interface Claim {
  readonly text: string;
  readonly holds: boolean;
}

/** What came of the demonstration. */
export interface Outcome {
  readonly ends: readonly [SluiceEnd, SluiceEnd, SluiceEnd];
  readonly report: ClientReport | undefined;
  /** What the service answered at the end, as the client's port sees it. */
  readonly health: { readonly status?: unknown; readonly version?: unknown };
  /** Exit code of `sluice log verify` on the audit log. */
  readonly audit: number;
}

/** Why the third release was refused, and where that is kept. */
export interface Refusal {
  readonly reason: string;
  readonly log: string;
}

/** The refusal that the tokens of a run tell, if they do. */
export function findRefusal(end: SluiceEnd): Refusal | undefined {
  const failed = end.tokens.find(({ step, kind }) => step === "P5-4" && kind === "FAIL");
  const { notes, artifact } = failed?.facts ?? {};
  return notes === undefined || artifact === undefined
    ? undefined
    : { reason: notes, log: artifact };
}

/** Looks at everything with eyes of its own: the disk, the service, the logs. */
export async function checkClaims(outcome: Outcome, places: DemoPlaces): Promise<readonly Claim[]> {
  const { ends, report, health, audit } = outcome;
  const codes = ends.map(({ code }) => code);
  const current = await Deno.readLink(`${places.root}/current`).catch(() => "nothing");
  const refusal = findRefusal(ends[2]);
  const log = await Deno.readTextFile(refusal?.log ?? "").catch(() => "");
  const answered = report?.versions ?? [];
  return [
    { text: `${first} was installed (exit ${codes[0]})`, holds: codes[0] === 0 },
    { text: `${second} replaced it (exit ${codes[1]})`, holds: codes[1] === 0 },
    {
      text: `${third} was tried and taken back, the way back proven healthy (exit ${codes[2]})`,
      holds: codes[2] === 5,
    },
    {
      text: `the reason is in the token and in the rollback log`,
      holds: refusal?.reason.includes("unhealthy") === true && log.includes("unhealthy"),
    },
    { text: `current points to ${current}`, holds: current.endsWith(`releases/${second}`) },
    {
      text: `the service answers ${JSON.stringify(health.status)} as ${health.version}`,
      holds: health.status === "healthy" && health.version === second,
    },
    {
      text: `the client was answered by ${answered.join(", then ")}`,
      holds: answered.includes(first) && answered.at(-1) === second,
    },
    {
      text: `${report?.kept} of ${report?.acknowledged} acknowledged records are there`,
      holds: report !== undefined && report.acknowledged > 0 &&
        report.kept === report.acknowledged,
    },
    { text: `the audit log is whole (exit ${audit})`, holds: audit === 0 },
  ];
}
