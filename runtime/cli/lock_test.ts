// flags: --allow-read --allow-write=<tmp> --allow-env=SLUICE_UPDATE_GOLDEN
//        --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { config, surfaces, withProject } from "./locked_project.ts";

Deno.test("lock() writes the lock, and the sets of fixed surfaces into deno.json", async () => {
  await withProject(async ({ read, sluice }) => {
    await compareGolden("lock/permissions.lock.json", await read("permissions.lock.json"));
    assert.equal(
      await read("deno.json"),
      config.replace(
        '"deno run" }\n',
        `"deno run" },
  "permissions": {
    "links": {
      "read": [".sluice", "/srv/other"],
      "write": [".sluice/runs", "/srv/demo"],
      "run": ["/usr/bin/ln"]
    }
  }
`,
      ),
    );
    assert.deepEqual(await sluice("lock", "--check"), {
      exit: 0,
      out: "",
      err: "permissions.lock.json is what the pipelines need\n",
    });
    const again = await sluice("lock");
    assert.deepEqual([again.exit, again.err], [0, "permissions.lock.json was up to date\n"]);
  });
});

Deno.test("lock() writes nothing while there are errors, and --check does not advise it", async () => {
  await withProject(async ({ edit, read, sluice }) => {
    const before = await read("permissions.lock.json");
    await edit("pipelines/surfaces.yaml", "/srv]", "/]");
    const checked = await sluice("lock", "--check");
    assert.equal(checked.exit, 1);
    assert.match(checked.err, /different; sluice lock writes nothing while there are errors\n$/);
    const { exit, err } = await sluice("lock");
    assert.deepEqual([exit, err.endsWith("nothing was written\n")], [2, true]);
    assert.equal(await read("permissions.lock.json"), before);
  });
});

Deno.test("lock() does not see that a line moved", async () => {
  await withProject(async ({ edit, sluice }) => {
    await edit("pipelines/links.yaml", "name: links\n", "name: links\n# Why it is so.\n");
    assert.equal((await sluice("lock", "--check")).exit, 0);
  });
});

Deno.test("lock() keeps the path of a program that is not installed here, and tells one that moved", async () => {
  await withProject(async ({ at, read }) => {
    const [lock, config] = [await read("permissions.lock.json"), await read("deno.json")];
    const without = at({ programs: {} });
    assert.equal((await without("lock", "--check")).exit, 0);
    assert.equal((await without("lock")).exit, 0);
    assert.equal(await read("permissions.lock.json"), lock);
    assert.equal(await read("deno.json"), config);
    const moved = at({ programs: { ln: { path: "/usr/bin/ln", real: "/opt/evil/ln" } } });
    const { exit, out } = await moved("lock", "--check");
    assert.equal(exit, 1);
    assert.match(out, /^otherwise different[^]*- "path": "\/usr\/bin\/coreutils"\n/);
    assert.match(out, /\+ "path": "\/opt\/evil\/ln"\n$/);
  });
});

Deno.test("lock() writes nothing where a reviewer would object, and --check ends with 1", async () => {
  await withProject(async ({ edit, read, sluice }) => {
    const before = await read("permissions.lock.json");
    await edit(
      "pipelines/surfaces.yaml",
      '["\${runs}", /srv]',
      '["\${runs}", /srv]\n      read: [/]',
    );
    for (const [args, code] of [[["lock"], 2], [["lock", "--check"], 1]] as const) {
      const { exit, err } = await sluice(...args);
      assert.equal(exit, code);
      assert.match(
        err,
        /^pipelines\/surfaces\.yaml:15:14: error\[unscoped\]: anything: read "\/"/,
      );
    }
    assert.equal(await read("permissions.lock.json"), before);
    const github = await sluice("lock", "--check", "--format=github");
    assert.match(github.out, /^::error file=pipelines\/surfaces\.yaml,line=15,.*unscoped::/m);
    await edit(
      "pipelines/surfaces.yaml",
      "connect: [localhost]\n",
      "connect: [localhost]\n    accepts: [{ finding: unscoped, entry: /, reason: it is a test }]\n",
    );
    const accepted = await sluice("lock");
    assert.equal(accepted.exit, 0, accepted.err);
    assert.match(accepted.out, /accepts {3}unscoped of \/\n/);
    assert.match(await read("permissions.lock.json"), /"reason": "it is a test"/);
  });
});

Deno.test("lock() finds faults of surfaces and pipelines together, and writes nothing", async () => {
  await withProject(async ({ edit, read, sluice }) => {
    const before = await read("permissions.lock.json");
    await edit("pipelines/links.yaml", "demo.look", "demo.lok");
    await edit("pipelines/surfaces.yaml", "note:", "nota:");
    for (const args of [["lock"], ["lock", "--check"]]) {
      const { exit, out, err } = await sluice(...args);
      assert.deepEqual([exit, out], [2, ""]);
      assert.match(err, /surfaces\.yaml:7:5: error\[unknown-key\][^]*did you mean "note"\?/);
      assert.match(err, /pipelines\/links\.yaml:7:23: error\[unknown-step\]/);
    }
    assert.equal(await read("permissions.lock.json"), before);
  });
});

Deno.test("lock() removes the set of a surface that is gone, and no other", async () => {
  await withProject(async ({ edit, read, sluice }) => {
    await edit("deno.json", '"links": {', '"mine": { "read": ["/a"] },\n    "links": {');
    await edit(
      "pipelines/surfaces.yaml",
      surfaces.slice(surfaces.indexOf("  links"), surfaces.indexOf("  anything")),
      "",
    );
    const { exit, out } = await sluice("lock");
    assert.equal(exit, 0);
    assert.match(
      out,
      /^narrowed[^]*links\n[^]*the surface is gone at permissions\.lock\.json:17\n/,
    );
    assert.deepEqual(
      await read("deno.json"),
      config.replace(
        '"deno run" }\n',
        '"deno run" },\n  "permissions": {\n    "mine": { "read": ["/a"] }\n  }\n',
      ),
    );
  });
});
