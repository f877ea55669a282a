"""The store of environments: each whole under its key, one of them active.

    KEY/            a whole environment with its marker, never changed
    .building-KEY/  one that is being made; what a killed boot left of it is removed by the next
    active          a relative link to one KEY
    .cache/         what was downloaded, for the next environment
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import re
import shutil
from typing import Any, Iterator

MARKER = "sluice.json"
KEY = re.compile(r"[0-9a-f]{64}")
LEFTOVER = re.compile(r"\.(building|removing|active)-")


class Store:
    def __init__(self, root: str) -> None:
        self.root = root
        self.cache = os.path.join(root, ".cache")
        self.link = os.path.join(root, "active")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One at a time; the kernel opens the lock when its holder ends in any way."""
        os.makedirs(self.root, mode=0o755, exist_ok=True)
        lock = os.open(os.path.join(self.root, ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def whole(self, key: str) -> str:
        return os.path.join(self.root, key)

    def building(self, key: str) -> str:
        return os.path.join(self.root, f".building-{key}")

    def marker(self, key: str) -> dict[str, Any] | None:
        """What a whole environment says of itself; `None` where there is none."""
        try:
            with open(os.path.join(self.whole(key), MARKER), encoding="utf-8") as file:
                return json.load(file)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def active(self) -> str | None:
        try:
            return os.readlink(self.link)
        except FileNotFoundError:
            return None

    def sweep(self, but: str = "") -> None:
        """Removes what boots that were killed have left; only under the lock."""
        for name in os.listdir(self.root):
            path = os.path.join(self.root, name)
            if LEFTOVER.match(name) and path != but:
                _remove(path)

    def keep(self, key: str, marker: dict[str, Any]) -> None:
        """Gives a finished environment its name: on disk before, in one rename."""
        building = self.building(key)
        with open(os.path.join(building, MARKER), "w", encoding="utf-8") as file:
            json.dump(marker, file, indent=1, sort_keys=True)
        _sync_disk(building)
        os.rename(building, self.whole(key))
        _sync_folder(self.root)

    def activate(self, key: str) -> None:
        """Lets `active` lead to a whole environment, in one rename."""
        link = os.path.join(self.root, f".active-{key}")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(link)
        os.symlink(key, link)
        os.replace(link, self.link)
        os.utime(self.whole(key))
        _sync_folder(self.root)

    def prune(self, keep: int) -> int:
        """Removes all but the `keep` environments last activated; how many went. Never the active one.

        With the first goes the cache, so that it cannot grow for ever.
        """
        keys = [name for name in os.listdir(self.root) if KEY.fullmatch(name)]
        keys.sort(key=lambda name: os.stat(self.whole(name)).st_mtime_ns, reverse=True)
        gone = [key for key in keys[keep:] if key != self.active()]
        for key in gone:
            # Under its own name it is whole or not there.
            removing = os.path.join(self.root, f".removing-{key}")
            os.rename(self.whole(key), removing)
            _remove(removing)
        if gone:
            _remove(self.cache)
        return len(gone)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _sync_disk(path: str) -> None:
    """Writes all that the file system of a folder holds back: thousands of files in one call."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.syncfs(folder) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), path)
    finally:
        os.close(folder)


def _sync_folder(path: str) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
