import { secretText } from "../bed.ts";
import type { StepCase } from "../case.ts";

/** The folders of other runs, and folders that are swapped while a run is at work. */
export const runs: readonly StepCase[] = [
  {
    name: "other-run-through-link",
    attack: "reads the plan of another run through a link in the folder that it may read",
    step: (at) => ({
      grants: { read: [at.open] },
      run: `
        const runs = "${at.open}/runs";
        return { text: await Deno.readTextFile(runs + "${
        at.other.slice(at.other.lastIndexOf("/"))
      }/plan.json") };`,
    }),
    refused: { layer: "box", error: /NotFound: No such file .*plan.json'$/ },
    unboxed: { succeeds: "Deno follows links in a granted folder", facts: { text: secretText } },
  },
  {
    name: "swap-folder",
    attack: "swaps a folder that a later step was granted for a link, after all was checked",
    step: (at) => ({
      grants: { read: [at.swap], write: [at.swap] },
      run: `
        await Deno.rename("${at.swap}/data", "${at.swap}/was");
        await Deno.rename("${at.swap}/trap", "${at.swap}/data");
        return {};`,
    }),
    refused: { succeeds: "it may write that folder; the next case tells what it gains", facts: {} },
  },
  {
    name: "swapped-folder",
    attack: "reads what the folder that it was granted has become a link to",
    step: (at) => ({
      grants: { read: [`${at.swap}/data`] },
      run: `return { text: await Deno.readTextFile("${at.swap}/data/file") };`,
    }),
    refused: {
      layer: "launcher",
      error: /granted .*\/data, which leads to .*\/kept: [\w-]+, a step of others, may have/,
    },
  },
  {
    name: "swapped-for-program",
    needsBox: true,
    attack: "swaps a folder for a link, and has a program started whose box holds that folder",
    step: (at) => {
      const args = [`${at.swapOwn}/data/file`];
      const box = { read: [`${at.swapOwn}/data`], write: [], network: false };
      return {
        grants: { read: [at.swapOwn], write: [at.swapOwn], run: [{ program: "cat", args, box }] },
        run: `
          await Deno.rename("${at.swapOwn}/data", "${at.swapOwn}/was");
          await Deno.rename("${at.swapOwn}/trap", "${at.swapOwn}/data");
          const { stdout } = await ctx.exec({ program: "cat", args: ${JSON.stringify(args)} });
          return { stdout };`,
      };
    },
    refused: {
      layer: "launcher",
      error: /granted .*\/data, which leads to .*\/kept: [\w-]+, a step of others, may have/,
    },
  },
];
