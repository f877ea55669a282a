/**
 * Declares the tests of one symbol: each fails that leaves something open, or at work.
 *
 * @module
 */

/** @param symbol what the names of the tests begin with: `execute()` */
export function strictTests(symbol: string): (name: string, fn: () => Promise<void>) => void {
  return (name, fn) =>
    Deno.test({ name: `${symbol} ${name}`, sanitizeResources: true, sanitizeOps: true, fn });
}

/** The same, for tests that get a folder each, which is gone after them. */
export function strictTestsInFolder(
  symbol: string,
): (name: string, fn: (folder: string) => Promise<void>) => void {
  const test = strictTests(symbol);
  return (name, fn) =>
    test(name, async () => {
      const folder = await Deno.makeTempDir();
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
}
