// flags: see the group `par`
import assert from "node:assert/strict";
import { boot, get, pack } from "./bed.ts";

/** What hangs is to fail, and not to hang the tests. */
const soon = () => ({ signal: AbortSignal.timeout(30_000) });

Deno.test("PAR answers, and ends when it is told to, while nobody reads its log", async () => {
  const env = { AGENT_PACKAGE_PATH: await pack("typescript"), GRACEFUL_SHUTDOWN_TIMEOUT_SEC: "3" };
  await using par = await boot(env);
  await par.ready();
  const readOn = par.sluice.leaveUnread();
  for (let time = 0; time < 3; time++) {
    assert.equal((await get(`${par.rest}/agents/a-1/api/chatter`, soon()))[0], 200);
    assert.equal((await get(`${par.rest}/health`, soon()))[0], 200);
  }
  par.sluice.process.kill("SIGTERM");
  assert.equal((await par.sluice.process.status).code, 0);
  readOn();
  const { stdout } = await par.sluice.ended;
  assert.match(stdout, /chatter/);
});

Deno.test("PAR says what it left out of its log as soon as somebody reads it again", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("typescript") });
  await par.ready();
  const readOn = par.sluice.leaveUnread();
  assert.equal((await get(`${par.rest}/agents/a-1/api/chatter`, soon()))[0], 200);
  readOn();
  const { code, lines } = await par.end();
  assert.equal(code, 0);
  assert.match(JSON.stringify(lines), /lines were left out: what is told here was not read/);
  assert.equal(lines.at(-1)?.event, "exit");
});
