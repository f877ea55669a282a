/**
 * The process of one step of others: loads its code, answers what is asked of it while a pipeline is
 * planned, and does its work in a run. It has the permissions of that step and phase, and none while
 * planning. What it says is the step's own claim: the code shares this process.
 *
 * @module
 */
import { messageBytes } from "../../engine/foreign/limits.ts";
import { readLines } from "../launch/read_lines.ts";
import { writerTo } from "../launch/write_output.ts";
import { errorOf } from "./error_of.ts";
import { loadStep } from "./load_step.ts";
import type { ForeignQuestion, ForeignStart } from "../launch/foreign_messages.ts";
import type { ForeignCommand, ForeignMessage } from "./protocol.ts";
import { work } from "./work.ts";

if (import.meta.main) await main();

async function main(): Promise<void> {
  const lines = readLines(Deno.stdin.readable);
  const { value } = await lines.next();
  if (value === undefined) Deno.exit(64);
  const { nonce, name, source }: ForeignStart = JSON.parse(value);
  const write = writerTo(Deno.stdout);
  let seq = 0;
  const say = (message: ForeignMessage) => {
    const text = JSON.stringify(message);
    // Beyond this the reader would cut the line: whoever says it is told instead.
    if (text.length > messageBytes) throw new RangeError(tooLong(message.type, text.length));
    write(`\n{"sluice":${JSON.stringify(nonce)},"seq":${++seq},"message":${text}}\n`);
  };
  let step: Promise<Awaited<ReturnType<typeof loadStep>>> | undefined;
  const load = () => step ??= loadStep(source);
  let job: ReturnType<typeof work> | undefined;
  for await (const line of lines) {
    const command: ForeignCommand = JSON.parse(line);
    switch (command.type) {
      case "ask":
        void answer(command.question, load).then(
          (value) => say({ type: "answer", number: command.number, value }),
        ).catch((error) =>
          say({ type: "fault", number: command.number, error: errorOf(error, name) })
        );
        break;
      case "work":
        job = work(command.job, load, say, name);
        break;
      default:
        job?.take(command);
    }
  }
  // Whoever started this is gone.
  Deno.exit(70);
}

async function answer(
  question: ForeignQuestion,
  load: () => ReturnType<typeof loadStep>,
): Promise<unknown> {
  const step = await load();
  if (question.type === "describe") return described(step);
  return plain(await step.permissions(question.params));
}

/** The step's own members, with `true` for a function. */
function described(step: unknown): unknown {
  if (typeof step !== "object" || step === null) return null;
  return Object.fromEntries(
    Object.entries(step).map((
      [key, value],
    ) => [key, typeof value === "function" ? true : plain(value)]),
  );
}

/** As JSON gives it back: what was changed after this was taken is not seen. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}

function tooLong(type: string, length: number): string {
  return `${type} of ${length} bytes; at most ${messageBytes} may leave the process`;
}
