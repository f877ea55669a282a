import { systemClock } from "../../../engine/execute/system_clock.ts";
import { startLink } from "./start_link.ts";
import type { WorkerLink } from "./worker_link.ts";

/** A worker that is this test. */
export interface Liar extends AsyncDisposable {
  readonly link: WorkerLink;
  /** Writes a text as it is, without an end of line. */
  say(text: string | Uint8Array): Promise<void>;
  /** The next command. */
  hear(): Promise<Record<string, unknown>>;
  leave(): void;
}

/** The one control socket that the group of these tests is granted. */
export const control = () => `${Deno.env.get("TMPDIR")}/control.sock`;
export const hello = '{"type":"hello","v":1,"pid":7,"version":"3.11.7"}\n';
/** A test that leaves nothing open. */
export const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true });

export async function startLiar(): Promise<Liar> {
  const { signal } = new AbortController();
  const linking = startLink({ control: control(), clock: systemClock, signal });
  const conn = await Deno.connect({ transport: "unix", path: control() });
  const write = async (text: string | Uint8Array) => {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
  };
  await write(hello);
  const link = await linking;
  let held = "";
  let isOpen = true;
  const leave = () => {
    if (isOpen) conn.close();
    isOpen = false;
  };
  return {
    link,
    say: (text) => write(text),
    async hear() {
      const piece = new Uint8Array(64 * 1024);
      while (!held.includes("\n")) {
        const count = await conn.read(piece);
        if (count === null) throw new Error("the link is closed");
        held += new TextDecoder().decode(piece.subarray(0, count));
      }
      const end = held.indexOf("\n");
      const line = held.slice(0, end);
      held = held.slice(end + 1);
      return JSON.parse(line);
    },
    leave,
    [Symbol.asyncDispose]() {
      leave();
      link.close();
      return Promise.resolve();
    },
  };
}
