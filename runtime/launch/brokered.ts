/**
 * Starts one program: the entry of a process whose only permission is to run that file. The job is
 * one line of JSON on standard input; the end of standard input kills the program. On standard output
 * are lines of JSON: what it prints, where that is wanted, as `{stream, text}`, and last its result.
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
  const say = async (value: unknown) => {
    const bytes = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
  };
  let last = Promise.resolve();
  const output = (stream: string, text: string) => last = last.then(() => say({ stream, text }));
  const result = await runJob(job, ended.signal, job.show ? output : undefined);
  await last;
  await say(result);
  Deno.exit(0);
}
