import * as v from "valibot";
import { FailedError, InvalidInputError, NotAuthorisedError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { badReleases } from "./bad_release.ts";
import { floorVersion, goodVersions, installedVersion, layout } from "./layout.ts";
import { ownFiles } from "./release_folder.ts";
import { hashFile, verifyRelease } from "./verify_release.ts";
import { compareVersions, isVersion } from "./version.ts";

/**
 * Chooses the release that a rollback goes to: the one that was asked for, else the one that passed
 * its health gate last before the installed one; after a run that was cut off, before the one that it
 * left current. It must be there, whole, as it was signed, not below
 * the floor, and not marked bad.
 *
 * @throws InvalidInputError when it is the installed one, or when its files changed
 * @throws NotAuthorisedError when the one that was asked for is below the floor or marked bad
 * @throws FailedError when there is none
 */
export const rollbackTarget = defineStep({
  name: "release.target",
  summary: "Choose the release that a rollback goes to",
  effect: "none",
  params: v.strictObject({
    root: path(),
    /** A version, or `""` for the good one before the installed one. */
    to: v.optional(
      v.pipe(v.string(), v.check((text) => text === "" || isVersion(text), "a version")),
      "",
    ),
  }),
  late: v.strictObject({
    /** As `release.recover` tells it: to leave this one is what the rollback is for. */
    left: v.optional(v.string(), ""),
  }),
  facts: v.strictObject({
    release: v.string(),
    /** The installed version, or `""`. */
    from: v.string(),
    metadata_sha256: v.string(),
  }),
  example: "uses: release.target\nwith: { root: /opt/atp }",
  permissions: ({ root }) => ({ run: permissions({ read: [root] }) }),
  async run({ root, to, left }, ctx) {
    const at = layout(root);
    const installed = await installedVersion(root);
    const from = left || installed;
    if (from === undefined) throw new FailedError(`nothing is installed under ${root}`);
    if (to === from) throw new InvalidInputError(`${to} is the installed release`);
    const candidates = await goodBeside(root, from, ctx);
    const listed = `there are: ${candidates.join(", ") || "none that passed its gate"}`;
    const release = to === "" ? candidates[0] : to;
    if (release === undefined) {
      throw new FailedError(`no release that passed its health gate is left beside ${from}`, {
        hint: "install one with the apply pipeline; " +
          "what a run that was cut off did is taken back by: sluice undo RUN",
      });
    }
    if (!await isThere(at.release(release))) {
      throw new FailedError(`release ${release} is not under ${at.releases}`, { hint: listed });
    }
    const { metadata, metadata_sha256 } = await verifyRelease(at.release(release), ctx.signal);
    if (metadata.version !== release) {
      throw new InvalidInputError(
        `the release ${at.release(release)} is not what was signed: it is ${metadata.version}`,
        { hint: listed },
      );
    }
    const objection = await objectionTo(root, release, metadata_sha256);
    if (objection !== undefined) {
      throw new NotAuthorisedError(`release ${release} ${objection}`, {
        hint: `${listed}; its bundle can be applied, with allow_downgrade=true or force=true`,
      });
    }
    return { release, from, metadata_sha256 };
  },
});

/** The releases that passed their gate, are there, and may be gone back to; the newest first. */
async function goodBeside(
  root: string,
  installed: string,
  { emit, signal }: Pick<StepContext, "emit" | "signal">,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const version of (await goodVersions(root)).toReversed()) {
    const metadata = `${layout(root).release(version)}/${ownFiles.metadata}`;
    if (version === installed || !await isThere(metadata)) continue;
    // Asked for a second time, a rollback must not go forward to what it came from.
    const objection = compareVersions(version, installed) > 0
      ? `is above ${installed}; name it with to, if that is what you want`
      : await objectionTo(root, version, await hashFile(metadata, signal));
    if (objection === undefined) found.push(version);
    else emit.note(`passed over: ${version} ${objection}`);
  }
  return found;
}

/** Why a rollback must not go to a release, as far as the installation's own records say. */
async function objectionTo(
  root: string,
  version: string,
  metadataSha256: string,
): Promise<string | undefined> {
  const floor = await floorVersion(root);
  if (floor !== undefined && compareVersions(version, floor) < 0) {
    return `is below the floor ${floor}`;
  }
  const marks = await badReleases(root);
  const mark = marks.find((each) => each.metadata_sha256 === metadataSha256);
  return mark === undefined ? undefined : `was tried at ${mark.time} and failed: ${mark.reason}`;
}
