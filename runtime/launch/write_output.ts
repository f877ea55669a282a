/** Writes text to standard output or standard error. */
export type Write = (text: string) => void;

/**
 * A writer that does not mind when the reader is gone (`sluice run … | head -1`): a run has to be
 * finished, and if need be undone, whoever listens. It waits for a slow reader.
 *
 * @param onLost told once when text was lost for another reason, such as a full disk
 */
export function writerTo(
  stream: { writeSync(bytes: Uint8Array): number },
  onLost: (reason: string) => void = () => {},
): Write {
  const encoder = new TextEncoder();
  let gone = false;
  return (text) => {
    if (gone) return;
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) {
      try {
        at += stream.writeSync(bytes.subarray(at));
      } catch (error) {
        if (error instanceof Deno.errors.WouldBlock) {
          // Whoever gave us the pipe made it non-blocking.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
          continue;
        }
        gone = true;
        if (!(error instanceof Deno.errors.BrokenPipe)) onLost((error as Error).message);
        return;
      }
    }
  };
}
