// flags: --allow-read --allow-write=<tmp> --allow-env=SLUICE_UPDATE_GOLDEN
//        --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { type LockedProject, withProject } from "./locked_project.ts";

/** What a pull request could bring: more, less, and a step that needs what another has. */
async function change({ edit }: LockedProject): Promise<void> {
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
  Deno.test(`lock() --check tells a reviewer what is widened and what is too wide, as ${format}`, async () => {
    await withProject(async (project) => {
      await change(project);
      const before = await project.read("permissions.lock.json");
      const { exit, out, err } = await project.sluice("lock", "--check", "--format", format);
      assert.equal(exit, 1);
      await compareGolden(`lock/check_${format}.${file}`, out);
      assert.equal(
        err,
        format === "text"
          ? "3 widened, 3 too wide, 0 otherwise different; sluice lock writes it\n"
          : "",
      );
      assert.equal(await project.read("permissions.lock.json"), before);
    });
  });
}

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
    assert.match(wider.out, /^too wide: [^]*writes {4}\/\n[^]*- "\/"\n {6}\+ "\/srv"\n$/);
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
      /^too wide: [^]*deno\.json links\n {4}writes {4}\/etc\n {6}it stands at deno\.json:7\n/,
    );
    assert.equal((await sluice("lock")).exit, 0);
    assert.equal(await read("deno.json"), config);
  });
});

/** What a pull request could put into what is reviewed, beside a harmless change. */
async function widenByHand({ edit }: LockedProject): Promise<void> {
  const lock = "permissions.lock.json";
  await edit(lock, '"connect": ["localhost"]', '"connect": ["localhost", "*.com"]');
  await edit(
    lock,
    '"/srv/other": ["look demo.look in pipelines/links.yaml"]',
    '"/srv/other": ["look demo.look in pipelines/links.yaml"],\n' +
      '          "/": ["look demo.look in pipelines/links.yaml"],\n' +
      '          "/etc": ["gone demo.look in pipelines/links.yaml"]',
  );
  await edit(
    lock,
    '"run": [',
    '"run": [{ "program": "sh", "args": ["-c", "*"], "env": [], ' +
      '"escape": "argument-limited", "reason": "it is harmless", "why": [] },',
  );
  await edit(
    lock,
    '"kind": "open",',
    '"kind": "open", "accepts": [{ "finding": "unscoped", "entry": "*.com", "reason": "a" }],',
  );
  await edit("deno.json", '"/usr/bin/ln"', '"/usr/bin/ln", "/usr/bin/python3"');
}

for (const [format, file] of [["text", "txt"], ["json", "json"], ["github", "txt"]] as const) {
  Deno.test(`lock() --check tells what was put in by hand, and what is wrong with it, as ${format}`, async () => {
    await withProject(async (project) => {
      await widenByHand(project);
      const { exit, out, err } = await project.sluice("lock", "--check", "--format", format);
      assert.equal(exit, 1);
      await compareGolden(`lock/by_hand_${format}.${file}`, out + err);
      const written = await project.sluice("lock");
      assert.equal(written.exit, 0, written.err);
      assert.match(written.out, /^narrowed: nothing needs this any more\n/);
      assert.match(written.err, /^written: 0 widened, \d+ narrowed, /);
      assert.equal((await project.sluice("lock", "--check")).exit, 0);
    });
  });
}
