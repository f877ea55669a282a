import type { WorkerCommand, WorkerMessage } from "../worker/worker_protocol.ts";

/** The other side takes no longer line, and ends a process that sends one. */
const mostBytes = 16 * 1024 * 1024;

/** A message that the other side would not take; nothing of it was sent. */
export class TooLong extends Error {
  override readonly name = "TooLong";
}

/** The control connection. When it ends, so does the process. */
export class Control {
  #sending: Promise<unknown> = Promise.resolve();

  private constructor(private readonly conn: Deno.Conn) {}

  static async connect(path: string): Promise<Control> {
    return new Control(await Deno.connect({ transport: "unix", path }));
  }

  /**
   * Sends one message whole.
   *
   * @throws TooLong
   */
  async send(message: WorkerMessage): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    if (bytes.length > mostBytes) {
      throw new TooLong(`${bytes.length} bytes are more than ${mostBytes}`);
    }
    const sent = this.#sending.then(async () => {
      for (let at = 0; at < bytes.length;) at += await this.conn.write(bytes.subarray(at));
    });
    this.#sending = sent.catch(() => Deno.exit(1));
    await this.#sending;
  }

  /** What the runtime says, until the connection ends. */
  async *commands(): AsyncGenerator<WorkerCommand> {
    let rest = "";
    try {
      for await (const piece of this.conn.readable.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + piece).split("\n");
        rest = lines.pop()!;
        for (const line of lines) yield JSON.parse(line);
      }
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      // A reset is an end like any other.
    }
  }
}
