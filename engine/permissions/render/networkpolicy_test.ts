import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { compareGolden } from "../../../tests/golden.ts";
import { permissions } from "../permissions.ts";
import { renderNetworkPolicy } from "./networkpolicy.ts";
import { quietSurface, upgradeSurface } from "./upgrade_surface_test.ts";

Deno.test("renderNetworkPolicy() gives a policy and a Pod, and what they cannot say", async () => {
  const { text, unsaid } = renderNetworkPolicy(await upgradeSurface());
  await compareGolden("permissions/upgrade.networkpolicy.yaml", text);
  await compareGolden("permissions/upgrade.networkpolicy.unsaid.txt", `${unsaid.join("\n")}\n`);
});

Deno.test("renderNetworkPolicy() knows addresses and ports beyond the Pod", () => {
  const set = permissions({
    connect: ["10.0.0.5:443", "[2001:db8::1]", "example.com:443", "127.0.0.1:80"],
    listen: ["0.0.0.0:8080", "127.0.0.1:9090", "unix:/run/x"],
  });
  const { text, unsaid } = renderNetworkPolicy({ ...quietSurface, set });
  const [policy, pod] = documents(text);
  const both = (port: number) => [{ protocol: "TCP", port }, { protocol: "UDP", port }];
  assert.deepEqual(policy.spec.egress, [
    { to: [{ ipBlock: { cidr: "10.0.0.5/32" } }], ports: both(443) },
    { to: [{ ipBlock: { cidr: "2001:db8::1/128" } }] },
  ]);
  assert.deepEqual(policy.spec.ingress, [{ ports: both(8080) }]);
  assert.deepEqual(pod.spec.containers[0].ports, [{ containerPort: 8080 }, {
    containerPort: 9090,
  }]);
  assert.deepEqual(unsaid, [
    "a NetworkPolicy knows no host names, these cannot be reached: example.com:443",
    "a NetworkPolicy does not see what stays in the Pod, all of its loopback is open: " +
    "127.0.0.1:80, 127.0.0.1:9090",
    "a NetworkPolicy does not see Unix sockets: /run/x",
  ]);
});

Deno.test("renderNetworkPolicy() writes texts that no YAML takes for something else", () => {
  const set = permissions({ write: ["/a: b", "/x#y"], env: ["NO"] });
  const exec = ["yes", "1", "- a", "", "a: b", "*x", "null", "1e3"];
  const [, pod] = documents(renderNetworkPolicy({ ...quietSurface, set, exec }).text);
  assert.deepEqual(pod.spec.containers[0].command, exec);
  assert.equal(pod.spec.containers[0].env[2].name, "NO");
  const paths = pod.spec.containers[0].volumeMounts.map((each: { mountPath: string }) =>
    each.mountPath
  );
  assert.deepEqual(paths, ["/a: b", "/x#y", "/tmp"]);
});

// deno-lint-ignore no-explicit-any
function documents(text: string): any[] {
  return parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS();
  });
}
