/**
 * Writes what `sluice compile` and `sluice install` make, and removes it: the entry of a process
 * that may write those places and nothing else. The job is one line of JSON on standard input, the
 * result one on standard output.
 *
 * @module
 */
import { exitCode, SluiceError } from "../../../engine/errors.ts";
import { installKit, uninstallKit } from "./install_kit.ts";
import { placeKit, stageKit } from "./place_kit.ts";
import type { WriterJob, WriterResult } from "./writer_job.ts";

if (import.meta.main) {
  const job: WriterJob = JSON.parse(await new Response(Deno.stdin.readable).text());
  console.log(JSON.stringify(await write(job)));
}

async function write(job: WriterJob): Promise<WriterResult> {
  try {
    switch (job.kind) {
      case "stage":
        await stageKit(job);
        return { kind: "done", kept: [] };
      case "place":
        await placeKit(job);
        return { kind: "done", kept: [] };
      case "install":
        return { kind: "done", kept: await installKit(job) };
      case "uninstall":
        return { kind: "done", kept: await uninstallKit(job) };
    }
  } catch (error) {
    return fault(error);
  }
}

function fault(error: unknown): WriterResult {
  if (error instanceof SluiceError) {
    const { exit, message, hint } = error;
    return { kind: "fault", exit, message, ...(hint === undefined ? {} : { hint }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Deno.errors.PermissionDenied || /read-only file system/i.test(message)) {
    return {
      kind: "fault",
      exit: exitCode.failed,
      message: `it could not be written: ${message}`,
      hint: "run it as root, or put it together elsewhere with --root DIR",
    };
  }
  const known = (error as { code?: unknown }).code !== undefined;
  return { kind: "fault", exit: known ? exitCode.failed : exitCode.bug, message };
}
