"""uv and pip: which one is there, and how each is told to install into one environment only."""

from __future__ import annotations

import glob
import os
import sysconfig
from dataclasses import dataclass

from environment import python_of
from failure import Failure
from program import base_interpreter, run

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True)
class Source:
    """Where distributions come from: a folder of wheels, or else an index."""

    wheelhouse: str
    index_url: str
    certificates: str


@dataclass(frozen=True)
class Tool:
    name: str
    command: tuple[str, ...]

    def install(
        self, folder: str, source: Source, wanted: list[str], isolated: bool, cache: str, cwd: str
    ) -> tuple[int, list[str]]:
        """Installs `wanted` (arguments: requirements, `-r FILE`, a folder) into an environment."""
        arguments = list(self.command)
        if self.name == "uv":
            arguments += ["pip", "install", "--python", python_of(folder), "--no-config", "--no-progress"]
            arguments += ["--color", "never", "--no-python-downloads"]
            arguments += ["--offline"] if source.wheelhouse else []
        else:
            arguments += ["install", "--no-compile", "--no-warn-script-location", "--no-input"]
            arguments += ["--progress-bar", "off", "--no-color"]
        if source.wheelhouse:
            arguments += ["--no-index", "--find-links", source.wheelhouse]
        if not isolated:
            arguments.append("--no-build-isolation")
        return run(arguments + wanted, _variables(folder, source, cache), cwd)


def find(uv: str, folders: list[str], folder: str) -> Tool:
    """uv where it is there, else pip, run for the environment in `folder` whichever it is."""
    path = uv if uv.startswith("/") else _program(uv, folders) if uv else ""
    if path:
        if not os.access(path, os.X_OK):
            raise Failure(f"there is no program {path}, which is given as uv")
        return Tool("uv", (path,))
    python = base_interpreter()
    runner = _pip_runner(python)
    if runner is not None:
        return Tool("pip", (python_of(folder), "-I", runner))
    wheel = _bundled_pip()
    if wheel is None:
        raise Failure("neither uv nor pip is there: install uv, or Debian's python3-pip")
    return Tool("pip", (python_of(folder), "-I", os.path.join(wheel, "pip")))


def _program(name: str, folders: list[str]) -> str:
    paths = (os.path.join(folder, name) for folder in folders)
    return next((path for path in paths if os.access(path, os.X_OK)), "")


def _pip_runner(python: str) -> str | None:
    """What the `--python` of an installed pip (22.3 and later) has the other interpreter run.

    Called directly, pip is loaded once and not twice. It takes nothing else from pip's folder.
    """
    code, said = run([python, "-I", "-c", "import pip; print(pip.__path__[0])"], {}, "/")
    path = os.path.join(said[-1].strip(), "__pip-runner__.py") if code == 0 and said else ""
    return path if os.path.isfile(path) else None


def _bundled_pip() -> str | None:
    """The wheel of pip that Python itself brings along, or that Debian keeps apart."""
    stdlib = sysconfig.get_path("stdlib")
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), os.path.join(stdlib, "ensurepip", "_bundled")]
    found = [path for each in folders if each for path in glob.glob(os.path.join(each, "pip-*.whl"))]
    return found[-1] if found else None


def _variables(folder: str, source: Source, cache: str) -> dict[str, str]:
    """All that the tool gets; what it writes beside the environment lies in the store as well."""
    own = os.path.join(folder, ".tmp")
    certificates = source.certificates or next(filter(os.path.exists, CERTIFICATES), "")
    variables = {
        "PATH": SYSTEM_PATH,
        "LANG": "C.UTF-8",
        "HOME": own,
        "TMPDIR": own,
        "UV_CACHE_DIR": os.path.join(cache, "uv"),
        "PIP_CACHE_DIR": os.path.join(cache, "pip"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PYTHONNOUSERSITE": "1",
    }
    if certificates:
        variables |= {"SSL_CERT_FILE": certificates, "PIP_CERT": certificates}
    if source.index_url:
        variables |= {"UV_DEFAULT_INDEX": source.index_url, "PIP_INDEX_URL": source.index_url}
    return variables
