"""What went wrong, in words for the person who wrote the package."""

from __future__ import annotations

import re

MOST_LINES = 12
MOST_TEXT = 2000


class Failure(Exception):
    """The work cannot be done; `lines` are the last that a tool said, without credentials."""

    def __init__(self, message: str, lines: list[str] | None = None, requirement: str = "") -> None:
        super().__init__(message)
        self.lines = lines or []
        self.requirement = requirement


def mask(text: str, secrets: list[str]) -> str:
    """Stars out the user and password of every URL, and each text that is secret anywhere."""
    text = re.sub(r"(://)[^/@\s'\"]+@", r"\1***@", text)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def last_lines(output: list[str], secrets: list[str]) -> list[str]:
    """The end of what a tool said: no blank lines, no advice about newer versions of it."""
    said = [mask(line.rstrip(), secrets) for line in output]
    said = [line for line in said if line and not line.startswith(("[notice]", "WARNING: You are"))]
    kept: list[str] = []
    left = MOST_TEXT
    for line in reversed(said[-MOST_LINES:]):
        kept.insert(0, line[:left])
        left -= len(line)
        if left <= 0:
            break
    return kept
