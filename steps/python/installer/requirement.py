"""Requirement lines, as far as the installer has to understand them."""

from __future__ import annotations

import re


def name_of(line: str) -> str:
    """The normalised name of the distribution that a line asks for, or an empty text."""
    found = re.match(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)", line)
    return re.sub(r"[-_.]+", "-", found.group(1)).lower() if found else ""


def lines_of(text: str) -> list[str]:
    """The lines of a requirement file that ask for something, with their comments."""
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def choose(base: list[str], named: set[str], exact: bool) -> list[str]:
    """Our own requirements: `exact` versions but for those that the package names itself."""
    chosen = []
    for line in base:
        pinned, _, floor = line.partition("#")
        name = name_of(pinned)
        loose = not exact or name in named
        chosen.append(f"{name}{floor.strip()}" if loose else pinned.strip())
    return chosen


def blamed(output: list[str], wanted: list[str]) -> str:
    """The requirement that the output of a tool speaks of, the last one named; else an empty text."""
    best = (-1, "")
    said = re.sub(r"[-_.]+", "-", "\n".join(output)).lower()
    for line in wanted:
        asked = line.partition("#")[0].strip()
        name = name_of(asked)
        if name:
            at = [m.start() for m in re.finditer(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9-])", said)]
            if at and at[-1] > best[0]:
                best = (at[-1], asked)
    return best[1]
