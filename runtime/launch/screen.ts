/** What a stream of this process is shown on. */
export function screenOf(
  stream: { isTerminal(): boolean },
): { readonly terminal: boolean; readonly columns: number | undefined } {
  if (!stream.isTerminal()) return { terminal: false, columns: undefined };
  try {
    // A terminal that nobody told its size says 0.
    return { terminal: true, columns: Deno.consoleSize().columns || undefined };
  } catch {
    return { terminal: true, columns: undefined };
  }
}

/** Whether what is written to it may be coloured. */
export function mayColor(terminal: boolean): boolean {
  return terminal && !Deno.env.get("NO_COLOR");
}
