import { launchedPrograms } from "../launch/launched_programs.ts";
import type { DemoPlaces } from "./places.ts";

/** How a command of `sluice` ended, with the tokens that it wrote. */
export interface SluiceEnd {
  readonly code: number;
  readonly tokens: readonly Token[];
}

/** A line `APPLIANCE_STEP:<step>:<kind>[:<json>]`. */
export interface Token {
  readonly step: string;
  readonly kind: "START" | "OK" | "FAIL";
  readonly facts: { readonly notes?: string; readonly artifact?: string };
}

/** The launcher's permissions: those of the task `sluice`. */
export function launcherFlags(deno: string): readonly string[] {
  const programs = [deno, ...launchedPrograms].join(",");
  return ["-q", "--no-prompt", "--allow-read", "--allow-env", `--allow-run=${programs}`];
}

/**
 * Runs `sluice` as a user would. Its tokens go to our standard output as they come, whatever else it
 * prints to standard error. An interrupt is handed on, and its end is waited for: a run that stops undoes first.
 */
export async function sluice(
  args: readonly string[],
  places: DemoPlaces,
  interrupted: AbortSignal,
): Promise<SluiceEnd> {
  interrupted.throwIfAborted();
  const child = new Deno.Command(places.deno, {
    args: [
      "run",
      ...launcherFlags(places.deno),
      `${places.project}/runtime/launch/main.ts`,
      ...args,
    ],
    cwd: places.top,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const handOn = () => child.kill("SIGINT");
  interrupted.addEventListener("abort", handOn);
  const tokens: Token[] = [];
  try {
    for await (const line of lines(child.stdout)) {
      const token = readToken(line);
      if (token === undefined) {
        console.error(line);
      } else {
        console.log(line);
        tokens.push(token);
      }
    }
    const { code } = await child.status;
    interrupted.throwIfAborted();
    return { code, tokens };
  } finally {
    interrupted.removeEventListener("abort", handOn);
  }
}

function readToken(line: string): Token | undefined {
  const parts = /^APPLIANCE_STEP:([^:]+):(START|OK|FAIL)(?::(\{.*\}))?$/.exec(line);
  if (parts === null) return undefined;
  const [, step, kind, json] = parts;
  return { step: step!, kind: kind as Token["kind"], facts: JSON.parse(json ?? "{}") };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const whole = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = whole.pop()!;
    yield* whole;
  }
  if (rest !== "") yield rest;
}
