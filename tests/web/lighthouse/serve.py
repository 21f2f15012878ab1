#!/usr/bin/python3
"""Runs measure.mjs against the daemon that run.py --serve starts. Environment: see run."""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    with subprocess.Popen([sys.executable, os.path.join(os.path.dirname(HERE), "run.py"), "--serve"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as server:
        line = server.stdout.readline()
        if not line.startswith("{"):
            print(line + server.stdout.read(), end="", file=sys.stderr)
            return 1
        try:
            return subprocess.run(["node", os.path.join(HERE, "measure.mjs")],
                                  env=dict(os.environ, **json.loads(line)),
                                  stdin=subprocess.DEVNULL, check=False).returncode
        finally:
            server.stdin.close()


if __name__ == "__main__":
    sys.exit(main())
