#!/usr/bin/python3
"""The table of rules in README.md names files that exist, and every rule_*.scn stands in it. TAP.

    rules.py README ROOT
"""

import os
import re
import sys

ROW = re.compile(r"^\| ([a-z_]+) \| (.+) \| ([^|]+) \|$")
FILE = re.compile(r"`([^`]+\.(?:scn|py|mjs|c))`")
LEAST = 17  # rules; one that goes is taken out here, too


def table(text):
    """{rule: [file]} of the section about rules."""
    part = text.split("\n## Rules of the law\n", 1)[1].split("\n## ", 1)[0]
    rows = (ROW.match(line) for line in part.splitlines())
    return {row.group(1): FILE.findall(row.group(2)) for row in rows if row
            and row.group(1) != "rule"}


def faults(rules, folder, root):
    named = set()
    if len(rules) < LEAST:
        yield "only %d rules" % len(rules)
    for rule, files in rules.items():
        if not files:
            yield "%s: proven by nothing" % rule
        for name in files:
            place = folder if name.endswith(".scn") else root
            named.add(name)
            if not os.path.isfile(os.path.join(place, name)):
                yield "%s: %s is not there" % (rule, name)
    for name in sorted(os.listdir(folder)):
        if not name.startswith("rule_"):
            continue
        if name not in named:
            yield "%s: not in the table" % name
        elif not any(name.startswith("rule_" + rule) and name in files
                     for rule, files in rules.items()):
            yield "%s: stands beside another rule" % name


def itself(root):
    """The rules of this lint are broken one by one."""
    folder = os.path.join(root, "tests", "scenario")
    good = {"rule%s" % letter: ["join_first.scn"] for letter in "abcdefghijklmnopqrst"}
    sound = set(faults(good, folder, root))
    for broken in ({"rulea": []}, {"rulea": ["no_such.scn"]}, {"rulea": ["no/such.py"]}):
        assert len(set(faults(dict(good, **broken), folder, root)) - sound) == 1, broken
    assert any("only 1" in fault for fault in faults({"a": ["join_first.scn"]}, folder, root))
    assert any("not in the table" in fault for fault in sound)


def main():
    readme, root = sys.argv[1:]
    with open(readme, encoding="utf-8") as file:
        rules = table(file.read())
    found = list(faults(rules, os.path.dirname(readme), root))
    itself(root)
    for fault in found:
        print("# " + fault)
    print("%sok 1 - %d rules of the law have their proofs\n1..1" % ("not " if found else "",
                                                                    len(rules)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
