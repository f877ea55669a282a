import assert from "node:assert/strict";
import * as v from "valibot";
import { installerArguments, venvParams, venvPermissions } from "./venv_params.ts";

const parse = (more: Record<string, unknown> = {}) =>
  v.parse(venvParams, { store: "/opt/agent-venv", work: "/var/lib/agent-runtime", ...more });

Deno.test("venvPermissions() gives the installer the store to write, and a network without wheels", () => {
  const { run, write, read } = venvPermissions(parse());
  assert.deepEqual(write, ["/var/lib/agent-runtime/installer"]);
  assert.ok(read.includes("/usr/bin/python3"));
  assert.deepEqual(run, [{
    program: "python3",
    args: installerArguments(parse()),
    env: [],
    brokered: true,
    box: {
      read: ["/var/lib/agent-runtime/package", "/var/lib/agent-runtime/installer"],
      write: ["/opt/agent-venv"],
      network: true,
    },
  }]);
});

Deno.test("venvPermissions() gives no network with a wheelhouse, and no box where none is made", () => {
  const boxed = venvPermissions(parse({ wheelhouse: "/opt/wheels" })).run[0]!;
  assert.equal(boxed.box?.network, false);
  assert.ok(boxed.box?.read.includes("/opt/wheels"));
  assert.equal(venvPermissions(parse({ install_box: "container" })).run[0]!.box, undefined);
});

Deno.test("venvPermissions() shows the box an interpreter and a uv that lie elsewhere", () => {
  const params = parse({ python: "/opt/py/bin/python3.11", uv: "/opt/uv/uv" });
  const { read, run } = venvPermissions(params);
  assert.deepEqual(run[0]!.box?.read.slice(2), ["/opt/py", "/opt/uv/uv"]);
  assert.ok(read.includes("/opt/py/bin/python3.11"));
  const system = venvPermissions(parse({ python: "/usr/local/bin/python3.11", uv: "/usr/bin/uv" }));
  assert.equal(system.run[0]!.box?.read.length, 2);
});

Deno.test("venvPermissions() reads where the index's URL is, and hands it on as one variable", () => {
  const of = (index_url: string) => venvPermissions(parse({ index_url }));
  assert.deepEqual(of("env:PIP_INDEX_URL").env, ["PIP_INDEX_URL"]);
  assert.ok(of("file:/run/index").read.includes("/run/index"));
  assert.deepEqual(of("env:PIP_INDEX_URL").run[0]!.env, ["SLUICE_INDEX_URL"]);
});
