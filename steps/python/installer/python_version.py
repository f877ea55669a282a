"""Whether an interpreter is one that a package asks for (PEP 440, as far as versions of Python go)."""

from __future__ import annotations

import re

from failure import Failure


def satisfies(version: tuple[int, int, int], wanted: str) -> bool:
    """`wanted` is a list such as `>=3.8,<3.13`; an empty one asks for nothing."""
    return all(_clause(version, clause) for clause in wanted.split(",") if clause.strip())


def _clause(version: tuple[int, int, int], clause: str) -> bool:
    found = re.fullmatch(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*(\d+(?:\.\d+){0,2})(\.\*)?\s*", clause)
    if found is None:
        raise Failure(f"the package asks for Python {clause.strip()!r}, which is no version")
    operator, text, star = found.groups()
    parts = [int(part) for part in text.split(".")]
    exact = tuple((parts + [0, 0])[:3])
    if star or operator == "~=":
        shown = len(parts) if star else len(parts) - 1
        same = version[:shown] == exact[:shown]
        return {"==": same, "!=": not same, "~=": same and version >= exact}.get(operator, False)
    return {
        "===": version == exact,
        "==": version == exact,
        "!=": version != exact,
        "<=": version <= exact,
        ">=": version >= exact,
        "<": version < exact,
        ">": version > exact,
    }[operator]
