// flags: --allow-read=<project>
import assert from "node:assert/strict";
import { parseDocument } from "../../engine/document/parse.ts";
import { resolve } from "../../engine/plan/resolve.ts";
import { pipelineSchema } from "../../engine/schema/pipeline_schema.ts";
import { registry } from "../../steps/registry.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

Deno.test("every pipeline that ships has no fault, and no warning", async () => {
  const files = await filesBelow("pipelines", ".yaml");
  assert.ok(files.length > 3);
  for (const file of files) {
    if (file.endsWith("surfaces.yaml")) continue;
    assert.deepEqual(await faultsOf(await read(file), `${project}/${file}`), [], file);
  }
});

Deno.test("every whole pipeline in the documents has no fault", async () => {
  let checked = 0;
  for (const file of await filesBelow("", ".md")) {
    for (const [, yaml] of (await read(file)).matchAll(/```yaml\n([\s\S]*?)```/g)) {
      if (!/^sluice: v1$/m.test(yaml!) || /^steps: \[\]$/m.test(yaml!)) continue;
      // A step of others is asked by a process: tests/cli/foreign_docs_test.ts runs those.
      if (/uses: \.\//.test(yaml!)) continue;
      assert.deepEqual(await faultsOf(yaml!, `${project}/${file}`), [], file);
      checked++;
    }
  }
  assert.ok(checked > 0);
});

Deno.test("the example of every step plans", async () => {
  for (const step of registry.values()) {
    const indented = `id: it\n${step.example}`.replaceAll(/^(?!$)/gm, "    ").replace(
      "    ",
      "  - ",
    );
    // What it refers to: earlier steps whose facts are exactly those names.
    const yaml = `sluice: v1\nname: example\nsteps:\n${indented}\n`;
    const faults = await faultsOf(yaml, "example.yaml");
    const own = faults.filter((fault) => !/unknown-step|unknown-name|there is no step/.test(fault));
    assert.deepEqual(own, [], `${step.name}:\n${yaml}`);
  }
});

Deno.test("the committed schema is the one that the registry makes; deno task schema writes it", async () => {
  const committed = JSON.parse(await read("schema/pipeline.schema.json"));
  assert.deepEqual(committed, JSON.parse(JSON.stringify(pipelineSchema(registry))));
});

Deno.test("every link within the documents leads somewhere", async () => {
  const broken: string[] = [];
  for (const file of await filesBelow("", ".md")) {
    const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
    for (const [, target] of (await read(file)).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const path = new URL(target!, `file://${project}/${folder}`).pathname;
      if (!await Deno.stat(path).then(() => true, () => false)) broken.push(`${file}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("every test that SECURITY.md names stands in its file", async () => {
  const rows = [
    ...(await read("SECURITY.md")).matchAll(/^\|.*\| `([^`]+_test\.ts)`: (.+?) *\|$/gm),
  ];
  assert.ok(rows.length > 20, `${rows.length} rows name a test`);
  const missing: string[] = [];
  for (const [, file, name] of rows) {
    const named = (await read(file!)).split("\n").some((line) =>
      /\btest\(/i.test(line) && line.includes(name!)
    );
    if (!named) missing.push(`${file}: ${name}`);
  }
  assert.deepEqual(missing, []);
});

Deno.test("docs/decisions/README.md lists every decision, by its number and its title", async () => {
  const list = (await read("docs/decisions/README.md")).replaceAll(/\n {2}/g, " ");
  const missing: string[] = [];
  for (const file of await filesBelow("docs/decisions", ".md")) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    if (name === "README.md") continue;
    const [, number, title] = /^# (\d+)\. (.*)$/m.exec(await read(file)) ?? [];
    assert.equal(Number(name.slice(0, 4)), Number(number), file);
    if (!list.includes(`[${number}](${name}): ${title}`)) missing.push(file);
  }
  assert.deepEqual(missing, []);
});

async function faultsOf(text: string, file: string): Promise<string[]> {
  const { document, diagnostics } = parseDocument(text, file);
  if (document === undefined) return diagnostics.map(show);
  const resolved = await resolve(document, registry, {
    cwd: project,
    load: (path) => Deno.readTextFile(path),
    sources: undefined,
  });
  return [...diagnostics, ...resolved.diagnostics].map(show);

  function show({ severity, code, message, span }: typeof diagnostics[number]): string {
    return `${span.line}:${span.column} ${severity} ${code}: ${message}`;
  }
}

async function filesBelow(folder: string, ending: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder === "" ? project : `${project}/${folder}`)) {
    if (entry.name.startsWith(".") || entry.name === "artifacts") continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory) files.push(...await filesBelow(path, ending));
    else if (entry.name.endsWith(ending)) files.push(path);
  }
  return files.sort();
}

async function read(file: string): Promise<string> {
  return await Deno.readTextFile(`${project}/${file}`);
}
