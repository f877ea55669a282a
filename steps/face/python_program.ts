import type { ProgramBox } from "../../engine/permissions/permissions.ts";
import { systemFolders } from "../../engine/permissions/system_paths.ts";
import { homeFolder, hostFolder, packageFolder } from "./agent_folders.ts";
import { type AgentProgram, ownVariables } from "./agent_program.ts";
import type { LoadParams } from "./load_params.ts";
import { socketFolder, socketsIn } from "./sockets.ts";

/** Agents in Python: the host's program, by the interpreter of the active environment. */
export const pythonProgram: AgentProgram = {
  grant(params) {
    const { store, work, env, box } = params;
    const plain = {
      program: interpreter(store),
      args: argumentsIn(work),
      env: [...ownVariables, ...env],
    };
    return box === "container" ? plain : { ...plain, brokered: true, box: boxOf(params) };
  },
  request: ({ store, work }) => ({ program: interpreter(store), args: argumentsIn(work) }),
  variables: ({ env }) => env,
};

function interpreter(store: string): string {
  return `${store}/active/bin/python`;
}

function argumentsIn(work: string): readonly string[] {
  const { control, rest, grpc } = socketsIn(work);
  return ["-u", "-B", `${hostFolder(work)}/main.py`, control, rest, grpc];
}

/** What an agent finds: its environment, the host's program, and folders of its own. */
function boxOf({ store, work, python }: LoadParams): ProgramBox {
  const folder = python.replace(/\/[^/]*$/, "");
  const apart = python.startsWith("/") && !systemFolders.some((each) => each === folder);
  return {
    read: [store, hostFolder(work), ...(apart ? [folder.replace(/\/[^/]*$/, "") || "/"] : [])],
    write: [packageFolder(work), homeFolder(work), socketFolder(work)],
    network: true,
  };
}
