"""Server-sent events of the queue: what changes at one gateway is told at another; rights end it."""

import atexit
import http.client
import json
import os
import signal
import socket
import threading
import time

import samples
import world
from client import PATIENCE, until as asked
from shapes import ok, problem
from t_birth import step
from t_certificate import filed
from world import ELSEWHERE, HERE

PATH = "/api/v1/tasks/stream"
THERE = []


class TwoGateways(world.Daemon):
    def _write_config(self):
        self.settings["workers"] = {"gateways": 2, "drain_ms": 60000}
        self.settings["http"].update(streams_max=12, stream_check_ms=1000)
        super()._write_config()


def two():
    """A daemon of its own with two gateways, made once."""
    if not THERE:
        THERE.append(world.World(TwoGateways()))
        atexit.register(THERE[0].stop)
    return THERE[0]


def until(ask, seconds=PATIENCE):
    answer = asked(ask, seconds, 0.05)
    assert answer, "not within %s s" % seconds
    return answer


class Stream:
    """Follows queues in a thread of its own."""

    def __init__(self, user, query=""):
        self.connection = http.client.HTTPConnection("127.0.0.1", user.api.port, timeout=90)
        self.connection.request("GET", PATH + query,
                                headers={"Authorization": "Bearer " + user.token})
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        self.news, self.ended, self.comments = [], None, 0
        if self.answer.status == 200:
            self.reader = threading.Thread(target=self._read, daemon=True)
            self.reader.start()

    def _read(self):
        event = None
        try:
            for line in self.answer:
                line = line.decode().rstrip("\n")
                if line.startswith(":"):
                    self.comments += 1
                elif line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    self.news.append((time.monotonic(), event, json.loads(line[6:])))
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass
        self.ended = time.monotonic()

    def versions(self):
        return {data["queue"]: data["version"] for _, _, data in self.news}

    def next(self, before, queue, seconds=PATIENCE):
        """When the queue was told to be another than in `before`."""
        def changed():
            return [at for at, _, data in self.news if data["queue"] == queue and
                    data["version"] != before.get(queue)]
        until(changed, seconds)
        return changed()[0]

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.connection.close()


def opened(user, query="", queues=1):
    stream = Stream(user, query)
    assert stream.answer.status == 200, stream.answer.read()
    until(lambda: len(stream.versions()) >= queues)
    return stream


def test_another_gateways_change_is_told_within_a_second(_):
    """As many streams as it takes until every gateway has one; all hear of one change."""
    here = two()
    streams = [opened(here.receiver) for _ in range(8)]
    try:
        head = streams[0].answer.headers
        assert head["Content-Type"].startswith("text/event-stream"), head
        assert head["Cache-Control"] == "no-store" and head["X-Content-Type-Options"] == "nosniff"
        queue = HERE + "/receiver"
        assert all(set(data) == {"queue", "version"} and event == "queue"
                   for stream in streams for _, event, data in stream.news)
        late = []
        while len(late) < 5 and not any(one < 2.0 for one in late):  # a busy machine has better moments
            before = streams[0].versions()
            assert {s.versions()[queue] for s in streams} == {before[queue]}, "one version everywhere"
            since = time.monotonic()
            filed(here)
            late.append(max(stream.next(before, queue) for stream in streams) - since)
            until(lambda: len({s.versions()[queue] for s in streams}) == 1)
        assert min(late) < 2.0, late
    finally:
        for stream in streams:
            stream.close()


def test_only_the_callers_queues(_):
    here = two()
    head = opened(here.unit_head, queues=2)
    elsewhere = opened(here.receiver4)
    try:
        assert set(head.versions()) == {HERE + "/unit_head", HERE + "/officer"}, head.versions()
        assert set(elsewhere.versions()) == {ELSEWHERE + "/receiver"}
        before = elsewhere.versions()
        code = filed(here)
        step(here.receiver, code, "accept", "receive")
        head.next({HERE + "/officer": head.news[0][2]["version"]}, HERE + "/officer")
        time.sleep(1.5)
        assert elsewhere.versions() == before, "another agency's work is none of its business"
    finally:
        head.close()
        elsewhere.close()


def test_a_task_taken_and_given_back_is_news(_):
    here = two()
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    stream = opened(here.officer2)
    try:
        queue, before = HERE + "/officer", stream.versions()
        ok(here.officer.act(code, "take", "appraise"))
        stream.next(before, queue)
    finally:
        stream.close()


def test_who_has_no_queue_has_no_stream(_):
    here = two()
    for name in ("auditor", "admin", "postal"):
        stream = Stream(here.people[name])
        assert stream.answer.status == 403, (name, stream.answer.status)
        stream.close()
    problem(here.citizen.get("/tasks/stream"), 403)
    problem(here.anyone.get("/tasks/stream"), 401)
    problem(here.receiver.get("/tasks/stream", role="x" * 64), 400, "filter")


def test_a_role_taken_away_ends_the_stream(_):
    here = two()
    account = here.value("SELECT id FROM account WHERE username = 'officer2';")
    stream = opened(here.officer2)
    try:
        here.sql("UPDATE role_grant SET valid_to = now() WHERE account = %s;" % account)
        since = time.monotonic()
        until(lambda: stream.ended is not None)
        # The test's setting looks every second; a known session is believed for five.
        assert stream.ended - since < 30
        assert Stream(here.officer2).answer.status in (200, 403)
    finally:
        stream.close()
        here.sql("UPDATE role_grant SET valid_to = NULL WHERE account = %s;" % account)
    until(lambda: here.officer2.get("/tasks").status == 200)


def test_a_session_that_ends_ends_the_stream(_):
    here = two()
    user = here.sign_in("receiver")
    stream = opened(user)
    ok(user.call("DELETE", "/sessions/current"), 204)
    until(lambda: stream.ended is not None)
    stream.close()


def test_an_idle_stream_stays_and_a_request_goes_on_beside_it(_):
    here = two()
    stream = opened(here.receiver)
    try:
        until(lambda: stream.comments >= 1)
        assert stream.ended is None
        ok(here.receiver.get("/tasks"))
    finally:
        stream.close()


def test_too_many_streams_are_told_to_come_later(_):
    here = two()
    streams, refused = [], None
    try:
        for _ in range(200):
            stream = Stream(here.receiver)
            streams.append(stream)
            if stream.answer.status == 503:
                refused = stream
                break
        assert refused and refused.answer.headers["Retry-After"].isdigit()
        assert json.loads(refused.answer.read())["code"] == "streams"
        ok(here.receiver.get("/tasks"))
    finally:
        for stream in streams:
            stream.close()
    # Who has gone makes room at once, at whichever gateway: no comment need fail first.
    # A comment comes every 15 seconds.
    until(lambda: here.value("SELECT 1;") and all(_opens(here) for _ in range(12)), 14)


def _opens(here):
    stream = Stream(here.receiver)
    stream.close()
    return stream.answer.status == 200


class Sleeper:
    """Asks for the stream and does not read it, with next to no room on its side of the line."""

    def __init__(self, user, query):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        # Small segments: else the system keeps megabytes for a reader on the same machine.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self.socket.connect(("127.0.0.1", user.api.port))
        self.socket.sendall(("GET %s%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
                             % (PATH, query, user.token)).encode())

    def rest(self, seconds):
        """All that was sent, and whether it was cut off behind it."""
        got, end = b"", time.monotonic() + seconds
        self.socket.settimeout(2)
        while time.monotonic() < end:
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                return got, True
            except TimeoutError:
                continue
            if not more:
                return got, True
            got += more
        return got, False


def test_who_does_not_read_is_cut_off_and_nobody_else(_):
    """More than 64 KiB unsent ends a stream: many desks change, one reader of theirs sleeps."""
    here = two()
    account = here.value("SELECT id FROM account WHERE username = 'officer2';")
    dossier = here.value("SELECT id FROM dossier WHERE code = '%s';" % filed(here))
    task = "dossier_id = %s AND no > 100" % dossier
    query = "?role=officer"
    here.sql("INSERT INTO role_grant (account, role, agency, below) VALUES (%s, 'officer', 'H24', true);"
             "INSERT INTO task (dossier_id, no, step, name, state, role, agency, epoch, opened_at, budget_left, grp) "
             "SELECT %s, 100 + row_number() OVER (), 'appraise', 'Thử', 'open', 'officer', code, 1, now(), 0, 0 "
             "FROM agency WHERE path LIKE (SELECT path FROM agency WHERE code = 'H24') || '%%' LIMIT 250;"
             % (account, dossier))
    user, awake, sleeper = here.sign_in("officer2"), None, None
    try:
        awake = until(lambda: _follows(user, query), 10)
        until(lambda: len(awake.versions()) > 100, 10)
        sleeper, told = Sleeper(user, query), len(awake.news)
        end = time.monotonic() + 90
        while len(awake.news) - told < 6000:
            assert time.monotonic() < end, "%d pieces of news" % (len(awake.news) - told)
            here.sql("UPDATE task SET due = now() + random() * interval '9 days' WHERE %s;" % task)
            time.sleep(0.3)
        told = (len(awake.news) - told) * len('event: queue\ndata: {"queue":"H24.15/officer","version":1}\n\n')
        got, cut = sleeper.rest(30)
        assert got.startswith(b"HTTP/1.1 200"), got[:200]
        assert cut, "after %d bytes it still comes" % len(got)
        assert len(got) < told / 2, "%d bytes were kept for it, of %d" % (len(got), told)
        before = len(awake.news)
        here.sql("UPDATE task SET due = now() WHERE %s;" % task)
        until(lambda: len(awake.news) > before + 100, 10)
        assert awake.ended is None
    finally:
        here.sql("DELETE FROM task WHERE %s; DELETE FROM role_grant WHERE account = %s AND below;"
                 % (task, account))
        if sleeper:
            sleeper.socket.close()
        if awake:
            awake.close()


def _follows(user, query):
    stream = Stream(user, query)
    return stream if stream.answer.status == 200 else stream.close()


def test_a_killed_gateway_and_the_client_that_comes_again(_):
    here = two()
    stream = opened(here.receiver)
    for role, pid in here.worker_pids():
        if role == "gateway":
            os.kill(pid, signal.SIGKILL)
    until(lambda: stream.ended is not None)
    stream.close()
    until(lambda: _opens(here))
    here.daemon.wait_ready()
    again = opened(here.receiver)
    try:
        before = again.versions()
        ok(here.portal.submit(samples.marital()), 201)
        again.next(before, HERE + "/receiver")
    finally:
        again.close()
    until(lambda: sorted(r for r, _ in here.worker_pids()) == sorted(r for r, _ in here.pids))
    here.pids = here.worker_pids()


def test_it_stops_with_streams_open(_):
    """A stream never keeps a gateway from draining."""
    here, streams = two(), []
    streams = [opened(here.receiver) for _ in range(3)]
    bare = socket.create_connection(("127.0.0.1", here.receiver.api.port), timeout=90)
    bare.sendall(("GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
                  % (PATH, here.receiver.token)).encode())
    text = bare.recv(65536)
    since = time.monotonic()
    here.stop()
    assert time.monotonic() - since < 28, "it was not waited for"
    until(lambda: all(stream.ended for stream in streams))
    for piece in iter(lambda: bare.recv(65536), b""):
        text += piece
    assert text.endswith(b"\r\n0\r\n\r\n"), "cut off, not ended: %r" % text[-60:]
    bare.close()
