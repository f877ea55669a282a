import { InvalidInputError, TimedOutError } from "../../../engine/errors.ts";
import type { Clock } from "../../../engine/step.ts";
import { WorkerLink } from "./worker_link.ts";

/** Most bytes of a socket's path that Linux takes. */
const longestPath = 107;

export interface LinkOptions {
  /** Path of the control socket, in a folder that is ours alone. */
  readonly control: string;
  readonly clock: Clock;
  /** Of the wait for the worker, not of the link. */
  readonly signal: AbortSignal;
  /** Milliseconds until the hello; default 10,000. */
  readonly hello_ms?: number;
}

/**
 * Listens on the control socket, lets exactly one worker in, and settles with its hello. It listens
 * before this function returns: start the worker after the call, and then wait. Needs read, write and
 * `unix:` of the path.
 *
 * @throws TimedOutError when no worker says hello in time
 * @throws TransientError when it ended before its hello
 * @throws InvalidInputError when something else stands at the path, or it is too long for a socket
 *
 * @example
 * ```ts ignore
 * const linking = startLink({ control, clock: ctx.clock, signal: ctx.signal });
 * const program = await ctx.start({ program: python, args: ["-u", "-B", main, control, rest, grpc] });
 * const link = await linking;
 * const loaded = await link.load(order, { timeout_ms: 30_000 });
 * if (loaded.type === "failed") console.log(loaded.faults);
 * ```
 */
export async function startLink(
  { control, clock, signal, hello_ms = 10_000 }: LinkOptions,
): Promise<WorkerLink> {
  signal.throwIfAborted();
  const over = new AbortController();
  // Until the return, and so before anything of the agent runs: then nobody else comes in.
  using listener = listen(control);
  let link: WorkerLink | undefined;
  let late = false;
  const giveUp = () => {
    if (link === undefined) listener.close();
    else link.close();
  };
  signal.addEventListener("abort", giveUp, { once: true });
  clock.sleep(hello_ms, over.signal).then(() => {
    late = true;
    giveUp();
  }, () => {});
  try {
    const conn = await listener.accept();
    link = new WorkerLink(conn, clock);
    await link.greeted;
    return link;
  } catch (error) {
    signal.throwIfAborted();
    if (late) throw new TimedOutError(`no worker said hello within ${hello_ms} ms`);
    throw error;
  } finally {
    over.abort();
    signal.removeEventListener("abort", giveUp);
  }
}

/** Replaces the socket of an earlier worker. */
function listen(path: string): Deno.UnixListener {
  if (new TextEncoder().encode(path).length > longestPath) {
    throw new InvalidInputError(`${path} is too long for a socket`, {
      hint: `choose a folder with which the path has at most ${longestPath} bytes`,
    });
  }
  try {
    if (Deno.lstatSync(path).isSocket !== true) {
      throw new InvalidInputError(`${path} is there and is not a socket`);
    }
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const listener = Deno.listen({ transport: "unix", path });
  Deno.chmodSync(path, 0o600);
  return listener;
}
