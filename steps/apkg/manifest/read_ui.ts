import { nameFault } from "../../archive/safe_name.ts";
import { fieldOf, type MapNode, mapOf, missing, textOf } from "./manifest_node.ts";
import type { Manifest } from "./manifest.ts";
import type { Look } from "./read_manifest.ts";

/** Reads where the UI is: a folder of the package (not the whole of it), and where it is mounted. */
export function readUi(top: MapNode, look: Look | undefined): Manifest["ui"] {
  const map = mapOf(top, "ui");
  if (map === undefined) return undefined;
  const path = readPath(map, look);
  const base_path = readBasePath(map);
  if (path === undefined || base_path === undefined) return undefined;
  return { path, base_path };
}

function readPath(map: MapNode, look: Look | undefined): string | undefined {
  const field = fieldOf(map, "path");
  const text = textOf(map, "path");
  if (text === undefined) {
    if (!map.entries.some(({ key, value }) => key === "path" && value.kind !== "scalar")) {
      missing(map, field, "it names a folder of the package", "write for example path: ui");
    }
    return undefined;
  }
  const path = text.value.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
  const whole = path === "." || path === "";
  const found = look?.(path);
  const fault = whole
    ? "it would serve the whole package"
    : nameFault(path) ?? (look === undefined || found === "folder"
      ? undefined
      : found === "file"
      ? "it is a file"
      : "there is none of that name");
  if (fault === undefined) return path;
  const shown = JSON.stringify(text.value.slice(0, 100));
  map.report.error(
    "bad-path",
    text.span,
    `${field} must be a folder in the package, not ${shown}: ${fault}`,
    "write for example path: ui",
  );
  return undefined;
}

function readBasePath(map: MapNode): string | undefined {
  const text = textOf(map, "basePath") ?? textOf(map, "base_path");
  if (text === undefined) return "/";
  const path = text.value.replaceAll(/\/+/g, "/").replace(/(.)\/$/, "$1");
  const plain = /^\/[A-Za-z0-9/_.-]*$/.test(path) &&
    !path.split("/").some((s) => /^\.\.?$/.test(s));
  if (plain) return path;
  map.report.error(
    "bad-path",
    text.span,
    `${
      fieldOf(map, "basePath")
    } must be a path of letters, digits and / _ . - that begins with /, not ${
      JSON.stringify(text.value.slice(0, 100))
    }`,
    'write for example basePath: "/"',
  );
  return undefined;
}
