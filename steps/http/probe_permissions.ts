import { none, type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import { connectGrant } from "./connect_grant.ts";
import { parseHealthUrl } from "./health_url.ts";
import { parseVersionAt } from "./version_at.ts";
import { parseVersionHeader } from "./version_header.ts";

/** The parameters that say what is asked, as a pipeline gives them. */
export interface ProbeParams {
  readonly health: string;
  readonly version_at: string;
  readonly version_header: string;
}

/** What asking needs: the hosts of both URLs, and the place of the header's secret. */
export function permissionsOfProbe(params: ProbeParams): Permissions {
  const health = parseHealthUrl(params.health);
  const version = parseVersionAt(params.version_at);
  const urls = [health, version.kind === "url" ? version.url : undefined];
  const hosts = urls.flatMap((url) => url === undefined ? [] : [connectGrant(url)]);
  // The header travels with the request for the version; where none is made, it is not read.
  const asked = version.kind === "url" || (version.kind === "health" && health !== undefined);
  const header = asked ? permissionsOfHeader(params.version_header) : none;
  return union(permissions({ connect: [...new Set(hosts)] }), header);
}

/** What reading the secret of a `version_header` needs. */
export function permissionsOfHeader(versionHeader: string): Permissions {
  const secret = parseVersionHeader(versionHeader)?.secret;
  return permissions({
    env: secret?.startsWith("env:") ? [secret.slice("env:".length)] : [],
    read: secret?.startsWith("file:") ? [secret.slice("file:".length)] : [],
  });
}
