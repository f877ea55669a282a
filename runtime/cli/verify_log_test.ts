// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { openChain } from "../../engine/journal/chain.ts";
import { chainLine } from "../../engine/journal/chain_line.ts";
import { runCli } from "./cli.ts";
import { recordedPlace } from "./recorded_place.ts";
import { testRegistry } from "./test_registry.ts";
import { verifyLog } from "./verify_log.ts";

Deno.test("verifyLog() accepts a whole log and finds a changed line", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const file = `${cwd}/audit.log`;
    const chain = await openChain(file);
    for (const action of ["apply", "rollback"]) await chain.append({ action }, { sync: false });
    await chain.close();
    const verify = async () => {
      const place = recordedPlace({ cwd });
      const command = { command: "log verify", file: "audit.log", debug: false } as const;
      return [await verifyLog(command, place), place.said.out] as const;
    };
    const [code, text] = await verify();
    assert.equal(code, 0);
    assert.match(text, /^audit\.log: whole, 2 lines, head sha256:[0-9a-f]{64}\n$/);

    const whole = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, whole + '{"ac');
    assert.deepEqual((await verify())[0], 0);
    assert.match((await verify())[1], /then 4 bytes of an unfinished one\n$/);

    await Deno.writeTextFile(file, whole.replace("apply", "appls"));
    assert.equal((await verify())[0], 1);
    assert.match((await verify())[1], /^audit\.log:\d: .*changed/);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("verifyLog() calls no file changed that never was a chain", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const verify = async (text: string) => {
      await Deno.writeTextFile(`${cwd}/x.jsonl`, text);
      const place = recordedPlace({ cwd });
      const exit = await runCli(["log", "verify", "x.jsonl"], place, testRegistry);
      return [exit, place.said.out + place.said.err] as const;
    };
    const line = chainLine(1, "", { action: "apply" });
    for (
      const none of [
        '{"type":"started","n":1}\n',
        '{"v":1,"process":1}\n{"v":1,"process":2}\n',
        '{\n  "name": "x"\n}\n',
        '{"name":"x"}',
        "\n\0\xff\n",
      ]
    ) {
      const [exit, said] = await verify(none);
      assert.equal(exit, 2, said);
      assert.match(said, /^sluice: x\.jsonl is no chain: no line of it has seq, prev and hash\n/);
    }
    for (
      const damaged of [
        `${line.replace('{"seq"', '["seq"')}\n`,
        `${line.replace(/"\}$/, '"]')}\n`,
        `{"type":"started"}\n${chainLine(2, "", {})}\n`,
      ]
    ) {
      assert.equal((await verify(damaged))[0], 1, damaged);
    }
    for (const whole of ["", '{"s', line.slice(0, 20), `${line}\n`]) {
      assert.equal((await verify(whole))[0], 0, whole);
    }
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
