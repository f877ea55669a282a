/**
 * The groups of tests that need programs of the system, and what each may touch; as in `groups.ts`.
 *
 * @module
 */
import { agentGroups } from "./agent_groups.ts";
import type { Group } from "./group.ts";
import { cli, compiled, launcherVariables, ownFiles, run, traced } from "./group_flags.ts";

/** Some containers have strace and may not use it. */
const tracing = {
  what: "the right to trace processes",
  command: ["/usr/bin/strace", "-f", "-o", "/dev/null", "/usr/bin/true"],
} as const;

/** Few containers may. */
const booting = {
  what: "the right to make a control group and to boot systemd in it",
  command: ["/bin/sh", "tests/system/boot_systemd.sh"],
} as const;

/** Some containers have bubblewrap and may make no namespaces. */
const boxing = {
  what: "the right to make namespaces",
  command: [
    "/usr/bin/bwrap",
    ...["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"],
    "/usr/bin/true",
  ],
} as const;

/** What `deno task test:system` runs besides: needs programs of the system. */
export const systemGroups: readonly Group[] = [
  {
    name: "kill",
    paths: ["tests/system/kill_test.ts", "tests/system/fault_test.ts"],
    needs: ["strace"],
    probe: tracing,
    flags: traced,
  },
  {
    name: "sync",
    paths: ["tests/system/sync_test.ts"],
    needs: ["strace"],
    probe: tracing,
    flags: traced,
  },
  {
    name: "confinement",
    paths: ["tests/system/confinement_test.ts"],
    needs: ["strace", "bwrap"],
    probe: tracing,
    flags: traced,
  },
  {
    name: "bubblewrap",
    paths: ["tests/system/deno_in_bubblewrap_test.ts"],
    needs: ["bwrap"],
    probe: {
      what: "the right to make namespaces",
      command: ["/usr/bin/bwrap", "--dev-bind", "/", "/", "/usr/bin/true"],
    },
    flags: (at) => [...ownFiles(at), run(at.deno)],
  },
  {
    // The same as the group cli, on a machine without bubblewrap.
    name: "cli-unboxed",
    paths: ["tests/cli"],
    env: { SLUICE_TEST_BOX: "none" },
    flags: cli,
  },
  {
    name: "box",
    paths: ["tests/system/box"],
    needs: ["bwrap"],
    probe: boxing,
    // What the launcher has, which looks at the disk as well; not /proc, /sys and /dev.
    flags: (at) => [
      "--allow-read=/",
      `--allow-write=${at.tmp}`,
      `--allow-net=127.0.0.1,unix:${at.tmp}/s`,
      run(at.deno, "/usr/bin/bwrap", "/usr/bin/ln", "/bin/sh"),
      "--allow-sys=uid",
      `--allow-env=${launcherVariables},SLUICE_TEST_BOX,SLUICE_LAUNCH_TEST,SLUICE_LAUNCH_OTHER`,
      "--ignore-env=LOG_TOKENS,LOG_STREAM",
    ],
  },
  {
    name: "hostile-boxed",
    paths: ["tests/system/hostile"],
    needs: ["bwrap", "bash", "kill", "pkill", "setsid"],
    probe: boxing,
    flags: (at) => [
      // What the launcher has, which looks at the disk as well; not /proc, /sys and /dev.
      "--allow-read=/",
      `--allow-write=${at.tmp}`,
      `--allow-net=127.0.0.1,unix:${at.tmp}/s`,
      run(at.deno, "/usr/bin/bwrap", "/usr/bin/ln", "/bin/sh", "/bin/bash"),
      `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
      "--ignore-env=LOG_TOKENS,LOG_STREAM",
    ],
  },
  {
    name: "hostile-namespaces",
    paths: ["tests/system/hostile_namespaces_test.ts"],
    needs: ["ip", "mount", "unshare"],
    probe: {
      what: "the right to mount, and to make a network namespace",
      // In namespaces of its own: nothing of it is left.
      command: [
        "/usr/bin/unshare",
        ...["--mount", "--net", "/usr/bin/mount", "-t", "tmpfs", "none", "/mnt"],
      ],
    },
    flags: (
      at,
    ) => [...ownFiles(at), "--allow-env=SLUICE_TEST_BOX", run("/usr/bin/unshare", at.deno)],
  },
  {
    name: "openssl",
    paths: ["tests/system/openssl_test.ts"],
    needs: ["openssl", "tar", "zstd"],
    flags: (at) => [
      ...ownFiles(at),
      run("/usr/bin/ln", "/usr/bin/openssl", "/usr/bin/tar", "/usr/bin/zstd"),
    ],
  },
  {
    name: "compiled",
    paths: ["tests/system/compiled_test.ts"],
    needs: ["bwrap"],
    probe: boxing,
    flags: compiled,
  },
  {
    name: "installed",
    paths: ["tests/system/installed_test.ts"],
    needs: ["bwrap", "strace"],
    probe: tracing,
    flags: (at) => [...compiled(at), run("/usr/bin/strace")],
  },
  {
    name: "compiled-binary",
    paths: ["tests/system/compiled_binary_test.ts"],
    needs: ["bwrap"],
    probe: {
      what: "DENORT_BIN, the path of a denort",
      command: ["/bin/sh", "-c", 'test -x "$DENORT_BIN"'],
    },
    flags: (at) => [...compiled(at), "--allow-env=DENORT_BIN"],
  },
  {
    name: "full-disk",
    paths: ["tests/system/full_disk_test.ts"],
    needs: ["mount", "umount", "unshare"],
    probe: {
      what: "the right to mount",
      // In a mount namespace of its own: nothing of it is left.
      command: [
        "/usr/bin/unshare",
        ...["--mount", "/usr/bin/mount", "-t", "tmpfs", "none", "/mnt"],
      ],
    },
    flags: (at) => [
      ...ownFiles(at),
      "--allow-net=127.0.0.1",
      run(at.deno, "/usr/bin/ln", "/usr/bin/cp", "/usr/bin/mount", "/usr/bin/umount"),
    ],
  },
  {
    name: "large",
    paths: ["tests/system/bundle_test.ts"],
    needs: ["openssl", "tar", "truncate"],
    flags: (at) => [
      ...ownFiles(at),
      run("/usr/bin/ln", "/usr/bin/tar", "/usr/bin/openssl", "/usr/bin/truncate"),
    ],
  },
  {
    name: "units",
    paths: ["tests/system/units_test.ts"],
    needs: ["systemd-analyze"],
    flags: (at) => [...ownFiles(at), run("/usr/bin/systemd-analyze")],
  },
  {
    name: "systemd",
    paths: ["tests/system/booted_unit_test.ts"],
    needs: ["bwrap", "timeout"],
    probe: booting,
    flags: (at) => [...ownFiles(at), run("/bin/sh")],
  },
  {
    name: "kit-unit",
    paths: ["tests/system/kit_unit_test.ts"],
    needs: ["bwrap", "timeout", "systemd-analyze"],
    probe: booting,
    flags: (at) => [...compiled(at), run("/usr/bin/systemd-analyze")],
  },
  {
    name: "par-unit",
    paths: ["tests/system/par_unit_test.ts"],
    needs: ["bwrap", "timeout", "python3"],
    probe: {
      what: "artifacts/wheelhouse, which .ci/run fetches, and the right to boot systemd",
      command: ["/bin/sh", "-c", "test -d artifacts/wheelhouse && sh tests/system/boot_systemd.sh"],
    },
    flags: (at) => [
      ...ownFiles(at),
      `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
      run(at.deno, "/bin/sh", "/usr/bin/cp", "/usr/bin/python3"),
    ],
  },
  {
    name: "nftables",
    paths: ["tests/system/nftables_test.ts"],
    needs: ["nft", "ip", "unshare", "setpriv", "perl"],
    probe: {
      what: "the right to make a network namespace and rules in it",
      command: ["/usr/bin/unshare", "--net", "/usr/sbin/nft", "add", "table", "inet", "x"],
    },
    flags: (at) => [...ownFiles(at), run("/usr/bin/unshare")],
  },
  ...agentGroups,
  {
    name: "kubernetes",
    paths: ["tests/system/kubernetes_test.ts"],
    needs: ["python3"],
    probe: {
      what: "the Python package kubernetes-validate 1.31, with the schemas",
      command: ["/usr/bin/python3", "-c", "import kubernetes_validate"],
    },
    flags: (at) => [...ownFiles(at), run("/usr/bin/python3")],
  },
];
