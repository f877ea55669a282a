// flags: --allow-read=<project>
import assert from "node:assert/strict";

const project = new URL("../..", import.meta.url).pathname;

/** Which files may import which: the first rule whose `from` matches the importer decides. */
const rules: readonly { from: RegExp; may: readonly RegExp[]; why: string }[] = [
  {
    from: /^engine\//,
    may: [/^engine\//],
    why: "the engine knows no domain: it imports itself and libraries",
  },
  {
    from: /^steps\//,
    may: [/^engine\//, /^steps\//],
    why: "steps import the engine and other steps",
  },
  {
    from: /^runtime\/launch\//,
    may: [
      /^runtime\/launch\//,
      /^runtime\/sinks\//,
      /^engine\/permissions\//,
      /^engine\/events\//,
      /^engine\/(errors|json|read_variable|remove_tree|sha256|foreign\/limits)\.ts$/,
      // What verifies a signature, by WebCrypto alone: docs/decisions/0027.
      /^engine\/trust\/(dsse|pipeline_statement|strict_json|web_key)\.ts$/,
    ],
    why: "the launcher is the trust root: it reaches pure parts only",
  },
  {
    from: /^runtime\//,
    may: [/^engine\//, /^steps\/registry\.ts$/, /^steps\/.*_protocol\.ts$/, /^runtime\//],
    why: "programs import the engine and the registry",
  },
];

/** Light files that a step's definition may reach statically; the rest is imported in `run`. */
const libraries = /^(npm:|[a-z@])/;

Deno.test("every import obeys the layers", async () => {
  const faults: string[] = [];
  for (const file of await sources()) {
    if (file.endsWith("_test.ts")) continue;
    const rule = rules.find(({ from }) => from.test(file));
    if (rule === undefined) continue;
    for (const specifier of imports(await text(file))) {
      const target = resolve(file, specifier);
      if (target === undefined) continue;
      if (!rule.may.some((may) => may.test(target))) {
        faults.push(`${file} imports ${target}: ${rule.why}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("runtime is imported by nobody but itself", async () => {
  const faults: string[] = [];
  for (const file of await sources()) {
    if (/^(runtime|tests)\//.test(file) || file.endsWith("_test.ts")) continue;
    for (const specifier of imports(await text(file))) {
      if (resolve(file, specifier)?.startsWith("runtime/")) faults.push(`${file}: ${specifier}`);
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("the launcher reaches no library", async () => {
  const { files, found } = await librariesOf("runtime/launch/main.ts");
  assert.ok(files > 5, `only ${files} files were reached`);
  assert.deepEqual(found, []);
});

Deno.test("the process that has a signing key reads nothing that others wrote", async () => {
  const { files, found } = await librariesOf("runtime/signer.ts");
  assert.ok(files > 5, `only ${files} files were reached`);
  const names = found.map((line) => line.replace(/.* imports /, ""));
  // Schemas of the key's own file, and arithmetic: no YAML, no expressions.
  const expected = ["@noble/ciphers/salsa", "@noble/curves/nist", "valibot"];
  assert.deepEqual([...new Set(names)].sort(), expected);
});

Deno.test("no folder is a drawer for odds and ends", async () => {
  const odd = /(^|\/)(utils?|common|helpers?|misc|shared)(\/|\.ts$)|(^|\/)index\.ts$/;
  assert.deepEqual((await sources()).filter((file) => odd.test(file)), []);
});

Deno.test("nothing runs with all permissions", async () => {
  const faults: string[] = [];
  for (const file of [...await sources(), "deno.json", ".ci/run"]) {
    if (file.startsWith("tests/layering/")) continue;
    const found = /(^|[\s"'`])(-A|--allow-all)([\s"'`]|$)/m.exec(await text(file));
    if (found !== null) faults.push(file);
  }
  assert.deepEqual(faults, []);
});

/** Every import of a library that an entry reaches, in what file. */
async function librariesOf(entry: string): Promise<{ files: number; found: string[] }> {
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const specifier of imports(await text(file))) {
      const target = resolve(file, specifier);
      if (target !== undefined) await visit(target);
      else if (libraries.test(specifier) && !specifier.startsWith("node:")) {
        found.push(`${file} imports ${specifier}`);
      }
    }
  };
  await visit(entry);
  return { files: seen.size, found };
}

/** Specifiers of static, re-exporting and dynamic imports; types count, since they couple as well. */
function imports(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "");
  const found = code.matchAll(
    /^(?:import|export)\s[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** The path of an import within the project; `undefined` for a library. */
function resolve(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return;
  return new URL(specifier, `file:///${file}`).pathname.slice(1);
}

async function sources(): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(project + folder)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory) await walk(path);
      else if (entry.name.endsWith(".ts")) files.push(path);
    }
  };
  for (const folder of ["engine", "steps", "runtime", "tests"]) await walk(folder);
  return files.sort();
}

async function text(file: string): Promise<string> {
  return await Deno.readTextFile(project + file);
}
