import { answerMs } from "../../engine/foreign/limits.ts";
import { none } from "../../engine/permissions/permissions.ts";
import type { Box } from "./box.ts";
import type { Command } from "./enter_box.ts";
import { enterForeignBox } from "./enter_foreign_box.ts";
import type {
  ForeignAnswer,
  ForeignAsk,
  ForeignError,
  ForeignQuestion,
  ForeignSource,
} from "./foreign_messages.ts";
import { frames } from "./frames.ts";
import type { LaunchPlaces } from "./places.ts";
import type { PlannerReply } from "./planner_protocol.ts";
import { endInWords, type ForeignEnd } from "./foreign_end.ts";
import { type ForeignProcess, startForeign } from "./start_foreign.ts";

/** What is told to the planner. */
export type ForeignReply = Extract<PlannerReply, { readonly type: "foreign" }>;

/** Asks code of others what it is, while a pipeline is planned. */
export interface DescriberPool {
  /** Never rejects: what goes wrong is an answer. One question at a time. */
  ask(code: ForeignSource, question: ForeignQuestion): Promise<ForeignReply>;
  /** Ends all its processes. */
  close(): void;
}

/** Processes that are kept at once. Each may have the memory of a step. */
const mostKept = 8;

/**
 * Keeps one process for each piece of code that is asked something, without any permission and in an
 * empty box, for as long as the planner works. Of more than eight the one that was asked longest ago
 * makes way, and is started again should it be asked more. One that does not answer in time is
 * killed, and does not get a second.
 *
 * @param getBox what is put around each
 * @param patience milliseconds in which each question has to be answered
 */
export function makeDescriberPool(
  places: LaunchPlaces,
  getBox: () => Promise<Box>,
  patience = answerMs,
): DescriberPool {
  const processes = new Map<string, Described>();
  return {
    async ask(code, question) {
      const box = await getBox();
      const described = processes.get(code.source) ?? new Described(code, places, box, patience);
      processes.delete(code.source);
      processes.set(code.source, described);
      const kept = [...processes].filter(([, { alive }]) => alive);
      for (const [source, { process }] of kept.slice(0, -mostKept)) {
        process.kill();
        processes.delete(source);
      }
      return await described.ask(question);
    },
    close() {
      for (const { process } of processes.values()) process.kill();
    },
  };
}

/** Lines of output that are repeated to people where there is no answer. */
const keptLines = 5;
const longestLine = 200;

class Described {
  readonly process: ForeignProcess;
  /** Whether its process has not ended. */
  alive = true;
  readonly #read: ReturnType<typeof frames>;
  readonly #output: string[] = [];
  #last = 0;
  #waiting: ((answer: ForeignAnswer) => void) | undefined;
  #fault: string | undefined;

  constructor(
    private readonly code: ForeignSource,
    places: LaunchPlaces,
    box: Box,
    private readonly patience: number,
  ) {
    const nonce = crypto.randomUUID();
    this.#read = frames(nonce);
    const line = (stream: "stdout" | "stderr", text: string) => this.#line(stream, text);
    const nothing = { set: none, programs: {} };
    const enter = (plain: Command) => enterForeignBox(box, plain, nothing, places).command;
    this.process = startForeign(code, { nonce, flags: [], env: [], line, enter }, places);
    void this.process.ended.then(() => this.alive = false);
  }

  async ask(question: ForeignQuestion): Promise<ForeignReply> {
    const number = ++this.#last;
    const answer = new Promise<ForeignAnswer>((resolve) => this.#waiting = resolve);
    void this.process.send({ type: "ask", number, question } satisfies ForeignAsk);
    const deadline = setTimeout(() => {
      this.#fault ??= `did not answer within ${this.patience / 1000} s`;
      this.process.kill();
    }, this.patience);
    const reply = await Promise.race([answer, this.process.ended]);
    clearTimeout(deadline);
    this.#waiting = undefined;
    const { name } = this.code;
    if (!("type" in reply)) return this.#failed(reply, question);
    if (reply.type === "answer") return { type: "foreign", answer: reply.value };
    const { message, name: thrown, hint } = withoutFlags(reply.error);
    const what = question.type === "describe" ? "cannot be loaded" : "cannot tell its permissions";
    const kind = thrown === "Error" ? "" : `${thrown}: `;
    return {
      type: "foreign",
      fault: `${name} ${what}: ${kind}${message}`,
      ...(hint === undefined ? {} : { hint }),
    };
  }

  #failed(end: ForeignEnd, { type }: ForeignQuestion): ForeignReply {
    const what = type === "describe" ? "describe itself" : "compute its permissions";
    const how = this.#fault ?? endInWords(end);
    const said = this.#output.join("\n");
    return {
      type: "foreign",
      fault: `${this.code.name} was asked to ${what}, and ${how}`,
      ...(said === "" ? {} : { hint: `it printed: ${said}` }),
    };
  }

  #line(stream: "stdout" | "stderr", text: string): void {
    const reading = stream === "stdout" ? this.#read(text) : { kind: "output", text } as const;
    switch (reading.kind) {
      case "message":
        if (isAnswer(reading.message, this.#last)) this.#waiting?.(reading.message);
        break;
      case "output":
        if (text.trim() === "") break;
        this.#output.push(text.slice(0, longestLine));
        if (this.#output.length > keptLines) this.#output.shift();
        break;
      case "fault":
        this.#fault ??= `said something damaged: ${reading.reason}`;
        this.process.kill();
    }
  }
}

/** Deno's own advice to somebody it refuses would be to give up the sandbox. */
function withoutFlags(error: ForeignError): ForeignError {
  if (error.name !== "NotCapable") return error;
  const message = error.message.replace(/, run again with .*/s, "");
  return { ...error, message, hint: error.hint ?? noPermission };
}

const noPermission = "while it is asked what it is, a step has no permission at all: use what it " +
  "needs in run(), and say so in permissions()";

function isAnswer(value: unknown, number: number): value is ForeignAnswer {
  if (typeof value !== "object" || value === null) return false;
  const message = value as Partial<Record<string, unknown>>;
  if (message["number"] !== number) return false;
  if (message["type"] === "answer") return true;
  const error = message["error"] as Partial<Record<string, unknown>> | null | undefined;
  return message["type"] === "fault" && typeof error === "object" && error !== null &&
    typeof error["name"] === "string" && typeof error["message"] === "string" &&
    (error["hint"] === undefined || typeof error["hint"] === "string");
}
