import { FailedError, InvalidInputError } from "../../../engine/errors.ts";
import { childEnvironment, fetching } from "../child_environment.ts";
import type { Box } from "../box.ts";
import type { BrokerRequest } from "../broker.ts";
import type { LaunchPlaces } from "../places.ts";
import { startBoxed } from "../start_boxed.ts";
import { startBrokered } from "../start_brokered.ts";
import type { Kit } from "./kit.ts";
import { binaryArguments } from "./kit_command.ts";

/** Names of the files that a binary is made of, in one folder with it. */
export const binarySources = { entry: "main.js", runner: "runner.js", plan: "plan.json" } as const;

/** The entry of a binary: the runner, with the plan in it. */
export const binaryEntry = [
  `import { main } from './${binarySources.runner}';`,
  `import plan from './${binarySources.plan}' with { type: 'json' };`,
  "Deno.exit(await main(Deno.args, plan));",
  "",
].join("\n");

/**
 * Has `deno compile` put the runner, its plan and the flags of its set into one file.
 *
 * @param folder holds {@linkcode binarySources}; the binary is made in it
 * @throws FailedError when Deno cannot make it
 */
export async function makeBinary(
  kit: Kit,
  folder: string,
  denort: string | undefined,
  { deno }: LaunchPlaces,
): Promise<string> {
  const binary = `${folder}/${kit.surface}`;
  const { code, stderr } = await new Deno.Command(deno, {
    args: [
      ...["compile", "--quiet", "--no-check", `--output=${binary}`],
      ...binaryArguments(kit, `${folder}/${binarySources.entry}`),
    ],
    cwd: folder,
    clearEnv: true,
    env: {
      ...childEnvironment(fetching),
      NO_COLOR: "1",
      ...(denort === undefined ? {} : { DENORT_BIN: denort }),
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code === 0) return binary;
  const said = new TextDecoder().decode(stderr).trim().replaceAll(/\s*\n\s*/g, " ");
  if (denort === undefined && /denort/.test(said)) {
    throw new FailedError("deno compile needs its runtime, denort, and could not fetch it", {
      hint: "set DENORT_BIN to the denort of this version of Deno, try it again with a network, " +
        "or leave out --binary: the folder needs none",
      details: { said },
    });
  }
  throw new FailedError(`deno compile failed: ${said}`);
}

/** Most bytes of an answer that are read. */
const answerBytes = 4096;
/** Milliseconds in which it has to answer. */
const patience = 10_000;

/**
 * Greets a binary: it has to answer as our runner, of this version, with nothing open. Whatever else
 * it is, it gets no variable, no input and, where there is one, a box with nothing in it.
 *
 * @throws InvalidInputError when it does not
 */
export async function greet(
  binary: string,
  { versions }: Kit,
  box: Box,
  places: LaunchPlaces,
): Promise<void> {
  const greeting = crypto.randomUUID();
  const request: BrokerRequest = {
    type: "broker",
    id: 0,
    step: "compile",
    grant: { program: binary, args: ["--hello", "*"], env: [], brokered: true },
    program: binary,
    args: ["--hello", greeting],
    env: {},
    max_output: answerBytes,
    show: false,
    stays: false,
  };
  const signal = AbortSignal.timeout(patience);
  const result = box.kind === "bubblewrap"
    ? await startBoxed(request, { read: [], write: [], network: false }, box, places, signal)
    : await startBrokered(request, places, signal);
  const fault = "refused" in result
    ? result.refused
    : judgeHello(result.stdout, { greeting, version: versions.sluice });
  if (fault === undefined) return;
  throw new InvalidInputError(`deno compile made a file that is not our program: ${fault}`, {
    hint: "it was removed; is DENORT_BIN the denort of this version of Deno?",
  });
}

/**
 * Whether what a file answered to `--hello` comes from our runner, of this version, with nothing
 * granted for everything.
 *
 * @returns what is wrong; `undefined` when all is right
 */
export function judgeHello(
  stdout: string,
  wanted: { readonly greeting: string; readonly version: string },
): string | undefined {
  let hello: Partial<Record<string, unknown>> | null;
  try {
    hello = JSON.parse(stdout);
  } catch {
    return "it does not answer as a runner does";
  }
  if (hello?.["sluice_runner"] !== wanted.greeting) return "it does not answer as a runner does";
  const { version, deno, open } = hello;
  if (version !== wanted.version) return `it is sluice ${version}, not ${wanted.version}`;
  if (deno !== Deno.version.deno) return `it runs Deno ${deno}, not ${Deno.version.deno}`;
  if (!Array.isArray(open)) return "it does not say what it may do";
  if (open.length > 0) return `it has all of ${open.join(", ")}`;
}
