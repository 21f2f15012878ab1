#!/usr/bin/env python3
"""The top of the tree holds what its plan names, and nothing else."""

import os
import subprocess
import sys

ALLOWED = {
    "daemon",
    "plugins",
    "config",
    "sql",
    "tests",
    "systemd",
    "meson.build",
    "README.md",
}


def names(root):
    """What git tracks; in an unpacked archive, what is there besides the ignored folders."""
    if os.path.exists(os.path.join(root, ".git")):
        out = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        return {path.split("/")[0] for path in out.split("\0") if path}
    return {
        name
        for name in os.listdir(root)
        if name != "var" and not (name.startswith("build") and os.path.isdir(os.path.join(root, name)))
    }


def check(root):
    return [
        (name, 1, "does not belong at the top of the tree")
        for name in sorted(names(root))
        if name not in ALLOWED and not name.startswith(".")
    ]


if __name__ == "__main__":
    for path, line, what in check(sys.argv[1]):
        print("%s:%d: %s" % (path, line, what))
    sys.exit(1 if check(sys.argv[1]) else 0)
