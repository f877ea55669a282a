import type { Write } from "./write_output.ts";

/** Standard output or standard error of a process that has to go on whoever reads it. */
export interface Output {
  /** Takes a text at once; it is written in order, as fast as it is read. */
  readonly write: Write;
  /** Whether more waits to be written than {@linkcode mostWaiting}. */
  behind(): boolean;
  /** Settles when that is no longer so, when the reader is gone, or after `hurry`. */
  room(): Promise<void>;
  /**
   * From here on nobody waits for the reader: `room` is there, and `flush` gives up when nothing is
   * read for a while.
   */
  hurry(): void;
  /** Settles when all was written or lost. */
  flush(): Promise<void>;
}

/** Bytes that may wait to be written before a reader counts as behind: 1 MiB. */
export const mostWaiting = 2 ** 20;

/** Bytes that are written at once: a pipe tells of a piece when all of it was taken. */
const piece = 2 ** 14;

export interface OutputOptions {
  /** Told once when text was lost for another reason than that its reader is gone: a full disk. */
  onLost?(reason: string): void;
  /** Milliseconds in which nothing is read, and after which `flush` gives up in a hurry. */
  readonly patience?: number;
}

/**
 * Opens a stream for writing that never blocks the process: a signal is heard, and a server answers,
 * while its reader does not read. When the reader is gone (`sluice run … | head -1`) the rest is
 * dropped in silence: a run has to be finished, and if need be undone, whoever listens.
 */
export function openOutput(
  stream: { write(bytes: Uint8Array): Promise<number> },
  { onLost, patience = 2000 }: OutputOptions = {},
): Output {
  const encoder = new TextEncoder();
  let waiting: string[] = [];
  /** Characters of `waiting` and bytes that are being written. */
  let size = 0;
  let gone = false;
  let hurried = false;
  let writing: Promise<void> | undefined;
  let onRead = () => {};
  const wake: (() => void)[] = [];
  const behind = () => size > mostWaiting && !gone;
  const wakeAll = () => {
    for (const one of wake.splice(0)) one();
  };

  const writeAll = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) {
      try {
        at += await stream.write(bytes.subarray(at, at + piece));
        onRead();
      } catch (error) {
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        // Whoever gave us the pipe made it non-blocking.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  const drain = async () => {
    try {
      while (waiting.length > 0) {
        const bytes = encoder.encode(waiting.join(""));
        waiting = [];
        size = bytes.length;
        await writeAll(bytes);
        size = waiting.reduce((sum, { length }) => sum + length, 0);
        if (!behind()) wakeAll();
      }
    } catch (error) {
      gone = true;
      waiting = [];
      size = 0;
      wakeAll();
      if (!(error instanceof Deno.errors.BrokenPipe)) onLost?.((error as Error).message);
    }
    writing = undefined;
  };

  return {
    write(text) {
      if (gone || text === "") return;
      waiting.push(text);
      size += text.length;
      writing ??= drain();
    },
    behind,
    async room() {
      if (behind() && !hurried) await new Promise<void>((resolve) => wake.push(resolve));
    },
    hurry() {
      hurried = true;
      wakeAll();
      onRead();
    },
    async flush() {
      const given = Promise.withResolvers<void>();
      let timer: ReturnType<typeof setTimeout> | undefined;
      onRead = () => {
        clearTimeout(timer);
        if (hurried) timer = setTimeout(given.resolve, patience);
      };
      onRead();
      await Promise.race([writing, given.promise]);
      clearTimeout(timer);
    },
  };
}
