#!/usr/bin/python3
"""Runs a test program with a configuration of its own: the house's, with one procedure more, in a
folder that goes away with it.

    configured.py ROOT PROGRAM      runs PROGRAM CONFIG FOLDER
"""

import os
import shutil
import subprocess
import sys
import tempfile


def configuration(root, folder):
    plugins = os.path.join(folder, "plugins")
    os.makedirs(plugins)
    source = os.path.join(root, "plugins", "procedures")
    for name in os.listdir(source):
        if name.endswith(".yaml"):
            shutil.copy(os.path.join(source, name), plugins)
    shutil.copy(os.path.join(root, "tests", "integration", "figures", "no_limit.yaml"),
                os.path.join(plugins, "9.000009.yaml"))
    calendars = os.path.join(folder, "calendars")
    shutil.copytree(os.path.join(root, "config", "calendars"), calendars)
    path = os.path.join(folder, "dvcd.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write("paths:\n  data: %s\n  plugins: %s\n" % (os.path.join(folder, "data"), plugins))
        out.write("  calendars: %s\n" % calendars)
        out.write("  workflows: %s\n" % os.path.join(root, "plugins", "workflows"))
        for key in ("agencies", "targets"):
            out.write("  %s: %s\n" % (key, os.path.join(root, "config", key)))
        out.write("  communes: %s\n" % os.path.join(root, "config", "agencies", "communes.tsv"))
    return path


def main(argv):
    folder = tempfile.mkdtemp(prefix="dvcd-configured.")
    try:
        return subprocess.run([argv[2], configuration(argv[1], folder), folder]).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
