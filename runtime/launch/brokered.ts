/**
 * Starts one program: the entry of a process whose only permission is to run that file. The job is
 * one line of JSON on standard input; the end of standard input kills the program. The result is one
 * line of JSON on standard output.
 *
 * @module
 */
import { readLines } from "./read_lines.ts";
import { type ProgramJob, runJob } from "./run_job.ts";

if (import.meta.main) {
  const lines = readLines(Deno.stdin.readable);
  const { value } = await lines.next();
  const job: ProgramJob = JSON.parse(value ?? "null");
  const ended = new AbortController();
  void lines.next().then(() => ended.abort());
  const result = await runJob(job, ended.signal);
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(result)}\n`));
  Deno.exit(0);
}
