#!/usr/bin/python3
"""The HTTP contract of the main job against a whole dvcd: one topic a file. TAP.

    run.py [--keep] [PART | TOPIC]...      DVCD and POSTSIM name the programs of the build

All topics of one call share a daemon. A part is several topics; parts may run side by side, each has a
world of its own.
"""

import importlib
import os
import sys
import time
import traceback

import world

# Of about the same length. Trail looks at every dossier that the others made, outage takes the
# database away: these are last.
PARTS = {
    "desks": ("public", "places", "session", "intake", "reading", "birth", "certificate", "permit",
              "workflow", "desk", "builtin", "counter", "parallel", "rights", "lookup", "badbody",
              "badform", "badact", "figures", "forms", "delegation", "trail"),
    "post": ("postal", "handover", "parcel_events", "courier", "notices", "plans", "outbox", "linked", "stream",
             "totp", "trail"),
    "service": ("files", "uploads", "tus", "scan", "migrate", "accounts", "operations", "outage",
                "trail"),
}
TOPICS = [topic for part in PARTS.values() for topic in part if topic not in ("outage", "trail")] + [
    "outage", "trail"]


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


def no_topic_forgotten():
    folder = os.path.dirname(os.path.abspath(__file__))
    there = {name[2:-3] for name in os.listdir(folder) if name.startswith("t_") and name.endswith(".py")}
    assert there == set(TOPICS), there ^ set(TOPICS)


def main(words):
    keep = "--keep" in words
    topics = [topic for word in words if word != "--keep" for topic in PARTS.get(word, (word,))] or TOPICS
    tap = Tap()
    tap.run("every topic belongs to a part", no_topic_forgotten)
    try:
        here = world.World()
    except Exception:
        traceback.print_exc()
        print("Bail out! the daemon did not start")
        return 1
    try:
        for topic in topics:
            began = time.monotonic()
            for name, function in tests_of(topic):
                tap.run("%s: %s" % (topic, name[5:].replace("_", " ")), function, here)
            tap.run("%s: every answer well formed, every process still there" % topic,
                    no_suspicion, here)
            print("# %.1f s" % (time.monotonic() - began), flush=True)
    finally:
        if tap.failed:
            print("# the daemon's last words:\n" +
                  "".join("# %s\n" % line for line in here.daemon.log_tail(20).splitlines()))
        here.stop(keep)
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
