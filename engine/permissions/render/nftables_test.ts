import assert from "node:assert/strict";
import { compareGolden } from "../../../tests/golden.ts";
import { permissions } from "../permissions.ts";
import { renderNftables } from "./nftables.ts";
import { quietSurface } from "./upgrade_surface_test.ts";

Deno.test("renderNftables() gives a whole file", async () => {
  const { text, unsaid } = renderNftables({ ...quietSurface, user: "990" });
  await compareGolden("permissions/quiet.nft", text);
  assert.deepEqual(unsaid, []);
});

Deno.test("renderNftables() knows addresses, ports and directions", () => {
  const set = permissions({
    connect: ["10.0.0.5", "[2001:db8::1]:443", "localhost:80"],
    listen: ["0.0.0.0:8080", "[::]:8443", "127.0.0.1"],
  });
  const { text } = renderNftables({ ...quietSurface, set });
  const rules = text.split("\n").filter((line) => line.includes("comment")).map((line) =>
    line.trim().replace(/ comment .*/, "")
  );
  const ports = "meta l4proto { tcp, udp } th";
  assert.deepEqual(rules, [
    `ct direction reply meta nfproto ipv4 ${ports} sport 8080 accept`,
    `ct direction reply ${ports} sport 8443 accept`,
    "ct direction reply ip saddr 127.0.0.1 accept",
    "ct direction original ip daddr 10.0.0.5 accept",
    `ct direction original ip6 daddr 2001:db8::1 ${ports} dport 443 accept`,
    `ct direction original ip daddr 127.0.0.1 ${ports} dport 80 accept`,
    `ct direction original ip6 daddr ::1 ${ports} dport 80 accept`,
  ]);
});

Deno.test("renderNftables() says whom it does not hold and what it does not see", () => {
  const set = permissions({ connect: ["example.com:443", "*.a.org", "unix:/run/x", "10.0.0.0/8"] });
  assert.deepEqual(renderNftables({ ...quietSurface, set }).unsaid, [
    "whom it holds: no user was named; put one into the set users, or the unit into units",
    "nftables knows no host names: example.com:443, *.a.org cannot be reached",
    "no host and no address: 10.0.0.0/8",
    "nftables does not see Unix sockets: /run/x",
  ]);
  const root = renderNftables({ ...quietSurface, user: "root" });
  assert.match(root.unsaid[0]!, /root is not this surface alone/);
  assert.ok(!root.text.includes("elements"));
});
