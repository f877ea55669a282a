// flags: --allow-read --allow-write=<tmp> --allow-env=SLUICE_UPDATE_GOLDEN
//        --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { runCli } from "./cli.ts";
import { type PlaceOptions, recordedPlace } from "./recorded_place.ts";
import { testPipeline, testRegistry } from "./test_registry.ts";
import { withFolder } from "./with_folder.ts";

async function sluice(options: PlaceOptions, ...args: readonly string[]) {
  const place = recordedPlace(options);
  const exit = await runCli(args, place, testRegistry);
  return { exit, ...place.said };
}

const at = { cwd: "/nowhere" };

Deno.test("runCli() shows help on standard output, and faults of usage with 64", async () => {
  const help = await sluice(at, "--help");
  assert.deepEqual([help.exit, help.err], [0, ""]);
  assert.match(help.out, /check/);
  const fault = await sluice(at, "chek");
  assert.deepEqual([fault.exit, fault.out], [64, ""]);
  assert.match(fault.err, /^sluice: .*chek.*\n {2}help: did you mean `check`\?\n$/);
  assert.equal((await sluice(at)).exit, 64);
});

Deno.test("runCli() lets nothing of others' words steer a terminal, turn text around or hide", async () => {
  const nasty = "x\u202e\u200b\u{e0041}\u009b1A\u2028y";
  const missing = permissions({
    read: [`/srv/${nasty}`],
    run: [{ program: "echo", args: [nasty], env: [] }],
  });
  const judgement = {
    allowed: false,
    why: `the ceiling does not allow: ${nasty}`,
    code: [nasty],
    missing,
  } as const;
  await withFolder(async (cwd) => {
    await Deno.writeTextFile(
      `${cwd}/demo.yaml`,
      testPipeline.replace("default: a", JSON.stringify({ default: nasty }).slice(1, -1)),
    );
    const shown = /\\u202e\\u200b\\udb40\\udc41/;
    const commands = [
      ["check", "demo.yaml", `${nasty}.yaml`],
      ["check", `${nasty}.yaml`, "--format", "json"],
      ["check", `${nasty}.yaml`, "--format", "github"],
      ["plan", "demo.yaml", "--param", "root=/srv"],
      ["plan", "demo.yaml", "--param", "root=/srv", "--format", "json"],
      ["plan", "demo.yaml", "--param", "root=/srv", "--format", "mermaid"],
      [nasty],
    ];
    for (const command of commands) {
      const { out, err } = await sluice({ cwd, judgement }, ...command);
      assert.doesNotMatch(out + err, /(?!\n)[\p{Cc}\p{Cf}\u2028]/u, command.join(" "));
      if (!command.includes("mermaid")) assert.match(out + err, shown, command.join(" "));
    }
  });
});

Deno.test("plan() and steps() fit a terminal of 80 columns, but for the line that is to be copied", async () => {
  await withFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/demo.yaml`, testPipeline);
    const missing = permissions({ read: [`/srv/${"long/".repeat(30)}x`] });
    const place = recordedPlace({
      cwd,
      judgement: { allowed: false, why: "the ceiling does not allow", code: [], missing },
    });
    const narrow = { ...place, context: { ...place.context, columns: 80 } };
    const root = `root=/srv/${"folder/".repeat(20)}demo`;
    assert.equal(await runCli(["plan", "demo.yaml", "--param", root], narrow, testRegistry), 0);
    assert.equal(await runCli(["steps"], narrow, testRegistry), 0);
    assert.equal(await runCli(["steps", "demo.link"], narrow, testRegistry), 0);
    const wide = place.said.out.split("\n").filter((line) => line.length > 80);
    assert.equal(wide.length, 1);
    assert.match(wide[0]!, /^ {2}sluice run demo\.yaml .*--accept sha256:[0-9a-f]{64}$/);
    assert.match(place.said.out, /^ {6}writes {4}\/srv\/folder\/.*\n {16}folder\//m);
    assert.match(place.said.out, /^ {4}read {5}\/srv\/long\/.*\n {13}long\//m);
  });
});

Deno.test("runCli() calls what is no error of ours a bug", async () => {
  const place = recordedPlace(at);
  const broken = { ...place, port: { ...place.port, out: () => assert.fail("the pipe burst") } };
  assert.equal(await runCli(["man"], broken, testRegistry), 70);
  assert.match(place.said.err, /^sluice: bug: .*the pipe burst.*--debug.*\n$/);
  place.said.err = "";
  assert.equal(await runCli(["man", "--debug"], broken, testRegistry), 70);
  assert.match(place.said.err, /cli_test\.ts/);
});

Deno.test("steps() lists the steps, and documents one", async () => {
  const list = await sluice(at, "steps");
  assert.equal(list.exit, 0);
  await compareGolden("cli/steps.txt", list.out);
  const one = await sluice(at, "steps", "demo.link");
  assert.equal(one.exit, 0);
  await compareGolden("cli/steps_demo_link.txt", one.out);
  const json = await sluice(at, "steps", "demo.link", "--format", "json");
  assert.equal(JSON.parse(json.out).name, "demo.link");
  const unknown = await sluice(at, "steps", "demo.lnik");
  assert.equal(unknown.exit, 64);
  assert.match(unknown.err, /did you mean "demo\.link"\?/);
});

Deno.test("runCli() schema writes a JSON Schema that knows the registry", async () => {
  const { exit, out } = await sluice(at, "schema");
  assert.equal(exit, 0);
  assert.match(JSON.parse(out).$schema, /json-schema/);
  assert.match(out, /"demo\.burn"/);
});

const good = [
  "building",
  'APPLIANCE_STEP:A0-1:START:{"run":"r","seq":1}',
  'APPLIANCE_STEP:A0-1:OK:{"elapsed_s":1.5,"run":"r","seq":2}',
  'APPLIANCE_STEP:A0-2:START:{"run":"r","seq":3}',
  'APPLIANCE_STEP:A0-2:FAIL:{"elapsed_s":0.25,"exit":4,"notes":"no space","run":"r","seq":4}',
  "",
].join("\n");

Deno.test("tokens() verifies and converts a log of a file or of standard input", async () => {
  await withFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/build.log`, good);
    const text = await sluice({ cwd }, "tokens", "build.log");
    assert.deepEqual([text.exit, text.err], [0, ""]);
    await compareGolden("cli/tokens.txt", text.out);
    const json = await sluice({ cwd, stdin: good }, "tokens", "-", "--as", "json");
    assert.equal(json.exit, 0);
    const { schemaVersion, steps, problems } = JSON.parse(json.out);
    assert.deepEqual([schemaVersion, steps.length, problems], [1, 2, []]);
    assert.match((await sluice({ cwd }, "tokens", "build.log", "--as=junit")).out, /<testsuite /);
    assert.match((await sluice({ cwd }, "tokens", "build.log", "--as=github")).out, /::error /);
  });
});

Deno.test("tokens() reads the tokens of a log in which other programs wrote what is no text", async () => {
  await withFolder(async (cwd) => {
    const noise = new Uint8Array([0xff, 0xfe, 0x00, 0x0a]);
    const tokens = new TextEncoder().encode(
      'APPLIANCE_STEP:A:START:{"run":"r","seq":1}\nAPPLIANCE_STEP:A:OK:{"run":"r","seq":2}\n',
    );
    await Deno.writeFile(`${cwd}/mixed.log`, new Uint8Array([...noise, ...tokens, ...noise]));
    assert.equal((await sluice({ cwd }, "tokens", "mixed.log")).exit, 0);
  });
});

Deno.test("tokens() finds a log that is not in order, has no token, or lacks its macs", async () => {
  await withFolder(async (cwd) => {
    const judge = (stdin: string, env = {}) => sluice({ cwd, stdin, env }, "tokens", "-");
    const gap = await judge(good.replace(/.*"seq":3.*\n/, ""));
    assert.equal(gap.exit, 1);
    assert.match(gap.err, /^standard input:4: token 3 of run r is missing/);
    assert.equal((await judge("nothing\n")).exit, 1);
    assert.equal((await judge(good, { SLUICE_TOKEN_KEY: "secret" })).exit, 1);
    assert.equal((await sluice({ cwd }, "tokens", "missing.log")).exit, 2);
  });
});
