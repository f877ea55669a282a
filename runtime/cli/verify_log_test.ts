// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { openChain } from "../../engine/journal/chain.ts";
import { recordedPlace } from "./recorded_place.ts";
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
