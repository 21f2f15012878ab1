"""The database goes away in the middle: requests wait or hear 503, then all goes on, and what was
acknowledged is there."""

import http.client
import os
import signal
import threading
import time

import samples
from client import new_key, until
from shapes import ok, problem
from t_birth import step


class Filer(threading.Thread):
    """Files one dossier after the other; a failed one again with its key."""

    def __init__(self, here, number):
        super().__init__()
        self.here, self.number, self.codes, self.faults = here, number, {}, []
        self.stopping = False
        self.waited = 0

    def run(self):
        while not self.stopping:
            self.file(new_key())

    def file(self, key):
        body = samples.marital()
        for _ in range(1200):
            try:
                answer = self.here.portal.submit(body, key)
            except (OSError, http.client.HTTPException) as fault:
                self.faults.append(repr(fault))
                return
            if answer.status == 201:
                self.codes[key] = answer.json["code"]
                return
            if answer.status != 503:
                self.faults.append(repr(answer))
                return
            self.waited += 1
            time.sleep(0.1)
        self.faults.append("no answer but 503 for two minutes")


def postmaster(here):
    found = [p.pid for p in here.daemon.processes() if p.role == "postmaster"]
    assert len(found) == 1, found
    return found[0]


def more(filers, count):
    """Until so many were filed."""
    def filed():
        return sum(len(filer.codes) for filer in filers)
    before = filed()
    assert until(lambda: filed() >= before + count), "only %d" % (filed() - before)


def test_a_killed_postmaster_loses_nothing(here):
    before = postmaster(here)
    filers = [Filer(here, number) for number in range(4)]
    for filer in filers:
        filer.start()
    more(filers, 10)
    for _ in range(2):
        os.kill(postmaster(here), signal.SIGKILL)
        time.sleep(0.2)
        assert until(lambda: here.anyone.call("GET", "/readyz").status == 200, 60, 0.1)
        more(filers, 10)
    for filer in filers:
        filer.stopping = True
    for filer in filers:
        filer.join(180)
        assert not filer.is_alive()
    faults = [fault for filer in filers for fault in filer.faults]
    assert not faults, faults[:5]
    assert postmaster(here) != before
    codes = [code for filer in filers for code in filer.codes.values()]
    assert len(codes) > 20 and len(set(codes)) == len(codes), len(codes)
    kept = {row[0] for row in here.sql("SELECT code FROM dossier;")}
    missing = set(codes) - kept
    assert not missing, missing
    for filer in filers:
        for key, code in filer.codes.items():
            assert ok(here.portal.submit(samples.marital(), key), 201)["code"] == code
            break


def test_acts_go_on_afterwards(here):
    code = ok(here.citizen.submit(samples.marital()), 201)["code"]
    step(here.receiver, code, "accept", "receive")
    assert here.sign_in("officer").get("/me").status == 200


def test_a_stopped_database_is_said_to_be_away(here):
    """Frozen, not dead: requests wait up to their deadline, then 503; health says so."""
    pid = postmaster(here)
    children = [p.pid for p in here.daemon.processes() if p.role == "postgres"]
    code = ok(here.citizen.submit(samples.marital()), 201)["code"]
    key = new_key()
    for one in [pid] + children:
        os.kill(one, signal.SIGSTOP)
    try:
        got = []

        def act():
            got.append(here.receiver.act(code, "accept", task=1, key=key))

        waiting = threading.Thread(target=act)
        waiting.start()
        assert here.anyone.call("GET", "/healthz").status == 200
        waiting.join(1.5)
        held = waiting.is_alive()
    finally:
        for one in children + [pid]:
            try:
                os.kill(one, signal.SIGCONT)
            except ProcessLookupError:
                pass
    waiting.join(90)
    assert got and got[0].status in (200, 503), got
    assert held or got[0].status == 503
    again = until(lambda: [a for a in [here.receiver.act(code, "accept", task=1, key=key)]
                           if a.status == 200], 60, 0.3)
    assert again, here.receiver.act(code, "accept", task=1, key=key)
    kinds = [e["kind"] for e in ok(here.citizen.get("/dossiers/%s/events" % code))["items"]]
    assert kinds.count("accepted") <= 1 and len(kinds) == 2, kinds
    problem(here.receiver.act(code, "accept", task=1), 409)
