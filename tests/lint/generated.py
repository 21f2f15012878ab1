#!/usr/bin/env python3
"""Files that a program beside them writes are what that program writes today."""

import os
import subprocess
import sys
import tempfile

# file: the program that writes it, given the file's name
GENERATED = {"config/agencies/haiphong.yaml": "config/agencies/make-haiphong"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def first_difference(old, new):
    for number, (left, right) in enumerate(zip(old, new), 1):
        if left != right:
            return number
    return min(len(old), len(new)) + 1 if len(old) != len(new) else 0


def check(root, generated=None):
    offences = []
    for path, program in (generated or GENERATED).items():
        with tempfile.TemporaryDirectory() as folder:
            fresh = os.path.join(folder, "fresh")
            subprocess.run([sys.executable, os.path.join(root, program), fresh], check=True)
            line = first_difference(read(os.path.join(root, path)), read(fresh))
        if line:
            offences.append((path, line, "is not what %s writes" % program))
    return offences


if __name__ == "__main__":
    found = check(sys.argv[1])
    for path, line, what in found:
        print("%s:%d: %s" % (path, line, what))
    sys.exit(1 if found else 0)
