"""Drives the unit of PAR from inside of the world that boot_systemd.sh makes.

usage: par_unit_driver.py serve | refuse NAME=VALUE...

Prints JSON: what was answered, and how the unit ended. Waits for lines of the unit's log and for the
ends of units, never for time.
"""

import json
import os
import subprocess
import sys
import urllib.request

UNIT = "sluice-par"
LOG = "/out/stdout"


def ask(*args):
    return subprocess.run(args, stdout=subprocess.PIPE, text=True, check=False).stdout


def shown():
    names = "Result,ExecMainStatus,NRestarts,ActiveState"
    return dict(line.split("=", 1) for line in ask("systemctl", "show", "-p", names, UNIT).split())


def get(path):
    with urllib.request.urlopen(f"http://127.0.0.1:8080{path}") as answer:
        return json.load(answer)


def above(path):
    while path != "/":
        yield path
        path = os.path.dirname(path)
    yield path


def serve():
    open(LOG, "a").close()
    log = subprocess.Popen(["tail", "-n", "+1", "-f", LOG], stdout=subprocess.PIPE, text=True)

    def ready():
        for line in log.stdout:
            if "/health answers 200" in line:
                return

    found = {}
    ask("systemctl", "start", UNIT)
    ready()
    found["ping"] = get("/agents/a-1/api/ping")
    main = int(ask("systemctl", "show", "-P", "MainPID", UNIT))
    with open(f"/proc/{main}/status") as status:
        found["root"] = [line for line in status if line.startswith("Uid:")][0].split()[1] == "0"
    found["seen"] = {
        path: sorted(os.listdir(f"/proc/{main}/root{path}")) for path in ("/opt", "/var/lib", "/etc")
    }
    with open(f"/proc/{main}/mountinfo") as mounts:
        options = {fields[4]: fields[5].split(",") for fields in map(str.split, mounts)}
    found["executable"] = sorted(
        path
        for path in ("/opt/agent-venv", "/prog", "/srv", "/tmp", "/usr", "/var/lib/agent-runtime")
        if "noexec" not in next(options[at] for at in above(path) if at in options)
    )
    os.kill(main, 9)
    ready()
    found["again"] = get("/health")["ok"]
    found["restarts"] = shown()["NRestarts"]
    ask("systemctl", "stop", UNIT)
    found["ended"] = shown()
    found["kept"] = sorted(os.listdir("/var/lib/sluice-par/opt/agent-venv"))
    log.terminate()
    return found


def refuse(*lines):
    found = {}
    for line in lines:
        folder = f"/run/systemd/system/{UNIT}.service.d"
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/less.conf", "w") as conf:
            # So that systemctl waits for its end.
            conf.write(f"[Service]\nType=oneshot\n{line}\n")
        with open(LOG, "w"):
            pass
        ask("systemctl", "daemon-reload")
        ask("systemctl", "start", UNIT)
        with open(LOG) as log:
            faults = [json.loads(each) for each in log if '"level":"error"' in each]
        message = faults[0]["details"].get("message", "") if faults else ""
        found[line] = {"said": message, **shown()}
        ask("systemctl", "reset-failed", UNIT)
    return found


result = serve() if sys.argv[1] == "serve" else refuse(*sys.argv[2:])
with open("/out/found", "w") as out:
    json.dump(result, out)
ask("systemctl", "exit", "0", "--no-block")
