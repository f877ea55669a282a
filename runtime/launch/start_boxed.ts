import { bubblewrapArguments } from "../../engine/permissions/box/bubblewrap_arguments.ts";
import { contentsOf } from "../../engine/permissions/box/contents.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { ProgramBox } from "../../engine/permissions/permissions.ts";
import { networkPaths, programPaths, userPaths } from "../../engine/permissions/system_paths.ts";
import type { Box } from "./box.ts";
import type { BrokerRequest } from "./broker.ts";
import type { LaunchPlaces } from "./places.ts";
import { findInstalled } from "./find_programs.ts";
import { lookAtDisk } from "./look_at_path.ts";
import type { BrokeredResult } from "./runner_protocol.ts";
import { realPath } from "./real_paths.ts";
import { type JobOutput, runJob } from "./run_job.ts";
import { trustedPaths } from "./trusted_paths.ts";

/** Most bytes in its `/tmp`, which is memory. */
const mostTemporary = { script: 64 * 2 ** 20, service: 512 * 2 ** 20 };
/** No memory images on disk; files and processes for a script, not for a bomb. */
const limits = {
  script: ["--core=0", "--nofile=1024", "--nproc=512"],
  service: ["--core=0"],
};

/**
 * Starts a program that was judged in a box of its own: the system's programs and libraries, itself,
 * and exactly the paths of its grant. Where bubblewrap makes no box it is refused, never started
 * without. It is killed, with all that it started, when it ends, when the signal aborts, and when this
 * process ends in any way.
 */
export async function startBoxed(
  { program, args, env, cwd = "/", max_output, show, stays }: BrokerRequest,
  { read, write, network, hidden = [] }: ProgramBox & {
    /** Folders that are empty in it, whatever lies above them. */
    readonly hidden?: readonly string[];
  },
  box: Box,
  places: LaunchPlaces,
  signal: AbortSignal,
  output?: JobOutput,
): Promise<BrokeredResult> {
  if (box.kind !== "bubblewrap") {
    return { refused: `${program} may start in a box of its own only, and ${box.why}` };
  }
  const contents = contentsOf({
    read,
    write,
    connect: [],
    listen: [],
    system: [...programPaths, ...userPaths, ...(network ? networkPaths : [])],
    fixed: [program, ...trustedPaths(places).filter((path) => isBelow(path, write))],
    exact: true,
  }, lookAtDisk());
  const kind = stays ? "service" : "script";
  const prlimit = findInstalled(["prlimit"])["prlimit"]?.path;
  return await runJob(
    {
      program: box.program,
      args: [
        ...bubblewrapArguments({ contents, network, hidden, cwd, tmp: mostTemporary[kind] }),
        ...box.shut ?? [],
        ...(prlimit === undefined ? [] : [prlimit, ...limits[kind]]),
        program,
        ...args,
      ],
      env,
      max_output,
      show,
    },
    signal,
    show ? output : undefined,
  );
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => pathCovers(realPath(folder), path));
}
