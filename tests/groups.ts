/**
 * The groups of tests and what each may touch. A test file belongs to the first group whose folder
 * holds it, so that nothing runs twice and nothing is left out unseen.
 *
 * @module
 */
import { ignoreLibraryVariables } from "../engine/permissions/library_variables.ts";
import type { Group } from "./group.ts";
import { cli, launcherVariables, loopback, ownFiles, run } from "./group_flags.ts";

/** What `deno task test` runs: needs no package of the system. */
export const groups: readonly Group[] = [
  {
    name: "conformance",
    paths: ["tests/conformance"],
    flags: (at) => [
      `--allow-read=${at.project},${at.tmp},/usr/sbin,/usr/bin,/sbin,/bin`,
      `--allow-write=${at.tmp}`,
      "--ignore-env=LOG_TOKENS,LOG_STREAM",
      loopback,
      run(at.deno, "/usr/bin/ln"),
    ],
  },
  {
    name: "engine",
    paths: ["engine"],
    flags: (
      at,
    ) => [
      ...ownFiles(at),
      run("/usr/bin/env", "/bin/sh", "/bin/cat"),
      "--allow-env=SLUICE_UPDATE_GOLDEN",
    ],
  },
  {
    name: "runtime",
    paths: ["runtime"],
    flags: (at) => [
      ...ownFiles(at),
      `${loopback},unix:${at.tmp}/supervisor.sock`,
      run(at.deno, "/usr/bin/ln"),
      `--allow-env=${launcherVariables},SLUICE_UPDATE_GOLDEN,SLUICE_LAUNCH_TEST,SLUICE_LAUNCH_OTHER`,
    ],
  },
  {
    name: "cli",
    paths: ["tests/cli"],
    flags: cli,
  },
  {
    name: "hostile",
    paths: ["tests/hostile"],
    flags: (at) => [
      ...ownFiles(at),
      // Where programs are looked for.
      "--allow-read=/usr/sbin,/usr/bin,/sbin,/bin",
      `--allow-net=127.0.0.1,unix:${at.tmp}/s`,
      run(at.deno, "/usr/bin/ln", "/bin/sh"),
      `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
    ],
  },
  {
    name: "deno",
    paths: ["tests/deno"],
    flags: (at) => [...ownFiles(at), "--allow-net=127.0.0.1", run(at.deno)],
  },
  {
    name: "shed",
    paths: ["tests/shed"],
    flags: (at) => [
      ...ownFiles(at),
      "--allow-net=127.0.0.1",
      "--allow-env=SLUICE_TEST_BOX",
      run(at.deno, "/usr/bin/ln"),
    ],
  },
  {
    name: "download",
    paths: [
      "steps/apkg/download_test.ts",
      "steps/apkg/download_s3_test.ts",
    ],
    flags: (at) => [
      `--allow-read=${at.project},${at.tmp}`,
      `--allow-write=${at.tmp}`,
      "--allow-net=127.0.0.1,127.0.0.2",
      "--ignore-env",
      "--allow-env=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ],
    // The server of the tests has a certificate of an authority that nobody else knows.
    env: { DENO_CERT: new URL("fixtures/tls/ca.pem", import.meta.url).pathname },
  },
  {
    name: "face",
    paths: ["steps/face", "steps/agent"],
    flags: (at) => [
      ...ownFiles(at),
      `${loopback},unix:${at.tmp}/face.sock,unix:${at.tmp}/control.sock`,
      run("/usr/bin/ln"),
      "--allow-env=TMPDIR",
      ...ignoreLibraryVariables([]),
    ],
  },
  {
    name: "steps",
    paths: ["steps"],
    flags: (
      at,
    ) => [
      ...ownFiles(at),
      // Unix sockets are granted one by one: the tests of the supervisor share this one.
      `${loopback},unix:${at.tmp}/supervisor.sock`,
      run(at.deno, "/usr/bin/ln"),
      "--allow-sys=statfs,uid",
      // Who acts, for the audit log.
      "--allow-env=SUDO_USER,LOGNAME,USER",
    ],
  },
  {
    name: "project",
    paths: ["tests/layering", "tests/docs", "tests/bench"],
    flags: (at) => [...ownFiles(at), run(at.deno)],
  },
  {
    name: "examples",
    paths: ["mod.ts", "engine", "steps"],
    doc: true,
    flags: (at) => ownFiles(at),
  },
];
