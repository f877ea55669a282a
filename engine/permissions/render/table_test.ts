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
    ...["/srv/*/b", "gets   PATH", "start  by the launcher, in a box of its own: writes /srv/x;"],
    ...["/srv/*/hook", "start  by the launcher, in no box"],
    ...["ps -e", "start  by the runner, in no box but the runner's own"],
  ].map((part) => text.indexOf(part));
  assert.deepEqual(places, places.toSorted((a, b) => a - b), text);
  assert.ok(!places.includes(-1), text);
  assert.match(text, /a ceiling: people wrote it/);
  assert.match(text, /path {3}not installed here/);
});

Deno.test("renderTable() shows first what was accepted, and the code of others", () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  const locked = {
    kind: "open",
    digest,
    code: [{ file: "pipelines/mine/count.ts", digest: `sha256:${"1c".repeat(32)}` }],
    accepts: [{ finding: "unboxed-code", entry: "python3", reason: "a container makes no boxes" }],
  } as const;
  const { text } = renderTable({ ...quietSurface, locked, columns: 100 });
  assert.ok(
    text.startsWith(`quiet: Watch a service on this machine
ceiling  ${digest}

1 finding that somebody accepted
  unboxed-code of python3
      since  a container makes no boxes

may run 1 step of others, each in a process of its own
  pipelines/mine/count.ts
      sha256:${"1c".repeat(32)}

starts no programs
`),
    text,
  );
  const here = `sha256:${"0b".repeat(32)}`;
  const fixed = renderTable({ ...quietSurface, locked: { ...locked, kind: "fixed", here } });
  assert.deepEqual(fixed.text.split("\n").slice(1, 4), [
    `set      ${digest}`,
    `here     ${here}`,
    "         as sluice plan has it, with the paths of this machine",
  ]);
});

Deno.test("renderTable() spells the places of this machine as the lock does", () => {
  const { text } = renderTable(quietSurface);
  assert.match(text, /may write\n {2}\$\{runs\}\n/);
  assert.ok(!text.includes(quietSurface.places.runs), text);
});
