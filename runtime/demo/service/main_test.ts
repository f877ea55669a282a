// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>
import assert from "node:assert/strict";
import { freePort } from "../free_port.ts";

interface Ledger extends AsyncDisposable {
  readonly url: string;
  readonly process: Deno.ChildProcess;
}

/** The service as a release would hold it, in a folder that may hold data of one before. */
async function start(dir: string, expects: readonly string[]): Promise<Ledger> {
  const port = freePort();
  await Deno.mkdir(`${dir}/files`, { recursive: true });
  await Deno.copyFile(new URL("main.ts", import.meta.url), `${dir}/files/main.ts`);
  await Deno.writeTextFile(
    `${dir}/files/release.json`,
    JSON.stringify({ version: "1.2.3", expects }),
  );
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-prompt", "--no-config", "--no-remote", "--no-npm"],
      `--allow-read=${dir}`,
      `--allow-write=${dir}/ledger`,
      `--allow-net=127.0.0.1:${port}`,
      `${dir}/files/main.ts`,
      `${port}`,
      `${dir}/ledger`,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.getReader();
  const said = new TextDecoder().decode((await reader.read()).value);
  assert.match(said, /ledger 1\.2\.3: listening/);
  return {
    url: `http://127.0.0.1:${port}`,
    process,
    async [Symbol.asyncDispose]() {
      try {
        process.kill("SIGTERM");
      } catch {
        // It was killed by the test.
      }
      await process.status;
      await reader.cancel();
    },
  };
}

async function add(url: string, id: string): Promise<void> {
  const answer = await fetch(`${url}/records`, { method: "POST", body: JSON.stringify({ id }) });
  assert.deepEqual([answer.status, await answer.json()], [201, { id, version: "1.2.3" }]);
}

async function get(url: string) {
  return await (await fetch(url)).json();
}

Deno.test("ledger: an acknowledged record outlives a kill, an unfinished line does not", async () => {
  const dir = await Deno.makeTempDir();
  {
    await using ledger = await start(dir, ["id"]);
    await Promise.all(["a", "b", "c"].map((id) => add(ledger.url, id)));
    ledger.process.kill("SIGKILL");
  }
  await Deno.writeTextFile(`${dir}/ledger`, '{"id":"d","b', { append: true });
  {
    await using ledger = await start(dir, ["id"]);
    const { records } = await get(`${ledger.url}/records`);
    assert.deepEqual(records.map(({ id }: { id: string }) => id).sort(), ["a", "b", "c"]);
    await add(ledger.url, "e");
  }
  assert.match(await Deno.readTextFile(`${dir}/ledger`), /\n\{"id":"e","by":"1\.2\.3"\}\n$/);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("ledger: a release that expects what records lack is unhealthy, with status 200", async () => {
  const dir = await Deno.makeTempDir();
  {
    await using ledger = await start(dir, ["id", "account"]);
    assert.equal((await get(`${ledger.url}/healthz`)).status, "healthy");
    await add(ledger.url, "a");
    const health = await fetch(`${ledger.url}/healthz`);
    assert.equal(health.status, 200);
    assert.deepEqual(await health.json(), {
      status: "unhealthy",
      version: "1.2.3",
      checks: { records: { status: "unhealthy", details: "records lack account" } },
    });
  }
  await Deno.remove(dir, { recursive: true });
});
