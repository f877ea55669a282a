// flags: --allow-read --allow-write=<tmp> --allow-env=SLUICE_UPDATE_GOLDEN
//        --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { withProject } from "./locked_project.ts";

Deno.test("surfaces() lists what is locked, permissions() shows it in every form", async () => {
  await withProject(async ({ cwd, edit, sluice }) => {
    const list = await sluice("surfaces");
    assert.equal(list.exit, 0);
    assert.match(
      list.out,
      /^links {5}fixed {2}1 +0 +sha256:[0-9a-f]{12} {2}pipelines\/links\.yaml$/m,
    );
    const json = JSON.parse((await sluice("surfaces", "--format", "json")).out);
    assert.deepEqual([json.schemaVersion, json.surfaces.length], [1, 2]);

    const table = await sluice("permissions", "links");
    await compareGolden(
      "lock/links_table.txt",
      table.out.replaceAll(cwd, "/project").replace(/sha256:\w+/, "sha256:SET"),
    );
    assert.deepEqual([table.exit, table.err], [0, ""]);
    const unit = await sluice("permissions", "links", "--as", "systemd");
    assert.match(unit.out, /^ReadWritePaths=.*\/srv\/demo/m);
    const flags = await sluice("permissions", "links", "--as", "deno", "--strict");
    assert.equal(flags.exit, 7);
    assert.match(flags.out, /--allow-run=\/usr\/bin\/ln /);
    assert.match(flags.err, /^deno does not say: Deno's flags know no arguments/);
    const open = await sluice("permissions", "anything", "--as", "json");
    assert.deepEqual(
      JSON.parse(open.out).permissions.write,
      ["/srv", `${cwd}/.sluice/runs`].sort(),
    );

    const unknown = await sluice("permissions", "lnks");
    assert.deepEqual([unknown.exit, /did you mean "links"/.test(unknown.err)], [64, true]);
    await edit("pipelines/links.yaml", "root: /srv/other", "root: /etc");
    const stale = await sluice("permissions", "links");
    assert.deepEqual([stale.exit, stale.out], [7, ""]);
    assert.match(stale.err, /sluice lock --check/);
  });
});
