import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../../../engine/json.ts";
import { normalise } from "../../../engine/permissions/normalise.ts";
import { type Kit, unitName } from "./kit.ts";
import { kitReadme } from "./kit_readme.ts";
import { startScript } from "./start_script.ts";

/** A file of a kit, with what is in it. */
export interface KitFile {
  /** Its path below the kit's folder: `runtime/planner.js`. */
  readonly name: string;
  readonly mode: number;
  readonly text: string;
}

/** The bundled runner, in a kit that is a folder. */
export const runnerName = "runner.js";
/** What a kit's folder holds beside these files: a program, and the sums of all. */
export const runtimeName = "deno";
export const sumsName = "SHA256SUMS";
export const manifestName = "manifest.json";

/** What says in a manifest that we made it, and so may replace it. */
export const madeBy = "sluice compile";

/**
 * The files of a kit, in the order of their names. Pure: the same kit gives the same bytes, so that
 * two people can compile a surface and compare.
 *
 * @param runner the bundled runner
 * @param unit the text of its systemd unit
 */
export function kitFiles(kit: Kit, runner: string, unit: string): readonly KitFile[] {
  const text = (name: string, content: string, mode = 0o644): KitFile => ({
    name,
    mode,
    text: content,
  });
  return [
    text("README.md", kitReadme(kit)),
    text(manifestName, json(manifestOf(kit, runner))),
    text("permissions.json", json({ set: kit.setDigest, permissions: normalise(kit.set) })),
    text("plan.json", planText(kit)),
    ...kit.form === "binary" ? [] : [text(runnerName, runner)],
    text(`${unitName(kit.surface)}.service`, unit),
    text("start", startScript(kit), 0o755),
  ];
}

/**
 * A name for what a kit does: 16 hexadecimal digits over its plan, its set, its programs, its code
 * and its versions, wherever it lies.
 */
export function kitId(kit: Kit, runner: string): string {
  const { home: _, ...rest } = manifestOf(kit, runner);
  return sha256(canonicalJson(rest as unknown as Json)).slice(0, 16);
}

function manifestOf(kit: Kit, runner: string) {
  const { form, surface, note, setDigest, programs, runs, home, versions } = kit;
  return {
    schemaVersion: 1,
    made_by: madeBy,
    form,
    surface,
    note,
    set: setDigest,
    plan_sha256: sha256(planText(kit)),
    runner_sha256: sha256(runner),
    programs: Object.fromEntries(Object.entries(programs).sort()),
    runs,
    home,
    versions,
  };
}

function planText({ plan }: Kit): string {
  return json(plan);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
