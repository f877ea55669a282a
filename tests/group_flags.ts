/**
 * Flags that more than one group of tests is started with.
 *
 * @module
 */
import type { Places } from "./group.ts";

/** Read of the project, and all of this run's own folder; golden files may be rewritten on demand. */
export const ownFiles = ({ project, tmp, update }: Places) => [
  `--allow-read=${project},${tmp}`,
  `--allow-write=${tmp}${update ? `,${project}/tests/golden` : ""}`,
  // The YAML library asks for these two; it is told that they are not set.
  "--ignore-env=LOG_TOKENS,LOG_STREAM",
];

export const loopback = "--allow-net=127.0.0.1,localhost,[::1]";

/** What the launcher hands on to its children: where Deno keeps things, and certificates. */
export const launcherVariables = [
  "HOME",
  "DENO_DIR",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "NO_COLOR",
  "SLUICE_TOKEN_KEY",
].join(",");

/** What the tests of the command line may. */
export function cli(at: Places): readonly string[] {
  return [
    ...ownFiles(at),
    loopback,
    run(at.deno, "/usr/bin/ln", "/bin/sh"),
    `--allow-env=${launcherVariables},SLUICE_UPDATE_GOLDEN,SLUICE_TEST_BOX`,
  ];
}

/** What tests may that start a program under strace. */
export function traced(at: Places): readonly string[] {
  return [
    ...ownFiles(at),
    "--allow-net=127.0.0.1",
    run(at.deno, "/usr/bin/strace", "/usr/bin/ln", "/usr/bin/cp"),
  ];
}

/** Kits are run from where they are made, a folder that nobody knows yet: by a shell. */
export function compiled(at: Places): readonly string[] {
  return [
    `--allow-read=${at.project},${at.tmp},/usr,/bin,/lib,/lib64`,
    `--allow-write=${at.tmp}`,
    "--ignore-env=LOG_TOKENS,LOG_STREAM",
    "--allow-net=127.0.0.1",
    "--allow-env=SLUICE_TEST_BOX",
    run(
      at.deno,
      ...["/bin/sh", "/usr/bin/bwrap", "/usr/bin/cat", "/usr/bin/ln", "/usr/bin/sha256sum"],
    ),
  ];
}

/** The right to start these programs. */
export function run(...programs: string[]): string {
  return `--allow-run=${programs.join(",")}`;
}
