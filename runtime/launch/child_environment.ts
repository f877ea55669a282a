import { isVariableName, readVariable } from "../../engine/read_variable.ts";
import { resolvePath } from "./resolve_path.ts";

/** Where Deno finds its cache and company certificates. */
const pathsOfDeno = [
  "HOME",
  "DENO_DIR",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "DENO_CERT",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
] as const;

const ofDeno = [...pathsOfDeno, "DENO_TLS_CA_STORE", "NO_COLOR"] as const;

/** What Deno's own tools, which fetch things, need on a company's network. */
export const fetching: readonly string[] = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "NPM_CONFIG_REGISTRY",
];

/**
 * Deno asks the network for its newest version, and loads the system's graphics libraries for WebGPU,
 * whatever its permission flags say, unless told so.
 */
const always = { DENO_NO_UPDATE_CHECK: "1", DENO_WEBGPU_BACKEND: "none" };

/**
 * The variable that holds the key of the tokens' MAC. It reaches no process in which anything of a
 * pipeline runs or is read: of the commands, `tokens` alone gets it, to verify a log.
 */
export const tokenKeyVariable = "SLUICE_TOKEN_KEY";

/**
 * The whole environment of a child: what Deno needs, and the named variables that are set. Deno's
 * paths are absolute in it: a relative one is meant from where the launcher was started, and
 * children start elsewhere.
 */
export function childEnvironment(names: readonly string[] = []): Record<string, string> {
  const wanted = [...ofDeno, ...names.filter((name) => name !== tokenKeyVariable)];
  const values = readVariables(wanted);
  for (const name of pathsOfDeno) {
    const path = values[name];
    if (path && !path.startsWith("/")) values[name] = resolvePath(Deno.cwd(), path);
  }
  return { ...values, ...always };
}

/** The named variables that are set. */
export function readVariables(names: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of names) {
    if (!isVariableName(name)) continue;
    const value = readVariable(name);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/**
 * The names of variables that are set, were not asked for, and begin as one that was: somebody may
 * have misspelt it. Without the permission to list variables there are none.
 */
export function namesAlike(names: readonly string[]): readonly string[] {
  if (Deno.permissions.querySync({ name: "env" }).state !== "granted") return [];
  const beginnings = new Set(names.map(beginning));
  return Object.keys(Deno.env.toObject()).filter((name) =>
    isVariableName(name) && !names.includes(name) &&
    beginnings.has(beginning(name))
  ).sort();
}

function beginning(name: string): string {
  return name.slice(0, 3).toUpperCase();
}
