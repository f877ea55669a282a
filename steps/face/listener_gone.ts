import type { Clock } from "../../engine/step.ts";

export interface ListenerOptions {
  /** Absolute paths of the Unix sockets that have to accept. */
  readonly sockets: readonly string[];
  readonly clock: Clock;
  /** Ends the watch; its reason is thrown. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks. A socket that refuses is looked at once more before it is told. */
const lookEvery = 150;

/**
 * Settles with why as soon as one of the sockets refuses twice: nobody listens there any more, whether
 * or not the process lives. One that is slow to accept is waited for by whoever asks, and not told.
 */
export async function listenerGone(
  { sockets, clock, signal }: ListenerOptions,
): Promise<string> {
  let refused: ReadonlySet<string> = new Set();
  for (;;) {
    await clock.sleep(lookEvery, signal);
    const refusing = new Set<string>();
    for (const socket of sockets) {
      if (!await refuses(socket)) continue;
      if (refused.has(socket)) return `nobody listens on ${socket.replace(/^.*\//, "")} any more`;
      refusing.add(socket);
    }
    refused = refusing;
  }
}

async function refuses(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    // Anything else, such as a queue that is full, says that there is somebody.
    return error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.NotFound;
  }
}
