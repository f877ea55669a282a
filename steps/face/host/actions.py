"""The actions that an agent offers, by name."""
from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional, Set, Tuple

from .control import Control, Message, TooLong
from .faults import Faults, error_of, show
from .loader import Handler, Handlers
from .results import to_text

# Plain functions that may run at the same time; more wait for their turn.
MOST_THREADS = 256

# More the other side does not take.
MOST_ACTIONS = 1000
MOST_NAME = 256


class Actions:
    """Runs them: coroutines in the loop, plain functions in threads. Used from the loop alone."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._handlers: Dict[str, Handler] = {}
        self._open: Dict[int, "asyncio.Task[Tuple[bool, str]]"] = {}
        self._answering: Set["asyncio.Task[None]"] = set()
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="action")
        self._stopping = False

    @property
    def names(self) -> List[str]:
        return sorted(self._handlers)

    def add(self, name: Any, handler: Any) -> None:
        """Raises where no action can be made of it, or there is one of this name."""
        if not isinstance(name, str) or not name:
            raise TypeError(f"an action's name is a text, not {name!r}")
        if len(name) > MOST_NAME or len(self._handlers) >= MOST_ACTIONS:
            raise ValueError(f"at most {MOST_ACTIONS} actions of {MOST_NAME} characters can be offered")
        if not callable(handler):
            raise TypeError(f"the action {name} is a {type(handler).__name__}, not a function")
        if name in self._handlers:
            raise ValueError(f"there are two actions of the name {name}")
        self._handlers[name] = handler

    def add_found(self, handlers: Handlers, faults: Faults) -> None:
        """Exports by their names, and the entrypoint by its function's where nothing has that name."""
        for name, handler in handlers.exports.items():
            with faults.within(f"export {name}"):
                self.add(name, handler)
        if handlers.entrypoint is not None and handlers.entrypoint[0] not in self._handlers:
            self.add(*handlers.entrypoint)

    def begin(self, message: Message) -> None:
        """Runs what an `invoke` asks for, and sends its result whenever that is."""
        number, name = message["id"], message["action"]
        handler = self._handlers.get(name)
        if handler is None:
            there_are = ", ".join(self.names) or "none"
            return self._send(number, False, f"there is no action {name}; there are: {there_are}")
        if self._stopping:
            return self._send(number, False, "the agent is stopping")
        loop = asyncio.get_running_loop()
        # Open from now on: the order to cancel it may be the next that is read.
        self._open[number] = loop.create_task(self._run(name, handler, message["parameters"]))
        answering = loop.create_task(self._answer(number, name, message["timeout_ms"]))
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)

    def cancel(self, number: int) -> None:
        """Cancels a call; does nothing where it has ended. A plain function runs on unheard."""
        task = self._open.get(number)
        if task is not None:
            task.cancel()

    def refuse(self) -> None:
        """Takes no more calls from now on."""
        self._stopping = True

    async def drain(self) -> None:
        """Waits for the calls that run."""
        while self._answering:
            await asyncio.wait(set(self._answering))

    async def _answer(self, number: int, name: str, timeout_ms: float) -> None:
        begun = time.monotonic()
        task = self._open[number]
        # What does not let itself be cancelled is not waited for.
        done, _ = await asyncio.wait({task}, timeout=timeout_ms / 1000)
        del self._open[number]
        if not done:
            task.cancel()
            success, text = False, f"TimeoutError: {name} gave no result within {timeout_ms} ms"
        elif task.cancelled():
            success, text = False, f"CancelledError: {name} was cancelled"
        else:
            success, text = task.result()
        self._send(number, success, text, begun)

    def _send(self, number: int, success: bool, text: str, begun: Optional[float] = None) -> None:
        took = 0.0 if begun is None else round((time.monotonic() - begun) * 1000, 3)
        answer: Message = {"type": "result", "id": number, "duration_ms": took}
        failed = {**answer, "success": False, "result": ""}
        if not success:
            return self._control.send({**failed, "error": text})
        try:
            self._control.send({**answer, "success": True, "result": text, "error": ""})
        except TooLong as error:
            self._control.send({**failed, "error": f"the result is too long: {error}"})

    async def _run(self, name: str, handler: Handler, parameters: Mapping[str, str]) -> Tuple[bool, str]:
        try:
            if _is_async(handler):
                given = handler(parameters)
            else:
                loop = asyncio.get_running_loop()
                given, thrown = await loop.run_in_executor(self._threads, _call, handler, parameters)
                if thrown is not None:
                    raise thrown
            if inspect.isawaitable(given):
                given = await given
            return True, to_text(given)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # SystemExit would end the loop.
            show(f"action {name}:", error)
            return False, error_of(error)


def _call(handler: Handler, parameters: Mapping[str, str]) -> Tuple[Any, Optional[BaseException]]:
    """As data: a StopIteration that a thread throws would never reach who waits for it."""
    try:
        return handler(parameters), None
    except BaseException as error:
        return None, error


def _is_async(handler: Handler) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(
        getattr(handler, "__call__", None)
    )
