// flags: see the group `par-unit`
/**
 * The unit that the kit of PAR brings, as systemd reads it, and as a real systemd starts it: PAR boots
 * in it, makes its boxes in it, and cannot where one of the unit's relaxations is taken away.
 *
 * @module
 */
import assert from "node:assert/strict";
import { sluice } from "../cli/start_sluice.ts";
import { writeMachine } from "./booted_machine.ts";
import { mustRun, runProgram } from "./run_program.ts";
import { project } from "./runner_command.ts";

const unit = "sluice-par.service";

/** How a unit ended, as `systemctl show` tells it. */
interface Ended {
  readonly Result: string;
  readonly ExecMainStatus: string;
  readonly NRestarts: string;
  readonly ActiveState: string;
}

let compiled: Promise<string> | undefined;

/** The kit, compiled once for `/prog/par`. */
async function compile(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const args = ["compile", "par", "--output", `${folder}/par`, "--prefix", "/prog"];
  const { code, stderr } = await sluice(args, { cwd: folder });
  assert.equal(code, 0, stderr);
  return `${folder}/par`;
}

/** A world with the kit in it, as if it had been copied to `/prog/par`. */
async function world(agent: string, env: readonly string[] = []): Promise<string> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const names = ["etc/sluice", `units/${unit}.d`, "opt", "srv", "prog", "out"];
  for (const name of names) await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  const write = (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text);
  await mustRun("/usr/bin/cp", ["-r", await (compiled ??= compile()), `${folder}/prog/`]);
  await Deno.copyFile(`${folder}/prog/par/${unit}`, `${folder}/units/${unit}`);
  await Deno.copyFile(`${project}/tests/system/par_unit_driver.py`, `${folder}/prog/driver.py`);
  const fixture = `${project}/tests/fixtures/agents/${agent}`;
  const files = [...Deno.readDirSync(fixture)].map(({ name }) => name);
  const package_ = ["-m", "zipfile", "-c", `${folder}/srv/agent.apkg`, ...files];
  await mustRun("/usr/bin/python3", package_, { cwd: fixture });
  await write("prog/deno", ""); // Where the script puts one; the kit has its own.
  await writeMachine(folder);
  const variables = ["AGENT_APP_ID=a-1", "AGENT_PACKAGE_PATH=/srv/agent.apkg", ...env];
  await write("etc/sluice/par.env", `${variables.join("\n")}\n`);
  // What of the machine is not there, and where the output goes; nothing of the sandbox.
  await write(
    `units/${unit}.d/test.conf`,
    "[Unit]\nDefaultDependencies=no\n[Service]\nStandardOutput=append:/out/stdout\n" +
      "StandardError=append:/out/stderr\n",
  );
  return folder;
}

/** Boots it, and has the driver do its work there. */
async function drive(folder: string, ...args: readonly string[]): Promise<unknown> {
  const words = args.map((arg) => `"${arg}"`).join(" ");
  const early = "[Unit]\nDefaultDependencies=no\n";
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${folder}/units/${name}`, `${early}${text}`);
  await write("default.target", "Wants=driver.service\n");
  await write(
    "driver.service",
    "FailureAction=exit-force\n[Service]\nType=exec\nStandardError=file:/out/driver\n" +
      `ExecStart=/usr/bin/python3 -ISB /prog/driver.py ${words}\n`,
  );
  const script = `${project}/tests/system/boot_systemd.sh`;
  const booted = await runProgram("/bin/sh", [script, folder, Deno.execPath()]);
  const said = ["driver", "stderr", "stdout"].map((name) => `${folder}/out/${name}`)
    .map((path) => Deno.readTextFile(path).catch(String));
  const found = await Deno.readTextFile(`${folder}/out/found`).catch(() => undefined);
  assert.ok(found !== undefined, booted.stderr + (await Promise.all(said)).join("\n"));
  return JSON.parse(found);
}

Deno.test("systemd starts PAR, which serves, is started again when it was killed, and ends well", async () => {
  const folder = await world("sample", ["WHEELHOUSE_DIR=/srv/wheelhouse"]);
  await mustRun("/usr/bin/cp", ["-r", `${project}/artifacts/wheelhouse`, `${folder}/srv/`]);
  const found = await drive(folder, "serve") as Record<string, unknown>;
  const { kept, seen, ...rest } = found as { kept: string[]; seen: Record<string, string[]> };
  assert.deepEqual(rest, {
    ping: { pong: true, path: "/agents/a-1/api/ping" },
    root: false,
    executable: ["/opt/agent-venv", "/usr"],
    again: true,
    restarts: "1",
    ended: { Result: "success", ExecMainStatus: "0", NRestarts: "0", ActiveState: "inactive" },
  });
  assert.ok(kept.includes("active"), `${kept}`);
  assert.deepEqual(seen["/opt"], ["agent-venv"]);
  assert.ok(
    !seen["/etc"]!.includes("secret") && !seen["/etc"]!.includes("sluice"),
    `${seen["/etc"]}`,
  );
  assert.deepEqual(
    seen["/var/lib"]!.filter((name) => !["agent-runtime", "private", "sluice"].includes(name)),
    ["sluice-par"],
  );
});

Deno.test("PAR makes no box in its unit where one relaxation is taken away, and is not started again", async () => {
  const folder = await world("typescript");
  const less = [
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelTunables=yes",
    "ProcSubset=pid",
    ...["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"].map((kind) =>
      `RestrictNamespaces=~${kind}`
    ),
    "RestrictAddressFamilies=~AF_NETLINK",
    "SystemCallFilter=~mount",
    "SystemCallFilter=~umount2",
    "SystemCallFilter=~pivot_root",
    "SystemCallFilter=~capset",
  ];
  const found: Record<string, Ended & { readonly said: string }> = {};
  // A world lasts a minute at most.
  for (let at = 0; at < less.length; at += 5) {
    Object.assign(found, await drive(folder, "refuse", ...less.slice(at, at + 5)));
  }
  for (const line of less) {
    const { said, ...ended } = found[line]!;
    assert.match(said, /bwrap makes no box here/, `${line}: ${JSON.stringify(found)}`);
    assert.deepEqual(
      ended,
      { Result: "exit-code", ExecMainStatus: "7", NRestarts: "0", ActiveState: "failed" },
      line,
    );
  }
});
