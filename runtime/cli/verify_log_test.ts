// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { openChain } from "../../engine/journal/chain.ts";
import { chainLine, lineDigest } from "../../engine/journal/chain_line.ts";
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
      const file = "audit.log";
      const command = { command: "log verify", file, head: undefined, debug: false } as const;
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

Deno.test("verifyLog() sees with a head that was kept what the file alone cannot show", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const verify = async (actions: readonly string[], ...args: readonly string[]) => {
      let [text, prev] = ["", ""];
      for (const [index, action] of actions.entries()) {
        const line = chainLine(index + 1, prev, { action });
        [text, prev] = [`${text}${line}\n`, lineDigest(line)];
      }
      await Deno.writeTextFile(`${cwd}/a.log`, text);
      const place = recordedPlace({ cwd });
      const exit = await runCli(["log", "verify", "a.log", ...args], place, testRegistry);
      return [exit, place.said.out + place.said.err] as const;
    };
    const [, said] = await verify(["plan", "apply"]);
    const [head, hex] = /sha256:(\w+)/.exec(said)!;
    // The log has gone on since.
    for (const kept of [["--head", head], [`--head=${hex}`]]) {
      const [exit, text] = await verify(["plan", "apply", "rollback"], ...kept);
      assert.equal(exit, 0, text);
      assert.match(text, /^a\.log: whole, 3 lines, head sha256:\w+, the head given is line 2\n$/);
    }
    for (const [actions, at] of [[["plan"], 2], [["plan", "other", "more"], 4], [[], 1]] as const) {
      assert.equal((await verify(actions))[0], 0);
      const [exit, text] = await verify(actions, "--head", head);
      assert.equal(exit, 1);
      const why = "lines were removed or written anew: none has the SHA-256";
      assert.equal(text, `a.log:${at}: ${why} ${hex}\n`);
    }
    assert.equal((await verify(["plan"], "--head", "abc"))[0], 64);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
