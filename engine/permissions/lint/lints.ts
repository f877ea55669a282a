import { withoutWords, wordsIn } from "../lock/words.ts";
import { grantsOf, setOfGrants } from "../grant.ts";
import type { WrittenGrant } from "../lock/written_lock.ts";
import type { Finding, Lint } from "./finding.ts";
import { kernelPaths } from "./kernel_paths.ts";
import { socketGrants } from "./socket_grants.ts";
import { unboxedCode } from "./unboxed_code.ts";
import { unscoped } from "./unscoped.ts";
import { wildcardApex } from "./wildcard_apex.ts";
import { writableProgram } from "./writable_program.ts";
import { writableTrust } from "./writable_trust.ts";

/** By their codes, all kinds of findings. */
export const lints: Readonly<Record<string, Lint>> = {
  "writable-program": writableProgram,
  "writable-trust": writableTrust,
  "unscoped": unscoped,
  "wildcard-apex": wildcardApex,
  "socket-grants": socketGrants,
  "kernel-paths": kernelPaths,
  "unboxed-code": unboxedCode,
};

/**
 * Everything that is to be found in one set as the lock has it. The grant of a finding is the one
 * that was given.
 */
export function lintSet(grants: readonly WrittenGrant[]): readonly Finding[] {
  const given = new Map<WrittenGrant, WrittenGrant>();
  const plain = grants.map((grant): WrittenGrant => {
    const [expanded] = grantsOf(withoutWords(setOfGrants([grant])));
    const one = { ...grant, ...expanded } as WrittenGrant;
    given.set(one, grant);
    return one;
  });
  return Object.values(lints).flatMap((lint) => lint({ grants: plain })).map((finding) => ({
    ...finding,
    grant: given.get(finding.grant) ?? finding.grant,
    message: wordsIn(finding.message),
    hint: wordsIn(finding.hint),
  }));
}
