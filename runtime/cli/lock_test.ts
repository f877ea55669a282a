// flags: --allow-read --allow-write=<tmp> --allow-env=SLUICE_UPDATE_GOLDEN
//        --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { runCli } from "./cli.ts";
import { type PlaceOptions, recordedPlace } from "./recorded_place.ts";
import { testRegistry } from "./test_registry.ts";
import { withFolder } from "./with_folder.ts";

const ln = { path: "/usr/bin/ln", real: "/usr/bin/coreutils" };
const surfaces = `schemaVersion: 1
ad_hoc:
  ceiling: { read: ["\${tmp}"] }
surfaces:
  links:
    kind: fixed
    note: Keep the link of this machine
    pipeline: pipelines/links.yaml
    params: { root: /srv/demo }
  anything:
    kind: open
    pipelines: [pipelines/links.yaml]
    ceiling:
      write: ["\${runs}", /srv]
      connect: [localhost]
`;
const pipeline = `sluice: v1
name: links
params:
  root: { type: path }
  target: { type: string, default: a }
steps:
  - { id: look, uses: demo.look, with: { root: /srv/other } }
  - id: link
    uses: demo.link
    with: { root: "\${{ params.root }}", target: "\${{ params.target }}" }
`;
const config = `{
  // The tasks of the project.
  "tasks": { "t": "deno run" }
}
`;

interface Project {
  readonly cwd: string;
  sluice(...args: readonly string[]): Promise<{ exit: number; out: string; err: string }>;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  edit(file: string, from: string, to: string): Promise<void>;
  /** As a machine that has other programs. */
  at(options: Partial<PlaceOptions>): Project["sluice"];
}

/** A project with surfaces, locked. */
async function withProject(test: (project: Project) => Promise<void>): Promise<void> {
  await withFolder(async (cwd) => {
    const at = (more: Partial<PlaceOptions>) => async (...args: readonly string[]) => {
      const place = recordedPlace({ cwd, programs: { ln }, ...more });
      const exit = await runCli(args, place, testRegistry);
      return { exit, ...place.said };
    };
    const read = (file: string) => Deno.readTextFile(`${cwd}/${file}`);
    const write = (file: string, text: string) => Deno.writeTextFile(`${cwd}/${file}`, text);
    await Deno.mkdir(`${cwd}/pipelines`);
    await write("pipelines/surfaces.yaml", surfaces);
    await write("pipelines/links.yaml", pipeline);
    await write("deno.json", config);
    const project: Project = {
      cwd,
      sluice: at({}),
      at,
      read,
      write,
      async edit(file, from, to) {
        const text = await read(file);
        assert.ok(text.includes(from), from);
        await write(file, text.replaceAll(from, to));
      },
    };
    const { exit, err } = await project.sluice("lock");
    assert.equal(exit, 0, err);
    await test(project);
  });
}

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

/** What a pull request could bring: more, less, and a step that needs what another has. */
async function change({ edit }: Project): Promise<void> {
  await edit("pipelines/links.yaml", "root: /srv/other", "root: /srv");
  await edit("pipelines/surfaces.yaml", "root: /srv/demo", "root: /srv/links");
  await edit("pipelines/surfaces.yaml", "connect: [localhost]", 'connect: ["localhost:80"]');
  await edit(
    "pipelines/links.yaml",
    "steps:\n",
    'steps:\n  - { id: first, uses: demo.look, with: { root: "${{ params.root }}" } }\n',
  );
}

for (const [format, file] of [["text", "txt"], ["json", "json"], ["github", "txt"]] as const) {
  Deno.test(`lock() --check tells a reviewer what is widened and narrowed, as ${format}`, async () => {
    await withProject(async (project) => {
      await change(project);
      const before = await project.read("permissions.lock.json");
      const { exit, out, err } = await project.sluice("lock", "--check", "--format", format);
      assert.equal(exit, 1);
      await compareGolden(`lock/check_${format}.${file}`, out);
      assert.equal(
        err,
        format === "text"
          ? "3 widened, 3 narrowed, 0 otherwise different; sluice lock writes it\n"
          : "",
      );
      assert.equal(await project.read("permissions.lock.json"), before);
    });
  });
}

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

Deno.test("lock() --check tells what may run any code first, whatever the surface", async () => {
  await withProject(async ({ edit, sluice }) => {
    await edit("pipelines/surfaces.yaml", "connect: [localhost]", "connect: [localhost, a.org:1]");
    await edit(
      "pipelines/surfaces.yaml",
      "surfaces:\n",
      "surfaces:\n  tools:\n    kind: open\n    pipelines: [pipelines/links.yaml]\n" +
        "    ceiling:\n      read: [/etc]\n      run:\n" +
        "        - { program: ls, args: [-l] }\n        - { program: sh, args: [-c, '*'] }\n" +
        "    accepts: [{ finding: unboxed-code, entry: sh, reason: a test }]\n",
    );
    const text = (await sluice("lock", "--check")).out;
    assert.match(text, /^widened: .*\n {2}tools\n {4}runs +sh[^]*runs +ls[^]*\n {2}anything\n/);
    const github = (await sluice("lock", "--check", "--format", "github")).out.split("\n");
    assert.match(github[0]!, /tools may do more: runs sh -c .*%0Aarbitrary code: sh /);
    assert.match(github[1]!, /tools may do more: runs ls/);
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

Deno.test("lock() --check tells a lock and a deno.json that were edited by hand", async () => {
  await withProject(async ({ edit, read, write, sluice }) => {
    const [lock, config] = [await read("permissions.lock.json"), await read("deno.json")];
    await edit(
      "permissions.lock.json",
      '"write": ["${runs}", "/srv"]',
      '"write": ["${runs}", "/"]',
    );
    const wider = await sluice("lock", "--check");
    assert.equal(wider.exit, 1);
    assert.match(wider.out, /^narrowed: [^]*writes {4}\/\n[^]*- "\/"\n {6}\+ "\/srv"\n$/);
    await write("permissions.lock.json", `${lock}\n`);
    const spaced = await sluice("lock", "--check");
    assert.deepEqual([spaced.exit, /text, which is not/.test(spaced.out)], [1, true]);
    await write("permissions.lock.json", lock.replace('"kind"', '"knd"'));
    const broken = await sluice("lock", "--check");
    assert.deepEqual([broken.exit, broken.out], [2, ""]);
    assert.match(broken.err, /^sluice: permissions\.lock\.json:\d+:\d+: surfaces\.anything /);
    const mended = await sluice("lock");
    assert.deepEqual([mended.exit, await read("permissions.lock.json")], [0, lock]);

    await edit("deno.json", '"/srv/demo"', '"/srv/demo", "/etc"');
    const drifted = await sluice("lock", "--check");
    assert.equal(drifted.exit, 1);
    assert.match(
      drifted.out,
      /^narrowed: [^]*deno\.json links\n {4}writes {4}\/etc\n {6}the surface at deno\.json:5\n/,
    );
    assert.equal((await sluice("lock")).exit, 0);
    assert.equal(await read("deno.json"), config);
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
