#!/usr/bin/env python3
"""Files of at most 800 lines and functions of at most 100; a warning from 500 and 60 on."""

import os
import sys

import csource
from rules import read_rules

FILE_WARN, FILE_MOST = 500, 800
FUNCTION_WARN, FUNCTION_MOST = 60, 100


def scripts(root):
    for where, dirs, names in os.walk(os.path.join(root, "tests")):
        dirs[:] = sorted(name for name in dirs if name != "__pycache__")
        for name in sorted(names):
            if name.endswith((".py", ".sh", ".js")):
                yield os.path.relpath(os.path.join(where, name), root)


def check(root, rules):
    """(offences, warnings)"""
    files = {subject: int(words[0]) for kind, subject, words, _ in rules if kind == "file"}
    longer = {subject: int(words[0]) for kind, subject, words, _ in rules if kind == "function"}
    offences, warnings = [], []
    c_files = csource.c_files(root, "daemon", "tests")
    for path in c_files + list(scripts(root)):
        text = csource.read(root, path)
        lines, most = text.count("\n"), files.get(path, FILE_MOST)
        if lines > most:
            offences.append((path, 1, "%d lines, at most %d" % (lines, most)))
        elif lines > FILE_WARN and path not in files:
            warnings.append((path, 1, "warning: %d lines, better below %d" % (lines, FILE_WARN)))
        for function in csource.functions(text) if path in c_files else ():
            most = longer.get("%s %s" % (path, function.name), FUNCTION_MOST)
            what = "%s has %d lines" % (function.name, function.length)
            if function.length > most:
                offences.append((path, function.line, "%s, at most %d" % (what, most)))
            elif function.length > FUNCTION_WARN and most == FUNCTION_MOST:
                warnings.append((path, function.line, "warning: " + what))
    return offences, warnings


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    too_long, soon = check(sys.argv[1], read_rules(os.path.join(here, "size.conf")))
    csource.report(soon)
    sys.exit(csource.report(too_long))
