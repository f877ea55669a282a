"""The agent's routes: a FastAPI application below the base path, served by uvicorn on a Unix socket."""
from __future__ import annotations

import os
from contextlib import AsyncExitStack
from typing import Any, Dict, List, Optional

# Longer than Deno keeps a connection: the side that sends requests is the one that gives it up.
KEEP_ALIVE_S = 3600

# Of what is told of routes, more the other side does not take.
MOST_ROUTES = 1000
MOST_ROUTE = 512


class Rest:
    """The application, and its server once it is started."""

    def __init__(self, name: str, version: str) -> None:
        from fastapi import FastAPI

        self.app = FastAPI(title=name, version=version)
        self._builtin = len(self.app.routes)
        self._server: Optional[Any] = None
        self._lifespan = AsyncExitStack()

    @property
    def routes(self) -> List[str]:
        """What the agent added, such as `GET /api/ping`, without the base path."""
        told = [text for route in self.app.routes[self._builtin :] for text in _told(route)]
        return [text[:MOST_ROUTE] for text in told[:MOST_ROUTES]]

    async def start(self, path: str, base_path: str) -> None:
        """Runs what the agent wants run at the start, then listens.

        uvicorn's own start would hide what the former throws, and its own loop is for signals and for
        headers that Deno writes.
        """
        import uvicorn

        state = await self._lifespan.enter_async_context(self.app.router.lifespan_context(self.app))
        config = uvicorn.Config(
            _with_peer(_with_state(state, below(base_path, self.app))),
            uds=path,
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            # uvicorn would believe the first entry of X-Forwarded-For, which any client can write.
            proxy_headers=False,
        )
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        os.chmod(path, 0o600)
        self._server = server

    async def stop(self) -> None:
        """Takes no more connections, waits for the requests that run, and runs the agent's own end."""
        if self._server is not None:
            await self._server.shutdown()
        await self._lifespan.aclose()


def below(base_path: str, app: Any) -> Any:
    """The application under the base path exactly once, nothing elsewhere; "/" or "" is the root.

    Paths are matched by the Mount of the Starlette that is there: what `root_path` means to `path` has
    changed between its versions.
    """
    if base_path in ("", "/"):
        return app
    from starlette.routing import Mount, Router

    return Router([Mount(base_path, app=app)])


def _with_peer(app: Any) -> Any:
    """Makes the client of each request the last entry of X-Forwarded-For: Deno alone can connect, and
    adds whoever is connected to it. What stands before it is there to be read, by whoever knows which
    proxies to believe."""

    async def addressed(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
            chain = headers.get(b"x-forwarded-for", "")
            scope = {**scope, "client": (chain.rpartition(",")[2].strip(), 0)}
            if headers.get(b"x-forwarded-proto") == "https":
                scope["scheme"] = {"http": "https", "ws": "wss"}.get(scope["scheme"], scope["scheme"])
        await app(scope, receive, send)

    return addressed


def _with_state(state: Optional[Dict[str, Any]], app: Any) -> Any:
    """Gives each request what the agent's start yielded, as `request.state`."""
    if not state:
        return app

    async def stateful(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": {**scope.get("state", {}), **state}}, receive, send)

    return stateful


def _told(route: Any) -> List[str]:
    path = getattr(route, "path", None)
    if not isinstance(path, str):
        return []
    methods = getattr(route, "methods", None)
    if methods:
        return [f"{method} {path}" for method in sorted(methods)]
    return [f"{'ANY' if hasattr(route, 'app') and hasattr(route, 'routes') else 'WS'} {path}"]
