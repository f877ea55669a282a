import { readBasePath } from "./base_path.ts";
import { packageSource } from "./package_source.ts";

/** What an agent's runtime is told by its environment, each under the name of a parameter. */
export interface Configuration {
  readonly agent_app_id: string;
  readonly rest_port: number;
  readonly a2a_port: number;
  readonly ui_port: number;
  readonly multiplexed: boolean;
  readonly base_path: string;
  readonly package_url: string;
  readonly package_path: string;
  readonly s3_bucket: string;
  readonly log_level: string;
}

/** One thing that is wrong with a configuration. */
export interface ConfigurationFault {
  readonly parameter: keyof Configuration;
  /** Begins with the name of the variable. */
  readonly message: string;
}

/**
 * Everything that is wrong with a configuration beyond the types of its values, at once. Of what is
 * left out, since it is faulty by itself, nothing is said.
 *
 * @example
 * ```ts
 * import { configurationFaults } from "./configuration.ts";
 * import assert from "node:assert/strict";
 *
 * const faults = configurationFaults({
 *   agent_app_id: "a-1",
 *   rest_port: 8080,
 *   a2a_port: 8080,
 *   ui_port: 3000,
 *   multiplexed: false,
 *   base_path: "",
 *   package_url: "https://packages.example/a.apkg",
 *   package_path: "",
 *   s3_bucket: "",
 *   log_level: "info",
 * });
 * assert.deepEqual(faults.map(({ message }) => message), ["A2A_PORT and REST_PORT are both 8080"]);
 * ```
 */
export function configurationFaults(given: Partial<Configuration>): readonly ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  const fault = (parameter: keyof Configuration, message: string) =>
    void faults.push({ parameter, message });
  const { agent_app_id, base_path, rest_port, a2a_port, ui_port, multiplexed, log_level } = given;
  if (agent_app_id !== undefined && !/^[A-Za-z0-9_.-]{1,128}$/.test(agent_app_id)) {
    const what = agent_app_id === "" ? "is empty" : `is ${JSON.stringify(agent_app_id)}`;
    fault("agent_app_id", `AGENT_APP_ID ${what}: letters, digits, _ . and - make an id`);
  }
  if (log_level !== undefined && !/^(debug|info|warn|error)$/i.test(log_level)) {
    fault("log_level", `LOG_LEVEL is ${JSON.stringify(log_level)}: debug, info, warn or error`);
  }
  const base = readBasePath(base_path ?? "", agent_app_id || "x");
  if (base.fault !== undefined) fault("base_path", `BASE_PATH ${base.fault}`);
  if (rest_port !== undefined && a2a_port === rest_port) {
    fault("a2a_port", `A2A_PORT and REST_PORT are both ${rest_port}`);
  }
  if (a2a_port !== undefined && ui_port === a2a_port) {
    fault("ui_port", `UI_PORT and A2A_PORT are both ${ui_port}`);
  }
  if (rest_port !== undefined && ui_port === rest_port && multiplexed === false) {
    fault("ui_port", `UI_PORT and REST_PORT are both ${ui_port}, and MULTIPLEXED is not true`);
  }
  const { package_url: url, package_path: path, s3_bucket: bucket } = given;
  if (url === undefined || path === undefined || bucket === undefined) return faults;
  const source = packageSource({ url, path, bucket });
  if (source.kind === "fault") {
    const parameter = source.variable === "PACKAGE_URL" ? "package_url" : "package_path";
    fault(parameter, `${source.variable} ${source.fault}`);
  }
  return faults;
}
