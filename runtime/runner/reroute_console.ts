/**
 * Sends all that `console` prints to one place instead of standard output, which belongs to tokens
 * and messages. What writes to `Deno.stdout` itself is not caught: the launcher takes it for output.
 */
export function rerouteConsole(write: (text: string) => void): void {
  let made: Console | undefined;
  const names = (Object.keys(globalThis.console) as (keyof Console)[])
    .filter((name) => typeof globalThis.console[name] === "function");
  globalThis.console = Object.fromEntries(names.map((name) => [
    name,
    // deno-lint-ignore no-explicit-any
    (...args: unknown[]) => (made ??= makeConsole(write) as any)[name]?.(...args),
  ])) as unknown as Console;
}

/** Loaded when something is printed, which is seldom: it takes longer than a runner to start. */
function makeConsole(write: (text: string) => void): Console {
  const { Console } = globalThis.process.getBuiltinModule("node:console");
  const { Writable } = globalThis.process.getBuiltinModule("node:stream");
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      write(String(text));
      done();
    },
  });
  return new Console({ stdout: stream, stderr: stream }) as unknown as Console;
}
