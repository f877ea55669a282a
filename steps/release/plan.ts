import * as v from "valibot";
import { NotAuthorisedError, SluiceError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import type { JsonObject } from "../../engine/json.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { badReleases } from "./bad_release.ts";
import { wayBackAfterKill } from "./current_link.ts";
import { checkSpace, freeSpace } from "./free_space.ts";
import { hookPolicy, hookRefused } from "./hook.ts";
import { floorVersion, installedVersion, lastGoodVersion } from "./layout.ts";
import { checkUnlocked } from "./lock.ts";
import { bundleNames, type Metadata, needs } from "./metadata.ts";
import type { OpenBundle } from "./open_bundle.ts";
import { compareVersions } from "./version.ts";

interface Rules {
  readonly allow_downgrade: boolean;
  readonly force: boolean;
  readonly hooks: v.InferOutput<typeof hookPolicy>;
}

interface Installation {
  readonly root: string;
  readonly installed: string | undefined;
  readonly floor: string | undefined;
}

/**
 * Judges a bundle against an installation and touches nothing: who signed it, whether its version may
 * be installed, whether it was tried before and failed, whether its hook may run, whether there is
 * room. Nothing but the signed metadata is read of it, unless `whole` is asked for.
 *
 * @throws NotAuthorisedError for a signature, a version below the installed one or below the floor, or
 * a release that was marked bad
 * @throws InvalidInputError when it is no valid bundle; with `whole`, when any part of it is not what
 * was signed
 * @throws RefusedError for a hook that may not run
 * @throws FailedError when there is no room
 * @throws BusyError with `lock: check`, when somebody is changing the installation
 */
export const planRelease = defineStep({
  name: "release.plan",
  summary: "Judge a bundle against an installation",
  effect: "none",
  params: v.strictObject({
    root: path(),
    bundle: path(),
    trust: path(),
    allow_downgrade: v.optional(v.boolean(), false),
    force: v.optional(v.boolean(), false),
    hooks: v.optional(hookPolicy, "refuse"),
    /** `check` asks whether somebody holds the lock; `held` when this run has it itself. */
    lock: v.optional(v.picklist(["held", "check"]), "held"),
    /** Whether to hold the whole content against what was signed, as staging it will. */
    whole: v.optional(v.boolean(), false),
  }),
  facts: v.strictObject({
    name: v.string(),
    offered: v.string(),
    /** `""` before the first installation. */
    installed: v.string(),
    /** `""` where no release has passed its gate. */
    last_good: v.string(),
    key_id: v.string(),
    metadata_sha256: v.string(),
    hook: v.boolean(),
    bytes_needed: v.number(),
    inodes_needed: v.number(),
    /** Absent while the root does not exist. */
    bytes_free: v.optional(v.number()),
    /** Absent too where the file system has no fixed number of them. */
    inodes_free: v.optional(v.number()),
  }),
  example: `uses: release.plan
with:
  root: /opt/atp
  bundle: /var/tmp/router-2.0.0.tar.zst
  trust: /etc/atp/trust`,
  permissions: ({ root, bundle, trust }) => ({
    run: permissions({ read: [root, bundle, trust], sys: ["statfs"] }),
  }),
  async run({ root, bundle, trust, lock, whole, ...rules }, ctx) {
    if (lock === "check") await checkUnlocked(root);
    const [{ loadTrust }, { openBundle }] = await Promise.all([
      import("../../engine/trust/load_trust.ts"),
      import("./open_bundle.ts"),
    ]);
    // What a killed run left current counts for nothing: apply goes back from it first.
    const back = await wayBackAfterKill(root);
    const installed = back === undefined ? await installedVersion(root) : back || undefined;
    const lastGood = await lastGoodVersion(root);
    ctx.emit.note(`installed ${installed ?? "nothing"}, last good ${lastGood ?? "none"}`);

    await using opened = await openBundle(bundle, await loadTrust(trust), ctx.signal);
    const { metadata, metadata_sha256, key_id } = opened;
    const { name, version: offered } = metadata;
    ctx.emit.note(`offered ${name} ${offered}, signed by ${opened.keyName}`);
    const known = { offered, key_id, metadata_sha256 };
    const needed = needs(metadata);
    const free = await isThere(root) ? await freeSpace(root) : undefined;
    ctx.emit.note(
      `needs ${needed.bytes} bytes and ${needed.inodes} inodes; free: ` +
        (free === undefined
          ? `unknown, ${root} does not exist yet`
          : `${free.bytes} bytes, ${free.inodes ?? "any number of"} inodes`),
    );
    try {
      const floor = await floorVersion(root);
      checkVersion(offered, { root, installed, floor }, rules);
      await checkNotBad(metadata_sha256, root, rules);
      checkHook(metadata, rules);
      if (free !== undefined) checkSpace(needed, free, root);
      if (whole) await checkWhole(opened, root, ctx);
    } catch (error) {
      throw withDetails(error, known);
    }
    return {
      name,
      ...known,
      installed: installed ?? "",
      last_good: lastGood ?? "",
      hook: bundleNames.hook in metadata.sha256,
      bytes_needed: needed.bytes,
      inodes_needed: needed.inodes,
      ...(free === undefined ? {} : { bytes_free: free.bytes }),
      ...(free?.inodes === undefined ? {} : { inodes_free: free.inodes }),
    };
  },
});

function checkVersion(offered: string, { installed, floor }: Installation, rules: Rules): void {
  if (rules.allow_downgrade) return;
  const hint = "a signed release may still have a hole that was mended since; " +
    "to install it all the same: --param allow_downgrade=true (which the audit log records)";
  if (floor !== undefined && compareVersions(offered, floor) < 0) {
    throw new NotAuthorisedError(`version ${offered} is below the floor ${floor}`, { hint });
  }
  if (installed !== undefined && compareVersions(offered, installed) < 0) {
    throw new NotAuthorisedError(`version ${offered} is below the installed ${installed}`, {
      hint,
    });
  }
}

async function checkNotBad(metadata_sha256: string, root: string, rules: Rules): Promise<void> {
  if (rules.force) return;
  const marks = await badReleases(root);
  const mark = marks.find((each) => each.metadata_sha256 === metadata_sha256);
  if (mark === undefined) return;
  throw new NotAuthorisedError(
    `release ${mark.version} was tried at ${mark.time} and failed: ${mark.reason}`,
    { hint: "mend it and give it a new version, or try it again: --param force=true" },
  );
}

function checkHook(metadata: Metadata, rules: Rules): void {
  if (rules.hooks === "refuse" && bundleNames.hook in metadata.sha256) {
    throw hookRefused(metadata.version);
  }
}

/** Reads the bundle to its end, and looks at the release that may be there already. */
async function checkWhole(opened: OpenBundle, root: string, ctx: StepContext): Promise<void> {
  const { isStaged } = await import("./is_staged.ts");
  if (await isStaged(root, opened, ctx)) return;
  while (await opened.next() !== undefined) {
    // What `next` passes over has been hashed and compared.
  }
}

/** The same error, with what is known of the bundle: the audit log takes it from there. */
function withDetails(error: unknown, details: JsonObject): unknown {
  if (!(error instanceof SluiceError)) return error;
  Object.assign(error, { details: { ...error.details, ...details } });
  return error;
}
