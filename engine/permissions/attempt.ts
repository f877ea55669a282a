import { joinPath } from "../join_path.ts";
import { endpointCovers } from "./endpoint_covers.ts";
import { type TextKind, textKinds } from "./grants.ts";
import { pathCovers } from "./path.ts";
import type { LoggedCheck } from "./audit_log.ts";

/** A logged check in the words of a set. */
export type Attempt =
  | { readonly kind: "read" | "write"; readonly path: string }
  /** The log does not tell connecting from listening. `host:port` or `unix:/path`. */
  | { readonly kind: "net"; readonly endpoint: string }
  | { readonly kind: "env" | "sys"; readonly name: string }
  /** All of a kind (every variable, every file), or a kind that no set has: code from the network. */
  | { readonly kind: "other"; readonly permission: string; readonly value: string | undefined }
  /** What it reached cannot be told from the log. */
  | { readonly kind: "unclear"; readonly permission: string; readonly value: string };

/** What was true of the process that wrote a log. */
export interface AttemptPlace {
  /** Its working folder, absolute; absent where nobody recorded it. */
  readonly cwd?: string | undefined;
  /** Its folder for temporary files, absolute. */
  readonly tmp?: string | undefined;
}

/** What Deno logs instead of its folder for temporary files. */
const temporary = "<TMP>";

/**
 * Says what a check was about as a set would: paths absolute and without `..`, addresses as host and
 * port. Links are not looked at, since Deno compares the text of a path too.
 *
 * @example
 * ```ts
 * import { attemptOf } from "./attempt.ts";
 * import assert from "node:assert/strict";
 *
 * const check = { permission: "read", value: "./a/../b", seconds: [], count: 1 };
 * assert.deepEqual(attemptOf(check, { cwd: "/srv" }), { kind: "read", path: "/srv/b" });
 * ```
 */
export function attemptOf({ permission, value }: LoggedCheck, place: AttemptPlace): Attempt {
  if (value === null) return { kind: "other", permission, value: undefined };
  switch (permission) {
    case "read":
    case "write": {
      const unclear: Attempt = { kind: "unclear", permission, value };
      if (value === temporary) {
        return place.tmp === undefined ? unclear : { kind: permission, path: place.tmp };
      }
      if (value.startsWith("/")) return { kind: permission, path: joinPath("/", value) };
      return place.cwd === undefined
        ? unclear
        : { kind: permission, path: joinPath(place.cwd, value) };
    }
    case "net":
      return netAttempt(value);
    case "env":
    case "sys":
      return { kind: permission, name: value };
    default:
      return { kind: "other", permission, value };
  }
}

/** Whether an entry of a set allows an attempt. */
export function entryAllows(kind: TextKind, entry: string, attempt: Attempt): boolean {
  switch (attempt.kind) {
    case "read":
    case "write":
      if (kind === attempt.kind) return pathCovers(entry, attempt.path);
      // A socket is granted as one entry and asked for as three things.
      return (kind === "connect" || kind === "listen") && entry.startsWith("unix:") &&
        pathCovers(entry.slice("unix:".length), attempt.path);
    case "net":
      return (kind === "connect" || kind === "listen") && endpointCovers(entry, attempt.endpoint);
    case "env":
    case "sys":
      return kind === attempt.kind && entry === attempt.name;
    case "other":
    case "unclear":
      return false;
  }
}

/** Whether any entry of a set allows an attempt; programs are not in Deno's log. */
export function allows(
  set: { readonly [kind in TextKind]: readonly string[] },
  attempt: Attempt,
): boolean {
  return textKinds.some((kind) => set[kind].some((entry) => entryAllows(kind, entry, attempt)));
}

/**
 * Whether a check repeats an address with a user, a password or a query: the log then holds what may
 * be a secret.
 */
export function isSecretive({ permission, value }: LoggedCheck): boolean {
  const url = permission === "net" && value !== null ? addressOf(value) : undefined;
  return url !== undefined && (url.username !== "" || url.password !== "" || url.search !== "");
}

function netAttempt(value: string): Attempt {
  const url = addressOf(value);
  if (url === undefined) {
    return { kind: "net", endpoint: value.startsWith("unix:") ? value : value.toLowerCase() };
  }
  const port = url.port || defaultPorts[url.protocol];
  return { kind: "net", endpoint: port === undefined ? url.hostname : `${url.hostname}:${port}` };
}

/** `fetch` has the whole address logged before host and port. */
function addressOf(value: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.hostname === "" ? undefined : url;
}

const defaultPorts: Readonly<Record<string, string>> = {
  "http:": "80",
  "ws:": "80",
  "https:": "443",
  "wss:": "443",
};
