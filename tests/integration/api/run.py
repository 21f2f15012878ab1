#!/usr/bin/python3
"""The HTTP contract of the main job against a whole dvcd: one daemon, one topic a file. TAP.

    run.py [--keep] [TOPIC...]      DVCD and POSTSIM name the programs of the build
"""

import importlib
import sys
import traceback

import world

# Outage last: it takes the database away. Trail looks at every dossier that the others made.
TOPICS = ("public", "places", "session", "intake", "reading", "birth", "certificate", "permit", "workflow", "postal", "desk", "handover", "parcel_events", "stream",
          "builtin", "counter", "forms", "parallel", "files", "uploads", "tus", "scan",
          "rights", "lookup", "badbody", "badform",
          "badact", "figures", "courier", "notices", "outbox",
          "linked", "migrate", "accounts", "delegation", "totp", "operations", "outage", "trail")


def tests_of(topic):
    module = importlib.import_module("t_" + topic)
    return [(name, value) for name, value in vars(module).items()
            if name.startswith("test_") and callable(value)]


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def line(self, ok, title, why=""):
        self.count += 1
        self.failed += not ok
        print("%sok %d - %s" % ("" if ok else "not ", self.count, title), flush=True)
        for text in why.rstrip().splitlines():
            print("# " + text, flush=True)

    def run(self, title, function, *arguments):
        try:
            function(*arguments)
        except Exception:
            self.line(False, title, traceback.format_exc())
        else:
            self.line(True, title)


def no_suspicion(here):
    """Checked after each topic: no 500, no malformed problem, no process that ended."""
    found, here.api.suspicions = here.api.suspicions, []
    assert not found, "\n".join(found[:5])
    assert here.worker_pids() == here.pids, "%s became %s" % (here.pids, here.worker_pids())


def main(words):
    keep = "--keep" in words
    topics = [word for word in words if word != "--keep"] or TOPICS
    tap = Tap()
    try:
        here = world.World()
    except Exception:
        traceback.print_exc()
        print("Bail out! the daemon did not start")
        return 1
    try:
        for topic in topics:
            for name, function in tests_of(topic):
                tap.run("%s: %s" % (topic, name[5:].replace("_", " ")), function, here)
            tap.run("%s: every answer well formed, every process still there" % topic,
                    no_suspicion, here)
    finally:
        if tap.failed:
            print("# the daemon's last words:\n" +
                  "".join("# %s\n" % line for line in here.daemon.log_tail(20).splitlines()))
        here.stop(keep)
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
