"""What went wrong, in words for the person who wrote the package."""

from __future__ import annotations

import re

MOST_LINES = 12
MOST_LINE = 400
MOST_TEXT = 2000


class Failure(Exception):
    """The work cannot be done; `lines` are what a tool said of it, without credentials.

    `place` is where the requirement stands that is to blame.
    """

    def __init__(
        self, message: str, lines: list[str] | None = None, requirement: str = "", place: str = ""
    ) -> None:
        super().__init__(message)
        self.lines = lines or []
        self.requirement = requirement
        self.place = place


def mask(text: str, secrets: list[str]) -> str:
    """Stars out the user and password of every URL, and each text that is secret anywhere."""
    text = re.sub(r"(://)[^/@\s'\"]+@", r"\1***@", text)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def telling_lines(output: list[str], secrets: list[str]) -> list[str]:
    """What a tool said from its first error on, else the end of it: no blank lines, no advice."""
    said = [mask(line.rstrip(), secrets) for line in output]
    said = [line for line in said if line and not line.startswith(("[notice]", "WARNING: You are"))]
    errors = [at for at, line in enumerate(said) if re.match(r"\s*error\b", line, re.IGNORECASE)]
    telling = said[errors[0]:][:MOST_LINES] if errors else said[-MOST_LINES:]
    kept: list[str] = []
    left = MOST_TEXT
    for line in telling:
        # A version that is not there is answered by all that are.
        short = line if len(line) <= MOST_LINE else f"{line[:MOST_LINE]} …"
        if len(short) > left:
            break
        kept.append(short)
        left -= len(short)
    return kept
