import assert from "node:assert/strict";
import type { StepCase } from "../case.ts";

const number = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
const wrongFacts = { layer: "engine" as const, error: /^FailedError: .* returned wrong facts: / };
const params = { type: "object", properties: { word: { type: "string", sluice: "secret" } } };
const own = { params, grants: { env: ["HOSTILE_OWN"] } };
const word = () => ({ word: "env:HOSTILE_OWN" });
const value = `Deno.env.get("HOSTILE_OWN")`;

/** Values that come out of a step: facts, secrets, prototypes. */
export const values: readonly StepCase[] = [
  {
    name: "wrong-facts",
    attack: "gives other facts than it promised",
    step: () => ({ facts: number, run: `return { n: "1; rm" };` }),
    refused: wrongFacts,
  },
  {
    name: "more-facts",
    attack: "gives a fact that it did not promise",
    step: () => ({
      facts: { ...number, additionalProperties: false },
      run: `return { n: 1, admin: true };`,
    }),
    refused: wrongFacts,
  },
  {
    name: "facts-to-json",
    attack: "gives facts whose toJSON says something else than it promised",
    step: () => ({ facts: number, run: `return { n: 1, toJSON: () => ({ n: "forged" }) };` }),
    refused: wrongFacts,
  },
  {
    name: "facts-getter",
    attack: "gives facts by a getter that answers differently the second time",
    step: () => ({
      facts: number,
      run: `let asked = 0; return { get n() { return asked++ === 0 ? 1 : "forged"; } };`,
    }),
    refused: { layer: "engine", facts: { n: 1 } },
  },
  {
    name: "facts-thenable",
    attack: "gives facts that would run code where they are awaited",
    step: () => ({
      facts: number,
      run: `return { n: 1, then(resolve) { resolve({ n: "forged" }); } };`,
    }),
    refused: wrongFacts,
  },
  {
    name: "facts-proto",
    attack: "gives facts with the key `__proto__`",
    step: () => ({
      facts: number,
      run: `return JSON.parse('{"n": 1, "__proto__": {"admin": true}}');`,
    }),
    refused: wrongFacts,
  },
  {
    name: "facts-deep",
    attack: "gives facts of 500 levels",
    step: () => ({
      run: `let deep = 1; for (let n = 0; n < 500; n++) deep = { deep }; return { deep };`,
    }),
    refused: { layer: "engine", error: /said something that nobody understands/ },
  },
  {
    name: "facts-large",
    attack: "gives facts of 2 MB",
    step: () => ({ run: `return { text: "x".repeat(2e6) };` }),
    refused: { layer: "process", error: /done of \d+ bytes; at most \d+ may leave the process/ },
  },
  {
    name: "pollute-prototypes",
    attack: "changes the prototypes of objects and lists, for the steps after it",
    step: () => ({
      run: `
        Object.prototype.polluted = true;
        Array.prototype.map = () => ["polluted"];
        return {};`,
    }),
    refused: { layer: "process", facts: {} },
  },
  {
    name: "see-pollution",
    attack: "looks for what the step before it changed",
    step: () => ({ run: `return { polluted: {}.polluted ?? false, map: [1].map((n) => n) };` }),
    refused: { layer: "process", facts: { polluted: false, map: [1] } },
  },
  {
    name: "other-secret",
    attack: "reads the variable with another step's secret",
    step: () => ({ run: `Deno.env.get("HOSTILE_OTHER");` }),
    refused: { layer: "deno", error: /refused other-secret: env access to "HOSTILE_OTHER"/ },
    real: () => ["--allow-env"],
  },
  {
    name: "whole-environment",
    attack: "reads all variables",
    step: () => ({ run: `Deno.env.toObject();` }),
    refused: { layer: "deno", error: /refused whole-environment: env access/ },
    real: () => ["--allow-env"],
  },
  {
    name: "print-secret",
    attack: "prints its own secret as it is, in base64 and in hex",
    with: word,
    step: () => ({
      ...own,
      run: `
        const secret = ${value};
        console.log("shown", secret, btoa(secret), new TextEncoder().encode(secret).toHex());
        return {};`,
    }),
    refused: { layer: "engine", facts: {} },
    after: (_at, { output }) => assert.deepEqual(output, ["shown *** *** ***"]),
  },
  {
    name: "print-secret-in-lines",
    attack: "prints its own secret in two writes",
    with: word,
    step: () => ({
      ...own,
      run: `
        const bytes = new TextEncoder().encode("shown " + ${value} + "\\n");
        Deno.stdout.writeSync(bytes.subarray(0, 12));
        await new Promise((resolve) => setTimeout(resolve, 20));
        Deno.stdout.writeSync(bytes.subarray(12));
        return {};`,
    }),
    refused: { layer: "engine", facts: {} },
    after: (_at, { output }) => assert.deepEqual(output, ["shown ***"]),
  },
  {
    name: "secret-as-fact",
    attack: "gives its own secret to later steps as a fact",
    with: word,
    step: () => ({ ...own, run: `return { word: ${value} };` }),
    refused: { layer: "engine", facts: { word: "***" } },
  },
  {
    name: "secret-as-artifact",
    attack: "puts its own secret into the name of an artifact",
    with: word,
    step: () => ({
      ...own,
      run: `
        const path = await ctx.artifacts() + "/" + ${value};
        await Deno.writeTextFile(path, "");
        ctx.emit.artifact(path);
        return {};`,
    }),
    refused: { layer: "engine", error: /named an artifact whose path holds a secret/ },
    after: (_at, { run }) =>
      assert.ok(!JSON.stringify([run.stdout, run.events]).includes("hunter1")),
  },
  {
    name: "secret-as-error",
    attack: "fails with its own secret in the message",
    with: word,
    step: () => ({ ...own, run: `throw new Error("wrong: " + ${value});` }),
    refused: { layer: "engine", error: /^FailedError: wrong: \*\*\*$/ },
  },
  {
    name: "keep-for-another",
    attack: "keeps something for later steps in localStorage, for which Deno asks no permission",
    step: () => ({ run: `localStorage.setItem("kept", "x");\nreturn {};` }),
    refused: { layer: "launcher", error: /No such file or directory/ },
  },
  {
    name: "keep-in-cache",
    attack: "fills the disk by the Cache API, for which Deno asks no permission",
    step: () => ({
      run: `
        const cache = await caches.open("kept");
        await cache.put("http://x.invalid/", new Response("x"));
        return {};`,
    }),
    refused: { layer: "launcher", error: /Failed to create cache storage directory/ },
  },
  {
    name: "find-kept",
    attack: "looks for what another step has kept in localStorage",
    step: () => ({
      run: `
        let kept = null;
        try { kept = localStorage.getItem("kept"); } catch { /* There is no storage. */ }
        return { kept };`,
    }),
    refused: { layer: "launcher", facts: { kept: null } },
  },
];
