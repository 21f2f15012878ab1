#!/usr/bin/env python3
"""The rules of the plugin language are the same everywhere: those that daemon/conf tells of, those of
the table in plugins/README.md, and those that a file of tests/unit/conf/bad breaks. Such a file is
called KIND-NNN-what.yaml, breaks its own rule only, and its .ok says so in Vietnamese; 900 stands for
several at once."""

import os
import re
import sys

CONF = "daemon/conf"
PAGE = "plugins/README.md"
BAD = "tests/unit/conf/bad"
SEVERAL = 900
UNREADABLE = ": không đọc được: "  # what the system says of a file is no rule
KINDS = ("plugin", "yaml")  # the others tell of settings and agencies, which have no numbers

TOLD = re.compile(r"\[K(\d{3})\]")
ENUM = re.compile(r"\bRULE_[A-Z_]+ = (\d+)\b")
ROW = re.compile(r"^\| K(\d{3}) \| \S")
LINE = re.compile(r"^\S+?(:\d+:\d+)?: (.*) \[K\d{3}\]$")
# Letters that only Vietnamese among the languages here has, or a word without any.
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.I)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read().split("\n")


def found(root, path, pattern):
    """{rule: (path, line) of its first place}"""
    rules = {}
    for number, line in enumerate(read(root, path), 1):
        for rule in pattern.findall(line):
            rules.setdefault(int(rule), (path, number))
    return rules


def told_by_code(root):
    rules = {}
    for name in sorted(os.listdir(os.path.join(root, CONF))):
        if name.endswith((".c", ".h")):
            path = CONF + "/" + name
            for pattern in (TOLD, ENUM):
                for rule, place in found(root, path, pattern).items():
                    rules.setdefault(rule, place)
    return rules


def golden(root, name, offences):
    """The rule that one .ok file is about, or None."""
    path = BAD + "/" + name
    kind, number = name.split("-")[:2]
    if not os.path.exists(os.path.join(root, path[:-3] + ".yaml")):
        offences.append((path, 1, "there is no file that it tells of"))
    if kind not in KINDS:
        return None
    own = int(number)
    for at, line in enumerate(read(root, path), 1):
        match = LINE.match(line)
        if line and not match and own != SEVERAL and UNREADABLE not in line:
            offences.append((path, at, "a message without place or rule"))
        elif match and not VIETNAMESE.search(match.group(2)):
            offences.append((path, at, "a message that is not Vietnamese"))
        for rule in map(int, TOLD.findall(line)):
            if rule != own and own != SEVERAL:
                offences.append((path, at, "breaks K%03d beside its own K%03d" % (rule, own)))
    return own


def check(root):
    offences = []
    code, page = told_by_code(root), found(root, PAGE, ROW)
    names = sorted(os.listdir(os.path.join(root, BAD)))
    broken = {golden(root, name, offences) for name in names if name.endswith(".ok")}
    for name in names:
        if name.endswith(".yaml") and name[:-5] + ".ok" not in names:
            offences.append((BAD + "/" + name, 1, "nothing says what people are told of it"))
    for rule, (path, line) in sorted(code.items()):
        if rule not in page:
            offences.append((path, line, "K%03d is not explained in %s" % (rule, PAGE)))
        if rule not in broken:
            offences.append((path, line, "K%03d has no file in %s that breaks it" % (rule, BAD)))
    for rule, (path, line) in sorted(page.items()):
        if rule not in code:
            offences.append((path, line, "K%03d is told of nowhere in %s" % (rule, CONF)))
    return offences


if __name__ == "__main__":
    offences = check(sys.argv[1])
    for path, line, what in offences:
        print("%s:%d: %s" % (path, line, what))
    sys.exit(1 if offences else 0)
