/** What was kept of an output stream. */
export interface Drained {
  readonly text: string;
  /** Bytes that came after the limit. */
  readonly dropped: number;
}

export interface Draining {
  /** Settles at the end of the stream or when it is given up; never rejects. */
  readonly done: Promise<Drained>;
  /** Stops reading, for a stream that somebody else keeps open. */
  giveUp(): Promise<void>;
}

/** Bytes read at once: a bigger buffer costs tens of megabytes over a few programs. */
const pieceSize = 4096;

/**
 * Reads an output stream to its end in small pieces, so that its writer never waits, and keeps the
 * first `max` bytes as text.
 *
 * @param onText sees all of it as text, also what is dropped, as it comes
 */
export function drain(
  stream: ReadableStream<Uint8Array>,
  max: number,
  onText?: (text: string) => void,
): Draining {
  const reader = stream.getReader({ mode: "byob" });
  const read = async (): Promise<Drained> => {
    const decoder = new TextDecoder();
    const all = new TextDecoder();
    let text = "";
    let kept = 0;
    let dropped = 0;
    let buffer = new Uint8Array(pieceSize);
    try {
      while (true) {
        const { value, done } = await reader.read(buffer);
        if (done || value === undefined) break;
        onText?.(all.decode(value, { stream: true }));
        const part = value.subarray(0, max - kept);
        kept += part.length;
        dropped += value.length - part.length;
        text += decoder.decode(part, { stream: true });
        buffer = new Uint8Array(value.buffer);
      }
    } catch {
      // The pipe broke: what came before it is the output.
    } finally {
      reader.releaseLock();
    }
    onText?.(all.decode());
    // A character that the limit cut in two is left out.
    return { text: dropped > 0 ? text : text + decoder.decode(), dropped };
  };
  return { done: read(), giveUp: () => reader.cancel().catch(() => {}) };
}
