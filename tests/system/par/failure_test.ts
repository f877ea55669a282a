// flags: see the group `par`
import assert from "node:assert/strict";
import { freePort } from "../../conformance/free_port.ts";
import { type Boot, boot, get, type LogLine, pack, packages, parFolder } from "./bed.ts";

/** The exit code, and the last line's reason. */
async function failed(
  par: Boot,
): Promise<{ code: number; why: string; lines: readonly LogLine[] }> {
  const { code, lines } = await par.ended();
  const { event, details } = lines.at(-1)!;
  assert.equal(event, "exit");
  return { code, why: String(details.message ?? ""), lines };
}

async function damaged(): Promise<string> {
  const file = await pack("sample");
  const bytes = await Deno.readFile(file);
  await Deno.writeFile(file, bytes.subarray(0, bytes.length - 30));
  return file;
}

Deno.test("PAR tells every fault of its configuration at once, and binds nothing", async () => {
  const env = { AGENT_APP_ID: "a b", BASE_PATH: "/..", PACKAGE_URL: "ftp://h/x?token=s3cret" };
  await using par = await boot(env);
  const { code, lines } = await par.ended();
  assert.equal(code, 2);
  const messages = lines.filter(({ event }) => event === "config").map(({ details }) =>
    String(details.message).split(" ")[0]
  );
  assert.deepEqual(messages, ["AGENT_APP_ID", "BASE_PATH", "PACKAGE_URL"]);
  assert.doesNotMatch(JSON.stringify(lines), /s3cret/);
});

Deno.test("PAR tells what is no value beside what no two values may be together", async () => {
  const env = { REST_PORT: "http", UI_PORT: "9000", A2A_PORT: "9000", DOWNLOAD_TIMEOUT_S: "0" };
  const more = { PACKAGE_URL: "ftp://packages.example/a", PACKAGE_SHA256: "zz" };
  await using par = await boot({ ...more, ...env });
  const { code, lines } = await par.ended();
  assert.equal(code, 2);
  const faults = lines.filter(({ event }) => event === "config").map(({ details }) => details);
  const messages = faults.map(({ message }) => String(message));
  const hash = faults.find(({ message }) => String(message).startsWith('"sha256"'));
  assert.equal(hash?.hint, "it comes from the variable PACKAGE_SHA256");
  assert.deepEqual(messages.sort(), [
    '"sha256": 64 hex digits, not "zz"',
    "PACKAGE_URL has the scheme ftp: only https and s3 are fetched",
    "UI_PORT and A2A_PORT are both 9000",
    'parameter "download_timeout_s" must be at least 1, not 0',
    'parameter "rest_port" must be a whole number, not the text "http"',
  ]);
});

Deno.test("PAR warns of a variable that is misspelt, which would be passed over", async () => {
  await using par = await boot({ PACKAGE_SHA265: "0".repeat(64), AGENT_NAME: "x", REST_PORT: "0" });
  const { code, lines } = await par.ended();
  assert.equal(code, 2);
  const warned = lines.filter(({ level }) => level === "warn").map(({ event, details }) =>
    [event, details.message, details.hint].join(": ")
  );
  assert.deepEqual(warned, [
    "config: the variable PACKAGE_SHA265 is set, and nothing here reads it: did you mean PACKAGE_SHA256?",
  ]);
});

Deno.test("PAR never makes up who it is, and takes no port but a number of its own", async () => {
  for (
    const env of [{ AGENT_APP_ID: "" }, { REST_PORT: "0" }, { A2A_PORT: "http" }, {
      UI_PORT: "8e3",
    }]
  ) {
    await using par = await boot({ AGENT_PACKAGE_PATH: "/nonexistent", ...env });
    assert.equal((await par.ended()).code, 2);
  }
});

Deno.test("PAR ends 2 for a package that is none, stays 503 until then, and slows down", async () => {
  const AGENT_PACKAGE_PATH = await damaged();
  await using first = await boot({ AGENT_PACKAGE_PATH });
  const { code, why } = await failed(first);
  assert.equal(code, 2);
  assert.match(why, /the package is refused/);
  const second = await boot({ AGENT_PACKAGE_PATH });
  await second.sluice.said("boot 2 in a row that failed: waiting 4 s");
  assert.equal((await get(`${second.rest}/health`))[0], 503);
  // Told to end, it does not wait.
  assert.equal((await second.end()).code, 2);
  await using counted = await boot({ AGENT_PACKAGE_PATH, BOOT_FAILURE_COUNT: "0" });
  assert.equal((await failed(counted)).code, 2);
});

Deno.test("PAR ends 2 for another package than was promised, 4 for one that is not there", async () => {
  await using other = await boot({
    AGENT_PACKAGE_PATH: await pack("sample"),
    PACKAGE_SHA256: "0".repeat(64),
  });
  assert.equal((await failed(other)).code, 2);
  await using none = await boot({ AGENT_PACKAGE_PATH: `${await packages()}/none` });
  assert.equal((await failed(none)).code, 4);
});

Deno.test("PAR ends 7 for a host that no ceiling names, before anything of it is fetched", async () => {
  await using par = await boot({ PACKAGE_URL: "https://packages.example/a.apkg" });
  const { code, lines } = await par.ended();
  assert.equal(code, 7);
  assert.match(JSON.stringify(lines), /connect +packages\.example:443/);
});

Deno.test("PAR stays 503 for the grace when handlers do not import, says why, and ends 2", async () => {
  await using par = await boot({
    AGENT_PACKAGE_PATH: await pack("broken_import"),
    HANDLER_GRACE_S: "3",
  });
  await par.sluice.said("rest: ");
  assert.equal((await get(`${par.rest}/health`))[0], 503);
  const { code, why } = await failed(par);
  assert.equal(code, 2);
  assert.match(why, /handlers do not load: rest: (Import|ModuleNotFound)Error/);
});

Deno.test("PAR says of a port that the agent's own code has opened that a package must not", async () => {
  const port = freePort();
  const AGENT_PACKAGE_PATH = await pack("greedy");
  const env = { AGENT_PACKAGE_PATH, AGENT_APP_ID: `greedy-${port}`, A2A_PORT: String(port) };
  await using par = await boot(env);
  const { code, why, lines } = await failed(par);
  assert.deepEqual([code, why], [4, `port ${port} is taken`]);
  assert.match(String(lines.at(-1)?.details.hint), /a package must not open it itself/);
});

Deno.test("PAR takes no other port when one is taken", async () => {
  for (const name of ["REST_PORT", "A2A_PORT", "UI_PORT"]) {
    using taken = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    const AGENT_PACKAGE_PATH = await pack("sample");
    await using par = await boot({ AGENT_PACKAGE_PATH, [name]: String(taken.addr.port) });
    const { code, why } = await failed(par);
    assert.deepEqual([name, code], [name, 4]);
    assert.match(why, new RegExp(`port ${taken.addr.port} is taken`));
    await Deno.remove(`${Deno.env.get("TMPDIR")}/par/agent-venv/boot_failures.json`).catch(
      () => {},
    );
  }
});

Deno.test("PAR ends 10 where another runtime has its work folder, which is no failed boot", async () => {
  const env = { AGENT_PACKAGE_PATH: await pack("typescript") };
  await using first = await boot(env);
  await first.ready();
  const second = await boot(env);
  const { code, lines } = await second.ended();
  assert.equal(code, 10);
  assert.match(String(lines.at(-1)!.details.message), /another runtime works in/);
  await assert.rejects(
    Deno.stat(`${parFolder()}/agent-venv/boot_failures.json`),
    Deno.errors.NotFound,
  );
  assert.equal((await first.end()).code, 0);
});

Deno.test("PAR ends 2 where there is no store, and says which variable names it", async () => {
  const TMPDIR = await packages();
  const store = `${TMPDIR}/agent-venv`;
  await using par = await boot({
    TMPDIR,
    AGENT_VENV_STORE: store,
    AGENT_WORK_DIR: `${TMPDIR}/agent-runtime`,
    AGENT_PACKAGE_PATH: await pack("exports", TMPDIR),
  });
  const { code, lines } = await par.ended();
  assert.equal(code, 2);
  const { message, hint } = lines.at(-1)!.details;
  assert.equal(message, `AGENT_VENV_STORE ${store} is no folder`);
  assert.match(String(hint), /mkdir -p/);
});
