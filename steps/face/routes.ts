import { Hono } from "hono";
import type { HealthBoard } from "./health_board.ts";
import { serveFile } from "./static_files.ts";

/** What the REST face says of the agent. */
export interface AgentMeta {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/** How long the boot took. */
export interface BootStats {
  readonly total_ms: number;
  readonly phases_ms: Readonly<Record<string, number>>;
}

/** What the REST face serves, once the package is loaded. */
export interface Mounted {
  /** Prefix of the agent's routes; `""` is the root. */
  readonly base: string;
  readonly meta: AgentMeta;
  /** Folder of the UI, where it is served below the base as well. */
  readonly ui?: string;
  /** Unix socket of the worker's server, where the package has routes. */
  readonly worker?: string;
}

/** What the routes read as it is when they are asked. */
export interface RoutesState {
  readonly board: HealthBoard;
  readonly mounted: Mounted | undefined;
  readonly boot: BootStats | undefined;
  now(): Date;
}

/** The routes that a runtime has of its own, whatever the package. */
export const ownPaths: readonly string[] = ["/health", "/meta", "/a2a/health", "/ui/health"];

/**
 * The runtime's own routes at the root, and the UI below the base. Everything else below the base is
 * the agent's, and never comes here.
 */
export function makeRoutes(state: RoutesState): Hono {
  const app = new Hono();
  const health = () => {
    const report = state.board.report(state.now());
    return Response.json(report, { status: report.ok ? 200 : 503, headers: uncached });
  };
  const faceHealth = (face: "a2a" | "ui") => () => {
    const up = state.board.open && state.board.get(face) === "up";
    const there = state.board.get(face) !== "off";
    const body = { ok: up, configured: there, timestamp: state.now().getTime() };
    return Response.json(body, { status: up ? 200 : there ? 503 : 404, headers: uncached });
  };
  app.get("/health", health);
  app.get("/a2a/health", faceHealth("a2a"));
  app.get("/ui/health", faceHealth("ui"));
  app.get("/meta", () => {
    const { mounted, boot } = state;
    if (mounted === undefined) return starting();
    const { surfaces } = state.board.report(state.now());
    const stats = boot === undefined ? {} : { boot_stats: boot };
    return Response.json({ ...mounted.meta, base_path: mounted.base || "/", surfaces, ...stats });
  });
  app.all("*", ({ req }) => {
    const { mounted } = state;
    if (mounted === undefined) return starting();
    const path = new URL(req.url).pathname;
    const below = mounted.ui === undefined ? undefined : pathBelow(path, `${mounted.base}/ui`);
    if (mounted.ui !== undefined && below !== undefined) {
      return serveFile(mounted.ui, below, req.raw);
    }
    return Response.json({ error: "not found" }, { status: 404 });
  });
  app.onError(() => Response.json({ error: "internal" }, { status: 500 }));
  return app;
}

/**
 * What is left of a path below a prefix, `undefined` where it does not lie there.
 *
 * @example
 * ```ts
 * import { pathBelow } from "./routes.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(pathBelow("/agents/a/api", "/agents/a"), "/api");
 * assert.equal(pathBelow("/agents/ab", "/agents/a"), undefined);
 * assert.equal(pathBelow("/api", ""), "/api");
 * ```
 */
export function pathBelow(path: string, prefix: string): string | undefined {
  if (path === prefix) return "";
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

const uncached = { "cache-control": "no-store" };

function starting(): Response {
  return Response.json({ error: "the agent is starting" }, {
    status: 503,
    headers: { "retry-after": "1", ...uncached },
  });
}
