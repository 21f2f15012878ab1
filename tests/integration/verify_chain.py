#!/usr/bin/python3
"""Recomputes the hash chain of every dossier from the database's rows: the second language that the
event's format is checked by. Prints TAP.

    verify_chain.py [PROGRAM]    with PROGRAM, runs it first to have something to check

Connects as the auditor: a chain must be checkable by who can only read.
"""

import hashlib
import json
import os
import subprocess
import sys

QUERY = """
SELECT json_build_object('code', d.code, 'head_seq', d.head_seq,
                         'head_hash', encode(d.head_hash, 'hex'),
                         'events', (SELECT json_agg(json_build_object(
                             'seq', e.seq, 'body', e.body, 'hash', encode(e.hash, 'hex'))
                             ORDER BY e.seq) FROM event e WHERE e.dossier_id = d.id))
FROM dossier d ORDER BY d.id
"""


def faults(dossier):
    """What is wrong with one dossier's chain, as sentences."""
    previous = "0" * 64
    seq = 0
    for event in dossier["events"] or []:
        seq += 1
        if event["seq"] != seq:
            yield "%s: event %d where %d should be" % (dossier["code"], event["seq"], seq)
        text = "\n".join(["dvc1", dossier["code"], str(event["seq"]), previous, event["body"]])
        previous = hashlib.sha256(text.encode("utf-8")).hexdigest()
        if event["hash"] != previous:
            yield "%s: hash of event %d" % (dossier["code"], event["seq"])
    if dossier["head_seq"] != seq or dossier["head_hash"] != previous:
        yield "%s: the dossier's head is not its last event" % dossier["code"]


def spoiled(dossier, change):
    copy = json.loads(json.dumps(dossier))
    change(copy)
    return list(faults(copy))


def main(argv):
    if len(argv) > 1:
        done = subprocess.run(argv[1:], stdout=subprocess.PIPE, universal_newlines=True)
        if done.returncode != 0:
            print(done.stdout)
            print("Bail out! %s failed" % argv[1])
            return 1
    text = subprocess.run(
        ["psql", "-X", "-At", "-c", QUERY, os.environ["DVCD_TEST_AUDIT"]],
        stdout=subprocess.PIPE, check=True, universal_newlines=True, encoding="utf-8").stdout
    dossiers = [json.loads(line) for line in text.splitlines() if line]
    found = [fault for dossier in dossiers for fault in faults(dossier)]
    events = sum(len(dossier["events"] or []) for dossier in dossiers)
    for fault in found[:20]:
        print("# " + fault)
    several = next((d for d in dossiers if len(d["events"] or []) > 2), None)
    checks = [
        (len(dossiers) > 100 and events > len(dossiers),
         "%d dossiers with %d events were there to check" % (len(dossiers), events)),
        (not found, "every hash and every head is right"),
        (several is not None and spoiled(several, lambda d: d["events"][1].update(body="{}")),
         "a changed body shows"),
        (several is not None and spoiled(several, lambda d: d["events"].pop(1)),
         "a missing event shows"),
        (several is not None and spoiled(several, lambda d: d["events"].pop()),
         "a cut end shows"),
        (several is not None and spoiled(several, lambda d: d.update(code=d["code"] + "0")),
         "an event of another dossier shows"),
    ]
    for number, (good, text) in enumerate(checks, 1):
        print("%s %d - %s" % ("ok" if good else "not ok", number, text))
    print("1..%d" % len(checks))
    return 0 if all(good for good, _ in checks) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
