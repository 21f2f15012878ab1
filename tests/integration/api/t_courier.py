"""The courier killed at work, and a row of the outbox that commits late."""

import os
import signal
import subprocess
import time

from client import until
from t_postal import ordered, parcel_of, sent

RECOVERY_S = 5
BUSY_S = 10  # more on a machine with other work


def courier(here):
    found = [p.pid for p in here.daemon.processes() if p.role == "courier"]
    assert len(found) == 1, found
    return found[0]


def test_a_killed_courier_is_made_good_within_five_seconds(here):
    """Killed with an order in its hands: the post hangs, so the call has begun and has no answer."""
    here.steer("/sim/away?seconds=120&how=hang")
    old = courier(here)
    try:
        code, _ = sent(here)
        claimed = until(lambda: here.value("SELECT count(*) FROM outbox_retry"
                                           " WHERE courier IS NOT NULL;") != "0", 60, 0.05)
        assert claimed
        os.kill(old, signal.SIGKILL)
        killed = time.monotonic()
    finally:
        here.steer("/sim/away?seconds=0")
    ordered(here, code)
    took = time.monotonic() - killed
    print("# taken up again after %.1f s" % took)
    assert took < RECOVERY_S + BUSY_S, "%.1f s" % took
    assert courier(here) != old
    here.pids = here.worker_pids()  # this one was meant to end


def test_a_row_that_commits_late_is_not_jumped_over(here):
    """A transaction that took its number first and commits last."""
    slow = subprocess.Popen(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1",
                             here.daemon.database("dvcd")],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        slow.stdin.write("BEGIN;\nINSERT INTO outbox (dossier_id, channel, topic, key, body, at)"
                         " VALUES (0, 'late', 'late', 'late', '{}', now()) RETURNING 'begun';\n")
        slow.stdin.flush()
        assert slow.stdout.readline().strip() == "begun"
        code, _ = sent(here)
        time.sleep(1.5)
        assert parcel_of(here, code)["state"] == "created", "read past a transaction that runs"
        slow.stdin.write("COMMIT;\n")
        slow.stdin.flush()
        ordered(here, code)
        moved = until(lambda: here.value("SELECT count(*) FROM outbox_retry WHERE key = 'late';")
                      == "1", 60, 0.1)
        assert moved, "the late row was jumped over"
    finally:
        slow.stdin.close()
        slow.wait(10)
        here.sql("DELETE FROM outbox_retry WHERE key = 'late';")
