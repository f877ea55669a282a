import type { ForeignContext, ForeignStep } from "../../engine/foreign/foreign_step.ts";
import type { Json } from "../../engine/json.ts";
import type { ExecResult } from "../../engine/step.ts";
import { errorOf } from "./error_of.ts";
import type { ForeignCommand, ForeignJob, ForeignMessage } from "./protocol.ts";
import { readSecret } from "./read_secret.ts";

type Say = (message: ForeignMessage) => void;

/** A piece of work that goes on. */
export interface Work {
  /** Takes what concerns it while it goes on. */
  take(command: ForeignCommand): void;
}

/**
 * Does one piece of work: the step's check, its run or its undo, and ends the process with its
 * result. A step that holds something lives on until it is told to let go.
 */
export function work(
  job: ForeignJob,
  load: () => Promise<ForeignStep>,
  say: Say,
  name: string,
): Work {
  const cancel = new AbortController();
  const scope = new AsyncDisposableStack();
  const running = new Map<number, PromiseWithResolvers<ExecResult>>();
  const ctx = contextOf(job, { say, signal: cancel.signal, scope, running });
  const end = async () => {
    await scope.disposeAsync().catch((error) => console.error(error));
    Deno.exit(0);
  };
  void (async () => {
    try {
      for (const ref of job.secrets) {
        // One that is missing is the step's to tell, when it wants it.
        const value = await readSecret(ref).catch(() => undefined);
        if (value !== undefined) say({ type: "secret", value });
      }
      const step = await load();
      const facts = await perform(step, job, ctx);
      say({ type: "done", facts: (facts ?? {}) as Json });
      if (step.holds === true && job.phase === "run") return;
    } catch (error) {
      say({ type: "failed", error: errorOf(error, name) });
    }
    await end();
  })();
  return {
    take(command) {
      switch (command.type) {
        case "abort":
          cancel.abort(new Error(command.reason));
          break;
        case "exec": {
          const { number, result } = command;
          const waiting = running.get(number);
          running.delete(number);
          if ("error" in result) {
            const error = new Error(result.error.message);
            waiting?.reject(Object.assign(error, result.error));
          } else waiting?.resolve(result);
          break;
        }
        case "release":
          void end();
      }
    },
  };
}

async function perform(step: ForeignStep, job: ForeignJob, ctx: ForeignContext): Promise<unknown> {
  switch (job.phase) {
    case "check":
      await step.check?.(job.input, ctx);
      return {};
    case "run":
      return await step.run(job.input, ctx);
    case "undo":
      await step.undo?.(job.input, job.facts, ctx);
      return {};
  }
}

function contextOf(job: ForeignJob, parts: {
  readonly say: Say;
  readonly signal: AbortSignal;
  readonly scope: AsyncDisposableStack;
  readonly running: Map<number, PromiseWithResolvers<ExecResult>>;
}): ForeignContext {
  const { say, signal, scope, running } = parts;
  let last = 0;
  const folder = (kind: "scratch" | "artifacts") => {
    const { folders } = job;
    if (folders !== undefined) return Promise.resolve(folders[kind]);
    return Promise.reject(
      new Error(`${job.id} has no folder of its own: it may read the folder that runs are kept in`),
    );
  };
  return {
    id: job.id,
    run: job.run,
    signal,
    scope,
    emit: {
      note: (text) => say({ type: "note", text: String(text) }),
      progress: (progress) => say({ type: "progress", progress: { ...progress } }),
      artifact: (path) => say({ type: "artifact", path: String(path) }),
    },
    exec({ program, args, env = {}, cwd, maxOutput, show }) {
      const number = ++last;
      const answer = Promise.withResolvers<ExecResult>();
      running.set(number, answer);
      say({
        type: "exec",
        number,
        program,
        args,
        env,
        ...(cwd === undefined ? {} : { cwd }),
        ...(maxOutput === undefined ? {} : { max_output: maxOutput }),
        ...(show === undefined ? {} : { show }),
      });
      return answer.promise;
    },
    secret: readSecret,
    scratch: () => folder("scratch"),
    artifacts: () => folder("artifacts"),
  };
}
