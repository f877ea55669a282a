// flags: --allow-read=/ --allow-write=<tmp> --allow-run=<deno>,/usr/bin/bwrap,/bin/sh --allow-net=127.0.0.1 --allow-env=<what the launcher hands on>
/**
 * What an installation cannot reach, whatever code of the package it runs.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { SecretRef } from "../../../engine/schema/types.ts";
import { startIndex } from "./package_index.ts";
import { runPython, uv, venvBed } from "./venv_bed.ts";

/** A package whose `setup.py` does something, and takes what came of it along as `agent.said`. */
const curious = (code: string) => ({
  "setup.py": `import os, socket
from setuptools import setup
def attempt(what):
    try:
        return repr(what())
    except OSError as error:
        return type(error).__name__ + " " + os.strerror(error.errno or 0)
said = ${code}
os.makedirs("agent", exist_ok=True)
open("agent/__init__.py", "w").write("said = " + repr(said))
setup(name="agent", version="1", packages=["agent"])
`,
});

for (const [tool, given] of [["uv", uv], ["pip", ""]] as const) {
  Deno.test(`${tool}: with a wheelhouse the installer has no network, not even loopback`, async () => {
    let connections = 0;
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => (connections++, new Response("here")),
    );
    const { port } = server.addr;
    const bed = await venvBed(given);
    await bed.write(curious(
      `[attempt(lambda: socket.create_connection(("127.0.0.1", ${port}), 2)),
        attempt(lambda: socket.create_connection(("192.0.2.1", 443), 2)),
        sorted(name for _, name in socket.if_nameindex())]`,
    ));
    await bed.boot({ install: "project" });
    const said = await runPython(bed, "import agent; print('|'.join(map(str, agent.said)))");
    const refused = "ConnectionRefusedError Connection refused";
    assert.equal(said, `${refused}|OSError Network is unreachable|['lo']`);
    assert.equal(connections, 0);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), "here");
  });

  Deno.test(`${tool}: the machine's own Python is left as it was`, async () => {
    for (const install_box of ["boxed", "container"] as const) {
      const before = await snapshot();
      const bed = await venvBed(given, { install_box });
      await bed.write({ "requirements.txt": "idna\n" });
      await bed.boot({ install: "requirements" });
      assert.deepEqual(await snapshot(), before);
      const site = await runPython(bed, "import site, sys; print(site.ENABLE_USER_SITE, sys.path)");
      assert.match(site, /^False /);
      assert.doesNotMatch(site, /dist-packages/);
    }
  });

  Deno.test(`${tool}: an index is asked with its password, which nobody sees`, async () => {
    const password = "s3cret-of-the-index";
    await using index = startIndex(password);
    const params = { wheelhouse: "", index_url: "env:INDEX" as SecretRef };
    const secrets = { "env:INDEX": index.url };
    const bed = await venvBed(given, params);
    await bed.write({ "requirements.txt": "idna\n" });
    await bed.boot({ install: "requirements" }, { secrets });
    assert.ok(index.asked.includes("/simple/idna/"), index.asked.join(" "));
    await bed.write({ "requirements.txt": "no-such-thing\n" });
    await assert.rejects(bed.boot({ install: "requirements" }, { secrets }), (error: Error) => {
      assert.match(error.message, /cannot install no-such-thing/);
      assert.ok(!error.message.includes(password), error.message);
      return true;
    });
    // uv and pip star it out themselves; code of the package that prints it does not.
    const url = `os.environ.get("UV_DEFAULT_INDEX") or os.environ["PIP_INDEX_URL"]`;
    const loud = `import os, urllib.parse\nurl = ${url}\n` +
      `raise SystemExit(url + " and " + urllib.parse.urlsplit(url).password)\n`;
    await bed.write({ "setup.py": loud });
    await assert.rejects(bed.boot({ install: "project" }, { secrets }), (error: Error) => {
      assert.match(error.message, /\*\*\* and \*\*\*|\*\*\*@127\.0\.0\.1.* and \*\*\*/);
      assert.ok(!error.message.includes(password), error.message);
      return true;
    });
    for (const text of await everyText([bed.params.store, bed.params.work])) {
      assert.ok(!text.text.includes(password), text.path);
    }
  });
}

Deno.test("code of the package writes the store alone, and sees no other process", async () => {
  const bed = await venvBed(uv);
  const outside = `${bed.params.work}/outside`;
  await bed.write(curious(
    `[attempt(lambda: open(path, "w")) for path in
        ("${outside}", "${bed.params.work}/package/x", "${bed.params.work}/installer/main.py",
         "/usr/lib/python3/dist-packages/x.pth", "/etc/x")] + [str(len([
           name for name in os.listdir("/proc") if name.isdigit()]) < 12)]`,
  ));
  await bed.boot({ install: "project" });
  const said = (await runPython(bed, "import agent; print('|'.join(agent.said))")).split("|");
  for (const each of said.slice(0, -1)) {
    assert.match(each, /Read-only file system|No such file|Permission denied/, said.join());
  }
  await assert.rejects(Deno.stat(outside), Deno.errors.NotFound);
  assert.equal(said.at(-1), "True");
});

/** Name, size and time of every file of the system's Python. */
async function snapshot(): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      const { size, mtime } = await Deno.lstat(path);
      found.push(`${path} ${isDirectory ? "" : size} ${mtime?.getTime()}`);
      if (isDirectory) await walk(path);
    }
  };
  for (const { name } of [...Deno.readDirSync("/usr/lib"), ...Deno.readDirSync("/usr/local/lib")]) {
    if (!/^python3/.test(name)) continue;
    for (const folder of [`/usr/lib/${name}`, `/usr/local/lib/${name}`]) {
      await walk(folder).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  }
  assert.ok(found.length > 100);
  return found.sort();
}

async function everyText(folders: readonly string[]): Promise<{ path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      else if (isFile) found.push({ path, text: await Deno.readTextFile(path) });
    }
  };
  for (const folder of folders) await walk(folder);
  return found;
}
