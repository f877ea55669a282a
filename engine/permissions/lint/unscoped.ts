import { parseEndpoint } from "../endpoint.ts";
import type { WrittenGrant } from "../lock/written_lock.ts";
import type { Finding, LintedSet } from "./finding.ts";

/** A grant that reaches everything of its kind; nothing can be taken away from it later, either. */
export function unscoped({ grants }: LintedSet): readonly Finding[] {
  return grants.flatMap((one): readonly Finding[] => {
    const reach = reachOf(one);
    if (reach === undefined) return [];
    return [{
      code: "unscoped",
      severity: "error",
      grant: one,
      message: `this reaches ${reach}`,
      hint: "name the folders, or the host, that are needed",
    }];
  });
}

function reachOf(grant: WrittenGrant): string | undefined {
  switch (grant.kind) {
    case "read":
      return grant.entry === "/" ? "every file of the machine" : undefined;
    case "write":
      return grant.entry === "/" ? "every file of the machine" : undefined;
    case "connect":
    case "listen": {
      if (grant.entry === "unix:/") return "every socket of the machine";
      const endpoint = parseEndpoint(grant.entry);
      const isTop = endpoint?.kind === "host" && endpoint.wildcard && !endpoint.host.includes(".");
      return isTop ? `every name below .${endpoint.host}` : undefined;
    }
    case "run": {
      const { program } = grant.grant;
      const everything = program.split("/").slice(1).every((segment) => segment === "*");
      return program.startsWith("/") && everything ? "every program there is" : undefined;
    }
    case "env":
    case "sys":
      return undefined;
  }
}
