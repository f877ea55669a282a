import assert from "node:assert/strict";
import { errorOf } from "./error_of.ts";
import { loadStep } from "./load_step.ts";

/** A step whose summary is the URL of its module. */
const told = (more = "") => `${more}\nexport default { summary: import.meta.url as string };`;

async function kindOf(source: string, name = "./step.ts"): Promise<string> {
  const { summary } = await loadStep(source, name);
  return summary.slice(0, summary.indexOf(";"));
}

Deno.test("loadStep() has Deno compile nothing of a step that only has types", async () => {
  assert.equal(await kindOf(told("interface A { b: number }")), "data:text/javascript");
  assert.equal(await kindOf(told('import type { A } from "./a.ts";')), "data:text/javascript");
  const plain = "export default { summary: import.meta.url };";
  assert.equal(await kindOf(plain, "./step.js"), "data:text/javascript");
});

Deno.test("loadStep() leaves to Deno what is more than types", async () => {
  assert.equal(await kindOf(told("enum A { B }")), "data:application/typescript");
});

Deno.test("loadStep() tells where a step is wrong as its author wrote it", async () => {
  const places = async (source: string) => {
    const error = await loadStep(source, "./step.ts").then(() => undefined, (error) => error);
    return errorOf({ __proto__: error, message: error.stack ?? "" }, "./step.ts").message;
  };
  const thrown = "type A = {\n  b: number;\n};\n  throw new Error('no');";
  assert.match(await places(thrown), /at \.\/step\.ts:4:9/);
  const { name, message } = await loadStep("const a: = 1;", "./step.ts")
    .then(() => assert.fail(), (error) => errorOf(error, "./step.ts"));
  assert.equal(name, "SyntaxError");
  assert.match(message, /\.\/step\.ts:1:10/);
});

Deno.test("loadStep() runs the top of a step once, also when that throws", async () => {
  const counter = globalThis as { begun?: number };
  counter.begun = 0;
  await assert.rejects(loadStep("globalThis.begun++; throw new Error('no');", "./step.ts"), /no/);
  assert.equal(counter.begun, 1);
});
