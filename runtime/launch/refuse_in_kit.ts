import { NotAuthorisedError, UsageError } from "../../engine/errors.ts";
import { requiresSignature } from "./signed/signatures_of.ts";
import { subcommand } from "./subcommand.ts";

/** What is done with the sources of Sluice, which a kit has not. */
const ofCheckouts = ["compile", "install", "lock", "sign", "uninstall", "verify"];

/**
 * Refuses, in a kit, what only a checkout can do.
 *
 * @throws UsageError for a command that needs the sources
 * @throws NotAuthorisedError where a signature is required: it covers the sources
 */
export function refuseInKit(args: readonly string[]): void {
  const command = subcommand(args) ?? "";
  if (ofCheckouts.includes(command)) {
    throw new UsageError(`sluice ${command} needs the sources of Sluice, and this is a kit`, {
      hint: "do it in a checkout, and make the kit again there",
    });
  }
  if (requiresSignature(args)) {
    throw new NotAuthorisedError("a kit cannot verify a signature, which covers the sources", {
      hint:
        "have it verified when the kit is made: sluice compile SURFACE --require-signature KEYS",
    });
  }
}
