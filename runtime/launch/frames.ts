/** What a line on a process's standard output turned out to be. */
export type Frame =
  | { readonly kind: "message"; readonly seq: number; readonly message: unknown }
  /** Printed by something in it: never a message, whatever it looks like. */
  | { readonly kind: "output"; readonly text: string }
  /** Messages were lost, repeated or damaged: what it says can no longer be relied on. */
  | { readonly kind: "fault"; readonly reason: string };

/**
 * Tells the messages of a process from its output. A message carries the nonce, which only that
 * process was told, and the next number of a sequence without gaps.
 */
export function frames(nonce: string): (line: string) => Frame {
  let last = 0;
  return (line) => {
    const found = parse(line);
    if (found?.sluice !== nonce) return { kind: "output", text: line };
    if (found.seq !== last + 1) {
      return { kind: "fault", reason: `message ${last + 1} was expected, ${found.seq} came` };
    }
    last = found.seq;
    return { kind: "message", seq: last, message: found.message };
  };
}

function parse(
  line: string,
): { readonly sluice: unknown; readonly seq: number; readonly message: unknown } | undefined {
  if (!line.startsWith('{"sluice":')) return;
  try {
    return JSON.parse(line);
  } catch {
    return;
  }
}
