import { BusyError, FailedError, InvalidInputError, RefusedError } from "../../engine/errors.ts";
import { type SluiceError, TransientError } from "../../engine/errors.ts";
import { maskLines } from "../../engine/events/mask_lines.ts";
import { Masker } from "../../engine/events/masker.ts";
import { isShallow } from "../../engine/foreign/is_shallow.ts";
import { graceMs } from "../../engine/foreign/limits.ts";
import type { Json } from "../../engine/json.ts";
import type { OwnFolders } from "../../engine/permissions/own_folders.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { StepContext } from "../../engine/step.ts";
import { readForeignMessage } from "../foreign/read_message.ts";
import type { ForeignCommand, ForeignJob, ForeignMessage, Progress } from "../foreign/protocol.ts";
import { endInWords } from "../launch/foreign_end.ts";
import type { ForeignError } from "../launch/foreign_messages.ts";
import { frames } from "../launch/frames.ts";
import type {
  ForeignEnding,
  ForeignHandle,
  ForeignLink,
  ForeignStartOrder,
} from "./launcher_link.ts";

/** Most that one process may say and ask for: far above what an honest one needs. */
const most = { messages: 100_000, told: 1000, programs: 16, secretChars: 64 * 1024 };
/** Most characters of a note. */
const longestNote = 2000;

/** Who talks, and what it may name. */
export interface Speaker {
  /** As the pipeline names it. */
  readonly name: string;
  readonly order: Omit<ForeignStartOrder, "nonce">;
  readonly job: ForeignJob;
  /** What it may write, as its flags say. */
  readonly write: readonly string[];
  readonly folders: OwnFolders | undefined;
  readonly ctx: StepContext;
}

/**
 * The runner's talk with one process of a step of others, from its start to its end. Whatever the
 * process says is looked at, masked by the secrets that it may read itself, and taken for that step's
 * own word; it can end its own step and nothing else.
 */
export class ForeignTalk {
  readonly #masker = new Masker();
  readonly #read: ReturnType<typeof frames>;
  readonly #output: Readonly<Record<"stdout" | "stderr", ReturnType<typeof maskLines>>>;
  readonly #result = Promise.withResolvers<Json>();
  readonly #ended = Promise.withResolvers<ForeignEnding>();
  readonly #handle: ForeignHandle;
  readonly #counts = { messages: 0, told: 0, programs: 0, secretChars: 0 };
  #settled = false;
  #isOver = false;

  constructor(private readonly speaker: Speaker, link: ForeignLink) {
    const { ctx, name, order, job } = speaker;
    const nonce = crypto.randomUUID();
    this.#read = frames(nonce);
    const output = (stream: "stdout" | "stderr") =>
      maskLines(this.#masker, (text) => ctx.emit.output({ program: name, stream, text }));
    this.#output = { stdout: output("stdout"), stderr: output("stderr") };
    this.#result.promise.catch(() => {}); // Whoever asks for it is told.
    this.#handle = link.start({ ...order, nonce }, {
      line: (stream, text) => this.#line(stream, text),
      end: (how) => this.#end(how),
    });
    this.#send({ type: "work", job });
  }

  /**
   * What it returned, masked; not yet compared with its schema.
   *
   * @throws SluiceError when it failed, or its process ended before
   */
  async result(): Promise<Json> {
    const { signal, clock } = this.speaker.ctx;
    const abort = () => {
      this.#send({ type: "abort", reason: reasonOf(signal.reason) });
      void clock.sleep(graceMs).then(() => this.#handle.kill());
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await this.#result.promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Whether its process is there no more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Waits for the end of its process, which is near; after a moment it is killed.
   *
   * @param ms how long the moment is
   */
  async close(ms = graceMs): Promise<void> {
    const timer = setTimeout(() => this.#handle.kill(), ms);
    await this.#ended.promise;
    clearTimeout(timer);
  }

  /** Lets it let go of what it holds, and waits for its end. */
  async release(ms: number): Promise<void> {
    this.#send({ type: "release" });
    await this.close(ms);
  }

  #send(command: ForeignCommand): void {
    this.#handle.send(command);
  }

  #line(stream: "stdout" | "stderr", text: string): void {
    const reading = stream === "stdout" ? this.#read(text) : { kind: "output", text } as const;
    if (reading.kind === "output") return this.#output[stream].piece(`${reading.text}\n`);
    if (reading.kind === "fault") return this.#fault(`said something damaged: ${reading.reason}`);
    if (this.#settled) return;
    if (++this.#counts.messages > most.messages) return this.#fault("talks without end");
    const message = isShallow(reading.message) ? readForeignMessage(reading.message) : undefined;
    if (message === undefined) return this.#fault("said something that nobody understands");
    this.#take(message);
  }

  #take(message: ForeignMessage): void {
    const { ctx } = this.speaker;
    switch (message.type) {
      case "secret":
        this.#counts.secretChars += message.value.length;
        if (this.#counts.secretChars > most.secretChars) return this.#fault("has too many secrets");
        this.#masker.add(message.value);
        return;
      case "note":
        if (this.#hasToldTooMuch()) return;
        return ctx.emit.note(cut(this.#masker.mask(message.text), longestNote));
      case "progress":
        return this.#progress(message.progress);
      case "artifact":
        if (this.#hasToldTooMuch()) return;
        return this.#artifact(message.path);
      case "exec":
        void this.#exec(message);
        return;
      case "done":
        return this.#settle(() => this.#result.resolve(this.#masker.maskJson(message.facts)));
      case "failed":
        return this.#settle(() => this.#result.reject(this.#errorOf(message.error)));
    }
  }

  #hasToldTooMuch(): boolean {
    if (++this.#counts.told <= most.told) return false;
    this.#fault(`told of more than ${most.told} things`);
    return true;
  }

  #progress({ label, ...progress }: Progress): void {
    const masked = label === undefined ? {} : { label: this.#masker.mask(label) };
    this.speaker.ctx.emit.progress({ ...progress, ...masked });
  }

  #artifact(path: string): void {
    const { write, folders } = this.speaker;
    if (this.#masker.mask(path) !== path) {
      return this.#fault("named an artifact whose path holds a secret");
    }
    const own = folders === undefined ? [] : [folders.artifacts, folders.scratch];
    if ([...write, ...own].some((folder) => pathCovers(folder, path))) {
      return this.speaker.ctx.emit.artifact(path);
    }
    this.#fault(`named the artifact ${path}, which it may not write`);
  }

  async #exec(message: Extract<ForeignMessage, { readonly type: "exec" }>): Promise<void> {
    const { number, program, args, env, cwd, max_output, show } = message;
    if (++this.#counts.programs > most.programs) {
      return this.#fault(`wants more than ${most.programs} programs at once`);
    }
    try {
      const result = await this.speaker.ctx.exec({
        program,
        args,
        env,
        ...(cwd === undefined ? {} : { cwd }),
        ...(max_output === undefined ? {} : { maxOutput: max_output }),
        ...(show === undefined ? {} : { show }),
      });
      this.#send({ type: "exec", number, result });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const hint = (error as Partial<SluiceError>).hint;
      const told = { name: error.name, message: error.message };
      const result = { error: hint === undefined ? told : { ...told, hint } };
      this.#send({ type: "exec", number, result });
    } finally {
      this.#counts.programs--;
    }
  }

  #settle(how: () => void): void {
    this.#settled = true;
    how();
  }

  /** Ends a process that does not keep to the language. */
  #fault(what: string): void {
    this.#settle(() =>
      this.#result.reject(new FailedError(this.#masker.mask(`${this.speaker.name} ${what}`)))
    );
    this.#handle.kill();
  }

  #end(how: ForeignEnding): void {
    this.#isOver = true;
    for (const output of Object.values(this.#output)) output.end();
    const { name, ctx } = this.speaker;
    const error = "refused" in how
      ? new RefusedError(`the process of ${name} was not started: ${how.refused}`)
      : ctx.signal.aborted
      ? ctx.signal.reason
      : new FailedError(`the process of ${name} ${endInWords(how)} before it gave a result`, {
        hint: how.memory ? lessMemory : "a step returns its facts, and leaves its process alone",
        details: { process: { code: how.code, signal: how.signal, memory: how.memory } },
      });
    this.#settle(() => this.#result.reject(error));
    this.#ended.resolve(how);
  }

  /** What its code threw, as an error that says what a caller may do. */
  #errorOf({ name, message, hint, retryable }: ForeignError): Error {
    const text = this.#masker.mask(message);
    // The engine tells which permission was missing.
    if (name === "NotCapable") return new Deno.errors.NotCapable(text);
    const facts = hint === undefined ? {} : { hint: this.#masker.mask(hint) };
    if (retryable === true) return new TransientError(text, facts);
    switch (name) {
      case "InvalidInputError":
        return new InvalidInputError(text, facts);
      case "RefusedError":
        return new RefusedError(text, facts);
      case "BusyError":
        return new BusyError(text, facts);
      case "Error":
      case "FailedError":
        return new FailedError(text, facts);
    }
    return new FailedError(`${this.#masker.mask(name)}: ${text}`, facts);
  }
}

const lessMemory = "let it keep less at once, or split its work over several steps";

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
