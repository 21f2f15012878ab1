#!/usr/bin/env python3
"""Writes libFuzzer's dictionary of the plugin language: words.py SOURCE_ROOT >language.dict

The words are those of the tables that the readers themselves work with, so a new key is there from
the day on which it is read."""

import os
import re
import sys

SOURCES = {
    "daemon/conf": ("plugin", "check_", "schema", "yaml"),
    "daemon/core": ("expr", "role", "state", "limit", "procedure", "carrier", "form"),
}
WORD = re.compile(r'"([a-z][a-z0-9_.]{0,30})"')
# Marks that no table holds.
SIGNS = [": ", "- ", "{", "}", "[", "]", ", ", '"', "'", "|", ">", "&a", "*a", "!!", "---", "#", "\\n",
         "==", "!=", "<", "<=", ">=", " and ", " or ", " in ", "not ", "null", "true", "false",
         "working_days", "calendar_days", "working_hours", "months", "ngày làm việc", "50%", "-1", "1.5",
         "\\x00", "\\xef\\xbb\\xbf", "\\xcc\\x81", "9223372036854775807"]


def words(root):
    found = set()
    for folder, prefixes in SOURCES.items():
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if name.endswith(".c") and name.startswith(prefixes):
                with open(os.path.join(root, folder, name), encoding="utf-8") as file:
                    found.update(WORD.findall(file.read()))
    return sorted(found)


def quoted(text):
    return '"%s"' % text.replace('"', '\\"')


def main(root):
    for word in words(root):
        print(quoted(word))
    for sign in SIGNS:
        text = "".join(c if ord(c) < 128 else "".join("\\x%02x" % b for b in c.encode()) for c in sign)
        print(quoted(text.replace("\\n", "\\x0a")))


if __name__ == "__main__":
    main(sys.argv[1])
