/** Where Deno logs what runners attempted: a runner may not write there. */
export const runnerLogs = "audit";

/**
 * Where Deno logs what steps of others attempted. The runner makes these files, and so may write them;
 * no step of others may.
 */
export const stepLogs = "audit-of-steps";

/**
 * The log of the process of a step of others. Each process has a file of its own: Deno begins it anew.
 *
 * @param run folder of the run
 * @param start which process of the run the runner is, from 1
 * @param step id of the planned step
 * @param number of the process, among those of the runner
 */
export function auditLog(run: string, start: number, step: string, number: number): string {
  return `${run}/${stepLogs}/${start}-${step}.${number}.jsonl`;
}

/**
 * What a log is about, by its name: `<start>-runner.jsonl`, or a step of others; `undefined` for any
 * other file.
 */
export function readAuditLogName(
  name: string,
): { readonly start: number; readonly step?: string } | undefined {
  const match = /^([1-9]\d*)-(?:runner|(.+)\.\d+)\.jsonl$/.exec(name);
  if (match === null) return undefined;
  const [, start, step] = match;
  return { start: Number(start), ...(step === undefined ? {} : { step }) };
}
