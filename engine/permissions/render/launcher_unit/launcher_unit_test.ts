import assert from "node:assert/strict";
import { compareGolden } from "../../../../tests/golden.ts";
import { permissions } from "../../permissions.ts";
import { type LauncherUnit, renderLauncherUnit } from "./launcher_unit.ts";
import { parUnit } from "./par_unit_test.ts";

const quiet: LauncherUnit = {
  surface: "quiet",
  summary: "",
  ceiling: permissions({ connect: ["127.0.0.1:7443"], write: ["/var/lib/quiet"] }),
  served: { variables: [], required: [], slows: false },
  home: "/srv/kits/quiet",
  runs: "/srv/runs",
};
const has = (text: string, line: string) =>
  assert.ok(text.includes(`\n${line}\n`), `${line}\nnot in\n${text}`);

Deno.test("renderLauncherUnit() gives the whole unit of PAR, and what it cannot say", async () => {
  const { text, unsaid } = renderLauncherUnit(await parUnit());
  await compareGolden("permissions/par.service", text);
  assert.ok(text.endsWith(unsaid.map((one) => `# - ${one}\n`).join("")));
});

Deno.test("renderLauncherUnit() names nothing below the temporary folder of whoever asks", async () => {
  const unit = await parUnit();
  assert.ok(unit.ceiling.write.some((path) => path.startsWith("${tmp}")));
  assert.doesNotMatch(renderLauncherUnit(unit).text, /\$\{|\/tmp\/agent/);
});

Deno.test("renderLauncherUnit() relaxes nothing for boxes that are not made", () => {
  const { text, unsaid } = renderLauncherUnit(quiet);
  for (
    const line of [
      "ProcSubset=pid",
      "ProtectHostname=yes",
      "ProtectKernelLogs=yes",
      "ProtectKernelTunables=yes",
      "RestrictNamespaces=yes",
      "IPAddressDeny=any\nIPAddressAllow=127.0.0.1\nRestrictNetworkInterfaces=lo",
    ]
  ) has(text, line);
  assert.doesNotMatch(text, /pivot_root|AF_NETLINK|StartLimitIntervalSec/);
  assert.deepEqual(unsaid, []);
  const none = renderLauncherUnit({ ...quiet, ceiling: permissions({}) }).text;
  has(none, "PrivateNetwork=yes\nIPAddressDeny=any");
});

Deno.test("renderLauncherUnit() makes every folder that is written, and shows the kit where it lies", () => {
  const { text } = renderLauncherUnit(quiet);
  has(text, "StateDirectory=sluice-quiet/srv/runs");
  has(text, "BindPaths=/var/lib/private/sluice-quiet/srv/runs:/srv/runs");
  has(text, "StateDirectory=quiet");
  has(text, "BindReadOnlyPaths=-/srv/kits/quiet");
  has(text, "ExecPaths=-+/srv/kits/quiet");
  const odd = renderLauncherUnit({ ...quiet, runs: "/srv/a:b" });
  assert.deepEqual(odd.unsaid, ['a unit cannot name the path "/srv/a:b"']);
});

Deno.test("renderLauncherUnit() says who would have to be root, and is not", () => {
  const run = [{ program: "systemctl", args: ["start", "--", "atp-*"], env: [] }];
  const { text, unsaid } = renderLauncherUnit({ ...quiet, ceiling: permissions({ run }) });
  has(text, "DynamicUser=yes");
  assert.match(unsaid.join("\n"), /^nothing in this unit is root: systemctl start is for root/);
});
