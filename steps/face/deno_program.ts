import { RefusedError } from "../../engine/errors.ts";
import { covers } from "../../engine/permissions/covers.ts";
import { type Permissions, permissions } from "../../engine/permissions/permissions.ts";
import { showModule } from "../../engine/permissions/show_box.ts";
import { union } from "../../engine/permissions/union.ts";
import { hostFolder, packageFolder } from "./agent_folders.ts";
import { declaredSet, operatorsCeiling } from "./agent_permissions.ts";
import { type AgentProgram, ownVariables } from "./agent_program.ts";
import type { LoadParams } from "./load_params.ts";
import { socketsIn } from "./sockets.ts";

/**
 * Agents in TypeScript: the host's module, in a process that is granted what its manifest declares and
 * what the host needs. The most that a manifest may declare is AGENT_PERMISSIONS.
 */
export const denoProgram: AgentProgram = {
  grant(params) {
    const deno = mostOf(params);
    return {
      program: mainIn(params.work),
      args: argumentsIn(params.work),
      env: [...new Set([...ownVariables, ...deno.env])],
      brokered: true,
      deno,
    };
  },
  request(given) {
    const declared = declaredSet(given.manifest.permissions, given.package);
    const judged = covers(mostOf(given), declared);
    if (!judged.covered) {
      throw new RefusedError(
        `the package asks for more than AGENT_PERMISSIONS allows: ${showModule(judged.missing)}`,
        {
          hint:
            "an operator allows it with AGENT_PERMISSIONS=KIND=ENTRY,… and the ceiling of the surface",
        },
      );
    }
    return {
      program: mainIn(given.work),
      args: argumentsIn(given.work),
      deno: union(ownSet(given.work), declared),
    };
  },
  variables: ({ manifest }) => manifest.permissions?.env ?? [],
};

function mainIn(work: string): string {
  return `${hostFolder(work)}/main.ts`;
}

function argumentsIn(work: string): readonly string[] {
  const { control, rest } = socketsIn(work);
  return [control, rest];
}

function mostOf({ work, permissions }: LoadParams): Permissions {
  return union(ownSet(work), operatorsCeiling(permissions));
}

/** What the host needs, and what every agent may: its package and who it is. */
function ownSet(work: string): Permissions {
  const { control, rest } = socketsIn(work);
  return permissions({
    read: [packageFolder(work), control, rest],
    write: [control, rest],
    connect: [`unix:${control}`],
    listen: [`unix:${rest}`],
    env: ["AGENT_APP_ID", "BASE_PATH", "DEPLOYMENT_ID"],
  });
}
