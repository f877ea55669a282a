/** Takes text, synchronously, in order. */
export type Write = (text: string) => void;

/**
 * A writer that falls silent at its first error. A run has to go on, and if need be be undone,
 * whether or not somebody still reads what it says.
 */
export function quietly(write: Write): Write {
  let gone = false;
  return (text) => {
    if (gone) return;
    try {
      write(text);
    } catch {
      gone = true;
    }
  };
}
