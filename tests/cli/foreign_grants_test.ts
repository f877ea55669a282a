// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { foreignFile, foreignPipeline, runForeign, startAccepted } from "./foreign_bed.ts";
import { onlyRun } from "./only_run.ts";
import { sluice } from "./start_sluice.ts";

Deno.test("a step of others has nothing but its own grants", async () => {
  const cwd = await folderWith({ "secret.txt": "s3cr3t" });
  const tries = {
    read: `Deno.readTextFileSync("${cwd}/secret.txt")`,
    plan: `Deno.readDirSync("${cwd}/.sluice/runs").next()`,
    write: `Deno.writeTextFileSync("${cwd}/x", "")`,
    env: `Deno.env.get("HOME")`,
    net: `await Deno.connect({ hostname: "127.0.0.1", port: 9 })`,
    sys: `Deno.hostname()`,
    run: `new Deno.Command("/bin/true").outputSync()`,
    signal: `Deno.kill(1, "SIGTERM")`,
    ffi: `Deno.dlopen("/x.so", {})`,
    import: `await import("${cwd}/secret.txt")`,
    remote: `await import("https://example.com/x.ts")`,
    npm: `await import("npm:yaml")`,
  };
  const attempts = Object.entries(tries).map(([name, code]) =>
    `try { ${code}; told.push("${name}"); } catch (error) { told.push(error.name); }`
  );
  const ran = await runForeign({
    run: `
      const told = [];
      ${attempts.join("\n")}
      try { Deno.stdin.readable.getReader(); told.push("stdin"); } catch { told.push("locked"); }
      return { told };`,
  }, { cwd, stdin: "typed by the user\n" });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  const { facts } = ran.events.find(({ type }) => type === "step.done") as { facts: unknown };
  const refused = Object.keys(tries).map((name) =>
    ["import", "remote", "npm"].includes(name) ? "TypeError" : "NotCapable"
  );
  assert.deepEqual(facts, { told: [...refused, "locked"] });
});

Deno.test("a step of others that uses what it did not declare fails as refused", async () => {
  const { code, error } = await runForeign({ run: `Deno.readTextFileSync("/etc/hostname");` });
  assert.equal(code, 7);
  assert.equal(error!.message, 'the sandbox refused other: read access to "/etc/hostname"');
});

Deno.test("a step of others that may read the folder of runs does not", async () => {
  const cwd = await folderWith({});
  const { code, error } = await runForeign({
    grants: { read: [cwd], write: [`${cwd}/made`] },
    run: `
      await Deno.writeTextFile("${cwd}/made", "");
      for (const run of Deno.readDirSync("${cwd}/.sluice/runs")) console.log(run.name);`,
  }, { cwd });
  assert.equal(code, 7, JSON.stringify(error));
  assert.match(error!.message, /refused other: read access to .*\.sluice\/runs/);
  assert.ok(await Deno.stat(`${cwd}/made`));
});

Deno.test("a step of others cannot move the folder that holds all runs, and what is in it", async () => {
  const cwd = await folderWith({});
  await Deno.writeTextFile(
    `${cwd}/step.ts`,
    foreignFile({
      grants: { write: [cwd] },
      run: `await Deno.rename("${cwd}/.sluice", "${cwd}/moved"); return {};`,
    }),
  );
  await Deno.writeTextFile(`${cwd}/alone.yaml`, foreignPipeline());
  const { ended } = await startAccepted("alone.yaml", { cwd });
  const { code, stderr } = await ended;
  assert.equal(code, 7, stderr);
  assert.match(stderr, /other may not write .*: it holds .*\.sluice\/runs, where runs are kept/);
});

Deno.test("a step of others starts no program where no box can be put around it", async () => {
  const ran = await runForeign({
    grants: { run: [{ program: "true", args: [] }] },
    run: 'await ctx.exec({ program: "true", args: [] });',
  }, { args: ["--box", "none"] });
  assert.equal(ran.code, 7);
  assert.match(ran.said.join("\n"), /true may start in a box of its own only, and --box none/);
});

Deno.test("sluice audit compares what a step of others attempted with its own set", async () => {
  const cwd = await folderWith({ "in.txt": "" });
  const attempt = `
    await Deno.readTextFile("${cwd}/in.txt");
    await Deno.writeTextFile(await ctx.artifacts() + "/made", "");
    await Deno.writeTextFile(await ctx.scratch() + "/made", "");`;
  const audit = async () => await sluice(["audit", await onlyRun(cwd)], { cwd });
  const grants = { read: [`${cwd}/in.txt`] };
  await runForeign({ grants, run: attempt }, { cwd });
  const good = await audit();
  assert.equal(good.code, 0, good.stdout);
  assert.match(good.stdout, /attempted and not declared\n {2}nothing\n/);

  await Deno.remove(`${cwd}/.sluice`, { recursive: true });
  const more = "\nawait Deno.readTextFile('/etc/hostname').catch(() => {});";
  await runForeign({ grants: { ...grants, env: ["HOME"] }, run: attempt + more }, { cwd });
  const bad = await audit();
  assert.equal(bad.code, 1);
  assert.match(
    bad.stdout,
    /attempted and not declared\n {2}read \/etc\/hostname \(once, .*, by the process of other of\n {4}start 1\)/,
  );
  assert.match(bad.stdout, /declared and never attempted\n {2}other \(to run\), .*\n {4}env HOME/);
});
