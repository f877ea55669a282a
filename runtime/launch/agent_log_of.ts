import { readVariable } from "../../engine/read_variable.ts";
import { type AgentLog, agentLog, type LogLevel, logLevels } from "../sinks/agent_log.ts";
import { tokenKeyVariable } from "./child_environment.ts";
import { optionValue } from "./command_line.ts";
import type { Write } from "./write_output.ts";

/**
 * The log of an agent's runtime, where the command line asks for it: from here on it is all that is
 * written, so that whoever collects standard output sees faults before the run as well.
 */
export function agentLogOf(args: readonly string[], write: Write): AgentLog | undefined {
  if (optionValue(args, "--tokens") !== "agent-log") return undefined;
  const level = readVariable("LOG_LEVEL")?.toLowerCase();
  return agentLog({
    write,
    agentAppId: readVariable("AGENT_APP_ID") || null,
    deploymentId: readVariable("DEPLOYMENT_ID") || null,
    level: logLevels.find((known): known is LogLevel => known === level) ?? "info",
    key: readVariable(tokenKeyVariable),
    now: () => new Date(),
  });
}
