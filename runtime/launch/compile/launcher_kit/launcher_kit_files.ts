import { createHash } from "node:crypto";
import { unitName } from "../kit.ts";
import { type KitFile, madeBy, manifestName } from "../kit_files.ts";
import type { LauncherKit } from "./launcher_kit.ts";
import { launcherKitReadme } from "./launcher_kit_readme.ts";
import { launcherScript, surfaceScript } from "./launcher_scripts.ts";
import type { BundledModule } from "./stable_names.ts";

/** Deno takes no setting from elsewhere, and no library: all of them are bundled. */
const denoJson = { nodeModulesDir: "none", lock: false };

/** What a kit of an open surface is made of. */
export interface LauncherKitParts {
  readonly modules: readonly BundledModule[];
  readonly pipelines: readonly KitFile[];
  /** The lock, with this surface alone. */
  readonly lock: string;
  /** `runtime/launch/bare_config.json`, as the checkout has it. */
  readonly bareConfig: string;
}

/**
 * The files of a kit, in the order of their names. Pure: the same parts give the same bytes, so that
 * two people can compile a surface and compare.
 */
export function launcherKitFiles(
  kit: LauncherKit,
  { modules, pipelines, lock, bareConfig }: LauncherKitParts,
): readonly KitFile[] {
  const file = (name: string, text: string, mode = 0o644): KitFile => ({ name, mode, text });
  const { surface, note, runs, home, unit, tokens, versions } = kit;
  const manifest = {
    schemaVersion: 1,
    made_by: madeBy,
    form: "launcher",
    surface,
    note,
    tokens,
    lock_sha256: createHash("sha256").update(lock).digest("hex"),
    runs,
    home,
    versions,
  };
  return [
    file("README.md", launcherKitReadme(kit)),
    file("deno.json", json(denoJson)),
    file(manifestName, json(manifest)),
    file("permissions.lock.json", lock),
    file("runtime/launch/bare_config.json", bareConfig),
    file("sluice", launcherScript(kit), 0o755),
    file("start", surfaceScript(kit), 0o755),
    ...unit === undefined ? [] : [file(`${unitName(surface)}.service`, unit)],
    ...modules.map(({ path, text }) => file(path, text)),
    ...pipelines,
  ].sort((one, other) => one.name < other.name ? -1 : 1);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
