"""What the tests of `dvcctl plugin` share: the program run on files, without dvcd and database."""

import os
import re
import shutil
import subprocess
import tempfile

from ctltest import Answer, built

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PLUGINS = os.path.join(ROOT, "plugins")
PROCEDURES = os.path.join(PLUGINS, "procedures")
BAD = os.path.join(ROOT, "tests", "unit", "conf", "bad")
FAULT = re.compile(r"^(.+?):(\d+):(\d+): (.+) \[(K\d{3})\]$")


def plugin(*words, cwd=None, env=None):
    """dvcctl plugin WORDS; options of dvcctl itself may stand among them."""
    return Answer(subprocess.run([built("DVCCTL"), "plugin", *words], capture_output=True,
                                 encoding="utf-8", timeout=120, check=False, cwd=cwd,
                                 env=dict(os.environ, **(env or {}))))


def faults(answer):
    """(file, line, column, text, rule) of each line that tells of a fault."""
    found = []
    for line in answer.out.splitlines():
        match = FAULT.match(line)
        if match:
            file, row, column, text, rule = match.groups()
            found.append((file, int(row), int(column), text, rule))
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class Tree:
    """A folder with plugins/ as shipped, for tests that write beside the procedures."""

    def __init__(self, copy=True):
        self.root = tempfile.mkdtemp(prefix="dvcd-plugins.")
        self.procedures = os.path.join(self.root, "plugins", "procedures")
        if copy:
            shutil.copytree(PLUGINS, os.path.join(self.root, "plugins"))
        else:
            os.makedirs(self.procedures)

    def path(self, code):
        return os.path.join(self.procedures, code + ".yaml")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)
