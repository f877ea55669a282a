// flags: --allow-read=. --allow-env=SLUICE_UPDATE_GOLDEN --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { renderDiagnostics } from "../document/render.ts";
import { setOfGrants } from "../permissions/grant.ts";
import { none } from "../permissions/permissions.ts";
import { parseSurfaces } from "./parse_surfaces.ts";

const project = new URL("../..", import.meta.url).pathname;

Deno.test("parseSurfaces() tells every fault at once, each with its place", async () => {
  const text = await Deno.readTextFile(`${project}tests/golden/surfaces/bad.yaml`);
  const { surfaces, diagnostics } = parseSurfaces(text, "bad.yaml");
  assert.ok(surfaces !== undefined);
  const shown = renderDiagnostics("text", diagnostics, new Map([["bad.yaml", text]]));
  await compareGolden("surfaces/bad.txt", shown);
});

Deno.test("parseSurfaces() reads the surfaces that ship", async () => {
  const text = await Deno.readTextFile(`${project}pipelines/surfaces.yaml`);
  const { surfaces, diagnostics } = parseSurfaces(text, "surfaces.yaml");
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(setOfGrants(surfaces!.ad_hoc.ceiling).run, []);
  assert.ok(surfaces!.surfaces.some(({ kind }) => kind === "fixed"));
});

Deno.test("parseSurfaces() keeps a ceiling as it is written, with the place of each entry", () => {
  const text = `schemaVersion: 1
ad_hoc:
  ceiling: {}
surfaces:
  links:
    kind: open
    note: Make links
    pipelines: [pipelines/links.yaml]
    ceiling:
      read: ["\${tmp}", /etc]
      run:
        - { program: ln, args: [-s, "\${tmp}/*"], env: [LANG] }
        - program: /srv/*/hook
          brokered: true
          box: { read: [/srv], network: true }
    accepts:
      - { finding: unscoped, entry: /, reason: because }
`;
  const { surfaces, diagnostics } = parseSurfaces(text, "s.yaml");
  assert.deepEqual(diagnostics, []);
  const [links] = surfaces!.surfaces;
  assert.ok(links?.kind === "open");
  assert.deepEqual(setOfGrants(links.ceiling), {
    ...none,
    read: ["\${tmp}", "/etc"],
    run: [
      { program: "ln", args: ["-s", "${tmp}/*"], env: ["LANG"] },
      {
        program: "/srv/*/hook",
        args: [],
        env: [],
        brokered: true,
        box: { read: ["/srv"], write: [], network: true },
      },
    ],
  });
  const lines = links.ceiling.map(({ kind, span }) => `${kind} ${span.line}:${span.column}`);
  assert.deepEqual(lines, ["run 12:11", "run 13:11", "read 10:14", "read 10:24"]);
  assert.deepEqual(links.accepts.map(({ entry, span }) => [entry, span.line]), [["/", 17]]);
});

Deno.test("parseSurfaces() holds a mistyped kind to the keys of what was meant, or to none", () => {
  const faultsOf = (kind: string) => {
    const text = `schemaVersion: 1
ad_hoc: { ceiling: {} }
surfaces:
  mine: { kind: ${kind}, pipline: pipelines/mine.yaml }
`;
    return parseSurfaces(text, "s.yaml").diagnostics.map(({ message }) => message);
  };
  assert.deepEqual(faultsOf("fixd").toSorted(), [
    'a fixed surface lacks the key "pipeline"',
    'kind must be one of open, fixed, not the text "fixd"',
    'unknown key "pipline" in a fixed surface',
  ]);
  assert.deepEqual(faultsOf("closed"), ['kind must be one of open, fixed, not the text "closed"']);
});

Deno.test("parseSurfaces() tells an empty file, and one that is no YAML", () => {
  assert.equal(parseSurfaces("", "s.yaml").diagnostics[0]?.code, "empty");
  const { surfaces, diagnostics } = parseSurfaces("a: [", "s.yaml");
  assert.deepEqual([surfaces, diagnostics[0]?.code], [undefined, "yaml-syntax"]);
});
