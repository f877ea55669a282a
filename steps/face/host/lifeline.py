"""What this process's life hangs on: its parent and the control connection, and no signal."""
from __future__ import annotations

import os
import signal
from typing import NoReturn

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Has the kernel kill this process when the one that started it ends.

    The end of the control connection says the same, but code that never lets another thread run would
    not hear it. Where there is no such call of the system, the connection is what remains.
    """
    try:
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass


def outlive_signals() -> None:
    """Lets SIGINT and SIGTERM do nothing: who tells a group of processes to end tells Deno as well, and
    Deno says `stop` here when it has drained.

    A function, not SIG_IGN, which programs that the agent starts would inherit.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)


def end_now(code: int) -> NoReturn:
    """Ends the process from whatever thread, with nothing of the agent's run any more."""
    os._exit(code)
