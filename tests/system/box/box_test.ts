// flags: --allow-read=/ --allow-write=<tmp> --allow-run=<deno>,/usr/bin/bwrap --allow-net=127.0.0.1 --allow-env=<what Deno needs>
/**
 * What a program finds in the box of a runner that started it, and what it finds in none.
 *
 * @module
 */
import assert from "node:assert/strict";
import { permissions } from "../../../engine/permissions/permissions.ts";
import { denoCache } from "../../../runtime/launch/deno_folders.ts";
import { project } from "../runner_command.ts";
import { bubblewrap, noBox, runInBox, shell, shellScript } from "./box_world.ts";

/** A folder with one file, and nothing that names it. */
async function folder(text = "kept"): Promise<string> {
  const made = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${made}/file`, text);
  return made;
}

/** Runs lines of shell with a set that may do so, in a box and in none. */
async function inBoth(
  lines: string,
  args: readonly string[],
  parts: Parameters<typeof permissions>[0] = {},
) {
  const set = permissions({ ...parts, run: [shell] });
  const run = async (box: typeof bubblewrap) =>
    (await runInBox(box, { script: shellScript, args: [lines, "sh", ...args], set })).stdout
      .trimEnd();
  return { boxed: await run(bubblewrap), free: await run(noBox) };
}

Deno.test("in a box there are the declared paths, and no others", async () => {
  const [declared, other] = [await folder("declared"), await folder("other")];
  const { boxed, free } = await inBoth(
    `cat "$1/file"; cat "$2/file" 2>/dev/null || echo " nothing"`,
    [declared, other],
    { read: [declared] },
  );
  assert.equal(boxed, "declared nothing");
  assert.equal(free, "declaredother");
});

Deno.test("in a box there is nothing of the machine but what programs need to run", async () => {
  const { boxed } = await inBoth("ls -a / /etc /home /root /var 2>/dev/null", []);
  const lists = Object.fromEntries(
    boxed.split("\n\n").map((list) => {
      const [name, ...entries] = list.split("\n");
      return [name!.replace(":", ""), entries];
    }),
  );
  const known = [
    ".",
    "..",
    "bin",
    "dev",
    "etc",
    "lib",
    "lib32",
    "lib64",
    "nix",
    "proc",
    "sbin",
    "tmp",
    "usr",
  ];
  // Where the project, Deno and its cache are, there is a folder that holds nothing else.
  const ways = [project, Deno.execPath(), denoCache()!, await Deno.makeTempDir()]
    .map((path) => path.split("/")[1]!);
  assert.deepEqual(lists["/"]!.filter((name) => ![...known, ...ways].includes(name)), []);
  assert.ok(!lists["/etc"]!.includes("shadow"));
  if (!ways.includes("var")) assert.equal(lists["/var"], undefined);
});

Deno.test("no program in a box reads /etc/shadow", async () => {
  const { boxed, free } = await inBoth('grep -c "^root:" /etc/shadow 2>/dev/null || echo no', []);
  assert.equal(boxed, "no");
  if (Deno.uid() === 0) assert.equal(free, "1");
});

Deno.test("no program in a box opens a setting of the kernel to write, whoever started it", async () => {
  // They are opened, and nothing is written.
  const lines = `
for file in /proc/sys/kernel/core_pattern /proc/sys/vm/panic_on_oom /proc/self/oom_score_adj; do
  { true >> $file; } 2>/dev/null && echo $file
done
echo "core_pattern is $(cat /proc/sys/kernel/core_pattern)"`;
  const { boxed, free } = await inBoth(lines, []);
  assert.match(boxed, /^core_pattern is .+$/);
  assert.match(free, Deno.uid() === 0 ? /^\/proc\/sys\/kernel\/core_pattern\n/ : /oom_score_adj/);
});

Deno.test("what is written in a box outside of the declared paths fails, and is not lost unseen", async () => {
  const [out, aside] = [await folder(), await folder()];
  const { boxed, free } = await inBoth(
    `for at in "$1" "$2" "\${1%/*}" /etc /; do
      echo x 2>/dev/null >"$at/.sluice-written" && echo "$at" && rm -f "$at/.sluice-written"
    done 2>/dev/null; true`,
    [out, aside],
    { read: [out], write: [out] },
  );
  assert.equal(boxed, out);
  assert.ok(free.includes(aside), free);
});

Deno.test("code and Deno's cache are read-only in a box, whatever may be written above them", async () => {
  const top = await folder();
  await Deno.mkdir(`${top}/code`);
  await Deno.writeTextFile(`${top}/code/main.ts`, "1;");
  const set = permissions({ read: [top], write: [top], run: [shell] });
  const lines = `for at in "$@"; do touch "$at/x" 2>&1 && echo "wrote $at" && rm -f "$at/x"; done`;
  const { stdout } = await runInBox(bubblewrap, {
    script: shellScript,
    args: [lines, "sh", top, `${top}/code`, `${project}/engine`, denoCache()!],
    set,
    inside: { code: [`${top}/code`] },
  });
  assert.match(stdout, new RegExp(`^wrote ${top}$`, "m"));
  assert.equal(stdout.match(/Read-only file system/g)?.length, 3, stdout);
});

Deno.test("a process in a box sees no other process, and reaches none by its id", async () => {
  const { boxed, free } = await inBoth(
    'kill -0 "$1" 2>/dev/null && echo reached; ls /proc | grep -c "^[0-9]"',
    [String(Deno.pid)],
  );
  assert.ok(Number(boxed) < 10, boxed);
  assert.match(free, /^reached\n/);
});

Deno.test("a process in a box has no capabilities, and a setuid program gives it none", async () => {
  const { boxed } = await inBoth('grep -E "^(NoNewPrivs|Cap)" /proc/self/status | tr -d "\\t"', []);
  const none = "0".repeat(16);
  assert.deepEqual(boxed.split("\n").sort(), [
    `CapAmb:${none}`,
    `CapBnd:${none}`,
    `CapEff:${none}`,
    `CapInh:${none}`,
    `CapPrm:${none}`,
    "NoNewPrivs:1",
  ]);
});

Deno.test("the environment of a box is what Deno needs and what was granted", async () => {
  Deno.env.set("SLUICE_LAUNCH_TEST", "granted");
  Deno.env.set("SLUICE_LAUNCH_OTHER", "not granted");
  try {
    const { boxed } = await inBoth("env | cut -d= -f1 | sort", [], { env: ["SLUICE_LAUNCH_TEST"] });
    const names = boxed.split("\n");
    assert.ok(names.includes("SLUICE_LAUNCH_TEST"));
    // The shell adds the last two.
    const needed =
      /^(HOME|DENO_|TMPDIR|XDG_CACHE_HOME|SSL_CERT_|NODE_EXTRA_CA_CERTS|NO_COLOR|PWD|PATH)/;
    assert.deepEqual(names.filter((name) => !needed.test(name)), ["SLUICE_LAUNCH_TEST"]);
  } finally {
    Deno.env.delete("SLUICE_LAUNCH_TEST");
    Deno.env.delete("SLUICE_LAUNCH_OTHER");
  }
});

Deno.test("a box is on the network only where a host was granted", async () => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accept = (async () => {
    for await (const connection of server) connection.close();
  })();
  const { port } = server.addr;
  const lines = `bash -c "exec 3<>/dev/tcp/127.0.0.1/$1" 2>/dev/null && echo connected || echo not`;
  const without = await inBoth(lines, [String(port)]);
  assert.deepEqual(without, { boxed: "not", free: "connected" });
  const granted = await inBoth(lines, [String(port)], { connect: [`127.0.0.1:${port}`] });
  assert.equal(granted.boxed, "connected");
  server.close();
  await accept;
});

Deno.test("in a box a file is replaced in one rename, and a folder that is not there yet is made", async () => {
  const top = await folder();
  const set = permissions({
    read: [`${top}/file`, `${top}/file.aside`, `${top}/new`],
    write: [`${top}/file`, `${top}/file.aside`, `${top}/new`],
  });
  const { code, stderr, notes } = await runInBox(bubblewrap, {
    script: `
      const [top] = Deno.args;
      await Deno.writeTextFile(top + "/file.aside", "replaced");
      await Deno.rename(top + "/file.aside", top + "/file");
      await Deno.mkdir(top + "/new/deep", { recursive: true });
      await Deno.writeTextFile(top + "/new/deep/file", "made");
      await Deno.remove(top + "/new/deep", { recursive: true });
      await Deno.remove(top + "/new");
    `,
    args: [top],
    set,
  });
  assert.equal(code, 0, stderr);
  assert.equal(await Deno.readTextFile(`${top}/file`), "replaced");
  assert.deepEqual(notes, [
    `${top} may be written: ${top}/file has to be replaceable`,
    `${top} may be written: ${top}/file.aside is not there yet`,
    `${top} may be written: ${top}/new is not there yet`,
  ]);
});

Deno.test("a path is spelled in a box as on the machine, through links", async () => {
  const top = await folder("through");
  await new Deno.Command("/bin/sh", {
    args: ["-c", 'ln -s . "$1/round" && ln -s "$1/round" "$1/abs"', "sh", top],
    clearEnv: true,
  }).output();
  const spelled = `${top}/abs/file`;
  const { boxed } = await inBoth('cat "$1"', [spelled], { read: [spelled] });
  assert.equal(boxed, "through");
});

Deno.test("a socket that is made anew is seen in a box by its folder", async () => {
  const path = `${Deno.env.get("TMPDIR")}/s`;
  const listen = () => Deno.listen({ transport: "unix", path });
  listen().close();
  await Deno.remove(path).catch(() => {});
  // Not there when the box is made; made by the script's own listening beside it.
  const set = permissions({ connect: [`unix:${path}`], run: [shell] });
  const run = runInBox(bubblewrap, {
    script: `
      for (;;) {
        try { (await Deno.connect({ transport: "unix", path: Deno.args[0] })).close(); break; }
        catch (error) { if (!(error instanceof Deno.errors.NotFound)) throw error; }
      }
    `,
    args: [path],
    set,
  });
  const server = listen();
  (await server.accept()).close();
  server.close();
  const { code, stderr } = await run;
  assert.equal(code, 0, stderr);
});

Deno.test("the clock of a box shows the machine's time zone", async () => {
  const { boxed, free } = await inBoth("date +%Z", []);
  assert.equal(boxed, free);
});
