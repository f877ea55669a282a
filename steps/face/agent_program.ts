import type { ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { ExecRequest } from "../../engine/step.ts";
import type { LoadLate, LoadParams } from "./load_params.ts";

/** How the process is started in which agents of one runtime run. */
export interface AgentProgram {
  /** What is declared before anything of a package is known. */
  grant(params: LoadParams): ProgramGrant;
  /**
   * What to start for a package, but for its variables.
   *
   * @throws RefusedError when the package asks for more than it may have
   */
  request(given: LoadParams & LoadLate): Omit<ExecRequest, "env" | "show" | "maxOutput">;
  /** Names of variables of the runtime's own environment that this package gets. */
  variables(given: LoadParams & LoadLate): readonly string[];
}

/** Variables that every agent gets. */
export const ownVariables = ["AGENT_APP_ID", "BASE_PATH", "DEPLOYMENT_ID", "HOME", "LANG", "PATH"];
