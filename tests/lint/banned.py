#!/usr/bin/env python3
"""No calls of the functions in banned.conf, and no notes to finish something later."""

import os
import re
import sys
from fnmatch import fnmatch

import csource
from rules import read_rules


def check(root, rules):
    bans = {subject: " ".join(words) for kind, subject, words, _ in rules if kind == "ban"}
    allowed = {subject: words for kind, subject, words, _ in rules if kind == "allow"}
    words = {subject: " ".join(tail) for kind, subject, tail, _ in rules if kind == "word"}
    call = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(map(re.escape, bans)))
    note = re.compile(r"\b(%s)\b" % "|".join(map(re.escape, words)))
    offences = []
    for path in csource.c_files(root, "daemon", "tests"):
        text = csource.read(root, path)
        for line, code in csource.code_lines(text):
            for match in call.finditer(code):
                name = match.group(1)
                if not any(fnmatch(path, pattern) for pattern in allowed.get(name, ())):
                    offences.append((path, line, "%s: use %s" % (name, bans[name])))
        for piece in csource.pieces(text):
            match = note.search(piece.text) if piece.kind == "comment" else None
            if match:
                line = piece.line + piece.text.count("\n", 0, match.start())
                offences.append((path, line, "%s: write %s" % (match.group(1), words[match.group(1)])))
    return offences


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    sys.exit(csource.report(check(sys.argv[1], read_rules(os.path.join(here, "banned.conf")))))
