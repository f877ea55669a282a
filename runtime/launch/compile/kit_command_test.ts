import assert from "node:assert/strict";
import { kitCommand, kitEnvironment, kitWord } from "./kit_command.ts";
import { testKit } from "./test_kit.ts";

const flagsOf = (words: readonly string[]) => words.filter((word) => word.startsWith("--allow-"));

Deno.test("kitCommand() grants the set, the plan and the runs, and nothing else", () => {
  const kit = testKit({
    read: ["/srv/data"],
    write: ["/srv/data"],
    connect: ["127.0.0.1:80"],
    env: ["WATCH_KEY"],
    run: [{ program: "ln", args: ["-s", "*"], env: [] }],
  }, { programs: { ln: "/usr/bin/ln" } });
  assert.deepEqual(flagsOf(kitCommand(kit)), [
    `--allow-read=${kitWord}/plan.json,/var/lib/sluice/watch,/srv/data`,
    "--allow-write=/var/lib/sluice/watch,/srv/data",
    "--allow-net=127.0.0.1:80",
    "--allow-env=WATCH_KEY",
    "--allow-run=/usr/bin/ln",
  ]);
});

Deno.test("kitCommand() lets nothing be asked for, fetched, imported or kept", () => {
  const words = kitCommand(testKit());
  for (
    const flag of [
      "--no-prompt",
      "--no-config",
      "--no-remote",
      "--no-npm",
      "--cached-only",
      "--no-code-cache",
      "--deny-import",
    ]
  ) {
    assert.ok(words.includes(flag), flag);
  }
});

Deno.test("kitEnvironment() hands on what the set names and what Deno needs for certificates", () => {
  const { fixed, passed } = kitEnvironment(testKit({ env: ["WATCH_KEY"] }));
  assert.deepEqual(Object.keys(fixed), ["DENO_DIR", "DENO_NO_UPDATE_CHECK", "HOME"]);
  assert.ok(passed.includes("WATCH_KEY") && passed.includes("DENO_CERT"));
  assert.ok(!passed.some((name) => /PATH|LD_|TOKEN/.test(name)));
  // A step that was granted HOME is to see the real one.
  assert.ok(!("HOME" in kitEnvironment(testKit({ env: ["HOME"] })).fixed));
});
