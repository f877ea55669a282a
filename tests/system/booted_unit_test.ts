// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/bin/sh
//        --ignore-env=LOG_TOKENS,LOG_STREAM
/**
 * Units that are rendered, started by a real systemd: what they let a process do and what they refuse.
 *
 * @module
 */
import assert from "node:assert/strict";
import { permissions } from "../../engine/permissions/permissions.ts";
import type { RenderedSurface } from "../../engine/permissions/render/rendering.ts";
import { renderSystemd } from "../../engine/permissions/render/systemd.ts";
import { quietSurface } from "../../engine/permissions/render/upgrade_surface_test.ts";
import { writeMachine } from "./booted_machine.ts";

const project = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const places = { project: "/prog", deno: "/prog/deno", runs: "/var/lib/sluice/runs", tmp: "/tmp" };

Deno.test("a unit without programs shows and lets reach what is declared, and nothing else", async () => {
  const set = permissions({
    read: ["/srv/in"],
    write: ["/var/lib/sluice/runs"],
    connect: ["127.0.0.1:7443", "localhost:7444"],
    listen: ["127.0.0.1:9090"],
  });
  const found = await boot({ ...quietSurface, set, places }, [
    "uid",
    "list /",
    "list /etc",
    "list /srv",
    "list /srv/in",
    "list /root",
    "list /run/systemd/system",
    "write /srv/in/new",
    "write /etc/new",
    "write /usr/new",
    "write /var/lib/sluice/runs/new",
    "write /var/lib/new",
    "connect 127.0.0.1:7443",
    "connect localhost:7444",
    "connect 127.0.0.2:7443",
    "socket /run/systemd/private",
    "run /usr/bin/id",
    "run /bin/sh -c id",
    "plant /usr/bin/id /var/lib/sluice/runs/x/id",
    "run /var/lib/sluice/runs/x/id",
    "plant /usr/bin/id /tmp/x/id",
    "run /tmp/x/id",
  ]);
  assert.deepEqual(found, {
    "uid": "not root",
    "list /": "bin dev etc lib lib64 proc prog root run sbin srv sys tmp usr var",
    "list /etc": "hosts ld.so.cache",
    "list /srv": "in",
    "list /srv/in": "a",
    "list /root": "PermissionDenied",
    "list /run/systemd/system": "NotFound",
    "write /srv/in/new": "Error",
    "write /etc/new": "Error",
    "write /usr/new": "Error",
    "write /var/lib/sluice/runs/new": "ok",
    "write /var/lib/new": "Error",
    // Nobody listens, but the question was let through.
    "connect 127.0.0.1:7443": "ConnectionRefused",
    "connect localhost:7444": "ConnectionRefused",
    "connect 127.0.0.2:7443": "no answer",
    "socket /run/systemd/private": "Error",
    "run /usr/bin/id": "PermissionDenied",
    "run /bin/sh -c id": "PermissionDenied",
    "plant /usr/bin/id /var/lib/sluice/runs/x/id": "ok",
    "run /var/lib/sluice/runs/x/id": "PermissionDenied",
    "plant /usr/bin/id /tmp/x/id": "ok",
    "run /tmp/x/id": "PermissionDenied",
  });
});

Deno.test("a unit with programs lets those do their work, and no others", async () => {
  const grant = (program: string, ...args: string[]) => ({ program, args, env: [] });
  const set = permissions({
    read: ["/opt/atp"],
    write: ["/opt/atp"],
    run: [
      grant("ln", "-s", "--", "releases/*", "*"),
      grant("systemctl", "start", "--", "atp-*"),
      grant("systemctl", "show", "--property=ActiveState", "--", "atp-*"),
    ],
  });
  const programs = { ln: "/usr/bin/ln", systemctl: "/usr/bin/systemctl" };
  const found = await boot({ ...quietSurface, set, places, programs }, [
    "uid",
    "run /usr/bin/ln -s -- releases/1 /opt/atp/current",
    "list /opt/atp",
    "run /usr/bin/ln -s -- releases/1 /srv/current",
    "run /usr/bin/systemctl show --property=ActiveState -- atp-router.service",
    "run /usr/bin/systemctl start -- atp-router.service",
    "then run /usr/bin/systemctl show --property=ActiveState -- atp-router.service",
    "run /usr/bin/id",
    "run /usr/bin/systemd-run /usr/bin/id",
    "list /srv",
    "connect 127.0.0.1:7443",
  ]);
  assert.deepEqual(found, {
    "uid": "root",
    "run /usr/bin/ln -s -- releases/1 /opt/atp/current": "0",
    "list /opt/atp": "current",
    "run /usr/bin/ln -s -- releases/1 /srv/current":
      "1 /usr/bin/ln: failed to create symbolic link '/srv/current': No such file or directory",
    "run /usr/bin/systemctl show --property=ActiveState -- atp-router.service":
      "0 ActiveState=inactive",
    "run /usr/bin/systemctl start -- atp-router.service": "0",
    "then run /usr/bin/systemctl show --property=ActiveState -- atp-router.service":
      "0 ActiveState=active",
    "run /usr/bin/id": "PermissionDenied",
    "run /usr/bin/systemd-run /usr/bin/id": "PermissionDenied",
    "list /srv": "NotFound",
    "connect 127.0.0.1:7443": "Error",
  });
});

/** Starts the unit of a surface under a systemd of its own; returns what each attempt came to. */
async function boot(
  surface: RenderedSurface,
  attempts: readonly string[],
): Promise<Record<string, string>> {
  const folder = await Deno.makeTempDir();
  for (const name of ["units", "opt/atp", "srv/in", "srv/out", "prog", "out"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  const write = (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text);
  await write("srv/in/a", "a");
  await write("prog/deno", "");
  await Deno.copyFile(`${project}/tests/system/booted_probe.ts`, `${folder}/prog/probe.ts`);
  await writeMachine(folder);

  const paths = "/srv,/etc,/root,/opt,/tmp,/usr,/var,/run,/bin";
  const { text } = renderSystemd({
    ...surface,
    exec: [
      "/prog/deno",
      ...["run", "--no-prompt", "--allow-sys=uid", `--allow-read=/,${paths}`],
      ...[
        `--allow-write=${paths}`,
        "--allow-net=127.0.0.1,127.0.0.2,localhost,unix:/run/systemd/private",
      ],
      "--allow-run=/usr/bin/id,/bin/sh,/usr/bin/ln,/usr/bin/systemctl,/usr/bin/systemd-run," +
      "/tmp/x/id,/var/lib/sluice/runs/x/id",
      "/prog/probe.ts",
      ...attempts,
    ],
  });
  const unit = `sluice-${surface.name}.service`;
  const early = "[Unit]\nDefaultDependencies=no\n";
  await write(`units/${unit}`, text);
  await Deno.mkdir(`${folder}/units/${unit}.d`);
  // What of the machine is not there, and where the output goes; nothing of the sandbox.
  await write(
    `units/${unit}.d/test.conf`,
    `${early}SuccessAction=exit-force\nFailureAction=exit-force\n[Service]\n` +
      "StandardOutput=file:/out/stdout\nStandardError=file:/out/stderr\n",
  );
  await write("units/default.target", `${early}Wants=${unit}\n`);
  await write(
    "units/atp-router.service",
    `${early}[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/bin/true\n`,
  );
  const ended = await new Deno.Command("/bin/sh", {
    args: [`${project}/tests/system/boot_systemd.sh`, folder, Deno.execPath()],
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(ended.stderr);
  assert.equal(ended.code, 0, said + await Deno.readTextFile(`${folder}/out/stderr`).catch(String));
  return JSON.parse(await Deno.readTextFile(`${folder}/out/stdout`));
}
