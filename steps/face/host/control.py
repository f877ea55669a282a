"""The control connection: JSON lines to and from Deno."""
from __future__ import annotations

import json
import os
import socket
import sys
import threading
from typing import Any, Callable, Dict, Optional

from .lifeline import end_now

Message = Dict[str, Any]

# The other side takes no longer line, and ends a worker that sends one.
MOST_BYTES = 16 * 1024 * 1024


class TooLong(Exception):
    """A message that the other side would not take; nothing of it was sent."""


class Control:
    """May be written to from any thread. Whoever reads, the end of the connection ends the process."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)
        self._lines = self._socket.makefile("rb")
        self._writing = threading.Lock()
        # A child that is forked and never executes anything would hold the connection open after us.
        os.register_at_fork(after_in_child=self._forget)

    def send(self, message: Message) -> None:
        """Sends one message whole. Raises TooLong beyond MOST_BYTES; ends the process where nobody
        listens any more."""
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        # Half of a surrogate pair is a Python string and no UTF-8.
        line = text.encode("utf-8", "replace") + b"\n"
        if len(line) > MOST_BYTES:
            raise TooLong(f"{len(line)} bytes are more than {MOST_BYTES}")
        try:
            with self._writing:
                self._socket.sendall(line)
        except OSError:
            end_now(1)

    def read(self) -> Message:
        """The next message."""
        line: Optional[bytes]
        try:
            line = self._lines.readline()
        except OSError:
            line = None
        if not line or not line.endswith(b"\n"):
            end_now(1)
        return json.loads(line)

    def watch(self, receive: Callable[[Message], None]) -> None:
        """Reads in a thread of its own from now on, so that no handler that blocks keeps it from it."""

        def forever() -> None:
            try:
                while True:
                    receive(self.read())
            except BaseException as error:
                print(f"worker: cannot go on: {error!r}", file=sys.stderr)
                end_now(1)

        threading.Thread(target=forever, name="control", daemon=True).start()

    def _forget(self) -> None:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, self._socket.fileno(), inheritable=False)
        os.close(nothing)
