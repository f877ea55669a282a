import assert from "node:assert/strict";
import { registry } from "../../../steps/registry.ts";
import { parseDocument } from "../../document/parse.ts";
import type { Plan } from "../../plan/plan.ts";
import { resolve } from "../../plan/resolve.ts";
import { derive } from "../derive.ts";
import { explain } from "../explain.ts";
import { permissions } from "../permissions.ts";
import type { RenderedSurface } from "./rendering.ts";

const project = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");

/** The plan of a pipeline that ships, as if Sluice lay in `/usr/lib/sluice`. */
export async function shippedPlan(file: string, given: Record<string, string>): Promise<Plan> {
  const text = await Deno.readTextFile(`${project}/${file}`);
  const { document } = parseDocument(text, `/usr/lib/sluice/${file}`);
  const { plan, diagnostics } = await resolve(document!, registry, {
    cwd: "/usr/lib/sluice",
    load: () => Promise.reject(new Error("it includes nothing")),
    sources: {
      given: Object.entries(given).map(([name, text]) => ({ name, text })),
      values: new Map(),
      env: {},
    },
  });
  assert.deepEqual(diagnostics, []);
  return plan!;
}

const places = {
  project: "/usr/lib/sluice",
  runs: "/var/lib/sluice/runs",
  tmp: "/tmp",
  deno: "/usr/lib/sluice/deno",
};

/** The pipeline that installs a release: with programs, and a service on loopback. */
export async function upgradeSurface(): Promise<RenderedSurface> {
  const plan = await shippedPlan("pipelines/upgrade/apply.yaml", { bundle: "/srv/a.tar.zst" });
  return {
    name: "upgrade",
    summary: plan.summary!,
    set: derive(plan, { run: "/var/lib/sluice/runs" }),
    explained: explain(plan),
    locked: { kind: "fixed", digest: `sha256:${"5e7".repeat(21)}0`, code: [], accepts: [] },
    programs: {
      ln: "/usr/bin/ln",
      systemctl: "/usr/bin/systemctl",
      journalctl: "/usr/bin/journalctl",
    },
    places,
  };
}

/** No programs, and nothing on the network but TCP on this machine. */
export const quietSurface: RenderedSurface = {
  name: "quiet",
  summary: "Watch a service on this machine",
  set: permissions({
    read: ["/etc/quiet", "/var/lib/sluice/runs"],
    write: ["/var/lib/sluice/runs"],
    connect: ["127.0.0.1:7443"],
    listen: ["127.0.0.1:9090"],
    env: ["QUIET_TOKEN"],
  }),
  explained: [],
  programs: {},
  places,
};
