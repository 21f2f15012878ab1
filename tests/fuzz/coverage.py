#!/usr/bin/env python3
"""Prints the line coverage of what llvm-cov exported: coverage.py EXPORT PATTERN...

One line a file of daemon/ that one of the patterns means; 1 when all together are too little."""

import fnmatch
import json
import os
import sys

LEAST = 90.0


def main(path, patterns):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)["data"][0]
    lines = [
        (os.path.basename(f["filename"]), f["summary"]["lines"])
        for f in data["files"]
        if any(fnmatch.fnmatch(f["filename"], "*/daemon/" + pattern) for pattern in patterns)
    ]
    for name, count in sorted(lines):
        print("%-22s %4d of %4d lines  %5.1f %%" % (name, count["covered"], count["count"], count["percent"]))
    covered = sum(count["covered"] for _, count in lines)
    total = sum(count["count"] for _, count in lines)
    share = 100.0 * covered / total if total else 0.0
    print("%-22s %4d of %4d lines  %5.1f %%" % ("together", covered, total, share))
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
