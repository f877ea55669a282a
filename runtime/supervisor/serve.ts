import * as v from "valibot";
import {
  longestLine,
  type SupervisorAnswer,
  supervisorRequest,
} from "../../steps/service/supervisor_protocol.ts";
import type { RotatingLog } from "./rotating_log.ts";
import type { Supervised } from "./supervise.ts";

/** Longest request, in bytes. */
const longestRequest = 4_096;

/** Answers one client, request by request, until it hangs up. */
export async function serveClient(
  connection: Deno.Conn,
  program: Supervised,
  log: RotatingLog,
): Promise<void> {
  using _closed = connection;
  try {
    for await (const line of requests(connection)) {
      const answer = await answerTo(line, program, log);
      const bytes = new TextEncoder().encode(JSON.stringify(answer) + "\n");
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    }
  } catch {
    // The client went away; what it asked for goes on.
  }
}

async function answerTo(
  line: string,
  program: Supervised,
  log: RotatingLog,
): Promise<SupervisorAnswer> {
  let request;
  try {
    request = v.parse(supervisorRequest, JSON.parse(line));
  } catch (error) {
    return { ok: false, error: `no request: ${(error as Error).message}` };
  }
  try {
    switch (request.command) {
      case "status":
        break;
      case "start":
        await program.start();
        break;
      case "stop":
        await program.stop();
        break;
      case "restart":
        await program.stop();
        await program.start();
        break;
      case "logs":
        return { ok: true, lines: fitting(log.tail(request.lines)) };
    }
    return { ok: true, status: program.status() };
  } catch (error) {
    return { ok: false, error: (error as Error).message };
  }
}

/** The newest of the lines, as many as one answer holds. */
function fitting(lines: readonly string[]): string[] {
  let left = longestLine - 1024;
  const fit = lines.toReversed().filter((line) => {
    // Six bytes a character is the most that JSON needs.
    left -= line.length * 6 + 3;
    return left >= 0;
  });
  return fit.reverse();
}

async function* requests(connection: Deno.Conn): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(longestRequest);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    const lines = (text + decoder.decode(buffer.subarray(0, count), { stream: true })).split("\n");
    text = lines.pop()!;
    yield* lines;
    if (text.length > longestRequest) return;
  }
}
