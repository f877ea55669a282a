"""What the agent's code threw, in words."""
from __future__ import annotations

import os
import sys
import sysconfig
import traceback
from contextlib import contextmanager
from typing import Dict, Iterator, List, Optional

MOST_ERROR = 4_000
MOST_TRACEBACK = 16_000

_HERE = os.path.dirname(os.path.abspath(__file__))
_LIBRARIES = tuple(
    sysconfig.get_paths()[name] + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")
)


def error_of(error: BaseException) -> str:
    """`Type: message`, of a bounded length, whatever the exception's own methods do."""
    name = type(error).__name__
    try:
        message = str(error)
    except BaseException:
        message = "(its message cannot be had)"
    text = f"{name}: {message}" if message else name
    if isinstance(error, SystemExit):
        text += " (the code asked for the end of the process)"
    return _cut(text, MOST_ERROR)


class Faults:
    """Everything that is wrong with an agent's handlers, not just the first."""

    def __init__(self, root: str) -> None:
        self.found: List[Dict[str, str]] = []
        self._root = root

    @contextmanager
    def within(self, part: str) -> Iterator[None]:
        """Whatever is thrown inside is a fault of this part, and goes no further: SystemExit, too."""
        try:
            yield
        except BaseException as error:
            self.found.append(
                {"part": part, "error": error_of(error), "traceback": traceback_of(error, self._root)}
            )


def traceback_of(error: BaseException, root: str) -> str:
    """The way to the error through the agent's own files, named from the package's folder.

    Empty where there is none, as when a module cannot be found.
    """
    try:
        told = traceback.TracebackException.from_exception(error)
    except BaseException:
        return ""
    seen: List[traceback.TracebackException] = []
    found = False
    current: Optional[traceback.TracebackException] = told
    while current is not None and current not in seen:
        seen.append(current)
        current.stack = traceback.StackSummary.from_list(_own_frames(current.stack, root))
        found = found or len(current.stack) > 0
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return _cut("".join(told.format()), MOST_TRACEBACK) if found else ""


def show(what: str, error: BaseException) -> None:
    """Tells of an error, whole, on standard error, which is the agent's own output."""
    try:
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except BaseException:
        text = error_of(error)
    print(f"{what}\n{text}", end="", file=sys.stderr)


def _own_frames(
    stack: traceback.StackSummary, root: str
) -> List[traceback.FrameSummary]:
    frames = [frame for frame in stack if not _is_machinery(frame.filename)]
    own = [frame for frame in frames if _is_below(frame.filename, root)]
    # An agent that is itself installed has its files among the libraries.
    if not own:
        own = [frame for frame in frames if "site-packages" in frame.filename]
    for frame in own:
        if _is_below(frame.filename, root):
            frame.filename = os.path.relpath(os.path.realpath(frame.filename), os.path.realpath(root))
    return own


def _is_machinery(file: str) -> bool:
    if file.startswith("<frozen ") or _is_below(file, _HERE):
        return True
    return file.startswith(_LIBRARIES) and "site-packages" not in file


def _is_below(file: str, folder: str) -> bool:
    return os.path.realpath(file).startswith(os.path.realpath(folder) + os.sep)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
