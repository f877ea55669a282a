import * as v from "valibot";
import { FailedError, InvalidInputError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { exists, goodVersions, installedVersion, layout } from "./layout.ts";
import { verifyRelease } from "./verify_release.ts";

/**
 * Chooses the release that a rollback goes to: the one that was asked for, else the one that passed
 * its health gate last before the installed one. It must be there, whole, as it was signed.
 *
 * @throws InvalidInputError when it is the installed one, or when its files changed
 * @throws FailedError when there is none
 */
export const rollbackTarget = defineStep({
  name: "release.target",
  summary: "Choose the release that a rollback goes to",
  effect: "none",
  params: v.strictObject({
    root: path(),
    /** A version, or `""` for the good one before the installed one. */
    to: v.optional(v.string(), ""),
  }),
  facts: v.strictObject({
    release: v.string(),
    /** The installed version, or `""`. */
    from: v.string(),
    metadata_sha256: v.string(),
  }),
  example: "uses: release.target\nwith: { root: /opt/atp }",
  permissions: ({ root }) => ({ run: permissions({ read: [root] }) }),
  async run({ root, to }, ctx) {
    const at = layout(root);
    const from = await installedVersion(root);
    if (from === undefined) throw new FailedError(`nothing is installed under ${root}`);
    const candidates: string[] = [];
    for (const version of await goodVersions(root)) {
      if (version !== from && await exists(at.release(version))) candidates.push(version);
    }
    const release = to === "" ? candidates.at(-1) : to;
    if (release === undefined) {
      throw new FailedError(`no release that passed its health gate is left beside ${from}`, {
        hint: "install one with the apply pipeline",
      });
    }
    if (release === from) throw new InvalidInputError(`${release} is the installed release`);
    if (!await exists(at.release(release))) {
      throw new FailedError(`release ${release} is not under ${at.releases}`, {
        hint: `there are: ${candidates.join(", ") || "none that passed its gate"}`,
      });
    }
    const { metadata_sha256 } = await verifyRelease(at.release(release), ctx.signal);
    return { release, from, metadata_sha256 };
  },
});
