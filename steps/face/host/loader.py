"""Finds what a manifest names: `module:function`, imported and looked at, not yet called."""
from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import sys
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from .faults import Faults

Handler = Callable[..., Any]


class Handlers:
    """The functions of an agent; a part that it does not have, or that is at fault, is absent."""

    def __init__(self) -> None:
        self.mount: Optional[Handler] = None
        self.factory: Optional[Handler] = None
        self.entrypoint: Optional[Tuple[str, Handler]] = None
        self.exports: Dict[str, Handler] = {}


def enter(root: str, paths: List[str]) -> None:
    """Makes the package's folder the current one, and its modules the first that are found."""
    os.chdir(root)
    sys.path[:0] = paths


def find_handlers(
    manifest: Mapping[str, Any], loop: asyncio.AbstractEventLoop, faults: Faults
) -> Handlers:
    """Imports every part. What is wrong with one keeps no other from being looked at.

    No event loop runs meanwhile, so that a module may run one of its own; `loop` is the current one.
    """
    handlers = Handlers()

    def find(reference: str, *arguments: str) -> Handler:
        try:
            return _find(reference, arguments)
        finally:
            # asyncio.run() in a module leaves none.
            asyncio.set_event_loop(loop)

    if manifest.get("rest"):
        with faults.within("rest"):
            handlers.mount = find(manifest["rest"]["entry"], "app")
    if manifest.get("a2a"):
        with faults.within("a2a"):
            handlers.factory = find(manifest["a2a"]["service"])
    if manifest.get("entrypoint"):
        with faults.within("entrypoint"):
            reference = manifest["entrypoint"]
            name = reference.partition(":")[2].rpartition(".")[2]
            handlers.entrypoint = (name, find(reference, "input"))
    for export in manifest.get("exports") or ():
        with faults.within(f"export {export['name']}"):
            handlers.exports[export["name"]] = find(export["handler"], "input")
    return handlers


def call_now(reference: str, function: Handler, *arguments: Any) -> Any:
    """Calls what has to be a plain function: what is waited for later cannot be at fault now."""
    made = function(*arguments)
    if inspect.isawaitable(made):
        if inspect.iscoroutine(made):
            made.close()
        raise TypeError(f"{reference} is async; it has to be a plain function")
    return made


def _find(reference: str, arguments: Tuple[str, ...]) -> Handler:
    module_name, _, path = reference.partition(":")
    found: Any = importlib.import_module(module_name)
    for name in path.split("."):
        if not hasattr(found, name):
            raise AttributeError(f"{module_name} has no {path}")
        found = getattr(found, name)
    if not callable(found):
        raise TypeError(f"{reference} is a {type(found).__name__}, not a function")
    _require_arguments(reference, found, arguments)
    return found


def _require_arguments(reference: str, function: Handler, arguments: Tuple[str, ...]) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # Written in C: nobody knows.
    try:
        signature.bind(*arguments)
    except TypeError as error:
        called = f"{path_of(reference)}({', '.join(arguments)})"
        raise TypeError(f"{reference} cannot be called as {called}: {error}") from None


def path_of(reference: str) -> str:
    """The function's name of `module:function`."""
    return reference.partition(":")[2]
