import { endpointCovers } from "../endpoint_covers.ts";
import { parseEndpoint } from "../endpoint.ts";
import type { Finding, LintedSet } from "./finding.ts";

/**
 * Deno lets `*.example.com` reach `example.com` itself and names at any depth. Whoever lists that name
 * beside it has said so.
 */
export function wildcardApex({ grants }: LintedSet): readonly Finding[] {
  return grants.flatMap((one): readonly Finding[] => {
    if (one.kind !== "connect" && one.kind !== "listen") return [];
    const endpoint = parseEndpoint(one.entry);
    if (endpoint?.kind !== "host" || !endpoint.wildcard) return [];
    const apex = endpoint.host + (endpoint.port === undefined ? "" : `:${endpoint.port}`);
    const isSaid = grants.some((other) =>
      other !== one && other.kind === one.kind && endpointCovers(other.entry, apex)
    );
    if (isSaid) return [];
    return [{
      code: "wildcard-apex",
      severity: "warning",
      grant: one,
      message: `this reaches ${apex} itself, too, and names at any depth below it`,
      hint: `list the names that are needed, or add ${apex} to say that it is meant`,
    }];
  });
}
