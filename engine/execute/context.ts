import { maskLines } from "../events/mask_lines.ts";
import type { ProgramGrant } from "../permissions/permissions.ts";
import type { StepContext } from "../step.ts";
import { exec, start } from "./exec.ts";
import type { Failure } from "./failure.ts";
import { throttledProgress } from "./progress.ts";
import { readSecret } from "./secret.ts";
import type { World } from "./world.ts";

/** What a step said over all its attempts. */
export interface Said {
  readonly notes: string[];
  readonly artifacts: string[];
}

export interface ContextOptions {
  /** Id of the step or item. */
  readonly id: string;
  /** Whose permissions its work has. */
  readonly part: "run" | "undo";
  readonly signal: AbortSignal;
  /** The programs it declared. */
  readonly grants: readonly ProgramGrant[];
  readonly failure?: Failure;
  /** Milliseconds that the end of its scope may take, where the step says so. */
  readonly release_ms?: number;
  readonly said: Said;
}

/** A step's context, and its end. */
export interface OpenContext {
  readonly ctx: StepContext;
  /** Closes the files that were opened through it and lets the last progress out. */
  close(): void;
  /** Ends what it put into its scope: for an attempt that another one follows. */
  endScope(): Promise<void>;
}

/** Makes what one attempt of a step is given. */
export function openContext(options: ContextOptions, world: World): OpenContext {
  const { id, signal, said } = options;
  const { host, recorder } = world;
  const files = new Set<Deno.FsFile>();
  let scope: AsyncDisposableStack | undefined;
  const progress = throttledProgress(host.clock, (report) => {
    recorder.emit({ type: "progress", step: id, ...report });
  });
  const programs = {
    step: id,
    grants: options.grants,
    programs: host.programs,
    clock: host.clock,
    output: (program: string, stream: "stdout" | "stderr") =>
      maskLines(host.masker, (text) => {
        recorder.emit({ type: "output", step: id, program, stream, text });
      }),
    log: world.spawnLog,
    ...(host.broker === undefined ? {} : { broker: host.broker }),
  };
  const ctx: StepContext = {
    id,
    run: {
      id: host.run.id,
      pid: host.run.pid,
      resumed: host.mode.kind === "resume",
      asked: host.signal,
      whenUp: (listener) => void world.whenUp.push(listener),
      done: world.done,
      ...(options.failure === undefined ? {} : { failure: options.failure }),
    },
    signal,
    get scope() {
      return scope ??= world.scope.of(id, options.part, options.release_ms);
    },
    emit: {
      note(text, severity) {
        const line = text.replaceAll(/\s*[\r\n]+\s*/g, " ").trim();
        said.notes.push(line);
        recorder.emit({
          type: "note",
          step: id,
          text: line,
          ...(severity === undefined ? {} : { severity }),
        });
      },
      progress: progress.report,
      artifact(path) {
        said.artifacts.push(path);
        recorder.emit({ type: "artifact", step: id, path });
      },
      output: (line) => recorder.emit({ type: "output", step: id, ...line }),
    },
    clock: host.clock,
    random: () => host.random(),
    exec: (request) => exec(request, { ...programs, signal }),
    async start(request) {
      const program = await start(request, programs);
      ctx.scope.defer(async () => {
        program.stop();
        await program.ended;
      });
      return program;
    },
    lost: (error) => world.lost(id, error),
    async open(path, openOptions) {
      const file = await Deno.open(path, openOptions);
      files.add(file);
      return file;
    },
    async secret(ref) {
      const value = await readSecret(ref, host.secrets);
      ctx.mask(value);
      return value;
    },
    mask(value) {
      if (value !== "") host.masker.add(value);
    },
    scratch: () => world.scratch.of(id),
    async artifacts() {
      const folder = `${host.run.folder}/artifacts`;
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
  };
  return {
    ctx,
    close() {
      progress.flush();
      for (const file of files) closeFile(file);
      files.clear();
    },
    endScope: async () => await scope?.disposeAsync(),
  };
}

function closeFile(file: Deno.FsFile): void {
  try {
    file.close();
  } catch (error) {
    // The step closed it, which it may.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
