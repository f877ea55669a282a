// flags: --allow-read=<project>,<tmp>,/usr/bin --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>,/usr/bin/ln,/bin/sh
import assert from "node:assert/strict";
import { ownCases } from "./own_cases.ts";
import { checkAll, planCases } from "./planning.ts";

const said = checkAll();
for (const { name, attack, error } of planCases) {
  Deno.test({
    name: `${name}: ${attack}`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => assert.match((await said).get(name)!, error),
  });
}

for (const { name, attack, prove } of ownCases.filter((one) => !one.boxed && !one.namespaces)) {
  Deno.test({
    name: `${name}: ${attack}`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: prove,
  });
}
