// flags: --allow-read --allow-write=<tmp> --allow-env=SLUICE_UPDATE_GOLDEN
//        --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { parsePlan } from "../../engine/plan/plan_from_json.ts";
import { compareGolden } from "../../tests/golden.ts";
import { runCli } from "./cli.ts";
import { setOf } from "./launch_request.ts";
import { type PlaceOptions, recordedPlace } from "./recorded_place.ts";
import { testPipeline, testRegistry } from "./test_registry.ts";
import { withFolder } from "./with_folder.ts";

async function sluice(options: PlaceOptions, ...args: readonly string[]) {
  const place = recordedPlace(options);
  const exit = await runCli(args, place, testRegistry);
  return { exit, ...place.said, launched: place.launched };
}

async function withPipeline(test: (cwd: string) => Promise<void>): Promise<void> {
  await withFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/demo.yaml`, testPipeline);
    await test(cwd);
  });
}

const root = ["--param", "root=/srv/demo"];

Deno.test("plan() shows steps, permissions, undo path, and last the set", async () => {
  await withPipeline(async (cwd) => {
    const { exit, out, err } = await sluice({ cwd }, "plan", "demo.yaml", ...root);
    assert.deepEqual([exit, err], [0, ""]);
    const text = out.replaceAll(/sha256:[0-9a-f]{64}/g, (digest) => digest.slice(0, 7) + "DIGEST");
    await compareGolden("cli/plan.txt", text);
    assert.match(out, /\nset sha256:[0-9a-f]{64}\n$/);
    const json = await sluice({ cwd }, "plan", "demo.yaml", ...root, "--format", "json");
    assert.ok(out.endsWith(`\nset ${setOf(await parsePlan(json.out, testRegistry))}\n`));
    assert.deepEqual(JSON.parse(json.out).shed, {
      grants: 5,
      moments: [
        { step: "look", grants: { read: ["/srv/demo"] }, left: 4 },
        { grants: { run: ["ln"], write: ["/srv/demo"] }, left: 2 },
      ],
    });
  });
});

Deno.test("plan() names the same set wherever the pipeline lies and runs are kept", async () => {
  const sets: string[] = [];
  for (let n = 0; n < 2; n++) {
    await withPipeline(async (cwd) => {
      const { out } = await sluice({ cwd }, "plan", "demo.yaml", ...root);
      sets.push(out.split("\n").at(-2)!);
    });
  }
  assert.equal(sets[0], sets[1]);
});

Deno.test("plan() takes a word that is no file for a surface, and says how one is named", async () => {
  await withPipeline(async (cwd) => {
    const { exit, err } = await sluice({ cwd }, "plan", "demo");
    assert.equal(exit, 2);
    assert.match(
      err,
      /"demo" is no file of a pipeline: .*\n {2}help: .*--surface demo; sluice surfaces/,
    );
  });
});

Deno.test("plan() as mermaid draws the graph", async () => {
  await withPipeline(async (cwd) => {
    const { out } = await sluice({ cwd }, "plan", "demo.yaml", ...root, "--format", "mermaid");
    assert.match(out, /^flowchart TD\n/);
  });
});

Deno.test("plan() takes values from --param, --params, the variable, the default", async () => {
  await withPipeline(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/values.yaml`, "root: /from/file\ntarget: file\n");
    const values = async (env: Record<string, string>, ...args: readonly string[]) => {
      const { out, err } = await sluice(
        { cwd, env },
        "plan",
        "demo.yaml",
        "--format=json",
        ...args,
      );
      return out === "" ? err : JSON.parse(out).params;
    };
    const env = { DEMO_ROOT: "/from/env" };
    const file = ["--params", "values.yaml"];
    assert.deepEqual(await values(env), { root: "/from/env", target: "a" });
    assert.deepEqual(await values(env, ...file), { root: "/from/file", target: "file" });
    assert.deepEqual(await values(env, ...file, "--param", "root=sub"), {
      root: `${cwd}/sub`,
      target: "file",
    });
    assert.match(await values({}), /parameter "root" has no value/);
  });
});

Deno.test("plan() warns of a variable that is probably misspelt, and plans", async () => {
  await withPipeline(async (cwd) => {
    const { exit, err } = await sluice(
      { cwd, alike: ["DEMO_ROOTS"] },
      "plan",
      "demo.yaml",
      ...root,
    );
    assert.equal(exit, 0);
    assert.match(
      err,
      /^demo\.yaml:5:\d+: warning\[misspelt-variable\]: the variable DEMO_ROOTS is set/,
    );
    assert.match(err, /did you mean DEMO_ROOT\?/);
  });
});

Deno.test("plan() says what --accept takes where a ceiling covers a set that links lead out of", async () => {
  await withPipeline(async (cwd) => {
    const acceptance = `sha256:${"a".repeat(64)}`;
    const judgement = { allowed: true, by: "the ceiling", acceptance } as const;
    const { out } = await sluice({ cwd, judgement }, "plan", "demo.yaml", ...root);
    assert.match(
      out,
      /\nthe ceiling covers it\nto hold a run to it, and to what links lead to: --accept sha256:a{64}\nset sha256:/,
    );
    const set = out.split("\n").at(-2)!.replace("set ", "");
    const plain = { ...judgement, acceptance: set };
    const spelled = await sluice({ cwd, judgement: plain }, "plan", "demo.yaml", ...root);
    assert.doesNotMatch(spelled.out, /--accept/);
  });
});

Deno.test("plan() shows the faults of the pipeline and of the values together", async () => {
  await withPipeline(async (cwd) => {
    const bad = testPipeline.replace("demo.burn", "demo.bern").replace("look.files", "look.fils");
    await Deno.writeTextFile(`${cwd}/bad.yaml`, bad);
    await Deno.writeTextFile(`${cwd}/values.yaml`, "target: [a]\ntagret: b\n");
    const { exit, out, err } = await sluice(
      { cwd },
      "plan",
      "bad.yaml",
      "--params",
      "values.yaml",
    );
    assert.deepEqual([exit, out], [2, ""]);
    await compareGolden("cli/plan_faults.txt", err);
  });
});

Deno.test("run() asks for a launch with exactly the plan's set", async () => {
  await withPipeline(async (cwd) => {
    const planned = await sluice({ cwd }, "plan", "demo.yaml", ...root);
    const accept = planned.out.split("\n").at(-2)!.replace("set ", "");
    const { exit, out, err, launched } = await sluice(
      { cwd },
      "run",
      "demo.yaml",
      ...root,
      "--accept",
      accept,
      "--tokens=json",
      "--events=json",
    );
    assert.deepEqual([exit, out, err], [0, "", ""]);
    const [request] = launched;
    const id = "20251121-103000-40000000";
    const folder = `${cwd}/.sluice/runs/${id}`;
    const { plan, ...rest } = request!;
    assert.deepEqual(plan.steps.map((step) => step.id), ["look", "link", "burn"]);
    assert.deepEqual(rest, {
      mode: { kind: "run" },
      permissions: {
        read: [folder, "/srv/demo"],
        write: [folder, "/srv/demo"],
        connect: [],
        listen: [],
        env: [],
        sys: [],
        run: [{ program: "ln", args: ["-sfn", "--", "*", "/srv/demo/link"], env: [] }],
      },
      set: accept,
      run: { id, folder },
      tokens: "json",
      events: "json",
      file: `${cwd}/demo.yaml`,
      accept,
    });
  });
});

Deno.test("run() --plan runs a plan that was made before, and believes none of it", async () => {
  await withPipeline(async (cwd) => {
    const { out } = await sluice({ cwd }, "plan", "demo.yaml", ...root, "--format=json");
    await Deno.writeTextFile(`${cwd}/plan.json`, out);
    const good = await sluice({ cwd }, "run", "--plan", "plan.json");
    assert.equal(good.exit, 0);
    assert.equal(good.launched[0]?.file, undefined);
    await Deno.writeTextFile(`${cwd}/plan.json`, out.replaceAll("/srv/demo", "/etc"));
    const bad = await sluice({ cwd }, "run", "--plan", "plan.json");
    assert.deepEqual([bad.exit, bad.launched], [2, []]);
    assert.match(bad.err, /the plan is not the one its digest names/);
  });
});

Deno.test("run() wants one thing to run", async () => {
  await withPipeline(async (cwd) => {
    for (
      const args of [
        [],
        ["demo.yaml", "--plan", "plan.json"],
        ["--plan", "plan.json", "--param", "a=b"],
      ]
    ) {
      const { exit, launched } = await sluice({ cwd }, "run", ...args);
      assert.deepEqual([exit, launched], [64, []]);
    }
    const missing = await sluice({ cwd }, "run", "dmo.yaml");
    assert.equal(missing.exit, 2);
    assert.match(missing.err, /did you mean "demo\.yaml"\?/);
  });
});

Deno.test("plan() and run give nothing for a fault that leaves the rest whole", async () => {
  await withPipeline(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/typo.yaml`, testPipeline.replace("summary:", "summry:"));
    await Deno.writeTextFile(`${cwd}/twice.yaml`, "target: a\ntarget: b\n");
    await Deno.writeTextFile(`${cwd}/needy.yaml`, testPipeline.replace("default: a", ""));
    await Deno.writeTextFile(`${cwd}/torn.yaml`, "target: [a\n");
    for (
      const args of [
        ["typo.yaml"],
        ["demo.yaml", "--params", "twice.yaml"],
        ["needy.yaml", "--params", "torn.yaml"],
      ]
    ) {
      const planned = await sluice({ cwd }, "plan", ...args, ...root);
      assert.deepEqual([planned.exit, planned.out], [2, ""]);
      assert.match(planned.err, /^1 error$/m);
      const run = await sluice({ cwd }, "run", ...args, ...root);
      assert.deepEqual([run.exit, run.launched], [2, []]);
    }
  });
});
