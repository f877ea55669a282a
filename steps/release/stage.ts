import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { extractBundle } from "./extract.ts";
import { isStaged } from "./is_staged.ts";
import {
  goodVersions,
  installedVersion,
  isStaging,
  lastGoodVersion,
  layout,
  readOptional,
  stagingFolder,
  syncFolder,
} from "./layout.ts";
import { linkGrant } from "./make_links.ts";
import { bundleNames, contentBytes } from "./metadata.ts";
import type { OpenBundle } from "./open_bundle.ts";
import { compareFolder, ownFiles } from "./release_folder.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { hashFile } from "./verify_release.ts";

/**
 * Verifies a bundle and makes `releases/VERSION` of it. Nothing but the signed metadata is believed;
 * the content goes into `releases/VERSION.staging`, hashed as it is written, and is renamed when all of
 * it is right, read-only and on disk. A release that is there already and whole is used as it is.
 *
 * @throws NotAuthorisedError when no trusted key signed the bundle
 * @throws InvalidInputError when the bundle is not what was signed, or not the one that was judged
 * @throws FailedError when space runs out, or the installed release would have to be replaced
 */
export const stageRelease = defineStep({
  name: "release.stage",
  summary: "Verify a signed bundle and unpack it as a release",
  effect: "reversible",
  params: v.strictObject({
    root: path(),
    bundle: path(),
    /** Folder of public keys (`*.pub`). */
    trust: path(),
  }),
  late: v.strictObject({
    /** SHA-256 of the metadata that an earlier step judged; `""` takes any that is trusted. */
    metadata_sha256: v.optional(v.string(), ""),
  }),
  facts: v.strictObject({
    /** The version. */
    release: v.string(),
    name: v.string(),
    /** The release's folder. */
    path: v.string(),
    bundle_sha256: v.string(),
    metadata_sha256: v.string(),
    key_id: v.string(),
    files: v.number(),
    bytes: v.number(),
    /** Whether it brings a `post_install.sh`. */
    hook: v.boolean(),
    /** The lowest version that may be installed once this one is good, or `""`. */
    floor: v.string(),
  }),
  example: `uses: release.stage
with:
  root: /opt/atp
  bundle: /tmp/atp-1.4.0.tar.zst
  trust: /etc/atp/trust
  metadata_sha256: \${{ steps['P5-1'].metadata_sha256 }}`,
  permissions: ({ root, bundle, trust }) => ({
    run: permissions({
      read: [root, bundle, trust],
      write: [root],
      run: [linkGrant(layout(root).releases)],
    }),
    undo: permissions({ read: [root], write: [root] }),
  }),
  async run({ root, bundle, trust, metadata_sha256 }, ctx) {
    const { loadTrust } = await import("../../engine/trust/load_trust.ts");
    const { openBundle } = await import("./open_bundle.ts");
    await using opened = await openBundle(bundle, await loadTrust(trust), ctx.signal);
    const { metadata } = opened;
    if (metadata_sha256 !== "" && metadata_sha256 !== opened.metadata_sha256) {
      throw new InvalidInputError(`the bundle ${bundle} is not the one that was judged before`, {
        hint: "it was replaced meanwhile; run the command again",
        details: { judged: metadata_sha256, found: opened.metadata_sha256 },
      });
    }
    const bundle_sha256 = await stage(root, bundle, opened, ctx);
    return {
      release: metadata.version,
      name: metadata.name,
      path: layout(root).release(metadata.version),
      bundle_sha256,
      metadata_sha256: opened.metadata_sha256,
      key_id: opened.key_id,
      files: Object.keys(metadata.sha256).length,
      bytes: contentBytes(metadata),
      hook: Object.hasOwn(metadata.sha256, bundleNames.hook),
      floor: metadata.floor ?? "",
    };
  },
  async undo({ root }, _facts, ctx) {
    const at = layout(root);
    if (!await isThere(at.releases)) return;
    // One that passed its gate in another run is no longer this run's to take.
    const kept = [
      await installedVersion(root),
      await lastGoodVersion(root),
      ...await goodVersions(root),
    ];
    for (const { name } of await Array.fromAsync(Deno.readDir(at.releases))) {
      const folder = `${at.releases}/${name}`;
      const run = await madeBy(folder);
      const mine = run === ctx.run.id;
      if (isStaging(name)) {
        // One without a mark was begun by a run that was killed at once.
        if (mine || run === undefined) await removeTree(folder);
      } else if (mine && kept.includes(name)) {
        ctx.emit.note(`release ${name} stays: it is in use, or good`);
      } else if (mine) {
        await removeTree(folder);
        ctx.emit.note(`removed release ${name}`);
      }
    }
    await syncFolder(at.releases);
  },
});

/** Makes the release, or finds it whole. Gives the SHA-256 of the bundle's file. */
async function stage(
  root: string,
  bundle: string,
  opened: OpenBundle,
  ctx: StepContext,
): Promise<string> {
  const at = layout(root);
  const { version } = opened.metadata;
  const release = at.release(version);
  const staging = stagingFolder(root, version);
  await makeReleases(root);
  await removeTree(staging); // Left by a run that was killed.
  if (await isStaged(root, opened, ctx)) {
    ctx.emit.note(`release ${version} is there already, as it was signed`);
    return await hashFile(bundle, ctx.signal);
  }
  try {
    await extractBundle(opened, staging, ctx);
    await compareFolder(staging, opened.metadata);
    ctx.signal.throwIfAborted();
    await removeTree(release);
    await Deno.rename(staging, release);
  } catch (error) {
    await removeTree(staging).catch(() => {}); // The fault that counts is the first.
    throw error;
  }
  await syncFolder(at.releases);
  return opened.sha256();
}

async function makeReleases(root: string): Promise<void> {
  const { releases } = layout(root);
  if (await isThere(releases)) return;
  await Deno.mkdir(releases, { recursive: true });
  // Services of other users pass through it, whatever the umask is here.
  await Deno.chmod(releases, 0o755);
  await syncFolder(root);
}

/** The run that made a release or a staging folder, as it says itself. */
async function madeBy(folder: string): Promise<string | undefined> {
  return await readOptional(`${folder}/${ownFiles.run}`);
}
