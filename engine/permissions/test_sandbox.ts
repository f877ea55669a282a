import { type DenoGrant, type DenoKind, nameOf } from "./deno_grant.ts";
import { endpointCovers } from "./endpoint_covers.ts";
import { pathCovers } from "./path.ts";

/**
 * Deno's lists as `tests/deno/` finds them to work, for tests: what is listed grants all below it, and
 * revoking drops whatever would grant what was named.
 */
export interface TestSandbox {
  allows(grant: DenoGrant): boolean;
  revoke(grant: DenoGrant): void;
  revokeKind(kind: DenoKind): void;
  readonly listed: readonly DenoGrant[];
}

/** @param grants what its flags list */
export function testSandbox(grants: Iterable<DenoGrant>): TestSandbox {
  let listed = [...new Map([...grants].map((grant) => [nameOf(grant), grant])).values()];
  return {
    allows: (grant) => listed.some((each) => denoCovers(each, grant)),
    revoke(grant) {
      listed = listed.filter((each) => !denoCovers(each, grant));
    },
    revokeKind(kind) {
      listed = listed.filter((each) => each.kind !== kind);
    },
    get listed() {
      return listed;
    },
  };
}

/** Whether Deno takes one entry for a grant of all that another grants. */
export function denoCovers(outer: DenoGrant, inner: DenoGrant): boolean {
  if (outer.kind !== inner.kind) return false;
  switch (outer.kind) {
    case "read":
    case "write":
      return pathCovers(outer.entry, inner.entry);
    case "net": {
      // The path of a socket is a name, not a folder.
      const unix = outer.entry.startsWith("unix:") || inner.entry.startsWith("unix:");
      return unix ? outer.entry === inner.entry : endpointCovers(outer.entry, inner.entry);
    }
    case "env":
    case "sys":
    case "run":
      return outer.entry === inner.entry;
  }
}
