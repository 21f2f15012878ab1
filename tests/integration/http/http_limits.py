"""Limits of size, number and time, waiting handlers and the drain."""
import contextlib
import select
import signal
import socket
import struct
import time

from http_case import case
from http_client import check_problem, equal, refused, settles


# ---- limits ----

@case()
def large_head_is_431_and_long_target_414(server):
    refused(server, "GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + "y" * 20000 + "\r\n\r\n", 431,
            "head_too_large")
    refused(server, "GET /healthz HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n" * 120 + "\r\n", 431,
            "head_too_large")
    refused(server, "GET /" + "y" * 5000 + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target_too_long")
    refused(server, "GET /" + "y" * 100000, 414, "target_too_long")
    with server.connect() as client:
        equal(client.ask("GET", "/healthz", ["X: " + "y" * 15000]).status, 200, "15 KB head")


@case()
def large_body_is_413_before_it_is_read(server):
    """The client sends all of it at once, as many do, and still must see the answer."""
    for size in (64 * 1024 + 1, 3 << 20):
        head = f"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n"
        with server.connect() as client:
            client.send(head)
            check_problem(client.reply(), 413, "body_too_large")
        with server.connect() as client:
            client.send(head.encode() + b"z" * size)
            reply = client.reply()
            check_problem(reply, 413, "body_too_large", b"zz")
            equal(reply.header("Connection"), "close")
            assert client.closed(5)
    chunk = b"8000\r\n" + b"z" * 0x8000 + b"\r\n"
    with server.connect() as client:
        client.send(b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk * 3)
        check_problem(client.reply(), 413, "body_too_large")
    with server.connect() as client:
        equal(client.ask("PATCH", "/api/v1/echo", body=b"z" * (1 << 20)).json()["length"], 1 << 20,
              "default limit")
        equal(client.ask("POST", "/api/v1/echo", body=b"z" * 65536).json()["length"], 65536)
    equal(server.stats()["body_bytes"], 0)


@case(head_us=1000000, body_us=1000000)
def slow_senders_get_408_by_the_deadline(server):
    for first, piece in ((b"", b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 100),
                         (b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n",
                          b"z" * 90)):
        with server.connect() as client:
            equal(client.ask("GET", "/healthz").status, 200)  # re-armed on keep-alive
            client.send(first)
            started = time.monotonic()
            for byte in piece:
                client.send(bytes([byte]))
                if select.select([client.socket], [], [], 0.1)[0]:
                    break
            spent = time.monotonic() - started
            assert 0.7 < spent < 20, f"answered after {spent:.1f} s"
            check_problem(client.reply(), 408, "request_timeout")
            assert client.closed(60)
    equal(server.stats()["timed_out"], 2)


@case(head_us=1000000, idle_us=6000000)
def silent_connections_are_closed(server):
    with server.connect() as never, server.connect() as once:
        equal(once.ask("GET", "/healthz").status, 200)
        started = time.monotonic()
        assert never.closed(60), "a connection that never sent anything stays"
        first = time.monotonic() - started
        assert once.closed(60), "an idle connection stays"
        second = time.monotonic() - started
        assert first < 5.8 < second, (first, second)


@case(head_us=3000000)
def normal_use_is_not_cut_by_the_head_deadline(server):
    with server.connect() as client:
        end = time.monotonic() + 4
        while time.monotonic() < end:
            client.send("GET /healthz HT")
            time.sleep(0.2)
            client.send("TP/1.1\r\nHost: a\r\n\r\n")
            equal(client.reply().status, 200)


@case(write_us=20000000)
def a_reader_that_stops_is_dropped(server):
    """32 MiB at 16 KiB a second would be allowed half an hour: only the base time is at stake."""
    with server.connect() as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.send("GET /api/v1/size?bytes=6000000 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.5)
        equal(server.stats()["requests"], 2, "requests while the reply is stuck")
    equal(settles(lambda: server.stats()["requests"], 1), 1, "requests after the client left")


@case(connections=4)
def connections_above_the_limit_get_503(server):
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(4)]
        for client in clients:
            equal(client.ask("GET", "/healthz").status, 200)
        with server.connect() as fifth:
            fifth.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            reply = fifth.reply()
            check_problem(reply, 503, "too_many_connections")
            assert int(reply.header("Retry-After")) > 0
            assert fifth.closed(60)
        clients[0].socket.close()

        def one_more():
            with server.connect() as again:
                return again.ask("GET", "/healthz").status

        equal(settles(one_more, 200), 200, "after one left")


@case(connections=4)
def a_flood_of_connections_is_cut_off(server):
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(150)]
        equal(settles(lambda: clients[0].ask("GET", "/stats").json()["connections"] <= 4 + 64, True),
              True)


@case(connections_of_ip=3, trusted="127.0.0.9")
def connections_of_one_address_are_limited(server):
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            equal(stack.enter_context(server.connect()).ask("GET", "/healthz").status, 200)
        with server.connect() as fourth:
            fourth.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            check_problem(fourth.reply(), 429, "too_many_connections_of_address")
        with server.connect(source="127.0.0.2") as other:
            equal(other.ask("GET", "/healthz").status, 200, "another address")
        for _ in range(6):
            proxy = stack.enter_context(server.connect(source="127.0.0.9"))
            equal(proxy.ask("GET", "/healthz").status, 200, "a trusted proxy")


@case(body_bytes=100000)
def bodies_in_flight_are_limited(server):
    half = b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + b"z" * 30000
    with server.connect() as first, server.connect() as second:
        first.send(half)
        assert settles(lambda: server.stats()["body_bytes"] > 0, True), "the first has not begun"
        second.send(half)
        check_problem(second.reply(), 503, "too_many_uploads")
        first.send(b"z" * 30000)
        equal(first.reply().json()["length"], 60000)
    equal(server.stats()["body_bytes"], 0)


@case(in_flight=2)
def requests_in_flight_are_limited_but_health_answers(server):
    with server.connect() as a, server.connect() as b, server.connect() as c:
        for client in (a, b):
            client.send("GET /api/v1/slow?ms=3000 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.5)
        check_problem(c.ask("GET", "/api/v1/slow?ms=1"), 503, "too_many_in_flight")
        equal(c.ask("GET", "/healthz").status, 200)
        equal(a.reply().status, 200)
        equal(b.reply().status, 200)
        equal(c.ask("GET", "/api/v1/slow?ms=1").status, 200, "afterwards")


# ---- waits ----

@case(request_us=600000)
def a_request_past_its_deadline_gets_503_and_is_gone(server):
    with server.connect() as client:
        started = time.monotonic()
        reply = client.ask("GET", "/api/v1/slow?ms=5000")
        spent = time.monotonic() - started
        check_problem(reply, 503, "deadline_passed")
        assert 0.5 < spent < 4.5, spent
        equal(client.ask("GET", "/healthz").status, 200, "the connection lives on")
        equal(client.ask("GET", "/api/v1/patient?ms=1200").status, 200, "a longer deadline")
    equal(settles(lambda: server.stats()["gone"], 1), 1)


@case()
def a_client_that_leaves_while_a_handler_waits_harms_nobody(server):
    for linger in (None, struct.pack("ii", 1, 0)):
        for _ in range(5):
            with server.connect() as client:
                client.send("GET /api/v1/slow?ms=400 HTTP/1.1\r\nHost: a\r\n\r\n")
                time.sleep(0.02)
                if linger:
                    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    with server.connect() as client:
        client.send("GET /api/v1/slow?ms=100 HTTP/1.1\r\nHost: a\r\nX: ")  # half a head, then gone
    def left():
        stats = server.stats()
        return stats["connections"], stats["requests"]

    time.sleep(0.9)  # all the waits are over
    equal(settles(left, (1, 1)), (1, 1), "left behind")


@case()
def drain_finishes_what_is_in_flight(server):
    with server.connect() as busy, server.connect() as idle, server.connect() as half:
        equal(idle.ask("GET", "/healthz").status, 200)
        late = server.connect()
        equal(late.ask("GET", "/healthz").status, 200)
        busy.send("GET /api/v1/slow?ms=4000 HTTP/1.1\r\nHost: a\r\n\r\n")
        half.send("GET /healthz HTTP/1.1\r\nHo")
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        late.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        equal(late.reply().status, 200)  # it could not know
        late.socket.close()
        assert idle.closed(3), "an idle connection outlives the drain"
        try:
            server.connect().socket.close()
            raise AssertionError("a new connection is accepted while draining")
        except ConnectionRefusedError:
            pass
        half.send("st: a\r\n\r\n")
        reply = half.reply()
        equal((reply.status, reply.header("Connection")), (200, "close"))
        reply = busy.reply()
        equal((reply.json(), reply.header("Connection")), ({"slow": True}, "close"))
        assert busy.closed(60)
        equal(server.process.wait(timeout=60), 0)


def let_go(client):
    """Whether the answer says so; on a busy machine we may have been silent for too long."""
    try:
        reply = client.ask("GET", "/healthz")
    except (EOFError, ConnectionError):
        return True
    equal(reply.status, 200)
    return reply.header("Connection") == "close"


@case(drain_over_us=6000000)
def drain_in_no_hurry_lets_go_one_after_another(server):
    clients = [server.connect() for _ in range(8)]
    for client in clients:
        equal(client.ask("GET", "/healthz").status, 200)
    server.process.send_signal(signal.SIGTERM)
    left, rounds = clients[:4], []  # the other four say nothing any more
    end = time.monotonic() + 60
    while left and time.monotonic() < end:
        gone = [client for client in left if let_go(client)]
        rounds += [len(gone)] if gone else []
        left = [client for client in left if client not in gone]
        time.sleep(0.05)
    assert not left, "some are never let go"
    assert len(rounds) > 1, "all at once"
    for client in clients:
        assert client.closed(60), "one outlives the drain"
    equal(server.process.wait(timeout=60), 0)


def accepts(server):
    try:
        server.connect().socket.close()
        return True
    except (ConnectionError, EOFError):
        return False


@case(drain_over_us=60000000)
def drain_in_no_hurry_may_be_cut_short(server):
    clients = [server.connect() for _ in range(8)]
    for client in clients:
        equal(client.ask("GET", "/healthz").status, 200)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    settles(lambda: accepts(server), False)
    server.process.send_signal(signal.SIGUSR1)
    for client in clients:
        assert client.closed(60), "one outlives the drain"
    equal(server.process.wait(timeout=60), 0)
    assert time.monotonic() - began < 30, "as if nobody were in a hurry"
