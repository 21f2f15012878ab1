"""Recomputes the hashes of chain.json from the contract alone (api.md, Shapes, Event): for whoever writes
a verifier, and against a format that drifts. TAP on standard output.

    check_chain.py VECTORS
"""

import hashlib
import json
import sys


def digest(code, seq, previous, body):
    return hashlib.sha256("\n".join(("dvc1", code, str(seq), previous, body)).encode()).hexdigest()


def first_fault(code, events):
    """The seq of the first event that does not verify, or None."""
    previous = "0" * 64
    for place, event in enumerate(events, 1):
        if (event["seq"] != place or event["previous_hash"] != previous
                or event["hash"] != digest(code, place, previous, event["body"])):
            return place
        previous = event["hash"]
    return None


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)["dossiers"]
    points = []
    for vector in vectors:
        code, events = vector["code"], vector["events"]
        points.append(("%s: %d events verify" % (code, len(events)),
                       first_fault(code, events) is None))
        points.append(("%s: each body is JSON that names its kind and its moment" % code, all(
            {"kind", "at"} <= set(json.loads(event["body"])) for event in events)))
    code, events = vectors[0]["code"], vectors[0]["events"]
    blank = [dict(event) for event in events]
    blank[1]["body"] += " "
    points += [
        ("one blank more in a body shows at its event", first_fault(code, blank) == 2),
        ("an event left out shows", first_fault(code, events[:1] + events[2:]) == 2),
        ("events in another order show", first_fault(code, [events[1], events[0]]) == 1),
        ("another dossier's chain shows", first_fault(code + "0", events) == 1),
    ]
    print("1..%d" % len(points))
    for number, (text, good) in enumerate(points, 1):
        print("%s %d - %s" % ("ok" if good else "not ok", number, text))
    return 0 if all(good for _, good in points) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
