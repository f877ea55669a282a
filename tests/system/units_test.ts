// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/systemd-analyze
//        --ignore-env=LOG_TOKENS,LOG_STREAM
/**
 * What systemd itself says of the units that are rendered.
 *
 * @module
 */
import assert from "node:assert/strict";
import { renderLauncherUnit } from "../../engine/permissions/render/launcher_unit/launcher_unit.ts";
import { parUnit } from "../../engine/permissions/render/launcher_unit/par_unit_test.ts";
import type { RenderedSurface } from "../../engine/permissions/render/rendering.ts";
import { renderSystemd } from "../../engine/permissions/render/systemd.ts";
import {
  quietSurface,
  upgradeSurface,
} from "../../engine/permissions/render/upgrade_surface_test.ts";

Deno.test("systemd finds no fault in a unit, and an exposure of at most 1.5 without programs", async () => {
  const exposure = await analyse(quietSurface);
  assert.ok(exposure > 0 && exposure <= 1.5, `${exposure}`);
});

Deno.test("systemd finds no fault in a unit, and an exposure of at most 2.5 with programs", async () => {
  const surface = await upgradeSurface();
  const programs = new Set(surface.set.run.map(({ program }) => program));
  assert.deepEqual([...programs].sort(), ["journalctl", "ln", "systemctl"]);
  const exposure = await analyse(surface);
  assert.ok(exposure > 0 && exposure <= 2.5, `${exposure}`);
});

Deno.test("systemd finds no fault in the unit of PAR, and an exposure of at most 2.4 with its boxes", async () => {
  // On the network, to any address, and with what bubblewrap needs.
  const { text } = renderLauncherUnit(await parUnit());
  const exposure = await analyseText(
    "par",
    text.replace(/^ExecStart=.*/m, "ExecStart=/usr/bin/true"),
  );
  assert.ok(exposure > 0 && exposure <= 2.4, `${exposure}`);
});

Deno.test("systemd finds no fault in a unit with odd names", async () => {
  const set = {
    ...quietSurface.set,
    read: ["/srv/a b", '/srv/q"q', "/srv/50%", "/srv/ä"],
    write: ["/srv/w w"],
  };
  await analyse({ ...quietSurface, name: "odd name%", summary: "50% of\nall", set });
  await analyse({ ...quietSurface, exec: ["/usr/bin/true", "a b", "$HOME", "%h", '"', "\\", ""] });
});

Deno.test("systemd finds the fault in a unit that has one", async () => {
  const file = await write("broken", "[Service]\nExecStart=/usr/bin/true\nProtectSystem=strictt\n");
  const { stderr } = await systemdAnalyse("verify", file);
  assert.match(stderr, /strictt/);
});

/** Asserts that a unit has no fault; returns its exposure. */
async function analyse(surface: RenderedSurface): Promise<number> {
  return await analyseText(surface.name, renderSystemd(surface).text);
}

async function analyseText(name: string, text: string): Promise<number> {
  const file = await write(name, text);
  const verified = await systemdAnalyse("verify", file);
  assert.deepEqual([verified.code, verified.stderr, verified.stdout], [0, "", ""], text);
  const judged = await systemdAnalyse("security", "--offline=true", "--no-pager", file);
  const exposure = /Overall exposure level for .*: ([\d.]+)/.exec(judged.stdout)?.[1];
  assert.ok(exposure !== undefined, judged.stdout + judged.stderr);
  return Number(exposure);
}

async function write(name: string, text: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/sluice-${name.replaceAll(/[^a-z]/g, "-")}.service`;
  await Deno.writeTextFile(file, text);
  return file;
}

async function systemdAnalyse(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("/usr/bin/systemd-analyze", {
    args: [...args],
    clearEnv: true,
    env: { SYSTEMD_COLORS: "0" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
