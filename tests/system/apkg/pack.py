"""Makes a package as `zipfile` makes it: python3 pack.py KIND FILE."""

import io
import os
import stat
import sys
import zipfile

MANIFEST = "name: greeter\nversion: 1.2.0\nrest: { entry: main:mount }\n"
MIB = 1 << 20


class Pipe(io.RawIOBase):
    """A target that cannot be gone back in, so that sizes come behind the data."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def seekable(self):
        return False

    def write(self, data):
        return self.file.write(data)


def fill(package):
    package.writestr("agent.yaml", MANIFEST)
    package.writestr("größe/ü.txt", "x" * 1000)
    package.writestr("src/", "")
    program = zipfile.ZipInfo("src/run.sh")
    program.external_attr = (stat.S_IFREG | 0o775) << 16
    package.writestr(program, "#!/bin/sh\n")
    package.writestr("empty", b"")
    package.writestr("large", b"0123456789" * 100_000)
    with package.open("wide", "w", force_zip64=True) as file:
        file.write(b"wide" * 5000)


def big(package, block):
    """300 MiB in one file."""
    package.writestr("agent.yaml", MANIFEST)
    with package.open("big", "w") as file:
        for _ in range(300):
            file.write(block)


def main(kind, path):
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    method = stored if kind.endswith("stored") else deflated
    if kind.startswith("stream"):
        with open(path, "wb") as file, zipfile.ZipFile(Pipe(file), "w", method) as package:
            fill(package)
        return
    with zipfile.ZipFile(path, "w", method) as package:
        if kind == "big-stored":
            big(package, os.urandom(MIB))
        elif kind == "big-deflated":
            big(package, os.urandom(MIB // 2).hex().encode())
        elif kind == "big-bomb":
            # Nearly as dense as it may be.
            big(package, os.urandom(5000) + bytes(MIB - 5000))
        elif kind == "small":
            package.writestr("agent.yaml", MANIFEST)
        else:
            fill(package)
            package.comment = b"made on a Monday"
    if kind.startswith("append"):
        with zipfile.ZipFile(path, "a", method) as package:
            package.writestr("more", "more")


main(sys.argv[1], sys.argv[2])
