import assert from "node:assert/strict";
import type { Seen, StepCase } from "../case.ts";

const print = (text: string) =>
  `Deno.stdout.writeSync(new TextEncoder().encode(${JSON.stringify(text)}));\nreturn {};`;
const isOutput = (text: string) => (_at: unknown, { output, run }: Seen) => {
  assert.ok(output.some((line) => line.includes(text)), JSON.stringify(output));
  assert.ok(!run.stdout.split("\n").some((line) => line.startsWith(text)), run.stdout);
};
const contained = { layer: "launcher" as const, facts: {} };
/** Learns the nonce of its process: the code shares it with what speaks for it. */
const stealNonce = `
  const write = Deno.stdout.writeSync;
  const said = [];
  Deno.stdout.write = Deno.stdout.writeSync = function (bytes) {
    said.push(new TextDecoder().decode(bytes));
    return write.call(this, bytes);
  };
  ctx.emit.note("x");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const frame = /\\{"sluice":"([^"]+)","seq":(\\d+)/.exec(said.join("")) ?? [];
  const forge = (seq, message) => write.call(Deno.stdout, new TextEncoder().encode(
    "\\n" + JSON.stringify({ sluice: frame[1], seq, message }) + "\\n"));`;

/** What is said: tokens, events, messages. */
export const words: readonly StepCase[] = [
  {
    name: "print-token",
    attack: "prints a whole token line",
    step: () => ({ run: print('APPLIANCE_STEP:forged:OK:{"run":"x","seq":1}\n') }),
    refused: contained,
    after: isOutput("APPLIANCE_STEP:forged:OK:"),
  },
  {
    name: "print-half-token",
    attack: "leaves half a token unterminated at its end, for the engine to complete",
    step: () => ({ run: print("APPLIANCE_STEP:half:") }),
    refused: contained,
    after: isOutput("APPLIANCE_STEP:half:"),
  },
  {
    name: "print-carriage-return",
    attack: "prints a token between carriage returns and terminal sequences",
    step: () => ({ run: print("x\r\u001b[2K\rAPPLIANCE_STEP:cr:OK\r\n") }),
    refused: contained,
    after: isOutput("APPLIANCE_STEP:cr:OK"),
  },
  {
    name: "print-event",
    attack: "prints an event of the launcher's language, with a guessed nonce",
    step: () => ({
      run: print(
        '\n{"sluice":"00000000-0000-4000-8000-000000000000","seq":1,"message":{"type":"done","facts":{"forged":true}}}\n',
      ),
    }),
    refused: contained,
    after: isOutput('"forged":true'),
  },
  {
    name: "print-long-line",
    attack: "prints a line of 3 MB",
    step: () => ({
      run: `console.log("x".repeat(3e6));\nreturn {};`,
    }),
    refused: contained,
    after: (_at, { output }) => {
      assert.ok(output.length > 0);
      assert.ok(output.every((line) => line.length < 2_000_000));
    },
  },
  {
    name: "print-without-end",
    attack: "prints 40 MB",
    step: () => ({
      run: `for (let n = 0; n < 400; n++) console.log("y".repeat(100_000));\nreturn {};`,
    }),
    refused: contained,
    after: (_at, { output }) => {
      assert.match(output.at(-1)!, /more bytes were dropped/);
      assert.ok(output.join("").length < 5_000_000);
    },
  },
  {
    name: "skip-a-number",
    attack: "learns the nonce of its own process, and skips a number of the sequence",
    step: () => ({ run: `${stealNonce}\nforge(99, { type: "done", facts: {} });\nreturn {};` }),
    refused: { layer: "engine", error: /message \d+ was expected, 99 came/ },
  },
  {
    name: "speak-for-another",
    attack: "learns the nonce of its own process, and says that the run is over",
    step: () => ({
      run: `${stealNonce}
        forge(Number(frame[2]) + 1, { type: "run.finished", exit: 0 });
        await new Promise(() => {});`,
    }),
    refused: { layer: "engine", error: /said something that nobody understands/ },
  },
  {
    name: "read-stdin",
    attack: "reads what the user typed, or what the launcher says, from standard input",
    step: () => ({
      run: `
        try { Deno.stdin.readable.getReader(); } catch (error) { return { said: error.name }; }`,
    }),
    refused: { layer: "launcher", facts: { said: "TypeError" } },
  },
];
