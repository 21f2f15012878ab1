#!/usr/bin/env python3
"""SQL lives in sql/, where people read and review it: no statement inside a C string."""

import re
import sys

import csource

STATEMENT = re.compile(
    r"\bSELECT\s|\bINSERT\s+INTO\b|\bUPDATE\s+\S+\s+SET\b|\bDELETE\s+FROM\b|\bTRUNCATE\s+\w"
    r"|\b(CREATE|ALTER|DROP)\s+(TABLE|INDEX|FUNCTION|ROLE|VIEW)\b"
    r"|^\s*select\s+\S+(\s*,\s*\S+)*\s+from\s|^\s*select\s+\w+\s*\(|^\s*insert\s+into\s"
    r"|^\s*update\s+\S+\s+set\s|^\s*delete\s+from\s"
)


def check(root):
    offences = []
    for path in csource.c_files(root, "daemon"):
        for line, text in csource.strings(csource.read(root, path)):
            plain = text.replace("\\n", " ").replace("\\t", " ")
            match = STATEMENT.search(plain)
            if match:
                offences.append((path, line, "SQL in a string: %s" % match.group().strip()))
    return offences


if __name__ == "__main__":
    sys.exit(csource.report(check(sys.argv[1])))
