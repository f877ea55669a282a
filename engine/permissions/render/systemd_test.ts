import assert from "node:assert/strict";
import { compareGolden } from "../../../tests/golden.ts";
import { permissions } from "../permissions.ts";
import type { RenderedSurface } from "./rendering.ts";
import { renderSystemd } from "./systemd.ts";
import { quietSurface, upgradeSurface } from "./upgrade_surface_test.ts";

const unit = (over: Partial<RenderedSurface>) => renderSystemd({ ...quietSurface, ...over });
const withSet = (parts: Parameters<typeof permissions>[0], over: Partial<RenderedSurface> = {}) =>
  unit({ set: permissions(parts), ...over });
const has = ({ text }: { readonly text: string }, line: string) =>
  assert.ok(text.includes(`\n${line}\n`), `${line}\nnot in\n${text}`);
const hasNot = ({ text }: { readonly text: string }, part: string) =>
  assert.ok(!text.includes(part), `${part}\nin\n${text}`);

Deno.test("renderSystemd() gives a whole unit, and what it cannot say", async () => {
  const surfaces = { quiet: quietSurface, upgrade: await upgradeSurface() };
  for (const [name, surface] of Object.entries(surfaces)) {
    const { text, unsaid } = renderSystemd(surface);
    await compareGolden(`permissions/${name}.service`, text);
    await compareGolden(`permissions/${name}.service.unsaid.txt`, `${unsaid.join("\n")}\n`);
  }
});

Deno.test("renderSystemd() names the program or the grant above each directive it relaxes", () => {
  const run = (program: string, ...args: string[]) => ({ program, args, env: [] });
  const found = withSet({
    sys: ["loadavg", "networkInterfaces"],
    connect: ["unix:/run/x.sock"],
    run: [
      run("ps", "-e"),
      run("lsblk"),
      run("nft", "list", "ruleset"),
      run("cp", "--", "/a", "/b/*"),
    ],
  });
  for (
    const lines of [
      ["# ps reports on processes of other users", "ProtectProc=default"],
      ["# ps reads /proc/stat and /proc/meminfo", "# sys loadavg reads /proc", "ProcSubset=all"],
      ["# lsblk reports on block devices", "PrivateDevices=no"],
      ["# nft gets no capability otherwise", "User=root"],
      ["# nft asks the kernel for its rules", "CapabilityBoundingSet=CAP_NET_ADMIN"],
      ["# nft needs its capability on the machine itself", "PrivateUsers=no"],
      ["# sys networkInterfaces asks the kernel", "RestrictAddressFamilies=AF_NETLINK"],
      ["# unix:/run/x.sock is connected to", "RestrictAddressFamilies=AF_UNIX"],
      ["# cp keeps owners", "SystemCallFilter=@chown"],
    ]
  ) has(found, lines.join("\n"));
});

Deno.test("renderSystemd() closes the network where nothing is on it", () => {
  const closed = withSet({ read: ["/srv"] });
  has(closed, "PrivateNetwork=yes");
  has(closed, "RestrictAddressFamilies=none");
  const programs = withSet({ run: [{ program: "curl", args: ["-q", "--", "*"], env: [] }] });
  hasNot(programs, "PrivateNetwork");
  has(programs, "IPAddressDeny=any");
});

Deno.test("renderSystemd() leaves out what IPAddressAllow cannot say, and says so", () => {
  const found = withSet({
    connect: ["example.com:443", "10.0.0.5:443", "localhost:80"],
    listen: ["0.0.0.0:8080", "[::1]:0"],
  });
  for (const address of ["10.0.0.5", "127.0.0.1", "::1"]) has(found, `IPAddressAllow=${address}`);
  hasNot(found, "IPAddressAllow=any");
  hasNot(found, "IPAddressAllow=0.0.0.0");
  hasNot(found, "RestrictNetworkInterfaces");
  has(found, "SocketBindAllow=any\nSocketBindAllow=tcp:8080");
  assert.deepEqual(found.unsaid, [
    "IPAddressAllow knows no ports: not only these can be reached there: 10.0.0.5:443, localhost:80",
    "IPAddressAllow knows no host names: example.com:443 cannot be reached",
    "IPAddressAllow tells clients and servers not apart: no client of 0.0.0.0:8080 is let in",
    "SocketBindAllow knows no addresses: only the port of [::1]:0 is held to",
  ]);
});

Deno.test("renderSystemd() makes up a user where systemd can make all that is written", () => {
  const made = withSet({ write: ["/var/lib/a/b", "/var/log/x", "/var/cache/y", "/tmp"] });
  for (
    const line of ["DynamicUser=yes", "StateDirectory=a/b", "LogsDirectory=x", "CacheDirectory=y"]
  ) {
    has(made, line);
  }
  hasNot(made, "\nBindPaths");
  for (const path of ["/opt/x", "/var/lib", "/var/log/a.log", "/tmp/x"]) {
    const bound = withSet({ write: [path] });
    hasNot(bound, "DynamicUser");
    has(bound, `# It has to own ${path}: no user made up at each start can.\nUser=sluice-quiet`);
    has(bound, `BindPaths=${path}\nReadWritePaths=+${path}`);
  }
  has(withSet({}, { user: "atp" }), "User=atp");
  hasNot(withSet({}, { user: "atp" }), "DynamicUser");
});

Deno.test("renderSystemd() forbids machine code made at run time where V8 is told to make none", () => {
  has(
    unit({ exec: ["/x/deno", "run", "--v8-flags=--jitless", "x.ts"] }),
    "MemoryDenyWriteExecute=yes",
  );
  has(unit({}), "# V8 makes machine code while it runs.\nMemoryDenyWriteExecute=no");
});

Deno.test("renderSystemd() lets a shell be started only where the command is a script", () => {
  has(unit({}), "# The command is a script for a shell.\nExecPaths=-+/usr/bin/env");
  has(unit({}), "ExecPaths=-+/bin/sh");
  hasNot(unit({}), `Paths=-${quietSurface.places.deno}`);
  hasNot(unit({ exec: [quietSurface.places.deno, "run", "x.ts"] }), "/bin/sh");
});

Deno.test("renderSystemd() quotes paths and words, and cannot name some", () => {
  const found = withSet(
    { read: ["/a b", "/50%", '/q"q', "/x:y"], write: ["/var/lib/a b"] },
    { exec: ["/x/start", "50%", "$HOME", "a b", ""] },
  );
  has(found, 'BindReadOnlyPaths="-/a b"');
  has(found, "BindReadOnlyPaths=-/50%%");
  has(found, 'BindReadOnlyPaths="-/q\\"q"');
  has(found, 'BindPaths="/var/lib/a b"');
  has(found, 'ExecStart=/x/start 50%% $$HOME "a b" ""');
  assert.deepEqual([...new Set(found.unsaid)], ['a unit cannot name the path "/x:y"']);
});

Deno.test("renderSystemd() shows homes only where one is declared", () => {
  has(withSet({ read: ["/srv"] }), "ProtectHome=yes");
  has(withSet({ read: ["/home/a/x"] }), "# /home/a/x is needed\nProtectHome=tmpfs");
});

Deno.test("renderSystemd() says what is brokered and cannot be started", () => {
  const hook = { program: "/srv/*/hook", args: [], env: [], brokered: true } as const;
  const found = withSet({ run: [hook] });
  assert.doesNotMatch(found.text, /^[^#\n].*\/srv\//m);
  assert.deepEqual(found.unsaid, [
    "a unit has no launcher that could start brokered programs: /srv/*/hook",
  ]);
});
