import { Console } from "node:console";
import { Writable } from "node:stream";

/**
 * Sends all that `console` prints to one place instead of standard output, which belongs to tokens
 * and messages. What writes to `Deno.stdout` itself is not caught: the launcher takes it for output.
 */
export function rerouteConsole(write: (text: string) => void): void {
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      write(String(text));
      done();
    },
  });
  globalThis.console = new Console({ stdout: stream, stderr: stream }) as typeof console;
}
