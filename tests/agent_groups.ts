import type { Group } from "./group.ts";
import { launcherVariables, ownFiles, run } from "./group_flags.ts";

/** The groups of tests that run agents: their workers, packages, environments and networks. */
export const agentGroups: readonly Group[] = [
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
];
