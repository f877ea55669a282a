import assert from "node:assert/strict";
import { type Bed, secretText } from "../bed.ts";
import type { StepCase } from "../case.ts";

/** In a box the folder of the runs is empty. */
const hidden = { layer: "box" as const, error: /^FailedError: NotFound: No such file .*-other\// };
/** Deno lets what is allowed by a longer path pass a denied folder above it. */
const succeeds = (facts: Readonly<Record<string, unknown>>) => ({
  succeeds: "a grant on a path in that folder outweighs the denial of the folder",
  facts,
});
const otherIsWhole = async (at: Bed) => {
  assert.equal(await Deno.readTextFile(`${at.other}/plan.json`), secretText);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(`${at.other}/artifacts`)), []);
};

/** The folders of other runs, and folders that are swapped while a run is at work. */
export const runs: readonly StepCase[] = [
  {
    name: "other-run-read",
    attack: "reads the plan of another run, which was granted to it by name",
    step: (at) => ({
      grants: { read: [`${at.other}/plan.json`] },
      run: `return { text: await Deno.readTextFile("${at.other}/plan.json") };`,
    }),
    refused: hidden,
    unboxed: succeeds({ text: secretText }),
  },
  {
    name: "other-run-journal",
    attack: "writes into the journal of another run, which was granted to it by name",
    step: (at) => ({
      grants: { write: [`${at.other}/journal.jsonl`] },
      run: `
        await Deno.writeTextFile("${at.other}/journal.jsonl", "{}\\n", { append: true });
        return {};`,
    }),
    refused: hidden,
    unboxed: succeeds({}),
  },
  {
    name: "other-run-artifacts",
    attack: "leaves something among the artifacts of another run, a folder granted to it by name",
    step: (at) => ({
      grants: { read: [`${at.other}/artifacts`], write: [`${at.other}/artifacts`] },
      run: `
        await Deno.writeTextFile("${at.other}/artifacts/planted", "");
        await Deno.remove("${at.other}/artifacts/planted");
        return {};`,
    }),
    refused: hidden,
    unboxed: succeeds({}),
    after: otherIsWhole,
  },
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
      succeeds: "the box of a step is made when it starts, and follows what is a link by then",
      facts: { text: secretText },
    },
    unboxed: { succeeds: "Deno follows links in a granted folder", facts: { text: secretText } },
  },
];
