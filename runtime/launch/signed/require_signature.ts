import { NotAuthorisedError } from "../../../engine/errors.ts";
import type { LaunchPlaces } from "../places.ts";
import type { LaunchRequest } from "../planner_protocol.ts";
import { loadKeys } from "./load_keys.ts";
import { describeFaults } from "./signature_report.ts";
import type { SignedRequest } from "./signed_request.ts";
import { type Verification, verifyPipeline } from "./verify_pipeline.ts";

/** A pipeline that was verified, or for `verify` one that was judged. */
export interface SignedPipeline extends Verification {
  /** Absolute path. */
  readonly file: string;
}

/**
 * Verifies what a command line names.
 *
 * @param lock the text of the lock: the one by which the run is admitted later
 * @throws NotAuthorisedError where a signature is required and is not sound
 */
export async function verifyRequest(
  { keys, file, signature, must }: SignedRequest,
  { project }: LaunchPlaces,
  lock: string,
): Promise<SignedPipeline> {
  const world = { project, lock, keys: await loadKeys(keys), now: Date.now() };
  const verification = await verifyPipeline(file, world, signature);
  if (must && !verification.report.ok) {
    const { message, hint } = describeFaults(verification.report);
    throw new NotAuthorisedError(message, { hint });
  }
  return { ...verification, file };
}

/**
 * Makes sure that what is to be launched is what was verified. The planner is not believed.
 *
 * @throws NotAuthorisedError
 */
export function checkSigned(
  request: Pick<LaunchRequest, "file" | "foreign">,
  signed: SignedPipeline | undefined,
): void {
  if (signed?.report.ok !== true || request.file !== signed.file) {
    const what = request.file ?? "a plan of no file";
    throw new NotAuthorisedError(
      `a signature was required, and ${what} has none that was verified`,
      {
        hint: "name a signed pipeline",
      },
    );
  }
  const strangers = Object.entries(request.foreign?.code ?? {})
    .filter(([digest]) => !signed.code.has(digest));
  if (strangers.length === 0) return;
  const names = strangers.map(([digest, { name }]) => `${name} ${digest}`);
  throw new NotAuthorisedError(`steps of others that were not signed: ${names.join(", ")}`, {
    hint: "read them, and have the pipeline signed again: sluice sign",
  });
}
