import assert from "node:assert/strict";
import { permissions } from "../permissions.ts";
import type { Look } from "./look.ts";
import { wantsOf } from "./wants.ts";

const files: Look = (path) => ({
  kind: "file",
  script: path.endsWith(".sh"),
  real: path,
  links: [],
});
const ln = { program: "ln", args: ["-s", "--", "releases/*", "*"], env: [] };
const programs = { ln: "/usr/bin/ln", git: "/usr/bin/git", systemctl: "/usr/bin/systemctl" };

Deno.test("wantsOf() is on the network only where a host is connected to or listened on", () => {
  const at = (parts: Parameters<typeof permissions>[0]) =>
    wantsOf(permissions(parts), programs, files);
  assert.equal(
    at({ connect: ["unix:/run/s"], listen: ["unix:/run/t"], read: ["/srv"] }).network,
    false,
  );
  assert.ok(!at({}).system.includes("/etc/resolv.conf"));
  for (const parts of [{ connect: ["a.example:443"] }, { listen: ["127.0.0.1:1"] }]) {
    assert.equal(at(parts).network, true);
    assert.ok(at(parts).system.includes("/etc/resolv.conf"));
  }
  assert.equal(at({ sys: ["networkInterfaces"] }).network, true);
  const { connect, listen } = at({ connect: ["unix:/run/s"], listen: ["unix:/run/t"] });
  assert.deepEqual([connect, listen], [["/run/s"], ["/run/t"]]);
});

Deno.test("wantsOf() shows a program that does what its arguments say only itself", () => {
  const limited = wantsOf(permissions({ run: [ln] }), programs, files);
  assert.deepEqual(limited.fixed, ["/usr/bin/ln"]);
  assert.ok(!limited.system.includes("/usr"));
  const git = { program: "git", args: ["**"], env: [] };
  assert.ok(wantsOf(permissions({ run: [ln, git] }), programs, files).system.includes("/usr"));
  const script = { program: "/opt/a/tool.sh", args: [], env: [] };
  assert.ok(wantsOf(permissions({ run: [script] }), programs, files).system.includes("/usr"));
});

Deno.test("wantsOf() shows what a program is known to need, and nothing for brokered ones", () => {
  const systemctl = { program: "systemctl", args: ["show", "--", "atp"], env: [] };
  const { system } = wantsOf(permissions({ run: [systemctl] }), programs, files);
  assert.ok(system.includes("/run/systemd/private"));
  const brokered = { program: "/srv/*/hook.sh", args: [], env: [], brokered: true } as const;
  const wants = wantsOf(permissions({ run: [brokered] }), programs, files);
  assert.deepEqual(wants.fixed, []);
  assert.ok(!wants.system.includes("/usr"));
});
