import assert from "node:assert/strict";
import { processesWith } from "../../cli/processes_with.ts";
import type { StepCase } from "../case.ts";

const exec = (program: string, args: readonly string[]) =>
  `const { code, stderr } = await ctx.exec(${JSON.stringify({ program, args })});
  return { code, stderr: stderr.trim().replace(/^.*kill: /, "kill: ") };`;

/** Other processes: of the run, of other steps, and such as stay. Programs are in boxes of their own. */
export const processes: readonly StepCase[] = [
  {
    name: "kill-by-name",
    needsBox: true,
    attack: "kills the runner and the processes of other steps by name, with a grant on pkill",
    step: () => ({
      grants: { run: [{ program: "pkill", args: ["-KILL", "-f", "*"] }] },
      run: exec("pkill", ["-KILL", "-f", "runtime/(runner|foreign/host).ts"]),
    }),
    // 1: it finds none.
    refused: { layer: "box", facts: { code: 1, stderr: "" } },
  },
  {
    name: "kill-by-number",
    needsBox: true,
    attack: "signals the launcher by its number, with a grant on kill",
    step: () => ({
      grants: { run: [{ program: "kill", args: ["-CONT", "*"] }] },
      // Who started the launcher: a number that is alive, and is nobody's in the box.
      run: exec("kill", ["-CONT", `${Deno.pid}`]),
    }),
    refused: { layer: "box", facts: { code: 1, stderr: `kill: (${Deno.pid}): No such process` } },
  },
  {
    name: "leave-a-process",
    needsBox: true,
    attack: "leaves a process in a session of its own, forked twice, with a grant on setsid",
    step: (at) => ({
      grants: { run: [{ program: "setsid", args: ["--fork", "sleep", `86${at.port}`] }] },
      run: exec("setsid", ["--fork", "sleep", `86${at.port}`]),
    }),
    refused: { layer: "box", facts: { code: 0, stderr: "" } },
    after: async (at) => assert.deepEqual(await processesWith(`sleep 86${at.port}`), []),
  },
  {
    name: "kill-sibling",
    attack: "signals the process of another step by its number",
    step: () => ({ run: `Deno.kill(Deno.pid + 1, "SIGCONT");` }),
    refused: {
      layer: "deno",
      error: /^RefusedError: the sandbox refused kill-sibling: run access/,
    },
    real: () => ["--allow-run"],
  },
];
