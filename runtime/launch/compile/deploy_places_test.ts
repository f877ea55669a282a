import assert from "node:assert/strict";
import { UsageError } from "../../../engine/errors.ts";
import { deployedSurface } from "../places.ts";
import { findDeployPlaces } from "./deploy_places.ts";

const find = (text: string) => findDeployPlaces(text.split(" "), "watch", "/home/me");

Deno.test("findDeployPlaces() reads where a kit is made, and where it will lie", () => {
  assert.deepEqual(find("compile watch --output dist/watch --binary --program ln=/bin/ln"), {
    output: "/home/me/dist/watch",
    prefix: "/usr/lib/sluice",
    unitDir: "/etc/systemd/system",
    root: "",
    runs: "/var/lib/sluice/watch",
    programs: { ln: "/bin/ln" },
    binary: true,
    dryRun: false,
  });
  const installed = find("install watch --root=image --prefix /opt/kits --runs /data/runs");
  assert.equal(installed.root, "/home/me/image");
  assert.equal(installed.prefix, "/opt/kits");
  assert.equal(installed.runs, "/data/runs");
  assert.equal(find("install watch --root /").root, "");
});

Deno.test("findDeployPlaces() refuses a place on the machine that is none", () => {
  for (
    const text of [
      "--prefix lib",
      "--prefix /",
      "--unit-dir ../units",
      "--runs /a/../b",
      "--program ln",
      "--program ln=bin/ln",
    ]
  ) {
    assert.throws(() => find(`install watch ${text}`), UsageError, text);
  }
});

Deno.test("deployedSurface() is the surface of the commands that make something for a machine", () => {
  const surface = (text: string) => deployedSurface(text.split(" "));
  assert.equal(surface("compile watch --output dist"), "watch");
  assert.equal(surface("compile --output dist --binary watch"), "watch");
  assert.equal(surface("install --param root=/x --unit-dir /u watch --dry-run"), "watch");
  assert.equal(surface("run watch"), undefined);
});
