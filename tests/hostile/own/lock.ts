import assert from "node:assert/strict";
import { escapeOf } from "../../../engine/permissions/escape.ts";
import { grantsOf } from "../../../engine/permissions/grant.ts";
import { lintSet } from "../../../engine/permissions/lint/lints.ts";
import { type Permissions, permissions } from "../../../engine/permissions/permissions.ts";
import type { LaunchPlaces } from "../../../runtime/launch/places.ts";
import { refuseEscapes } from "../../../runtime/launch/refuse_escapes.ts";
import type { OwnCase } from "../case.ts";

const program = (name: string, args: string[], env: string[] = []) => ({
  program: name,
  args,
  env,
});

/** A set of which `sluice lock` says something; without its last grant, it does not. */
function lints(code: string, set: Partial<Permissions>, without: Partial<Permissions>) {
  const codesOf = (parts: Partial<Permissions>) =>
    lintSet(
      grantsOf(permissions(parts)).map((grant) => ({
        ...grant,
        why: [],
        ...(grant.kind === "run" ? { escape: escapeOf(grant.grant), path: "/real" } : {}),
      })),
    ).map((finding) => finding.code);
  return () => {
    assert.ok(codesOf(set).includes(code), codesOf(set).join());
    assert.ok(!codesOf(without).includes(code), codesOf(without).join());
    return Promise.resolve();
  };
}

const places: LaunchPlaces = {
  deno: Deno.execPath(),
  project: decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, ""),
  cwd: "/srv",
  runs: "/srv/runs",
  tmp: "/tmp",
};

/** A set that no ceiling and no `--accept` lets through. */
const refuses = (set: Partial<Permissions>, message: RegExp) => () => {
  const programs = { tar: "/usr/bin/tar", sh: "/bin/sh" };
  assert.throws(() => refuseEscapes(permissions(set), programs, places), {
    name: "RefusedError",
    message,
  });
  return Promise.resolve();
};

/** Sets that are found or refused before anything starts. */
export const lock: readonly OwnCase[] = [
  {
    name: "lock-wide-tar",
    attack: "declares tar with any arguments, --checkpoint-action among them",
    layer: "lock",
    prove: lints("unboxed-code", { run: [program("tar", ["**"])] }, {
      run: [program("ln", ["-s", "--", "releases/*", "*"])],
    }),
  },
  ...["LD_PRELOAD", "BASH_ENV", "GIT_CONFIG_COUNT", "NODE_OPTIONS"].map((name): OwnCase => ({
    name: `lock-${name.toLowerCase().replaceAll("_", "-")}`,
    attack: `declares a harmless program with the variable ${name}`,
    layer: "lock",
    prove: lints("unboxed-code", { run: [program("echo", ["hello"], [name])] }, {
      run: [program("echo", ["hello"])],
    }),
  })),
  {
    name: "lock-writes-program",
    attack: "may write a folder above the program that it may start",
    layer: "lock",
    prove: lints("writable-program", { run: [program("ln", ["*"])], write: ["/usr"] }, {
      run: [program("ln", ["*"])],
      write: ["/usr/share"],
    }),
  },
  {
    name: "lock-environ",
    attack: "declares /proc/self/environ",
    layer: "lock",
    prove: lints("kernel-paths", { read: ["/proc/self/environ"] }, { read: ["/process"] }),
  },
  {
    name: "lock-writes-config",
    attack: "declares that it writes deno.json",
    layer: "lock",
    prove: refuses({ write: [`${places.project}/deno.json`] }, /^no step may write .*deno\.json: /),
  },
  {
    name: "lock-writes-lock",
    attack: "declares that it writes the folder that the lock is in",
    layer: "lock",
    prove: lints("writable-trust", { write: ["${project}"] }, { write: ["${project}/artifacts"] }),
  },
  {
    name: "lock-shell",
    attack: "declares a shell",
    layer: "lock",
    prove: refuses({ run: [program("sh", ["-c", "*"])] }, /^no step may start sh itself/),
  },
  {
    name: "lock-deno",
    attack: "declares Deno, which would start with any flags",
    layer: "lock",
    prove: refuses({ run: [program(Deno.execPath(), ["run", "x.ts"])] }, /start deno itself/),
  },
  {
    name: "lock-swap",
    attack: "may write the program that it starts, and no broker between them",
    layer: "lock",
    prove: refuses(
      { run: [program("tar", ["-tf", "*"])], write: ["/usr/bin"] },
      /^a process that may write \/usr\/bin may not start \/usr\/bin\/tar in it/,
    ),
  },
  {
    name: "lock-token-key",
    attack: "declares the variable with the key of the tokens",
    layer: "lock",
    prove: refuses({ env: ["SLUICE_TOKEN_KEY"] }, /^no step may read SLUICE_TOKEN_KEY/),
  },
];
