import assert from "node:assert/strict";
import { startSluice } from "./start_sluice.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

async function rendered(...args: readonly string[]): Promise<string> {
  const asked = startSluice(["permissions", "appliance-watch", "--as", ...args], { cwd: project });
  const { code, stdout, stderr } = await asked.ended;
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("sluice permissions --as systemd fits the kit that the unit starts", async () => {
  const unit = await rendered("systemd");
  assert.match(unit, /^ExecStart=.*\/usr\/lib\/sluice\/appliance-watch\/start$/m);
  assert.match(unit, /^DynamicUser=yes$/m);
  assert.match(unit, /^StateDirectory=sluice\/appliance-watch$/m);
  assert.ok(!unit.includes(project), unit);
  assert.match(
    unit,
    /\n# What this unit cannot say:\n# - IPAddressAllow knows no ports: .*7443\n$/,
  );
  const elsewhere = await rendered("systemd", "--runs", "/srv/runs");
  assert.match(elsewhere, /^BindPaths=\/srv\/runs$/m);
});

Deno.test("sluice permissions --as networkpolicy mounts what the kit writes", async () => {
  const pod = await rendered("networkpolicy");
  assert.match(pod, /mountPath: \/var\/lib\/sluice\/appliance-watch$/m);
  assert.ok(!pod.includes(project), pod);
  assert.match(pod, /\n# What this policy cannot say:\n# - a NetworkPolicy does not see /);
});

Deno.test("sluice permissions --as deno keeps its runs where the user stands", async () => {
  assert.ok((await rendered("deno")).includes(`--allow-write=${project}/.sluice/runs`));
});
