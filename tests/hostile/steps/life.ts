import assert from "node:assert/strict";
import type { StepCase } from "../case.ts";

const ended = (how: string) => ({
  layer: "process" as const,
  error: new RegExp(`^FailedError: the process of .* ${how}`),
});

/** How a process ends, does not end, or takes all there is. */
export const life: readonly StepCase[] = [
  {
    name: "exit-well",
    attack: "ends its process with 0 before it has a result",
    step: () => ({ run: `Deno.exit(0);` }),
    refused: ended("ended with exit code 0 before it gave a result"),
  },
  {
    name: "kill-itself",
    attack: "kills its own process",
    step: () => ({ run: `Deno.kill(Deno.pid, "SIGKILL");` }),
    refused: ended("was ended by (SIGKILL|signal 9)"),
  },
  {
    name: "late-rejection",
    attack: "leaves a promise that rejects later",
    step: () => ({
      run: `
        setTimeout(() => Promise.reject(new Error("later")), 10);
        await new Promise(() => setTimeout(() => {}, 60_000));`,
    }),
    refused: ended("ended with exit code 1"),
  },
  {
    name: "late-timer",
    attack: "leaves a timer and a handle that would keep its process alive",
    step: (at) => ({
      grants: { read: [at.open] },
      run: `setInterval(() => {}, 1000);\nawait Deno.open("${at.open}");\nreturn {};`,
    }),
    refused: { layer: "process", facts: {} },
  },
  {
    name: "use-up-heap",
    attack: "keeps objects until memory is used up",
    step: () => ({
      run: `const all = []; while (true) all.push(new Array(1e5).fill(0.5));`,
    }),
    refused: ended("used up its memory \\(heap limit 256 MiB\\)"),
  },
  {
    name: "use-up-buffers",
    attack: "keeps buffers, which V8's heap limit does not count: 1.5 GiB, untouched",
    step: () => ({
      run: `
        const all = [];
        for (let n = 0; n < 24; n++) all.push(new ArrayBuffer(64 * 2 ** 20));
        return { got: all.length };`,
    }),
    refused: { layer: "box", error: /memory|allocation failed|ended by|RangeError/i },
    unboxed: { succeeds: "nothing limits it but the machine", facts: { got: 24 } },
  },
  {
    name: "use-up-handles",
    attack: "opens one file 1,200 times",
    step: (at) => ({
      grants: { read: [at.open], write: [at.open] },
      run: `
        await Deno.writeTextFile("${at.open}/own", "");
        const all = [];
        for (let n = 0; n < 1200; n++) all.push(await Deno.open("${at.open}/own"));
        return { got: all.length };`,
    }),
    refused: { layer: "box", error: /Too many open files/i },
    unboxed: { succeeds: "the limit is that of whoever starts Sluice", facts: { got: 1200 } },
  },
  {
    name: "block-the-loop",
    attack: "never gives its deadline a chance: an endless loop",
    keys: "timeout: 1s,",
    step: () => ({ run: `while (true);` }),
    refused: { layer: "deadline", error: /block-the-loop took longer than 1000 ms/ },
  },
  {
    name: "empty-lines-without-end",
    attack: "prints nothing but empty lines, for ever, as fast as it can",
    keys: "timeout: 1s,",
    step: () => ({
      run: `
        const lines = new Uint8Array(1e6).fill(10);
        while (true) Deno.stdout.writeSync(lines);`,
    }),
    refused: { layer: "deadline", error: /empty-lines-without-end took longer than 1000 ms/ },
  },
  {
    name: "trap-the-end",
    attack: "takes SIGTERM, lets the abort pass, and waits",
    keys: "timeout: 1s,",
    step: () => ({
      run: `
        for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) Deno.addSignalListener(signal, () => {});
        ctx.signal.addEventListener("abort", (event) => event.stopImmediatePropagation());
        await new Promise((resolve) => setTimeout(resolve, 600_000));`,
    }),
    refused: { layer: "deadline", error: /trap-the-end took longer than 1000 ms/ },
    after: (_at, { run }) => {
      assert.deepEqual(run.events.filter(({ text }) => /still at work/.test(String(text))), []);
    },
  },
];
