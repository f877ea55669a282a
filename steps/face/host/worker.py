"""The worker's life: hello, load, serve, stop."""
from __future__ import annotations

import asyncio
import os
import platform
import sys
import threading
import time
from typing import Any, Optional

from .actions import Actions
from .control import Control, Message
from .faults import Faults, show
from .lifeline import die_with_parent, end_now, outlive_signals
from .loader import Handlers, call_now, enter, find_handlers
from .rest import Rest
from .service import OwnServer, take_service


def work(control_path: str, rest_path: str, grpc_path: str) -> None:
    """Runs until the end of the process."""
    die_with_parent()
    outlive_signals()
    control = Control(control_path)
    control.send({"type": "hello", "v": 1, "pid": os.getpid(), "version": platform.python_version()})
    first = control.read()
    if first["type"] != "load":
        end_now(0 if first["type"] == "stop" else 1)
    try:
        Worker(control, rest_path, grpc_path).run(first)
    except BaseException as error:
        # Such as a task of the agent's that ended the loop.
        show("worker: the agent's code ended it:", error)
        end_now(1)
    # What the agent registered for the end runs now; the time for it is that of the stop.
    sys.exit(0)


class Worker:
    def __init__(self, control: Control, rest_path: str, grpc_path: str) -> None:
        self._control = control
        self._rest_path = rest_path
        self._grpc_path = grpc_path
        # The one in which all of the agent's coroutines run.
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._actions = Actions(control)
        self._stopping = asyncio.Event()
        self._grace_s = 0.0
        self._is_loaded = False

    def run(self, load: Message) -> None:
        """Loads and serves until `stop`; where the load fails, waits for the order to end."""
        begun = time.monotonic()
        self._control.watch(self._receive)
        faults = Faults(load["root"])
        os.environ.update(load.get("environment") or {})
        enter(load["root"], load["paths"])
        handlers = find_handlers(load["manifest"], self._loop, faults)
        outlive_signals()
        self._loop.run_until_complete(self._serve(load, handlers, faults, begun))

    async def _serve(self, load: Message, handlers: Handlers, faults: Faults, begun: float) -> None:
        manifest = load["manifest"]
        rest: Optional[Rest] = None
        own: Optional[OwnServer] = None
        if handlers.mount is not None:
            with faults.within("rest"):
                rest = Rest(load["name"], load["version"])
                call_now(manifest["rest"]["entry"], handlers.mount, rest.app)
        if handlers.factory is not None:
            with faults.within("a2a"):
                made = call_now(manifest["a2a"]["service"], handlers.factory)
                own = take_service(made, self._actions, faults)
        self._actions.add_found(handlers, faults)
        if not faults.found:
            await self._start(rest, own, load["base_path"], faults)
        if faults.found:
            self._tell(faults)
            await asyncio.Event().wait()
        self._is_loaded = True
        self._control.send({
            "type": "loaded",
            "rest": rest is not None,
            "a2a": _surface(own, self._actions),
            "routes": [] if rest is None else rest.routes,
            "load_ms": round((time.monotonic() - begun) * 1000, 3),
        })
        await self._stopping.wait()
        await self._drain(rest, own)

    async def _start(
        self, rest: Optional[Rest], own: Optional[OwnServer], base_path: str, faults: Faults
    ) -> None:
        if rest is not None:
            with faults.within("rest"):
                await rest.start(self._rest_path, base_path)
        if own is not None:
            with faults.within("a2a"):
                await own.start(self._grpc_path)

    async def _drain(self, rest: Optional[Rest], own: Optional[OwnServer]) -> None:
        ends: Any = [self._actions.drain()]
        if rest is not None:
            ends.append(rest.stop())
        if own is not None:
            ends.append(own.stop(self._grace_s))
        for ended in await asyncio.gather(*ends, return_exceptions=True):
            if isinstance(ended, BaseException):
                show("worker: at the end:", ended)

    def _tell(self, faults: Faults) -> None:
        most = faults.found[:100]
        for number, fault in enumerate(most, 1):
            self._control.send({"type": "failed", **fault, "more": number < len(most)})

    def _receive(self, message: Message) -> None:
        """In the thread that reads."""
        kind = message["type"]
        if kind == "invoke":
            self._loop.call_soon_threadsafe(self._actions.begin, message)
        elif kind == "cancel":
            self._loop.call_soon_threadsafe(self._actions.cancel, message["id"])
        elif kind == "stop":
            self._stop(message["grace_ms"] / 1000)
        else:
            raise ValueError(f"there is no message {kind}")

    def _stop(self, grace_s: float) -> None:
        if not self._is_loaded:
            end_now(0)
        self._grace_s = grace_s
        # Whatever the agent's code does by then: handlers, and what it runs at the end.
        limit = threading.Timer(grace_s, end_now, (1,))
        limit.daemon = True
        limit.start()
        # In the order of what was read: a call that comes after it is one too many.
        self._loop.call_soon_threadsafe(self._actions.refuse)
        self._loop.call_soon_threadsafe(self._stopping.set)


def _surface(own: Optional[OwnServer], actions: Actions) -> Optional[dict]:
    if own is not None:
        return {"kind": "server"}
    return {"kind": "actions", "methods": actions.names} if actions.names else None
