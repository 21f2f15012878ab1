#!/usr/bin/env python3
"""Holds every #include to layers.conf: floors look down only, and a library lives in few files."""

import os
import re
import sys
from fnmatch import fnmatch

import csource
from rules import read_rules

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)

# The C library and the system below it. What is in none of these lists is a library of others.
STD = set(
    """assert ctype errno fcntl float fnmatch getopt glob grp inttypes limits locale math poll pwd
    regex sched search setjmp signal spawn stdalign stdarg stdatomic stdbool stddef stdint stdio
    stdlib stdnoreturn string strings syslog termios time uchar unistd wchar wctype dirent libgen
    netdb ifaddrs endian byteswap ftw""".split()
)
STD_FOLDERS = ("sys/", "netinet/", "arpa/", "net/", "linux/", "bits/")


def is_std(header):
    return header[:-2] in STD or header.startswith(STD_FOLDERS)


class Table:
    def __init__(self, path):
        self.floors, self.std, self.extern, self.extra = {}, {}, [], {}
        for kind, subject, words, number in read_rules(path):
            if kind == "floor":
                self.floors[subject] = words
            elif kind == "std":
                self.std[subject] = set(words)
            elif kind == "extern":
                self.extern.append((subject, words))
            elif kind == "except":
                self.extra.setdefault(subject, set()).update(words)
            else:
                sys.exit("%s:%d: unknown rule '%s'" % (path, number, kind))

    def may_include_ours(self, file, floor, header):
        name = header[:-2] if header.endswith(".h") else header
        target = header.split("/")[0]
        if target == floor or header in self.extra.get(file, ()):
            return True
        return target in self.floors[floor] or name in self.floors[floor]

    def may_include_other(self, file, floor, header):
        if header in self.extra.get(file, ()):
            return True
        if is_std(header):
            return floor not in self.std or header in self.std[floor]
        return any(
            fnmatch(header, pattern) and any(fnmatch(file, allowed) for allowed in files)
            for pattern, files in self.extern
        )


def check_file(table, file, floor, text, has_header):
    """Offences of one file; `file` is relative to daemon/."""
    first = True
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        ours, header = match.group(1) == '"', match.group(2)
        own = os.path.splitext(file)[0] + ".h"
        if first and file.endswith(".c") and has_header and header != own:
            yield line, 'its own header "%s" comes first' % own
        first = False
        if ours and header.split("/")[0] not in table.floors:
            yield line, '"%s" names no floor; daemon/ is the only include root' % header
        elif ours and not table.may_include_ours(file, floor, header):
            yield line, "%s may not include \"%s\"" % (floor, header)
        elif not ours and not table.may_include_other(file, floor, header):
            yield line, "<%s> does not belong in this file (tests/lint/layers.conf)" % header


def check_test(table, floor, text):
    """A unit test sees its floor and those below; headers beside it have no folder."""
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        header = match.group(2)
        target = header.split("/")[0]
        if match.group(1) != '"' or "/" not in header or target not in table.floors:
            continue
        below = {entry.split("/")[0] for entry in table.floors[floor]} | {floor, "base"}
        for entry in list(below):
            below.update(word.split("/")[0] for word in table.floors[entry])
        if target not in below:
            yield line, "a unit test of %s may not include \"%s\"" % (floor, header)


def check(root, table):
    offences = []
    for path in csource.c_files(root, "daemon"):
        file = os.path.relpath(path, "daemon")
        floor = file.split("/")[0]
        if floor not in table.floors:
            offences.append((path, 1, "'%s' is no floor of tests/lint/layers.conf" % floor))
            continue
        header = os.path.join(root, os.path.splitext(path)[0] + ".h")
        found = check_file(table, file, floor, csource.read(root, path), os.path.exists(header))
        offences.extend((path, line, what) for line, what in found)
    for path in csource.c_files(root, "tests/unit"):
        floor = path.split("/")[2]
        if floor in table.floors:
            found = check_test(table, floor, csource.read(root, path))
            offences.extend((path, line, what) for line, what in found)
    return offences


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    sys.exit(csource.report(check(sys.argv[1], Table(os.path.join(here, "layers.conf")))))
