/**
 * For tests: a kit of nothing.
 *
 * @module
 */
import { type Permissions, permissions } from "../../../engine/permissions/permissions.ts";
import type { Kit } from "./kit.ts";
import { kitFiles } from "./kit_files.ts";
import type { KitContent } from "./writer_job.ts";

export function testKit(set: Partial<Permissions> = {}, more: Partial<Kit> = {}): Kit {
  return {
    form: "folder",
    surface: "watch",
    note: "Watch a service",
    set: permissions(set),
    setDigest: `sha256:${"0".repeat(64)}`,
    plan: { schemaVersion: 1 },
    programs: {},
    runs: "/var/lib/sluice/watch",
    home: "/usr/lib/sluice/watch",
    versions: { sluice: "0.1.0", deno: "2.9.6", v8: "14.0", target: "x86_64-unknown-linux-gnu" },
    ...more,
  };
}

/** What is written for it, with a small file in place of a runtime of 96 MB. */
export function testContent(
  runtime: string,
  runner = "// runner\n",
  unit = "[Unit]\n",
): KitContent {
  return {
    files: kitFiles(testKit(), runner, unit),
    program: { name: "deno", from: runtime },
  };
}

/** Everything below a folder: paths with what is in them. */
export async function listTree(folder: string, below = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder + below)) {
    const path = `${below}/${name}`;
    if (isDirectory) Object.assign(found, { [path]: "folder" }, await listTree(folder, path));
    else found[path] = await Deno.readTextFile(folder + path);
  }
  return found;
}
