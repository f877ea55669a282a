import {
  asMap,
  asText,
  entryOf,
  fieldOf,
  listOf,
  type MapNode,
  mapOf,
  textOf,
  writtenText,
  wrong,
} from "./manifest_node.ts";
import type { Manifest } from "./manifest.ts";

const control = /\p{Cc}/u;

/** Requirements for pip. An option among them (`--index-url`) could have it fetch from elsewhere. */
export function readDependencies(top: MapNode): Manifest["dependencies"] {
  return listOf(top, "dependencies").flatMap((node, index) => {
    const field = `dependencies[${index}]`;
    const text = asText(node, field, top);
    if (text === undefined) return [];
    const requirement = text.value.trim();
    if (/^[A-Za-z0-9]/.test(requirement) && !control.test(requirement)) return [requirement];
    top.report.error(
      "bad-requirement",
      text.span,
      `${field} must be a requirement, not ${JSON.stringify(requirement.slice(0, 100))}`,
      'write for example "httpx>=0.27"; options of pip are not taken',
    );
    return [];
  });
}

/** Variables for the agent. No message shows a value: it may be a secret. */
export function readEnvironment(top: MapNode): Manifest["environment"] {
  const map = mapOf(top, "environment");
  if (map === undefined) return {};
  const values: [string, string][] = [];
  for (const { key, keySpan, value: node } of map.entries) {
    const field = fieldOf(map, key);
    const value = node.kind === "scalar" && node.value === null ? "" : writtenText(node, map.text);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
      const message = `${JSON.stringify(key)} in environment is no name of a variable`;
      map.report.error("bad-name", keySpan, message, "use letters, digits and _");
    } else if (value === undefined) {
      map.report.error("wrong-type", keySpan, `${field} must be a text`);
    } else if (value.includes("\0")) {
      map.report.error("bad-value", keySpan, `${field} holds a zero byte`);
    } else values.push([key, value]);
  }
  return Object.fromEntries(values);
}

/** What the package says of the agents in it. */
export function readSubAgents(top: MapNode): Manifest["sub_agents"] {
  const metadata = mapOf(top, "metadata");
  if (metadata === undefined) return [];
  return listOf(metadata, "sub_agents").flatMap((node, index) => {
    const map = asMap(node, `metadata.sub_agents[${index}]`, metadata);
    if (map === undefined) return [];
    const name = textOf(map, "name");
    if (name === undefined && entryOf(map, "name") === undefined) {
      wrong(map, node, map.field, "a mapping with a name");
    }
    const shown = entryOf(map, "public")?.value;
    const open = shown === undefined ? false : shown.kind === "scalar" && shown.value;
    if (typeof open !== "boolean") {
      wrong(map, shown!, fieldOf(map, "public"), "true or false");
      return [];
    }
    const description = entryOf(map, "description") && textOf(map, "description")?.value;
    if (name === undefined) return [];
    return [{ name: name.value, description: description ?? "", public: open }];
  });
}
