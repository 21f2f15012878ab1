"""A desk with ten thousand open tasks: how long a page of its queue takes."""

import argparse
import hashlib
import http.client
import json
import os
import secrets
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "stand"))

import filing  # noqa: E402
from stand import STAFF_ROLES, Stand  # noqa: E402

BAR_MS = 50.0


class Client:
    """One connection that is kept."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": "Bearer " + token}

    def get(self, path, **params):
        if params:
            path += "?" + urllib.parse.urlencode(params)
        self.connection.request("GET", "/api/v1" + path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body[:300])
        return json.loads(body)

    def submit(self, body):
        headers = dict(self.headers, **{"Idempotency-Key": secrets.token_hex(12),
                                        "Content-Type": "application/json"})
        self.connection.request("POST", "/api/v1/dossiers", filing.text(body).encode(), headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


def fill(stand, agency, commune, count):
    """Through the real path: filed by the portal, all to the same desk."""
    refused, numbers = [], iter(range(count))
    lock = threading.Lock()

    def work():
        client = Client(stand.port, stand.tokens["portal"])
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            kind = filing.PROCEDURES[number % len(filing.PROCEDURES)]
            status = client.submit(filing.submission(number, agency, commune, kind))
            if status != 201:
                refused.append(status)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused, "refused: %s" % refused[:5]


def grant(stand, name, agency, roles):
    """A signed-in account with these roles at one agency."""
    token = secrets.token_urlsafe(32)
    stand.sql("INSERT INTO account (username, name, kind) VALUES ('%s', '%s', 'staff');" % (name, name)
              + "".join("INSERT INTO role_grant (account, role, agency) SELECT id, '%s', '%s' "
                        "FROM account WHERE username = '%s';" % (role, agency, name)
                        for role in roles)
              + "INSERT INTO session (token_hash, account, csrf, expires_at) "
                "SELECT '\\x%s', id, 'x', now() + interval '1 day' FROM account "
                "WHERE username = '%s';" % (hashlib.sha256(token.encode()).hexdigest(), name))
    return token


def calibration():
    """What this machine does while we measure: one core's hashing, and how busy it is."""
    block, count, end = b"x" * 1024, 0, time.perf_counter() + 0.5
    while time.perf_counter() < end:
        hashlib.sha256(block).digest()
        count += 1
    with open("/proc/loadavg", encoding="ascii") as file:
        load = file.read().split()[0]
    return "calibration: sha256 of 1 KiB %.0f MB/s, load %s, %d cores" % (
        count * 1024 / 0.5e6, load, os.cpu_count())


def measure(port, token, paths, rounds, connections=1):
    """Milliseconds of every request, sorted; each connection asks the paths in turn."""
    taken, lock = [], threading.Lock()

    def work():
        client, own = Client(port, token), []
        for number in range(rounds):
            path, params = paths[number % len(paths)]
            since = time.perf_counter()
            client.get(path, **params)
            own.append((time.perf_counter() - since) * 1000)
        with lock:
            taken.extend(own[min(5, rounds // 10):])  # the first plans its statements

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(taken)


def pages(port, token, count, **params):
    """The addresses of the first `count` pages of a queue."""
    client, found, at = Client(port, token), [], None
    for _ in range(count):
        asked = dict(params, limit=50, **({"page": at} if at else {}))
        found.append(("/tasks", asked))
        at = client.get("/tasks", **asked)["next"]
        if at is None:
            break
    return found


def walk(port, token):
    """Every task once, in order of due dates."""
    client, rows, at = Client(port, token), [], None
    while True:
        page = client.get("/tasks", limit=200, **({"page": at} if at else {}))
        rows += page["items"]
        at = page["next"]
        if at is None:
            return rows


def bench(stand, options):
    agency, commune = filing.communes()[0]
    since = time.monotonic()
    fill(stand, agency, commune, options.tasks)
    print("%d dossiers filed in %.0f s" % (options.tasks, time.monotonic() - since))
    stand.sql("ANALYZE;")
    desk = grant(stand, "bench-desk", agency, ("receiver",))
    whole = grant(stand, "bench-agency", agency, STAFF_ROLES)
    rows = walk(stand.port, desk)
    dues = [row["due"] or "9999" for row in rows]
    assert len({(row["code"], row["id"]) for row in rows}) == len(rows) == options.tasks
    assert dues == sorted(dues), "the queue is not in order of due dates"
    if stand.prefer():
        print("before the machine's other work")
    print(calibration())
    failed = False
    first, deep = pages(stand.port, desk, 1), pages(stand.port, desk, 40)
    for what, token, paths, connections, barred in (
            ("first page, one desk", desk, first, 1, True),
            ("forty pages, one desk", desk, deep, 1, True),
            ("first page, whole agency", whole, pages(stand.port, whole, 1), 1, True),
            ("forty pages, eight readers", desk, deep, 8, True),
            ("first page, every desk of the city", stand.tokens["staff"], first, 1, False),
            ("a name searched", desk, [("/tasks", {"q": "hanh", "limit": 50})], 1, False),
            ("a name that nobody has", desk, [("/tasks", {"q": "xyz", "limit": 50})], 1, False),
            ("summary of a desk", desk, [("/tasks/summary", {})], 1, False)):
        taken = measure(stand.port, token, paths, options.rounds, connections)
        p50, p99 = taken[len(taken) // 2], taken[min(len(taken) - 1, len(taken) * 99 // 100)]
        bad = barred and p99 >= BAR_MS
        failed |= bad
        print("%-36s p50 %6.2f ms  p99 %6.2f ms  %s" % (
            what, p50, p99, "over %.0f ms" % BAR_MS if bad else "ok" if barred else ""), flush=True)
    print(calibration())
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    stand = Stand()
    try:
        stand.start()
        stand.add_accounts()
        return bench(stand, options)
    finally:
        stand.stop(options.keep)


if __name__ == "__main__":
    sys.exit(main())
