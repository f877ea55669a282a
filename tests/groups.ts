/**
 * The groups of tests and what each may touch. A test file belongs to the first group whose folder
 * holds it, so that nothing runs twice and nothing is left out unseen.
 *
 * @module
 */
import { ignoreLibraryVariables } from "../engine/permissions/library_variables.ts";

/** Where a group's programs are found, and what the flags of a group are made from. */
export interface Places {
  readonly project: string;
  /** A folder of this run's own; `TMPDIR` of the tests. */
  readonly tmp: string;
  /** The Deno that runs all this. */
  readonly deno: string;
  /** Whether golden files are rewritten instead of compared. */
  readonly update: boolean;
}

export interface Group {
  readonly name: string;
  /** Folders or files, relative to the project. */
  readonly paths: readonly string[];
  /** Permissions, spelled out. */
  flags(places: Places): readonly string[];
  /** Programs, beyond Deno and coreutils, without which the group is left out. */
  readonly needs?: readonly string[];
  /** What it needs besides, and a command that succeeds where that is given. */
  readonly probe?: { readonly what: string; readonly command: readonly [string, ...string[]] };
  /** Variables that its tests find besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether examples in docstrings and Markdown are run instead of test files. */
  readonly doc?: true;
}

/** Read of the project, and all of this run's own folder; golden files may be rewritten on demand. */
const ownFiles = ({ project, tmp, update }: Places) => [
  `--allow-read=${project},${tmp}`,
  `--allow-write=${tmp}${update ? `,${project}/tests/golden` : ""}`,
  // The YAML library asks for these two; it is told that they are not set.
  "--ignore-env=LOG_TOKENS,LOG_STREAM",
];

const loopback = "--allow-net=127.0.0.1,localhost,[::1]";

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
    needs: ["bwrap", "kill", "pkill", "setsid"],
    probe: boxing,
    flags: (at) => [
      // What the launcher has, which looks at the disk as well; not /proc, /sys and /dev.
      "--allow-read=/",
      `--allow-write=${at.tmp}`,
      `--allow-net=127.0.0.1,unix:${at.tmp}/s`,
      run(at.deno, "/usr/bin/bwrap", "/usr/bin/ln", "/bin/sh"),
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
  {
    // `.ci/run` makes the environment; tests/system/worker/requirements.txt says what is in it.
    name: "worker",
    paths: ["tests/system/worker"],
    probe: {
      what: "artifacts/face-venv, a Python environment with tests/system/worker/requirements.txt",
      command: [
        "artifacts/face-venv/bin/python",
        "-c",
        "import fastapi, uvicorn, websockets, grpc",
      ],
    },
    flags: (at) => [
      ...ownFiles(at),
      // Unix sockets are granted one by one.
      `--allow-net=${
        ["control", "worker", "grpc"].map((name) => `unix:${at.tmp}/${name}.sock`).join(",")
      }`,
      "--allow-env=TMPDIR",
      run(at.deno, `${at.project}/artifacts/face-venv/bin/python`),
    ],
  },
  {
    name: "apkg",
    paths: ["tests/system/apkg"],
    needs: ["python3", "unzip", "zip"],
    flags: (at) => [
      ...ownFiles(at),
      run(at.deno, "/usr/bin/cat", "/usr/bin/python3", "/usr/bin/unzip", "/usr/bin/zip"),
    ],
  },
  {
    name: "par",
    paths: ["tests/system/par"],
    needs: ["bwrap", "python3", "pkill"],
    probe: {
      what: "artifacts/face-venv, whose grpcio calls the A2A face, and a package index",
      command: ["artifacts/face-venv/bin/python", "-c", "import grpc"],
    },
    flags: (at) => [
      ...ownFiles(at),
      "--allow-net=127.0.0.1,0.0.0.0",
      `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
      run(
        at.deno,
        "/usr/bin/ln",
        "/usr/bin/python3",
        "/usr/bin/pkill",
        `${at.project}/artifacts/face-venv/bin/python`,
        ...["start", "sluice"].map((program) => `${at.tmp}/kits/par/${program}`),
      ),
    ],
  },
  {
    name: "par-network",
    paths: ["tests/system/par_network"],
    needs: ["bwrap", "python3", "strace"],
    probe: {
      what:
        "artifacts/wheelhouse and artifacts/face-venv, which .ci/run makes, and to trace processes",
      command: [
        "/bin/sh",
        "-c",
        "test -d artifacts/wheelhouse && test -x artifacts/face-venv/bin/python && " +
        "/usr/bin/strace -f -o /dev/null /usr/bin/true",
      ],
    },
    flags: (at) => [
      ...ownFiles(at),
      "--allow-net=127.0.0.1,0.0.0.0",
      `--allow-env=${launcherVariables},SLUICE_TEST_BOX`,
      run(
        at.deno,
        "/usr/bin/cp",
        "/usr/bin/python3",
        "/usr/bin/strace",
        `${at.project}/artifacts/face-venv/bin/python`,
      ),
    ],
  },
  {
    name: "python",
    paths: ["tests/system/python"],
    needs: ["python3", "bwrap"],
    probe: {
      what: "artifacts/wheelhouse and artifacts/uv, which .ci/run fetches, pip, and namespaces",
      command: [
        "/bin/sh",
        "-c",
        "test -d artifacts/wheelhouse && test -x artifacts/uv/bin/uv && " +
        "/usr/bin/python3 -I -m pip --version && /usr/bin/bwrap --unshare-all --ro-bind / / true",
      ],
    },
    // What the launcher has, which looks at the disk as well; not /proc, /sys and /dev.
    flags: (at) => [
      "--allow-read=/",
      `--allow-write=${at.tmp}`,
      "--allow-net=127.0.0.1",
      run(at.deno, "/usr/bin/bwrap", "/bin/sh"),
      `--allow-env=${launcherVariables}`,
    ],
  },
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

/** Kits are run from where they are made, a folder that nobody knows yet: by a shell. */
function compiled(at: Places): readonly string[] {
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

function cli(at: Places): readonly string[] {
  return [
    ...ownFiles(at),
    loopback,
    run(at.deno, "/usr/bin/ln", "/bin/sh"),
    `--allow-env=${launcherVariables},SLUICE_UPDATE_GOLDEN,SLUICE_TEST_BOX`,
  ];
}

function traced(at: Places): readonly string[] {
  return [
    ...ownFiles(at),
    "--allow-net=127.0.0.1",
    run(at.deno, "/usr/bin/strace", "/usr/bin/ln", "/usr/bin/cp"),
  ];
}

function run(...programs: string[]): string {
  return `--allow-run=${programs.join(",")}`;
}
