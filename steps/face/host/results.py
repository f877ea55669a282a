"""What a handler gave, as the text that a caller is sent."""
from __future__ import annotations

import dataclasses
import json
from typing import Any


def to_text(value: Any) -> str:
    """A string as it is; anything else as JSON, with the models of pydantic and dataclasses in it.

    Raises TypeError or ValueError for what JSON has no word for: a set, bytes, NaN, a circle.
    """
    if isinstance(value, str):
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except RecursionError:
        raise ValueError("the result is nested too deeply") from None


def _plain(value: Any) -> Any:
    if callable(getattr(value, "model_dump", None)) and not isinstance(value, type):
        return value.model_dump(mode="json")
    if hasattr(value, "__fields__") and callable(getattr(value, "json", None)):
        return json.loads(value.json())  # pydantic 1
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"the result holds a {type(value).__name__}, which JSON has no word for")
