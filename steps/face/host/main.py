"""The worker: the process in which an agent's Python handlers run.

    python -u -B main.py CONTROL_SOCKET REST_SOCKET GRPC_SOCKET

It connects to the control socket, on which Deno listens, says hello, and does what it is told in JSON
lines: `load`, `invoke`, `cancel`, `stop`. Routes of the agent are served on the REST socket by uvicorn,
a gRPC server of the agent's own on the gRPC socket. What the messages are, and what the other side
believes of them, is in ../worker/worker_protocol.ts.

A worker is the agent's: code that is loaded here can read this program's memory, find the descriptor
of the control connection and write to it. So nothing that this process says is trusted, and nothing
that is not the agent's own is in it: no key, no client of a cloud or of a database.

It ends when it is told to stop, or at once when the control connection or its parent ends. Needs
Python 3.9; where routes are served fastapi and uvicorn, websockets for WebSockets, and httptools for
speed: steps/python/installer/base_requirements.txt puts them into every environment.
"""
import os
import sys
import types


def name_the_package() -> None:
    """Makes the files beside this one the package `sluice_host`, and takes their folder off the path.

    Else a `rest.py` of the agent would be ours.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0]) == here:
        del sys.path[0]
    package = types.ModuleType("sluice_host")
    package.__path__ = [here]
    sys.modules["sluice_host"] = package


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    name_the_package()
    from sluice_host.worker import work

    work(*sys.argv[1:])
