"""What an agent's `a2a.service` factory makes: a table of actions, or a gRPC server of its own."""
from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from typing import Any, Optional

from .actions import Actions
from .faults import Faults


class OwnServer:
    """A `grpc.Server` or `grpc.aio.Server` of the agent's, known by what it can do: grpc is imported by
    the package, where it is used, and not by us."""

    def __init__(self, server: Any) -> None:
        self._server = server

    async def start(self, path: str) -> None:
        """Raises where it cannot listen there, as when it runs already."""
        if not self._server.add_insecure_port(f"unix:{path}"):
            raise OSError(f"the gRPC server cannot listen on {path}")
        await _settled(self._server.start())

    async def stop(self, grace_s: float) -> None:
        """Takes no more calls; cancels after the grace those that still run."""
        stopping = await _settled(self._server.stop(grace_s))
        if stopping is not None and hasattr(stopping, "wait"):
            await asyncio.get_running_loop().run_in_executor(None, stopping.wait)


def take_service(made: Any, actions: Actions, faults: Faults) -> Optional[OwnServer]:
    """Adds the actions of a table; returns a server, not yet started.

    Raises TypeError where it is neither.
    """
    table = getattr(made, "custom_handlers", None)
    if isinstance(table, Mapping):
        for name, handler in table.items():
            with faults.within("a2a"):
                actions.add(name, handler)
                _require_parameters(name, handler)
        return None
    if callable(getattr(made, "add_insecure_port", None)) and callable(getattr(made, "start", None)):
        return OwnServer(made)
    raise TypeError(
        f"a2a.service gave a {type(made).__name__}; it has to give an object with custom_handlers"
        " (a mapping of names to functions) or a gRPC server"
    )


def _require_parameters(name: str, handler: Any) -> None:
    try:
        signature = inspect.signature(handler)
    except (TypeError, ValueError):
        return
    try:
        signature.bind("parameters")
    except TypeError as error:
        raise TypeError(f"the action {name} cannot be called with its parameters: {error}") from None


async def _settled(given: Any) -> Any:
    return await given if inspect.isawaitable(given) else given
