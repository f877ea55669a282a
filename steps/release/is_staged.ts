import { FailedError, InvalidInputError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import type { StepContext } from "../../engine/step.ts";
import { installedVersion, lastGoodVersion, layout } from "./layout.ts";
import type { OpenBundle } from "./open_bundle.ts";
import { verifyRelease } from "./verify_release.ts";

/**
 * Whether a bundle's release is there and whole. One that is there but is not this one is told: it
 * will be replaced.
 *
 * @throws FailedError when that one is in use
 */
export async function isStaged(
  root: string,
  opened: Pick<OpenBundle, "metadata" | "metadata_sha256">,
  ctx: Pick<StepContext, "emit" | "signal">,
): Promise<boolean> {
  const { version } = opened.metadata;
  const folder = layout(root).release(version);
  if (!await isThere(folder)) return false;
  let difference = "was made from another bundle";
  let cause: unknown;
  try {
    const found = await verifyRelease(folder, ctx.signal);
    if (found.metadata_sha256 === opened.metadata_sha256) return true;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    difference = `is damaged (${error.message})`;
    cause = error;
  }
  const inUse = [await installedVersion(root), await lastGoodVersion(root)].includes(version);
  if (inUse) {
    throw new FailedError(`release ${version} is in use and ${difference}`, {
      cause,
      hint: "give the new content a version of its own",
    });
  }
  ctx.emit.note(`release ${version} ${difference}; it is replaced`);
  return false;
}
