// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/unshare
//        --ignore-env=LOG_TOKENS,LOG_STREAM
/**
 * The rules that are rendered, in force in a network namespace: what passes and what does not.
 *
 * @module
 */
import assert from "node:assert/strict";
import { permissions } from "../../engine/permissions/permissions.ts";
import { renderNftables } from "../../engine/permissions/render/nftables.ts";
import {
  quietSurface,
  upgradeSurface,
} from "../../engine/permissions/render/upgrade_surface_test.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

Deno.test("nft loads the rules of every surface, and refuses a file with a fault", async () => {
  const odd = permissions({
    connect: ["10.0.0.5", "[2001:db8::1]:443", "localhost:80", "example.com:1", "unix:/run/x"],
    listen: ["0.0.0.0:8080", "[::]:8443", "127.0.0.1:0"],
  });
  for (const surface of [quietSurface, await upgradeSurface(), { ...quietSurface, set: odd }]) {
    for (const user of [undefined, "65534", "root"]) {
      const { text } = renderNftables({ ...surface, ...(user === undefined ? {} : { user }) });
      assert.deepEqual(await check(text), "", text);
      assert.match(await check(text.replace("policy accept", "policy accpt")), /accpt/);
    }
  }
});

Deno.test("the rules let a user reach what is declared and nothing else, and no other user is held", async () => {
  const set = permissions({
    connect: ["10.9.0.1:7443", "[fd00::1]:7443"],
    listen: ["10.9.0.1:9090"],
  });
  const { text, unsaid } = renderNftables({ ...quietSurface, set, user: "65534" });
  assert.deepEqual(unsaid, []);
  const rules = await write(text);
  const { code, stdout, stderr } = await unshare(
    Deno.execPath(),
    ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
    "--allow-net=10.9.0.1,10.9.0.2,[fd00::1]",
    "--allow-run=/usr/sbin/ip,/usr/sbin/nft,/usr/bin/setpriv,/usr/bin/perl",
    `${project}/tests/system/nftables_world.ts`,
    rules,
  );
  assert.equal(code, 0, stderr);
  const all = { "10.9.0.1:7443": true, "10.9.0.1:7444": true, "10.9.0.2:7443": true };
  const reached = {
    ...all,
    "10.9.0.2:7444": true,
    "[fd00::1]:7443": true,
    "[fd00::1]:7444": true,
  };
  const none = Object.fromEntries(Object.keys(reached).map((name) => [name, false]));
  assert.deepEqual(JSON.parse(stdout), {
    before: reached,
    nobody: { ...none, "10.9.0.1:7443": true, "[fd00::1]:7443": true },
    others: reached,
    listening: { 9090: true, 9091: false },
  });
});

/** What `nft -c` says of a file, in a network namespace of its own. */
async function check(text: string): Promise<string> {
  const { code, stderr } = await unshare("/usr/sbin/nft", "-c", "-f", await write(text));
  assert.equal(code === 0, stderr === "");
  return stderr;
}

async function write(text: string): Promise<string> {
  const file = `${await Deno.makeTempDir()}/rules.nft`;
  await Deno.writeTextFile(file, text);
  return file;
}

async function unshare(...command: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("/usr/bin/unshare", {
    args: ["--net", "--", ...command],
    stdin: "null",
  }).output();
  const said = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: said(stdout), stderr: said(stderr) };
}
