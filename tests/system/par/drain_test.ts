// flags: see the group `par`
import assert from "node:assert/strict";
import { boot, pack } from "./bed.ts";

/** Requests at the same time, and most in all. */
const [wide, most] = [20, 10_000];

Deno.test("PAR drops nothing that it accepted, however many ask while it is told to end", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("sample") });
  await par.ready();
  // A connection each: one that is kept and closed by the other side says nothing of its request.
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const url = `${par.rest}/agents/a-1/api/ping`;
  const other: string[] = [];
  let [begun, answered, refused] = [0, 0, 0];
  const ask = async () => {
    while (refused === 0 && begun < most) {
      begun++;
      if (begun === most / 4) par.sluice.process.kill("SIGTERM");
      try {
        const response = await fetch(url, { client });
        await response.text();
        if (response.status === 200) answered++;
        else other.push(`status ${response.status}`);
      } catch (error) {
        // Nobody listens any more, or the kernel had it in the queue of those who wait to be accepted.
        const why = String((error as Error).cause ?? error);
        if (/tcp connect error|Connection refused|reset by peer/i.test(why)) refused++;
        else other.push(why);
      }
    }
  };
  await Promise.all(Array.from({ length: wide }, ask));
  assert.deepEqual(other, []);
  assert.ok(answered >= most / 4 - wide && refused > 0, `${answered} answered, ${refused} refused`);
  const { code, lines } = await par.ended();
  assert.equal(code, 0);
  assert.ok(refused <= wide, `${refused} refused: each of the clients once at most`);
  // What was accepted and did not come to its end is told.
  assert.doesNotMatch(JSON.stringify(lines), /cut off/);
});
