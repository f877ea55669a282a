"""Makes a virtual environment, and makes it ready for the place where it will lie."""

from __future__ import annotations

import compileall
import glob
import os
import py_compile
import shutil
import venv

from program import base_interpreter

MOST_SCRIPT = 1 << 20


def create(folder: str) -> None:
    """An empty environment without pip: three hundredths of a second, and nothing to be attacked."""
    shutil.rmtree(folder, ignore_errors=True)
    venv.EnvBuilder(symlinks=True, with_pip=False, prompt="agent").create(folder)


def python_of(folder: str) -> str:
    return os.path.join(folder, "bin", "python")


def site_packages(folder: str) -> str:
    return glob.glob(os.path.join(glob.escape(folder), "lib", "python*", "site-packages"))[0]


def distributions(folder: str) -> list[str]:
    """What is installed: `name==version`, sorted."""
    found = glob.glob(os.path.join(glob.escape(site_packages(folder)), "*.dist-info"))
    names = (os.path.basename(path)[: -len(".dist-info")].rpartition("-") for path in found)
    return sorted(f"{name}=={version}" for name, _, version in names)


def relocate(folder: str, final: str) -> None:
    """Writes the later place into scripts and settings, which name the place they were made at."""
    before, after = os.fsencode(folder), os.fsencode(final)
    paths = [entry.path for entry in os.scandir(os.path.join(folder, "bin")) if entry.is_file()]
    for path in [*paths, os.path.join(folder, "pyvenv.cfg")]:
        if os.path.islink(path) or os.path.getsize(path) > MOST_SCRIPT:
            continue
        with open(path, "rb") as file:
            content = file.read()
        if before in content and b"\0" not in content:
            # A new file: the old one may be a hard link into the cache.
            fresh = f"{path}.new"
            with open(fresh, "wb") as file:
                file.write(content.replace(before, after))
            shutil.copymode(path, fresh)
            os.replace(fresh, path)


def compile_all(folder: str, seen_at: str) -> None:
    """Compiles every module, because the process that imports them may write nothing here.

    The compiled files name the place at which they will be seen, and are never compared with their
    sources, which nobody changes. What does not compile (templates, code for another Python) is left.
    """
    compileall.compile_dir(
        site_packages(folder),
        quiet=2,
        workers=os.cpu_count() or 1,
        stripdir=folder,
        prependdir=seen_at,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def is_made_of_us(folder: str) -> bool:
    """Whether an environment was begun with this interpreter and nothing is installed in it yet."""
    try:
        same = os.path.realpath(python_of(folder)) == os.path.realpath(base_interpreter())
        return same and not os.listdir(site_packages(folder))
    except (OSError, IndexError):
        return False
