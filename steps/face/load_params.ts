import * as v from "valibot";
import { duration, path } from "../../engine/schema/types.ts";
import { readAgentPermission } from "./agent_permissions.ts";
import { manifestSchema } from "../apkg/manifest/manifest.ts";

/** What `face.load` is told when planning. */
export const loadParams = v.strictObject({
  /** Folder of the venvs; `active` in it is the one to use. */
  store: path(),
  /** Folder for the host's program and the sockets. */
  work: path(),
  /** The interpreter that the venv was made with: what lies beside it belongs to it. */
  python: v.optional(v.string(), "python3"),
  /** `container`: this machine makes no boxes, something else bounds the agent. */
  box: v.optional(v.picklist(["boxed", "container"]), "boxed"),
  /** Names of variables that the agent gets from the runtime's own environment. */
  env: v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/))), []),
  /** The most that an agent in TypeScript may ask for: `connect=api.example.com:443`. */
  permissions: v.optional(
    v.array(v.pipe(
      v.string(),
      v.check(
        (text) => readAgentPermission(text) !== undefined,
        "what AGENT_PERMISSIONS lists is KIND=ENTRY, KIND one of read, write, connect, listen, env and " +
          "sys, such as connect=api.example.com:443 or env=API_KEY",
      ),
    )),
    [],
  ),
  /** Time in which the handlers have to load. */
  timeout: v.optional(duration(), 60_000),
  /** Time for which the runtime stays, unhealthy, when they do not. */
  grace: duration(),
  /** Time that calls have to come to their ends. */
  drain: duration(),
  /** How often within a minute a process that died is started again. */
  restarts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 3),
  /** Time that a call of an action may take. */
  call: v.optional(duration(), 300_000),
});

/** What it is told of the package. */
export const loadLate = v.strictObject({
  /** Folder of the package. */
  package: v.string(),
  manifest: manifestSchema,
  /** Folders whose modules come before the venv's. */
  paths: v.array(v.string()),
  /** The venv that was made for the package; `""` where it needs none. */
  key: v.string(),
  /** Prefix of the agent's routes; `""` is the root. */
  base_path: v.string(),
  agent_app_id: v.string(),
  deployment_id: v.string(),
});

export type LoadParams = v.InferOutput<typeof loadParams>;
export type LoadLate = v.InferOutput<typeof loadLate>;
