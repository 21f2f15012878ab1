#!/usr/bin/env python3
"""No option that does nothing: each key of dvcd.yaml is read by somebody besides the code that reads
dvcd.yaml itself."""

import re
import sys

import csource

TABLE = "daemon/conf/settings_table.c"
ROW = re.compile(r"^\s*(?:ROW|NUMBER|PATH|WORD)\((\w+),\s*(\w+)", re.M)
OWN = ("daemon/conf/settings.c", "daemon/conf/settings_table.c")


def check(root):
    offences = []
    text = "\n".join(code for path in csource.c_files(root, "daemon")
                     if path.endswith(".c") and path not in OWN
                     for _, code in csource.code_lines(csource.read(root, path)))
    table = csource.read(root, TABLE)
    for match in ROW.finditer(table):
        section, key = match.groups()
        if not re.search(r"(\.|->)%s\s*\.\s*%s\b" % (section, key), text):
            line = table.count("\n", 0, match.start(1)) + 1
            offences.append((TABLE, line, "nobody reads %s.%s" % (section, key)))
    return offences


if __name__ == "__main__":
    sys.exit(csource.report(check(sys.argv[1])))
