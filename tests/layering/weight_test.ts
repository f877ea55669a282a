// flags: --allow-read=<project> --allow-run=<deno>
/**
 * What each process of a run loads before it does anything. A bench says what that costs
 * (`deno task bench start`); here it is kept from growing unseen.
 *
 * @module
 */
import assert from "node:assert/strict";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** Part of what `deno info --json` tells. */
interface Info {
  readonly roots: readonly string[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/** What is loaded with a file: what it imports statically, and so on. */
async function loadedWith(file: string): Promise<{ own: string[]; others: string[] }> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--quiet", "--json", "--frozen", `${project}/${file}`],
    cwd: project,
  }).output();
  const { roots, redirects, modules }: Info = JSON.parse(new TextDecoder().decode(stdout));
  const seen = new Set<string>();
  const open = [...roots];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const specifier = redirects[next] ?? next;
    if (seen.has(specifier)) continue;
    seen.add(specifier);
    const module = modules.find((module) => module.specifier === specifier);
    for (const { code, isDynamic } of module?.dependencies ?? []) {
      if (!isDynamic && code?.specifier !== undefined) open.push(code.specifier);
    }
  }
  const all = [...seen].sort();
  return {
    own: all.filter((specifier) => specifier.startsWith("file:")),
    others: all.filter((specifier) => !specifier.startsWith("file:")).map(nameOf),
  };
}

/** `npm:/yaml@2.9.1` as `yaml`. */
function nameOf(specifier: string): string {
  return specifier.replace(/^npm:\/(.+)@[^@]+$/, "$1");
}

Deno.test("a step's definition is light: the registry loads no library but valibot, and nothing of Node", async () => {
  const { own, others } = await loadedWith("steps/registry.ts");
  assert.deepEqual(others, ["valibot"]);
  const steps = [
    ...(await Deno.readTextFile(`${project}/steps/registry.ts`)).matchAll(/^import/gm),
  ];
  assert.ok(own.length <= 5 * steps.length, `${own.length} modules for ${steps.length} steps`);
});

Deno.test("a launcher loads no library and nothing of Node before it knows that it has to", async () => {
  const { own, others } = await loadedWith("runtime/launch/main.ts");
  assert.deepEqual(others, []);
  // What is not needed to start the planner loads while that does.
  assert.ok(own.length <= 21, `${own.length} modules before the planner starts`);
});

Deno.test("what a launcher loads beside the planner has no library either", async () => {
  assert.deepEqual((await loadedWith("runtime/launch/after_planning.ts")).others, []);
  assert.deepEqual((await loadedWith("runtime/launch/hear_planner.ts")).others, []);
});

Deno.test("a runner loads no library but valibot, and nothing of Node, before its first step", async () => {
  assert.deepEqual((await loadedWith("runtime/runner.ts")).others, ["valibot"]);
});

Deno.test("a planner loads no more than reads its arguments before it knows the command", async () => {
  assert.deepEqual((await loadedWith("runtime/planner.ts")).others, ["@optique/core", "valibot"]);
});

Deno.test("what reads a pipeline loads nothing of Node by itself", async () => {
  assert.deepEqual((await loadedWith("runtime/cli/require_plan.ts")).others, [
    "@marcbachmann/cel-js",
    "@valibot/to-json-schema",
    "valibot",
    "yaml",
  ]);
});

Deno.test("running a plan that was resolved before loads neither YAML nor CEL", async () => {
  assert.deepEqual((await loadedWith("runtime/cli/run.ts")).others, []);
  const { others } = await loadedWith("engine/plan/plan_from_json.ts");
  assert.deepEqual(others, ["valibot"]);
});
