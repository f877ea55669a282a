import assert from "node:assert/strict";
import { readLock } from "../../lock/read_lock.ts";
import type { LauncherUnit } from "./launcher_unit.ts";

const project = new URL("../../../..", import.meta.url).pathname.replace(/\/$/, "");

/** PAR, as its ceiling is locked. */
export async function parUnit(): Promise<LauncherUnit> {
  const { surfaces } = readLock(await Deno.readTextFile(`${project}/permissions.lock.json`));
  const par = surfaces["par"]!;
  assert.ok(par.kind === "open");
  return {
    surface: "par",
    summary: par.note ?? "",
    ceiling: par.ceiling,
    served: {
      variables: ["AGENT_APP_ID", "PACKAGE_URL", "AGENT_WORK_DIR"],
      required: ["AGENT_APP_ID"],
      drain: { variable: "GRACEFUL_SHUTDOWN_TIMEOUT_SEC", seconds: 30 },
      slows: true,
    },
    home: "/usr/lib/sluice/par",
    runs: "/var/lib/sluice/par",
  };
}
