import { FailedError } from "../../engine/errors.ts";
import type { ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { ExecResult, StepContext } from "../../engine/step.ts";
import type { MainProcess, ServiceManager, ServiceStatus, ServiceUse } from "./service_manager.ts";

/** What is asked of a unit, as `systemctl show` names it (org.freedesktop.systemd1). */
const properties = [
  "LoadState",
  "ActiveState",
  "SubState",
  "Result",
  "MainPID",
  "ExecMainStartTimestamp",
  "ExecMainStartTimestampMonotonic",
];

const show = (unit: string) => [
  "show",
  "--timestamp=us+utc",
  `--property=${properties.join(",")}`,
  "--",
  unit,
];
// Nobody is there to answer a question of polkit.
const act = (verb: string, unit: string) => ["--no-ask-password", verb, "--", unit];
const journal = (unit: string, lines: string) => [
  `--unit=${unit}`,
  `--lines=${lines}`,
  "--output=short-iso",
  "--no-hostname",
  "--no-pager",
  "--quiet",
];

/** The programs, with the exact shape of their arguments, that these uses of a unit need. */
export function systemdGrants(unit: string, uses: readonly ServiceUse[]): readonly ProgramGrant[] {
  const grant = (program: string, args: readonly string[]) => ({ program, args, env: [] });
  return uses.flatMap((use) => {
    switch (use) {
      case "status":
        return [grant("systemctl", show(unit))];
      case "start":
        return [
          grant("systemctl", act("reset-failed", unit)),
          grant("systemctl", act("start", unit)),
        ];
      case "stop":
        return [grant("systemctl", act("stop", unit))];
      case "logs":
        return [grant("journalctl", journal(unit, "*"))];
    }
  });
}

/** A service that systemd manages, by systemctl(1) and journalctl(1). */
export function systemdService(
  unit: string,
  name: string,
  { exec }: Pick<StepContext, "exec">,
): ServiceManager {
  const systemctl = async (args: readonly string[], signal: AbortSignal): Promise<string> => {
    const ended = await exec({ program: "systemctl", args });
    signal.throwIfAborted();
    if (ended.code !== 0) throw failure(`systemctl ${args.join(" ")}`, ended);
    return ended.stdout;
  };
  return {
    name,
    managed: true,
    async status(signal) {
      return readStatus(unit, await systemctl(show(unit), signal));
    },
    async start(signal) {
      // A release that crashed often has used up the unit's start limit, which would refuse the good
      // one, too. It fails for a unit that was never loaded; that one has no limit to reset.
      await exec({ program: "systemctl", args: act("reset-failed", unit) });
      await systemctl(act("start", unit), signal);
    },
    async stop(signal) {
      await systemctl(act("stop", unit), signal);
    },
    async logs(lines, signal) {
      const args = journal(unit, `${Math.min(Math.max(lines, 1), 1000)}`);
      const ended = await exec({ program: "journalctl", args });
      signal.throwIfAborted();
      if (ended.code !== 0) throw failure("journalctl", ended);
      return ended.stdout.split("\n").filter((line) => line !== "");
    },
  };
}

function failure(what: string, ended: ExecResult): FailedError {
  const said = (ended.stderr || ended.stdout).trim().split("\n").slice(-3).join(" | ");
  return new FailedError(`${what} ended with ${ended.code}${said === "" ? "" : `: ${said}`}`, {
    hint: "ask systemctl status and journalctl about the unit; only root may start and stop units",
  });
}

/** Reads what `systemctl show` printed: one `Name=value` a line. */
function readStatus(unit: string, text: string): ServiceStatus {
  const found = new Map(
    text.split("\n").map((line) => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
  const load = found.get("LoadState") ?? "";
  if (load !== "loaded") return { state: "missing", why: `systemd says ${unit} is ${load}` };
  const main = readMain(found);
  const withMain = main === undefined ? {} : { main };
  const result = found.get("Result") ?? "";
  const sub = found.get("SubState") ?? "";
  switch (found.get("ActiveState")) {
    case "active":
    case "reloading":
      return { state: "running", ...withMain };
    case "activating":
      return sub === "auto-restart"
        ? { state: "backing-off", why: `result ${result}`, ...withMain }
        : { state: "starting", ...withMain };
    case "deactivating":
      return { state: "stopping", ...withMain };
    case "failed":
      return { state: "failed", why: `result ${result}`, ...withMain };
    default:
      return { state: "stopped", ...withMain };
  }
}

function readMain(found: ReadonlyMap<string, string>): MainProcess | undefined {
  const pid = Number(found.get("MainPID") ?? "0");
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return {
    pid,
    started: found.get("ExecMainStartTimestampMonotonic") ?? "",
    started_at: readTime(found.get("ExecMainStartTimestamp") ?? ""),
  };
}

/** `Tue 2024-05-07 10:11:12.123456 UTC`; the year 1970 for anything else, such as `n/a`. */
function readTime(text: string): Date {
  const parts = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d* UTC$/.exec(text);
  return new Date(parts === null ? 0 : `${parts[1]}T${parts[2]}${parts[3] ?? ""}Z`);
}
