#!/usr/bin/env python3
"""Adds up what the suites did and closes with `N passed, N failed`.

tally.py LOGS BROKEN: LOGS has a line `mark path` for each of meson's JSON logs, whose suites are named
with that mark behind (`-`: none); each line of BROKEN is a failure outside of them. In a test that
speaks TAP each of its points counts, else the test.
"""

import json
import re
import sys

POINT = re.compile(r"^(not )?ok\b[^#\n]*(#\s*(SKIP|TODO)\b)?", re.M | re.I)
REASON_LINES, REASON_WIDTH = 12, 240  # of each failed point: the whole is in the log
PLAN = re.compile(r"^1\.\.(\d+)\s*(#\s*SKIP\b.*)?$", re.M | re.I)


def count(test):
    """(passed, failed, skipped) of one line of meson's log."""
    result, text = test["result"], test.get("stdout") or ""
    good = result in ("OK", "EXPECTEDFAIL")
    plan = PLAN.search(text)
    if result == "SKIP":
        return 0, 0, 1
    if plan is None or plan.group(2) or result == "EXPECTEDFAIL":
        return (1, 0, 0) if good else (0, 1, 0)
    passed = failed = skipped = 0
    for match in POINT.finditer(text):
        if (match.group(3) or "").upper() == "SKIP":
            skipped += 1
        elif match.group(1):
            failed += 1
        else:
            passed += 1
    # A test that died in the middle owes the rest of its plan.
    failed += max(0, int(plan.group(1)) - passed - failed - skipped)
    if not good and failed == 0:
        failed = 1
    return passed, failed, skipped


def complaints(test):
    """What a failed test said: the failed points with the indented lines and remarks below them."""
    out, said = [], None
    for line in (test.get("stdout") or "").splitlines():
        if line.startswith("not ok"):
            said = 0
        elif said is not None and line[:1] in (" ", "#") and said < REASON_LINES:
            said += 1
        else:
            said = None
        if said is not None and line.strip() not in ("---", "...", "failures:"):
            out.append(line[:REASON_WIDTH])
    return out


def suite_of(test):
    """The suite's name, as meson writes it before the test's: `project:suite / test`."""
    match = re.match(r"(?:[^/]*:)?([^/:]+?)(?: / |$)", test["name"])
    return match.group(1) if match else test["name"]


def main(logs, broken):
    passed = failed = skipped = 0
    for line in open(logs, encoding="utf-8"):
        mark, path = line.split(None, 1)
        sums = {}
        for record in open(path.strip(), encoding="utf-8"):
            test = json.loads(record)
            counts = count(test)
            label = suite_of(test) + ("" if mark == "-" else mark)
            sums[label] = [a + b for a, b in zip(sums.get(label, (0, 0, 0)), counts)]
            if counts[1]:
                print("failed: %s (%s), %s" % (test["name"], label, test["result"]))
                print(*["    " + line for line in complaints(test)], sep="\n")
        for label, in_suite in sums.items():
            print("%-24s %5d passed %4d failed %4d skipped" % (label, *in_suite))
            passed, failed = passed + in_suite[0], failed + in_suite[1]
            skipped += in_suite[2]
    for line in open(broken, encoding="utf-8"):
        print("failed: " + line.strip())
        failed += 1
    if passed + failed == 0:
        print("failed: no test ran")
        failed = 1
    if skipped:
        print("skipped: %d" % skipped)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
