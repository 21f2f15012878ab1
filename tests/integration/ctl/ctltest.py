"""What the tests of dvcctl share: the program, its answers, TAP."""

import json
import os
import subprocess
import sys
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir,
                                "stand"))

import filing  # noqa: E402
from stand import ROOT, Stand, built  # noqa: E402

__all__ = ("Answer", "ROOT", "Stand", "Tap", "built", "ctl", "filing", "post", "until")


class Answer:
    def __init__(self, run):
        self.status, self.out, self.err = run.returncode, run.stdout, run.stderr

    def __repr__(self):
        return "exit status %d\n%s%s" % (self.status, self.out, self.err)

    @property
    def json(self):
        return json.loads(self.out)


def ctl(stand, *words, config=None, timeout=300):
    return Answer(subprocess.run([built("DVCCTL"), "--config", config or stand.config, *words],
                                 capture_output=True, encoding="utf-8", timeout=timeout,
                                 check=False))


def post(stand, path, body, key, account="portal"):
    status, _, answer = stand.call(
        "POST", "/api/v1" + path, filing.text(body).encode(),
        {"Authorization": "Bearer " + stand.tokens[account], "Content-Type": "application/json",
         "Idempotency-Key": key})
    return status, json.loads(answer)


def until(ask, seconds=60, every=0.1):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(every)
    return ask()


class Tap:
    """Tests run in order and share `here`; what one leaves is the next one's ground."""

    def __init__(self):
        self.count = self.failed = 0

    def run(self, tests, here):
        for test in tests:
            self.count += 1
            start = time.monotonic()
            try:
                test(here)
            except Exception:  # the rest still tells something
                self.failed += 1
                print("not ok %d - %s" % (self.count, test.__doc__))
                print("# " + traceback.format_exc().rstrip().replace("\n", "\n# "), flush=True)
            else:
                print("ok %d - %s # %.1f s" % (self.count, test.__doc__, time.monotonic() - start),
                      flush=True)

    def end(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0
