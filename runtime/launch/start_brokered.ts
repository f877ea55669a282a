import type { BrokerRequest } from "./broker.ts";
import { bareConfig } from "./bare_config.ts";
import { childEnvironment } from "./child_environment.ts";
import type { LaunchPlaces } from "./places.ts";
import { withoutOpen } from "./die_with_launcher.ts";
import type { BrokeredResult } from "./runner_protocol.ts";
import { programFile } from "./deno_command.ts";
import { readLines } from "./read_lines.ts";
import type { JobOutput, ProgramJob } from "./run_job.ts";

/**
 * Starts a program that was judged, not confined: by a Deno process whose one permission is to run
 * that file, because the launcher itself may start Deno and bubblewrap only. It is killed when the
 * signal aborts, and when this process ends in any way.
 */
export async function startBrokered(
  request: BrokerRequest,
  places: LaunchPlaces,
  signal: AbortSignal,
  output?: JobOutput,
): Promise<BrokeredResult> {
  const command = withoutOpen({
    program: places.deno,
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      bareConfig(places),
      "--no-lock",
      "--cached-only",
      `--allow-run=${request.program}`,
      `${places.project}/${programFile("runtime/launch/brokered")}`,
    ],
  });
  const child = new Deno.Command(command.program, {
    args: command.args,
    clearEnv: true,
    env: childEnvironment(),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    // A Ctrl-C on the terminal is the launcher's to hand on.
    detached: true,
  }).spawn();
  const job: ProgramJob = {
    program: request.program,
    args: request.args,
    env: request.env,
    max_output: request.max_output,
    show: request.show,
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
  };
  const input = child.stdin.getWriter();
  const close = () => void input.close().catch(() => {});
  try {
    await input.write(new TextEncoder().encode(`${JSON.stringify(job)}\n`));
    if (signal.aborted) close();
    else signal.addEventListener("abort", close, { once: true });
    let result: BrokeredResult | undefined;
    for await (const line of readLines(child.stdout)) {
      const said = JSON.parse(line);
      if ("stream" in said) await output?.(said.stream, said.text);
      else result = said;
    }
    const { code } = await child.status;
    return result ?? { refused: `${request.program}: what started it ended with ${code}` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { refused: `${request.program} could not be started: ${reason}` };
  } finally {
    signal.removeEventListener("abort", close);
    await input.abort().catch(() => {});
  }
}
