/**
 * Agent packages booted for benches: offline, from the wheels that `.ci/run` fetches.
 *
 * @module
 */
import type { Places } from "../group.ts";
import { launcherVariables } from "../group_flags.ts";
import { removeTree } from "../../engine/remove_tree.ts";
import { type Boot, boot, pack } from "../system/par/bed.ts";

/** What every bench of PAR needs. */
export const parNeeds = {
  needs: ["bwrap", "python3"],
  probe: {
    what: "artifacts/wheelhouse and artifacts/uv, which .ci/run fetches",
    command: ["/bin/sh", "-c", "test -d artifacts/wheelhouse && test -x artifacts/uv/bin/uv"],
  },
} as const;

export function parFlags({ project, tmp, deno }: Places): readonly string[] {
  return [
    `--allow-read=${project},${tmp}`,
    `--allow-write=${tmp}`,
    "--allow-net=127.0.0.1",
    `--allow-run=${deno},/usr/bin/python3,/usr/bin/cp,/usr/bin/rm,${tmp}/hand/bin/python`,
    `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
    "--ignore-env=LOG_TOKENS,LOG_STREAM",
  ];
}

export interface ParWorld {
  /** Folder of wheels, in reach of the ceiling. */
  readonly wheels: string;
  /** Boots the sample agent; what is to be installed is by pip, or by uv. */
  boot(tool?: "pip" | "uv"): Promise<Boot>;
  /** Empties the store. */
  forget(): Promise<void>;
}

export async function parWorld({ project, tmp }: Places): Promise<ParWorld> {
  const top = `${tmp}/par`;
  await Deno.mkdir(top);
  const wheels = `${top}/wheels`;
  const uv = `${top}/uv`;
  for (const [from, to] of [["wheelhouse", wheels], ["uv/bin/uv", uv]] as const) {
    const args = ["-r", `${project}/artifacts/${from}`, to];
    const { success } = await new Deno.Command("/usr/bin/cp", { args }).output();
    if (!success) throw new Error(`artifacts/${from} cannot be copied`);
  }
  const AGENT_PACKAGE_PATH = await pack("sample", top);
  return {
    wheels,
    boot(tool = "pip") {
      const AGENT_UV = tool === "uv" ? uv : "none";
      return boot({ AGENT_PACKAGE_PATH, WHEELHOUSE_DIR: wheels, AGENT_UV }, { top });
    },
    forget: () => removeTree(`${top}/agent-venv`),
  };
}
