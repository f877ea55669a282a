import assert from "node:assert/strict";
import { withoutCachePaths } from "./bundle_runner.ts";

Deno.test("withoutCachePaths() tells neither where Deno's cache lies nor which registry filled it", () => {
  const bundled = `// engine/errors.ts
// ../../home/me/.cache/deno/npm/registry.example.org/@noble/curves/2.4.0/nist.js
// ../a b/npm/npm.example.com_8081/valibot/1.5.0/dist/index.mjs
  "../../root/deno/npm/registry.example.org/@marcbachmann/cel-js/8.0.0/lib/errors.js"() {
    return "see npm/registry.example.org/x.js";
`;
  assert.equal(
    withoutCachePaths(bundled),
    `// engine/errors.ts
// npm/@noble/curves/2.4.0/nist.js
// npm/valibot/1.5.0/dist/index.mjs
  "npm/@marcbachmann/cel-js/8.0.0/lib/errors.js"() {
    return "see npm/registry.example.org/x.js";
`,
  );
});
