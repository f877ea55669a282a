/**
 * The planner: the process in which all of the command line runs, but the running itself. It may
 * read what the launcher lets it read and nothing else; what it needs beyond that, and what it
 * wants to have run, it asks of the launcher by JSON lines.
 *
 * @module
 */
import { hasOption } from "./launch/command_line.ts";
import "./cli/late_segmenter.ts";
import { systemClock } from "../engine/execute/system_clock.ts";
import { BugError, type ExitCode, exitCode } from "../engine/errors.ts";
import { ForeignFault } from "../engine/foreign/foreign_fault.ts";
import { registry } from "../steps/registry.ts";
import { runCli } from "./cli/cli.ts";
import type { Port } from "./cli/port.ts";
import { reportError } from "./cli/report_error.ts";
import {
  type Handed,
  type PlannerContext,
  plannerContextFlag,
  type PlannerMessage,
  type PlannerReply,
} from "./launch/planner_protocol.ts";
import { writerTo } from "./launch/write_output.ts";

/** What is told to people may find nobody there; the exit code says the same. */
const stderr = writerTo(Deno.stderr);

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const [first = "", ...rest] = args;
    if (!first.startsWith(plannerContextFlag)) {
      throw new BugError("the planner was started without a launcher");
    }
    const context: PlannerContext = JSON.parse(first.slice(plannerContextFlag.length));
    const handed = context.handed === undefined ? undefined : await readHanded(context.handed);
    return await runCli(rest, { context, port: launcherPort(handed) }, registry);
  } catch (error) {
    const { text, exit } = reportError(error, hasOption(args, "--debug"));
    stderr(text);
    return exit;
  }
}

/** The world by way of the launcher. */
function launcherPort(handed: Handed | undefined): Port {
  const say = (message: PlannerMessage) => {
    try {
      writeAll(Deno.stdout, JSON.stringify(message) + "\n");
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) leave();
      throw error;
    }
  };
  const ask = async <T extends PlannerReply["type"]>(type: T, question: PlannerMessage) => {
    say(question);
    const line = await readLine();
    if (!line.endsWith("\n")) leave();
    const reply: PlannerReply = JSON.parse(line);
    if (reply.type !== type) throw new BugError(`the launcher answered ${reply.type}`);
    return reply as Extract<PlannerReply, { readonly type: T }>;
  };
  return {
    out: (text) => say({ type: "output", text }),
    err: stderr,
    async env(names) {
      if (names.length === 0) return { values: {}, alike: [] };
      return await ask("env", { type: "want-env", names });
    },
    async programs(names) {
      if (names.length === 0) return {};
      return (await ask("programs", { type: "want-programs", names })).found;
    },
    async askForeign(name, source, question) {
      const reply = await ask("foreign", { type: "ask-foreign", name, source, question });
      if ("fault" in reply) throw new ForeignFault(reply.fault, reply.hint);
      return reply.answer;
    },
    async judge(asked) {
      return (await ask("judgement", { type: "want-judgement", asked })).judgement;
    },
    async box(permissions) {
      return (await ask("box", { type: "want-box", permissions })).box;
    },
    stdin() {
      say({ type: "want-stdin" });
      return new Response(Deno.stdin.readable).text();
    },
    launch: (request) => say({ type: "launch", request }),
    sign: (pipelines) => say({ type: "sign", pipelines }),
    ...(handed === undefined ? {} : {
      signed: { texts: new Map(Object.entries(handed.texts)), report: handed.report },
    }),
    deploy: (request) => say({ type: "deploy", request }),
    clock: systemClock,
    random: Math.random,
  };
}

/** The launcher is gone: nobody hears what this one found, and nothing was begun. */
function leave(): never {
  Deno.exit(exitCode.interrupted);
}

/** Exactly what the launcher has announced: the rest is for somebody else to read. */
async function readHanded(size: number): Promise<Handed> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const count = await Deno.stdin.read(bytes.subarray(at));
    if (count === null) throw new BugError("the launcher did not hand over what it announced");
    at += count;
  }
  return JSON.parse(new TextDecoder().decode(bytes));
}

/**
 * One line of standard input. Nothing follows it before the next thing is asked for, so that no byte
 * of what is for somebody else to read is taken.
 */
async function readLine(): Promise<string> {
  const decoder = new TextDecoder();
  const piece = new Uint8Array(16 * 1024);
  let text = "";
  while (!text.endsWith("\n")) {
    const count = await Deno.stdin.read(piece);
    if (count === null) break;
    text += decoder.decode(piece.subarray(0, count), { stream: true });
  }
  return text;
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}
