#!/usr/bin/python3
"""Sixty procedures of the bench's generator, of all its kinds: each is sound, and the engine takes a
dossier of it to its result. TAP.

    made_up.py     DVCCTL names the program of the build
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

from ctltest import Answer, Tap, built

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "bench", "plugins"))

import generate  # noqa: E402

COUNT, SEED = 60, 7


class Here:
    def __init__(self, folder):
        generate.write_all(folder, COUNT, SEED)
        self.config = os.path.join(folder, "dvcd.yaml")
        self.files = sorted(glob.glob(os.path.join(folder, "procedures", "*.yaml")))
        paths = {name: os.path.join(ROOT, "config", name)
                 for name in ("agencies", "calendars", "targets")}
        paths["communes"] = os.path.join(ROOT, "config", "agencies", "communes.tsv")
        paths["plugins"] = os.path.join(folder, "procedures")
        paths["workflows"] = os.path.join(folder, "workflows")
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump({"paths": paths}, file)

    def run(self, *words):
        return Answer(subprocess.run(
            [built("DVCCTL"), "--config", self.config, "plugin", *words],
            capture_output=True, encoding="utf-8", timeout=60, check=False))


def all_kinds(here):
    """the generator makes all kinds"""
    texts = []
    for path in here.files:
        with open(path, encoding="utf-8") as file:
            texts.append(file.read())
    assert len(texts) == COUNT
    for kind in ("\ncases:", "\nfees:", "spawn:", "use: made-up", "  start: receive", "consult:",
                 "join: opinions", "wait: payment", "wait: post", "limit: same_day", "show_if:"):
        assert any(kind in text for text in texts), kind


def sound(here):
    """all are sound"""
    answer = here.run("check")
    assert answer.status == 0, answer


def to_the_result(here):
    """each takes a dossier to its result"""
    for path in here.files:
        answer = here.run("simulate", path, "--start", "2026-03-02T08:00", "--json")
        assert answer.status == 0, (path, answer)
        assert answer.json["end"]["state"] == "returned", (path, answer.json["end"])


TESTS = (all_kinds, sound, to_the_result)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        tap.run(TESTS, Here(folder))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
