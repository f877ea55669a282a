/**
 * Where Deno logs what the process of a step of others attempted. Each process has a file of its own:
 * Deno begins it anew.
 *
 * @param run folder of the run
 * @param start which process of the run the runner is, from 1
 * @param step id of the planned step
 * @param number of the process, among those of the runner
 */
export function auditLog(run: string, start: number, step: string, number: number): string {
  return `${run}/audit/${start}-${step}.${number}.jsonl`;
}
