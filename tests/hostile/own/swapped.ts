import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import { foreignFile, type ForeignSpec } from "../../cli/foreign_bed.ts";
import { sluice } from "../../cli/start_sluice.ts";
import type { OwnCase } from "../case.ts";
import { serveHealth } from "../serve_health.ts";

const lockOf = (root: string) =>
  `  - { id: lock, uses: release.lock, with: { root: "${root}" } }\n`;
const makeLink = async (target: string, path: string) => {
  const args = ["-s", "--", target, path];
  const { success } = await new Deno.Command("/usr/bin/ln", { args, clearEnv: true }).output();
  assert.ok(success);
};
const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);

/**
 * Runs a pipeline that asks a service and then locks a root. While it asks, after all was checked, the
 * root is moved away and a link to another folder put in its place.
 *
 * @returns what was made in that folder, and in the root as it was
 */
async function swapDuring(box: string) {
  const cwd = await folderWith({});
  for (const name of ["root", "outside"]) await Deno.mkdir(`${cwd}/${name}`);
  await makeLink(`${cwd}/outside`, `${cwd}/trap`);
  await using health = serveHealth(async () => {
    await Deno.rename(`${cwd}/root`, `${cwd}/was`);
    await Deno.rename(`${cwd}/trap`, `${cwd}/root`);
  });
  const ask = `  - { id: ask, uses: http.probe, with: { url: "${health.url}" } }\n`;
  const text = `sluice: v1\nname: swap\nsteps:\n${ask}${lockOf(`${cwd}/root`)}`;
  await Deno.writeTextFile(`${cwd}/swap.yaml`, text);
  const { code, stderr } = await sluice(["run", "swap.yaml", "--box", box], { cwd });
  assert.equal(code, 0, stderr);
  return { outside: await names(`${cwd}/outside`), was: await names(`${cwd}/was`) };
}

/** Folders that are not what they were when they were checked, and those of other runs. */
export const swapped: readonly OwnCase[] = [
  {
    name: "swapped-for-runner",
    attack: "swaps a folder of the runner's for a link, between the launcher's check and its use",
    layer: "box",
    unboxed: "**succeeds**: Deno follows links in a granted folder",
    boxed: true,
    async prove() {
      const boxed = await swapDuring("bubblewrap");
      assert.deepEqual(boxed.outside, []);
      assert.notDeepEqual(boxed.was, []);
      const free = await swapDuring("none");
      assert.notDeepEqual(free.outside, []);
      assert.deepEqual(free.was, []);
    },
  },
  {
    name: "ad-hoc-other-run",
    attack: "is a pipeline of no surface that writes into the folder of another run, accepted too",
    layer: "launcher",
    async prove() {
      const cwd = await folderWith({});
      const other = `${cwd}/.sluice/runs/20200101-000000-0000`;
      await Deno.mkdir(other, { recursive: true });
      await Deno.writeTextFile(`${cwd}/x.yaml`, `sluice: v1\nname: x\nsteps:\n${lockOf(other)}`);
      const { stdout } = await sluice(["plan", "x.yaml"], { cwd });
      const set = /\nset (sha256:\w+)/.exec(stdout)![1]!;
      for (const accept of [[], ["--accept", set]]) {
        const args = ["run", "x.yaml", "--box", "none", ...accept];
        const { code, stderr } = await sluice(args, { cwd });
        assert.equal(code, 7, stderr);
        assert.match(
          stderr,
          accept.length > 0
            ? /^sluice: no step may write .*, where other runs are kept/m
            : /does not allow|no step may write/,
        );
      }
      assert.deepEqual(await names(other), []);
    },
  },
  {
    name: "other-run-granted",
    attack: "is a step of others that was granted files of another run, or all that holds it",
    layer: "launcher",
    async prove() {
      const cwd = await folderWith({
        "x.yaml": "sluice: v1\nname: x\nsteps:\n  - { id: A, uses: ./a.ts }\n",
      });
      const other = `${cwd}/.sluice/runs/20200101-000000-0000`;
      await Deno.mkdir(`${other}/artifacts`, { recursive: true });
      for (const name of ["plan.json", "journal.jsonl"]) {
        await Deno.writeTextFile(`${other}/${name}`, "");
      }
      const grants: readonly ForeignSpec["grants"][] = [
        { read: [`${other}/plan.json`] },
        { write: [`${other}/journal.jsonl`] },
        { read: [`${other}/artifacts`], write: [`${other}/artifacts`] },
        { write: [cwd] },
      ];
      for (const granted of grants) {
        const run = 'console.error("it ran"); return {};';
        await Deno.writeTextFile(`${cwd}/a.ts`, foreignFile({ grants: granted ?? {}, run }));
        const { stdout } = await sluice(["plan", "x.yaml"], { cwd });
        const set = /\nset (sha256:\w+)/.exec(stdout)![1]!;
        const args = ["run", "x.yaml", "--box", "none", "--accept", set];
        const { code, stderr } = await sluice(args, { cwd });
        assert.equal(code, 7, stderr);
        assert.match(
          stderr,
          /^sluice: A (is granted .*: no step of others sees another run|may not write .*)/m,
        );
        assert.doesNotMatch(stderr, /it ran/);
      }
    },
  },
  {
    name: "swapped-before",
    attack: "is a step of others that is granted a folder which one of an earlier run swapped",
    layer: "launcher",
    async prove() {
      const cwd = await folderWith({
        "x.yaml":
          "sluice: v1\nname: x\nsteps:\n  - { id: A, uses: ./a.ts }\n  - { id: B, uses: ./b.ts }\n",
      });
      for (const name of ["open/data", "kept"]) {
        await Deno.mkdir(`${cwd}/${name}`, { recursive: true });
        await Deno.writeTextFile(`${cwd}/${name}/file`, name);
      }
      const data = `${cwd}/open/data`;
      const one = { grants: { write: [`${cwd}/open`] }, run: 'console.error("A ran"); return {};' };
      await Deno.writeTextFile(`${cwd}/a.ts`, foreignFile(one));
      const other = {
        grants: { read: [data] },
        run: `console.error("B: " + await Deno.readTextFile("${data}/file")); return {};`,
      };
      await Deno.writeTextFile(`${cwd}/b.ts`, foreignFile(other));
      const acceptance = async () => {
        const { stdout } = await sluice(["plan", "x.yaml"], { cwd });
        return / --accept (sha256:\w+)/.exec(stdout)![1]!;
      };
      const accepted = await acceptance();
      const run = (digest: string) =>
        sluice(["run", "x.yaml", "--box", "none", "--accept", digest], { cwd });
      const first = await run(accepted);
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stderr, /B: open\/data/);
      await Deno.rename(data, `${cwd}/open/was`);
      await makeLink(`${cwd}/kept`, data);
      // What was accepted led elsewhere; and whoever accepts anew, is not let pass either.
      const reasons = [
        [accepted, /was accepted, but this is/],
        [
          await acceptance(),
          /^sluice: B is granted .*\/data, which leads to .*\/kept: A, a step/m,
        ],
      ] as const;
      for (const [digest, reason] of reasons) {
        const { code, stderr } = await run(digest);
        assert.equal(code, 7, stderr);
        assert.match(stderr, reason);
        assert.doesNotMatch(stderr, /A ran|B: /);
      }
    },
  },
];
