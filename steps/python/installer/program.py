"""Starts the programs that install, and sees to it that none outlives us."""

from __future__ import annotations

import collections
import ctypes
import os
import signal
import subprocess
import sys

MOST_LINES = 200
PR_SET_PDEATHSIG = 1


def run(command: list[str], env: dict[str, str], cwd: str) -> tuple[int, list[str]]:
    """Runs a program to its end, in a process group of its own; its code and its last lines.

    SIGTERM to us kills the whole group; should we be killed in another way, the kernel kills the
    program.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    ours = os.getpid()

    def die_with_us() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != ours:  # We ended before the kernel was told.
            os._exit(1)

    child = subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_us,
        text=True,
        errors="replace",
    )

    def kill_group(number: int, _frame: object) -> None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os._exit(128 + number)

    before = signal.signal(signal.SIGTERM, kill_group)
    try:
        said: collections.deque[str] = collections.deque(maxlen=MOST_LINES)
        assert child.stdout is not None
        for line in child.stdout:
            said.append(line)
        return child.wait(), list(said)
    finally:
        signal.signal(signal.SIGTERM, before)


def base_interpreter() -> str:
    """The interpreter that runs this, which an environment is made of."""
    return getattr(sys, "_base_executable", None) or sys.executable
