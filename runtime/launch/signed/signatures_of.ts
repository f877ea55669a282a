import { optionValue } from "../command_line.ts";
import type { LaunchPlaces } from "../places.ts";
import type { Handed } from "../planner_protocol.ts";
import { subcommand } from "../subcommand.ts";
import type { SignedPipeline } from "./require_signature.ts";
import type { SignRequest } from "./sign_request.ts";

/** What a command line has to do with signatures. */
export interface Signatures {
  /** What was verified, where something was to be. */
  readonly signed?: SignedPipeline | undefined;
  /** What is to be signed. */
  readonly signing?: SignRequest | undefined;
}

/** Whether a command line says `--require-signature`: then nothing is launched without one. */
export function requiresSignature(args: readonly string[]): boolean {
  return optionValue(args, "--require-signature") !== undefined;
}

/**
 * Verifies what a command line wants to have verified before the planner even reads it, and reads what
 * it wants to have signed.
 *
 * @param lock gives the text of the lock
 * @throws NotAuthorisedError where a signature is required and is not sound
 * @throws InvalidInputError when the pipeline or the run does not exist
 * @throws UsageError when an option is not as it has to be
 */
export async function signaturesOf(
  args: readonly string[],
  places: LaunchPlaces,
  lock: () => Promise<string>,
): Promise<Signatures> {
  // All other commands start sooner without what reads signatures.
  const commands = ["sign", "verify"];
  if (!requiresSignature(args) && !commands.includes(subcommand(args) ?? "")) return {};
  const { signedRequest } = await import("./signed_request.ts");
  const { verifyRequest } = await import("./require_signature.ts");
  const { signRequest } = await import("./sign_request.ts");
  const asked = await signedRequest(args, places, lock);
  return {
    signed: asked && await verifyRequest(asked, places, await lock()),
    signing: await signRequest(args, places, lock),
  };
}

/** What the planner gets of it. */
export function handedOf({ texts, report }: SignedPipeline): Handed {
  return { texts: Object.fromEntries(texts), report };
}
