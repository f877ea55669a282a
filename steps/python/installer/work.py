"""What is asked of the installer: `begin` an environment, `install` into it and make it the active one."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from typing import Any
from urllib.parse import unquote, urlsplit

import environment
import tool
from failure import Failure, telling_lines
from python_version import satisfies
from requirement import blamed, choose, lines_of, name_of
from store import Store

Request = dict[str, Any]

# uv and pip say so when a version that they were told to take cannot be had with the others.
CONFLICT = ("No solution found", "ResolutionImpossible", "No matching distribution", "conflicting dep")


def begin(request: Request, _index_url: str) -> dict[str, Any]:
    """An empty environment under `.building-KEY`, unless there is a whole one."""
    _check_interpreter(request)
    store = Store(request["store"])
    key = request["key"]
    with store.locked():
        store.sweep()
        marker = store.marker(key)
        if marker is not None:
            return {"reused": True, "tool": marker["tool"], "distributions": marker["distributions"]}
        folder = store.building(key)
        environment.create(folder)
        found = tool.find(request["uv"], request["system_folders"], folder)
        return {"reused": False, "tool": found.name, "distributions": []}


def install(request: Request, index_url: str) -> dict[str, Any]:
    """The environment whole under its key, and active. Two at once: the second finds it made."""
    store = Store(request["store"])
    key = request["key"]
    with store.locked():
        folder = store.building(key)
        marker = store.marker(key)
        reused = marker is not None
        store.sweep(but="" if reused else folder)
        if marker is None:
            _check_interpreter(request)
            if not environment.is_made_of_us(folder):
                environment.create(folder)
            name = _fill(folder, store, request, index_url)
            environment.relocate(folder, store.whole(key))
            environment.compile_all(folder, store.link)
            marker = {
                **request["went_into"],
                "schemaVersion": 1,
                "key": key,
                "tool": name,
                "python": ".".join(map(str, sys.version_info[:3])),
                "distributions": environment.distributions(folder),
            }
            store.keep(key, marker)
        store.activate(key)
        store.prune(request["keep"])
        return {"reused": reused, "tool": marker["tool"], "distributions": marker["distributions"]}


def _fill(folder: str, store: Store, request: Request, index_url: str) -> str:
    """Installs everything; the name of the tool that did it."""
    found = tool.find(request["uv"], request["system_folders"], folder)
    source = tool.Source(request["wheelhouse"], index_url, request["certificates"])
    own = os.path.join(folder, ".tmp")
    os.makedirs(own, mode=0o700)
    package = request["package"]
    if request["copy"]:
        # It is built in a copy: the package itself may not be written.
        package = shutil.copytree(package, os.path.join(own, "package"), symlinks=True)
    legacy = request["install"] == "project" and _is_legacy(package)

    def attempt(wanted: list[str]) -> tuple[int, list[str]]:
        return found.install(folder, source, wanted, not legacy, store.cache, package)

    if legacy:
        _choose_and_install(attempt, _own(request, "build_requirements.txt"), set(), [], request, index_url)
    places = {asked: "dependencies of agent.yaml" for asked in request["dependencies"]}
    given: list[str] = []
    if request["install"] == "requirements":
        file = os.path.join(package, "requirements.txt")
        with open(file, encoding="utf-8-sig") as text:
            for number, line in enumerate(text.read().splitlines(), 1):
                places[line.partition("#")[0].strip()] = f"requirements.txt:{number}"
        given += ["-r", file]
    given += request["dependencies"]
    if request["install"] == "project":
        given.append(package)
    named = {name_of(line) for line in places}
    base = _own(request, "base_requirements.txt")
    _choose_and_install(attempt, base, named, given, request, index_url, places)
    shutil.rmtree(own)
    return found.name


def _choose_and_install(attempt, base, named, given, request, index_url, places=None) -> None:
    """With our exact versions, and where these cannot be had, with whatever fits.

    `places` says where each requirement of the package stands.
    """
    code, said = attempt(choose(base, named, exact=True) + given)
    if code != 0 and any(word in line for line in said for word in CONFLICT):
        code, said = attempt(choose(base, named, exact=False) + given)
    if code == 0:
        return
    secrets = _secrets_of(index_url)
    requirement = blamed(said, [*(places or {}), *base])
    what = requirement or ("the package" if request["install"] == "project" else "the requirements")
    place = ""
    if requirement:
        place = (places or {}).get(requirement, "what the runtime needs beside the package")
    raise Failure(f"cannot install {what}", telling_lines(said, secrets), requirement, place)


def _own(request: Request, name: str) -> list[str]:
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), encoding="utf-8") as file:
        return lines_of(file.read())


def _is_legacy(package: str) -> bool:
    """Whether a project names no build system: setuptools, which a new environment has not, is meant."""
    try:
        with open(os.path.join(package, "pyproject.toml"), encoding="utf-8") as file:
            return re.search(r"^\s*\[\s*build-system\s*\]", file.read(), re.MULTILINE) is None
    except FileNotFoundError:
        return True


def _secrets_of(index_url: str) -> list[str]:
    """The parts of an index's URL that nobody may see, as they are written and as they are meant."""
    parts = urlsplit(index_url)
    raw = [part for part in (parts.netloc.rpartition("@")[0]).split(":") if len(part) > 3]
    return [*raw, *map(unquote, raw)]


def _check_interpreter(request: Request) -> None:
    """The one that the key was computed from, and one that the package may be used with."""
    with open(os.path.realpath(sys.executable), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    if digest != request["went_into"]["interpreter"]["sha256"]:
        raise Failure(f"{sys.executable} is not the interpreter that was looked at")
    version = sys.version_info[:3]
    if not satisfies(version, request["requires_python"]):
        have = ".".join(map(str, version))
        asked = request["requires_python"]
        raise Failure(f"the package asks for Python {asked}, and this is {have}: AGENT_PYTHON names another")
