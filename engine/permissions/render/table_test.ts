import assert from "node:assert/strict";
import { compareGolden } from "../../../tests/golden.ts";
import { permissions } from "../permissions.ts";
import { renderTable } from "./table.ts";
import { quietSurface, upgradeSurface } from "./upgrade_surface_test.ts";

Deno.test("renderTable() shows a reviewer the whole upgrade, programs first", async () => {
  const { text, unsaid } = renderTable(await upgradeSurface());
  assert.deepEqual(unsaid, []);
  await compareGolden("permissions/upgrade.table.txt", text);
});

Deno.test("renderTable() fits a terminal of 80 columns, and uses more when told", async () => {
  const surface = await upgradeSurface();
  const long = { ...surface.set, write: [...surface.set.write, `/srv/${"deep/".repeat(40)}end`] };
  const width = (columns?: number) => {
    const told = columns === undefined ? {} : { columns };
    const { text } = renderTable({ ...surface, set: long, ...told });
    return Math.max(...text.split("\n").map((line) => [...line].length));
  };
  assert.ok(width() <= 80 && width() > 70);
  assert.ok(width(20) <= 80);
  assert.ok(width(130) <= 130 && width(130) > 100);
});

Deno.test("renderTable() puts what may run any code first, with its box", () => {
  const hook = { program: "/srv/*/hook", args: [], env: ["PATH"], brokered: true } as const;
  const box = { read: ["/etc/x"], write: ["/srv/x"], network: false };
  const set = permissions({
    run: [{ program: "ps", args: ["-e"], env: [] }, hook, { ...hook, program: "/srv/*/b", box }],
  });
  const { text } = renderTable({ ...quietSurface, set });
  const places = [
    ...["/srv/*/b", "gets   PATH", "its own: writes /srv/x; reads /etc/x; no network"],
    ...["/srv/*/hook", "box    none", "ps -e"],
  ].map((part) => text.indexOf(part));
  assert.deepEqual(places, places.toSorted((a, b) => a - b), text);
  assert.ok(!places.includes(-1), text);
  assert.match(text, /a ceiling: people wrote it/);
  assert.match(text, /path {3}not installed here/);
});
