import { pathCovers } from "../path.ts";
import type { Finding, LintedSet } from "./finding.ts";

/**
 * A Unix socket needs reading and writing its path beside the endpoint. The launcher's flags give all
 * three; a set that lists one says less than it grants.
 */
export function socketGrants({ grants }: LintedSet): readonly Finding[] {
  return grants.flatMap((one): readonly Finding[] => {
    if (one.kind !== "connect" && one.kind !== "listen") return [];
    if (!one.entry.startsWith("unix:")) return [];
    const path = one.entry.slice("unix:".length);
    const lacking = (["read", "write"] as const).filter((kind) =>
      !grants.some((other) => other.kind === kind && pathCovers(other.entry, path))
    );
    if (lacking.length === 0) return [];
    return [{
      code: "socket-grants",
      severity: "error",
      grant: one,
      message: `a socket needs three grants, and this one has none to ${lacking.join(" and ")} it`,
      hint: `add ${path} to ${lacking.join(" and ")}: its flags will grant that in any case`,
    }];
  });
}
