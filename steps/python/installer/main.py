"""Builds virtual environments in a store: `python3 -ISB main.py REQUEST.json`.

One request, one line of JSON as the answer. Needs the standard library of Python 3.9 alone, so that
nothing which is installed on the machine takes part.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from failure import Failure, mask  # noqa: E402
from work import begin, install  # noqa: E402


def main(path: str) -> int:
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    index_url = os.environ.pop("SLUICE_INDEX_URL", "")
    try:
        answer = {"begin": begin, "install": install}[request["verb"]](request, index_url)
        print(json.dumps({"ok": True, **answer}))
        return 0
    except Failure as failure:
        print(json.dumps({
            "ok": False,
            "message": mask(str(failure), [index_url]),
            "lines": failure.lines,
            "requirement": mask(failure.requirement, [index_url]),
            "place": failure.place,
        }))
    except OSError as error:
        where = "" if error.filename is None else f" ({error.filename})"
        message = f"{error.strerror or error}{where}"
        print(json.dumps({"ok": False, "message": message, "lines": []}))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
