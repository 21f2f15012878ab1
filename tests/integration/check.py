#!/usr/bin/env python3
"""`dvcd check` from outside: the shipped configuration is sound, and of a copy with a fault in each
kind of file it tells every fault at once, with file, line and column.

  check.py SOURCE_DIR DVCD; output is TAP."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE, DVCD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])

# File, text that is there once, what stands there instead, the words in it whose place is named, a
# word of the message.
FAULTS = [
    ("config/demo/dvcd.yaml", "secure_cookies: false", "secure_cookie: false",
     "secure_cookie", "secure_cookie"),
    ("config/demo/dvcd.yaml", "citizen_filing: true", "citizen_filing: maybe",
     "maybe", "citizen_filing"),
    ("config/agencies/haiphong.yaml",
     'name: "Sở Tư pháp", level: department, parent: "H24"',
     'name: "Sở Tư pháp", level: department, parent: "H99"', "parent", "H99"),
    ("config/calendars/vn-default.yaml", "date: 2024-05-04, kind: make_up, as: monday",
     "date: 2024-05-04, kind: make_up, as: moonday", "moonday", "monday"),
    ("plugins/procedures/1.004873.yaml", "online: {limit: 3 working_days}",
     "online: {limit: 3 days}", "3 days", "[K026]"),
    ("plugins/procedures/1.001193.yaml", "authority: commune", "authority: village",
     "village", "[K024]"),
    ("plugins/workflows/certificate-with-fee-1.yaml", "automatic: true, to: appraise",
     "automatic: true, to: nowhere", "nowhere", "[K101]"),
]


class Tap:
    def __init__(self):
        self.count, self.failed = 0, False

    def ok(self, good, name, *notes):
        self.count += 1
        print("%s %d - %s" % ("ok" if good else "not ok", self.count, name))
        if not good:
            self.failed = True
            for note in notes:
                for line in str(note).splitlines():
                    print("# " + line)


def check(tree):
    return subprocess.run(
        [DVCD, "check", "--config", os.path.join(tree, "config/demo/dvcd.yaml"),
         "--data", os.path.join(tree, "var")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)


def break_file(tree, path, old, new, place):
    """Puts the fault in and returns its (line, column), both from 1, columns in characters."""
    full = os.path.join(tree, path)
    with open(full, encoding="utf-8") as file:
        text = file.read()
    if text.count(old) != 1:
        raise SystemExit("%s: %r stands there %d times" % (path, old, text.count(old)))
    at = text.index(old)
    text = text.replace(old, new)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)
    at += new.index(place)
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="dvcd-it.") as tree:
        for name in ("config", "plugins", "sql"):
            shutil.copytree(os.path.join(SOURCE, name), os.path.join(tree, name))
        sound = check(tree)
        tap.ok(sound.returncode == 0, "the shipped configuration is sound", sound.stderr)
        tap.ok(not os.path.exists(os.path.join(tree, "var")), "a check leaves nothing behind")
        places = [break_file(tree, path, old, new, place) for path, old, new, place, _ in FAULTS]
        broken = check(tree)
        output = broken.stdout + broken.stderr
        tap.ok(broken.returncode == 100, "a broken one ends with 100", broken.returncode)
        for (path, _, _, _, word), (line, column) in zip(FAULTS, places):
            place = "%s:%d:%d" % (path, line, column)
            found = [text for text in output.splitlines()
                     if re.search(r"(^|/)%s: " % re.escape(place), text)]
            tap.ok(any(word in text for text in found), "%s is told: %s" % (place, word), output)
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
