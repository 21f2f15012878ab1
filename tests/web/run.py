#!/usr/bin/python3
"""The desks in a browser: one dvcd with its database and a simulated post, one headless Chromium, one
topic a file (t_*.mjs). TAP.

    run.py [--keep] [--serve] [PART | TOPIC...]

A part is several topics: `desks`, or `people` for all the others. Parts may run side by side.

DVCD and POSTSIM name the programs of the build, WEB_WORK a folder of it: packages of package-lock.json
go to WEB_WORK/modules, screenshots to WEB_WORK/shots. --serve starts everything, says where it is and
waits for the end of its input: for a look by hand, or for `node run.mjs` with the printed environment.
"""

import fcntl
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration", "api"))

import world  # noqa: E402


DESKS = ("admin", "counter", "desk", "figures", "smoke", "walks")


def topics_of(words):
    every = sorted(os.path.basename(path)[2:-4] for path in glob.glob(os.path.join(HERE, "t_*.mjs")))
    parts = {"desks": DESKS, "people": [topic for topic in every if topic not in DESKS]}
    return [topic for word in words for topic in parts.get(word, (word,))]


def modules(work):
    """node_modules outside of the tree, made anew when the lock file changed; by one of us at a time."""
    os.makedirs(work, exist_ok=True)
    with open(os.path.join(work, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return made_modules(os.path.join(work, "modules"))


def made_modules(folder):
    with open(os.path.join(HERE, "package-lock.json"), "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    mark = os.path.join(folder, "installed")
    if os.path.exists(mark):
        with open(mark, encoding="ascii") as file:
            if file.read() == wanted:
                return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(HERE, name), folder)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", timeout=300, check=False)
    if done.returncode != 0:
        print("# npm ci:\n# " + done.stdout.replace("\n", "\n# "))
        return None
    with open(mark, "w", encoding="ascii") as file:
        file.write(wanted)
    return folder


def environment(daemon, work, folder):
    shots = os.path.join(work, "shots")
    os.makedirs(shots, exist_ok=True)
    return {"DVC_WEB_BASE": "http://127.0.0.1:%d" % daemon.port,
            "DVC_WEB_POST": "http://127.0.0.1:%d" % daemon.post_port,
            "DVC_WEB_PASSWORD": daemon.password(), "DVC_WEB_DATABASE": daemon.database("dvcd"), "DVC_WEB_MODULES": folder,
            "DVC_WEB_SHOTS": shots}


def main(words):
    options = [word for word in words if word.startswith("--")]
    topics = topics_of([word for word in words if not word.startswith("--")])
    work = os.path.abspath(os.environ["WEB_WORK"])
    folder = modules(work)
    if folder is None:
        print("Bail out! the packages of package-lock.json cannot be installed")
        return 1
    daemon = world.Daemon()
    failed = True
    try:
        daemon.start()
        told = environment(daemon, work, folder)
        if "--serve" in options:
            print(json.dumps(told), flush=True)
            while sys.stdin.buffer.read(4096):
                pass
            failed = False
        else:
            failed = subprocess.run(["node", os.path.join(HERE, "run.mjs"), *topics],
                                    env=dict(os.environ, **told), stdin=subprocess.DEVNULL,
                                    check=False).returncode != 0
    finally:
        if failed:
            print("# the daemon's last words:\n" +
                  "".join("# %s\n" % line for line in daemon.log_tail(20).splitlines()), flush=True)
        daemon.stop("--keep" in options)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
