import assert from "node:assert/strict";
import type { Parameter } from "../../engine/document/document.ts";
import { misspeltVariables } from "./misspelt_variables.ts";

const span = { file: "boot.yaml", line: 3, column: 9, endLine: 3, endColumn: 20 };

const params = ["PACKAGE_SHA256", "AGENT_WORK_DIR", "AGENT_ENV", "REST_PORT"].map((env) => ({
  name: { value: env.toLowerCase(), span },
  type: { value: "string", span },
  env: { value: env, span },
  span,
} as const satisfies Parameter));

function found(alike: readonly string[], values: Record<string, string> = {}) {
  return misspeltVariables({ params }, { alike, values })
    .map(({ severity, message, hint }) => [severity, message, hint]);
}

Deno.test("misspeltVariables() tells which variable was meant, and that nothing reads it", () => {
  const warn = (name: string, meant: string) => [
    "warning",
    `the variable ${name} is set, and nothing here reads it`,
    `did you mean ${meant}?`,
  ];
  assert.deepEqual(found(["PACKAGE_SHA265", "AGENT_WORKDIR", "RESTPORT"]), [
    warn("PACKAGE_SHA265", "PACKAGE_SHA256"),
    warn("AGENT_WORKDIR", "AGENT_WORK_DIR"),
    warn("RESTPORT", "REST_PORT"),
  ]);
});

Deno.test("misspeltVariables() says nothing of somebody else's, nor beside the right one", () => {
  assert.deepEqual(found(["AGENT_NAME", "AGENT_HOME", "PACKAGE_NAME", "REST_HOST"]), []);
  assert.deepEqual(found(["PACKAGE_SHA265"], { PACKAGE_SHA256: "0".repeat(64) }), []);
});
