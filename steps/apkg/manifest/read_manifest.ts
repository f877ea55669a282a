import type { Diagnostic } from "../../../engine/diagnostic.ts";
import { faults } from "../../../engine/document/faults.ts";
import { orderDiagnostics } from "../../../engine/document/order_diagnostics.ts";
import { readYaml } from "../../../engine/document/read_yaml.ts";
import { dialectOf } from "./dialect.ts";
import { readHandlers } from "./handlers.ts";
import type { Manifest } from "./manifest.ts";
import { entryOf, type MapNode, mapOf, missing, textOf } from "./manifest_node.ts";
import { manifestFault } from "./manifest_fault.ts";
import { readDependencies, readEnvironment, readSubAgents } from "./read_declared.ts";
import { checkEnvironment, readGrants } from "./read_grants.ts";
import { readRuntime } from "./read_runtime.ts";
import { readUi } from "./read_ui.ts";
import { noteUnknownKeys } from "./unknown_keys.ts";

/** A manifest, and what a person may want to know of it. */
export interface ReadManifest {
  readonly manifest: Manifest;
  /** One line each. */
  readonly notes: readonly string[];
}

/** What the package holds at a path. */
export type Look = (path: string) => "file" | "folder" | undefined;

/**
 * Reads the text of an `agent.yaml`: plain YAML 1.2 (no anchors, aliases or tags), in any of its three
 * dialects.
 *
 * @param file its name, for messages
 * @param look finds what the manifest names; left out, nothing is looked for
 * @throws InvalidInputError with every fault, each with its field, line, column and an excerpt
 *
 * @example
 * ```ts
 * import { readManifest } from "./read_manifest.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "name: greeter\nversion: 1.2.0\nrest: { entry: main:mount }\n";
 * const { manifest } = readManifest(text, "agent.yaml");
 * assert.deepEqual(manifest.rest, { entry: "main:mount" });
 * ```
 */
export function readManifest(source: string, file: string, look?: Look): ReadManifest {
  const { node, text, diagnostics } = readYaml(source, file);
  const report = faults();
  const all = () => orderDiagnostics([...diagnostics.map(inOurWords), ...report.found]);
  if (node?.kind !== "map") {
    const span = node?.span ?? { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
    if (diagnostics.length === 0) {
      report.error("wrong-type", span, "the manifest must be a mapping", "begin with name: NAME");
    }
    throw manifestFault(all(), file, text);
  }
  const top: MapNode = { field: "", entries: node.entries, span: node.span, text, report };
  const manifest = read(top, look);
  if (all().length > 0) throw manifestFault(all(), file, text);
  const index = `${manifest.ui?.path}/index.html`;
  const noIndex = manifest.ui !== undefined && look !== undefined && look(index) !== "file";
  return {
    manifest,
    notes: [
      ...noteUnknownKeys(top),
      ...(noIndex ? [`the package has no ${index}: its UI begins with nothing`] : []),
    ],
  };
}

function read(top: MapNode, look: Look | undefined): Manifest {
  const dialect = dialectOf(top);
  const name = readName(top);
  const version = readVersion(top, dialect);
  const runtime = readRuntime(top);
  const ui = readUi(top, look);
  const handlers = readHandlers(top, runtime.runtime);
  const permissions = readGrants(top, runtime.runtime);
  checkEnvironment(top, { ...runtime, permissions });
  const faces = ["rest", "a2a", "ui", "entrypoint", "exports"];
  const exported = entryOf(top, "exports")?.value;
  const none = exported?.kind === "list" && exported.items.length === 0;
  if (!faces.some((key) => entryOf(top, key) !== undefined && !(key === "exports" && none))) {
    missing(
      top,
      "a handler",
      "none of rest, a2a, ui, entrypoint and exports says what to serve",
      "write for example rest: { entry: main:mount }",
    );
  }
  return {
    dialect,
    name,
    version,
    description: entryOf(top, "description") ? textOf(top, "description")?.value ?? "" : "",
    ...runtime,
    ...(ui === undefined ? {} : { ui }),
    ...handlers,
    ...(permissions === undefined ? {} : { permissions }),
    dependencies: [...readDependencies(top)],
    environment: readEnvironment(top),
    sub_agents: readSubAgents(top),
  };
}

function readName(top: MapNode): string {
  const name = textOf(top, "name");
  if (name === undefined) {
    if (entryOf(top, "name") === undefined) {
      missing(top, "name", "every package has one", "write for example name: greeter");
    }
    return "";
  }
  if (!/^[a-z][a-z0-9-]*$/.test(name.value) || name.value.length > 100) {
    top.report.error(
      "bad-name",
      name.span,
      `name must be a name of a package, not ${JSON.stringify(name.value.slice(0, 100))}`,
      "use small letters, digits and -, and begin with a letter",
    );
  }
  return name.value;
}

/** The version of the package: in the packer's dialect `version` is that of the format. */
function readVersion(top: MapNode, dialect: Manifest["dialect"]): string {
  const packed = dialect === "packer";
  const map = packed ? mapOf(top, "metadata") : top;
  const field = packed ? "metadata.version" : "version";
  const version = map === undefined ? undefined : textOf(map, "version");
  if (version === undefined) {
    if (map === undefined || entryOf(map, "version") === undefined) {
      const hint = packed ? "version alone is that of the manifest's format" : undefined;
      missing(map ?? top, field, "every package has one", hint);
    }
    return "";
  }
  if (!/^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,63}$/.test(version.value)) {
    top.report.error(
      "bad-version",
      version.span,
      `${field} must be a version, not ${JSON.stringify(version.value.slice(0, 100))}`,
      "write for example 1.2.0",
    );
  }
  return version.value;
}

const hints: Readonly<Record<string, string>> = {
  "yaml-anchor": "remove it, and write the value out where it is used",
  "yaml-alias": "write the value out",
  "several-documents": "remove this line and what follows it",
  "too-large": "a manifest is short",
};

/** What the reader says of pipelines, said of a manifest; and no number, which may be a secret. */
function inOurWords(diagnostic: Diagnostic): Diagnostic {
  const { code } = diagnostic;
  const hint = hints[code] ?? diagnostic.hint;
  const message = code === "bad-number"
    ? "the number here cannot be kept exactly"
    : diagnostic.message;
  return { ...diagnostic, message, ...(hint === undefined ? {} : { hint }) };
}
