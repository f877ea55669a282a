import { entryOf, type MapNode, writtenText } from "./manifest_node.ts";
import type { Manifest } from "./manifest.ts";

/** Keys that only packers write. */
const packerKeys = ["display_name", "author", "license", "capabilities", "mcp"];

/**
 * In which of its dialects a manifest is written. With `exports`, or a `runtime` that is a mapping, it
 * is that of exports. The packer's has the package's version under `metadata`, since its `version` is
 * that of the format, `1.0`. Anything else is the runtime's.
 */
export function dialectOf(top: MapNode): Manifest["dialect"] {
  const runtime = entryOf(top, "runtime")?.value;
  if (entryOf(top, "exports") !== undefined || runtime?.kind === "map") return "exports";
  const metadata = entryOf(top, "metadata")?.value;
  const versioned = metadata?.kind === "map" &&
    metadata.entries.some(({ key }) => key === "version");
  if (versioned) return "packer";
  const version = entryOf(top, "version")?.value;
  const format = version !== undefined && writtenText(version, top.text) === "1.0";
  const packed = packerKeys.some((key) => entryOf(top, key) !== undefined) ||
    (runtime?.kind === "scalar" && runtime.value !== "deno");
  return format && packed ? "packer" : "runtime";
}
