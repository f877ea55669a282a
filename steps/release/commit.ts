import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { clearBad } from "./bad_release.ts";
import {
  floorVersion,
  goodVersions,
  installedVersion,
  layout,
  readOptional,
  replaceFile,
} from "./layout.ts";
import { compareVersions } from "./version.ts";

const keptGoodVersions = 50;

/**
 * Records that a release passed its health gate: from here on a failure comes back to this one.
 * `.previous` is replaced last, in one rename; what is written before it changes nothing alone.
 */
export const commitRelease = defineStep({
  name: "release.commit",
  summary: "Record a release as the last good one",
  effect: "reversible",
  params: v.strictObject({ root: path() }),
  late: v.strictObject({
    release: v.string(),
    metadata_sha256: v.string(),
    /** The lowest version that may be installed from now on, or `""`. */
    floor: v.string(),
  }),
  facts: v.strictObject({ good: v.string() }),
  example: `uses: release.commit
commit: true
with:
  root: /opt/atp
  release: \${{ steps['P5-2'].release }}
  metadata_sha256: \${{ steps['P5-2'].metadata_sha256 }}
  floor: \${{ steps['P5-2'].floor }}`,
  permissions: ({ root }) => {
    const set = permissions({ read: [root], write: [root] });
    return { run: set, undo: set };
  },
  async run({ root, release, metadata_sha256, floor }, ctx) {
    const at = layout(root);
    const installed = await installedVersion(root);
    if (installed !== release) {
      throw new FailedError(`current is ${installed ?? "missing"}, not ${release}`);
    }
    const before = { good: await readOptional(at.good), floor: await readOptional(at.floor) };
    await replaceFile(beforeFile(root, ctx.run.id), JSON.stringify(before));
    const lowest = await floorVersion(root);
    if (floor !== "" && (lowest === undefined || compareVersions(floor, lowest) > 0)) {
      await replaceFile(at.floor, `${floor}\n`);
    }
    const others = (await goodVersions(root)).filter((version) => version !== release);
    const good = [...others, release].slice(-keptGoodVersions);
    await replaceFile(at.good, good.map((version) => `${version}\n`).join(""));
    await clearBad(root, metadata_sha256);
    await replaceFile(at.previous, `${release}\n`);
    await forgetOthers(root, ctx.run.id);
    return { good: release };
  },
  // Only ever asked for when `run` did not end: what ended it is released by its `commit`.
  async undo({ root }, _facts, ctx) {
    const at = layout(root);
    const kept = await readOptional(beforeFile(root, ctx.run.id));
    if (kept === undefined) return; // It had not begun.
    const before = JSON.parse(kept) as { good?: string; floor?: string };
    await restore(at.floor, before.floor);
    await restore(at.good, before.good);
    const last = (await goodVersions(root)).at(-1);
    await restore(at.previous, last === undefined ? undefined : `${last}\n`);
    await Deno.remove(beforeFile(root, ctx.run.id));
  },
});

function beforeFile(root: string, run: string): string {
  return `${root}/.commit.${run}`;
}

/** Removes what killed runs noted down for their undo: nobody may go back behind this release. */
async function forgetOthers(root: string, run: string): Promise<void> {
  for (const { name } of await Array.fromAsync(Deno.readDir(root))) {
    const of = /^\.(?:switch|commit|recover)\.(.+)$/.exec(name)?.[1];
    if (of !== undefined && of !== run) await Deno.remove(`${root}/${name}`);
  }
}

async function restore(file: string, text: string | undefined): Promise<void> {
  await Deno.remove(`${file}.new`).catch(() => {});
  const now = await readOptional(file);
  if (text === undefined) {
    if (now !== undefined) await Deno.remove(file);
  } else if (now !== text) await replaceFile(file, text);
}
