import assert from "node:assert/strict";
import { InvalidInputError, TimedOutError } from "../../../engine/errors.ts";
import { systemClock } from "../../../engine/execute/system_clock.ts";
import { control, startLiar, test } from "./liar.ts";
import { startLink } from "./start_link.ts";

test("startLink() lets one worker in, and its path is free again", async () => {
  await using _liar = await startLiar();
  await assert.rejects(Deno.connect({ transport: "unix", path: control() }));
  await assert.rejects(Deno.lstat(control()), Deno.errors.NotFound);
});

test("startLink() replaces a socket that was left behind, and nothing else", async () => {
  const { signal } = new AbortController();
  await Deno.writeTextFile(control(), "precious");
  const options = { control: control(), clock: systemClock, signal };
  await assert.rejects(startLink(options), InvalidInputError);
  assert.equal(await Deno.readTextFile(control()), "precious");
  await Deno.remove(control());
  const long = `${control()}${"x".repeat(100)}`;
  await assert.rejects(startLink({ ...options, control: long }), /too long for a socket/);
});

test("startLink() waits for a hello no longer than it is told", async () => {
  const { signal } = new AbortController();
  const options = { control: control(), clock: systemClock, signal, hello_ms: 20 };
  await assert.rejects(startLink(options), TimedOutError);
  const linking = startLink(options);
  linking.catch(() => {});
  using _silent = await Deno.connect({ transport: "unix", path: control() });
  await assert.rejects(linking, TimedOutError);
});

test("startLink() ends with its signal", async () => {
  const given = new AbortController();
  const linking = startLink({ control: control(), clock: systemClock, signal: given.signal });
  const reason = new Error("enough");
  given.abort(reason);
  await assert.rejects(linking, reason);
  await assert.rejects(
    startLink({ control: control(), clock: systemClock, signal: given.signal }),
    reason,
  );
});

test("startLink() fails where the first message is no hello", async () => {
  const { signal } = new AbortController();
  const linking = startLink({ control: control(), clock: systemClock, signal });
  linking.catch(() => {});
  using conn = await Deno.connect({ transport: "unix", path: control() });
  await conn.write(new TextEncoder().encode('{"type":"hello","v":2,"pid":7,"version":"3.11.7"}\n'));
  await assert.rejects(linking, /nobody understands/);
});
