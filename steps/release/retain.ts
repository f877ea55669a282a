import * as v from "valibot";
import { isThere } from "../../engine/is_there.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { goodVersions, installedVersion, lastGoodVersion, layout, syncFolder } from "./layout.ts";
import { ownFiles } from "./release_folder.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { isVersion } from "./version.ts";

/**
 * Removes old releases. The current one and the last good one always stay, whatever `keep` says;
 * those that never passed their gate go first, then those that passed it longest ago. What was not
 * made of a bundle is not touched, and does not count.
 */
export const retainReleases = defineStep({
  name: "release.retain",
  summary: "Keep the newest releases and remove the others",
  effect: "irreversible",
  params: v.strictObject({
    root: path(),
    /** How many releases stay, the current one included; at least 1. */
    keep: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  facts: v.strictObject({ kept: v.array(v.string()) }),
  example: "uses: release.retain\nwith: { root: /opt/atp, keep: 3 }",
  permissions: ({ root }) => ({ run: permissions({ read: [root], write: [root] }) }),
  async run({ root, keep }, ctx) {
    const at = layout(root);
    const needed = [await installedVersion(root), await lastGoodVersion(root)];
    const good = await goodVersions(root);
    const present: string[] = [];
    for await (const entry of Deno.readDir(at.releases)) {
      const made = entry.isDirectory && isVersion(entry.name) &&
        await isThere(`${at.release(entry.name)}/${ownFiles.metadata}`);
      if (made) present.push(entry.name);
    }
    const rank = (version: string) => needed.includes(version) ? Infinity : good.indexOf(version);
    present.sort((a, b) => rank(b) - rank(a) || (a < b ? 1 : -1));
    for (const [index, version] of present.entries()) {
      if (index < keep || needed.includes(version)) continue;
      ctx.signal.throwIfAborted();
      await removeTree(at.release(version));
      ctx.emit.note(`removed release ${version}`);
    }
    await syncFolder(at.releases);
    const kept: string[] = [];
    for (const version of present) if (await isThere(at.release(version))) kept.push(version);
    return { kept: kept.sort() };
  },
});
