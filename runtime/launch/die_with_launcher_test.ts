// flags:
import assert from "node:assert/strict";
import { dieWithLauncher, withoutOpen } from "./die_with_launcher.ts";

const command = { program: "/bin/deno", args: ["run", "x.ts"], env: { A: "b" }, cwd: "/" };
const path = "/usr/bin/setpriv";
const shut = ["/bin/sh", "-c", 'exec 7<&-; exec "$@"', "sluice"];

Deno.test("dieWithLauncher() ties a command, and closes what is open before it begins", () => {
  const tied = (...before: string[]) => ({
    ...command,
    program: path,
    args: ["--pdeathsig", "KILL", "--", ...before, "/bin/deno", "run", "x.ts"],
  });
  assert.deepEqual(dieWithLauncher(command, { path }), tied());
  assert.deepEqual(dieWithLauncher(command, { path, shut }), tied(...shut));
});

Deno.test("withoutOpen() ties nothing, and does nothing where nothing is open", () => {
  assert.equal(withoutOpen(command, { path }), command);
  const args = ["--", ...shut, "/bin/deno", "run", "x.ts"];
  assert.deepEqual(withoutOpen(command, { path, shut }), { ...command, program: path, args });
});

Deno.test("both leave a command as it is where no setpriv may be started", () => {
  assert.equal(dieWithLauncher(command), command);
  assert.equal(withoutOpen(command), command);
});
