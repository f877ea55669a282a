/** What a path under which an agent's routes live came to: the path, or why it is none. */
export type BasePath =
  | { readonly path: string; readonly fault?: undefined }
  | { readonly fault: string };

/** Where `{AGENT_APP_ID}` stands, the agent's id is put in. */
const placeholder = "{AGENT_APP_ID}";

/**
 * Reads BASE_PATH: `""` (not set) is `/agents/{AGENT_APP_ID}`, `/` the root, which is `""` as a prefix
 * of paths. Doubled and trailing slashes are dropped, the placeholder is filled in. Nothing is decoded:
 * what a proxy could read in another way is a fault.
 *
 * @example
 * ```ts
 * import { readBasePath } from "./base_path.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readBasePath("", "a-1"), { path: "/agents/a-1" });
 * assert.deepEqual(readBasePath("//x//{AGENT_APP_ID}/", "a-1"), { path: "/x/a-1" });
 * assert.deepEqual(readBasePath("/", "a-1"), { path: "" });
 * ```
 */
export function readBasePath(text: string, agentAppId: string): BasePath {
  const given = text === "" ? `/agents/${placeholder}` : text;
  if (!given.startsWith("/")) return { fault: "must begin with /" };
  const segments = given.replaceAll(placeholder, agentAppId).split("/").filter((one) => one !== "");
  if (segments.some((one) => one === "." || one === "..")) {
    return { fault: "has a segment . or .." };
  }
  const path = segments.map((one) => `/${one}`).join("");
  const odd = /[^A-Za-z0-9/_.-]/u.exec(path)?.[0];
  if (odd !== undefined) {
    return {
      fault: `has ${JSON.stringify(odd)}: only letters, digits, / _ . and - may stand in it`,
    };
  }
  return { path };
}
