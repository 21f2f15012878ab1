"""Requests and replies on the wire: what is right is answered, what is unclear is refused."""
import contextlib
import random
import socket
import ssl
import time

from http_case import case
from http_client import TLS, check_problem, equal, refused


# ---- replies ----

@case()
def json_reply_has_the_fixed_headers(server):
    with server.connect() as client:
        reply = client.ask("GET", "/api/v1/echo/xin%20ch%C3%A0o?q=a+b%2Bc")
        equal(reply.status, 200)
        equal(reply.header("Content-Type"), "application/json; charset=utf-8")
        equal(reply.header("Cache-Control"), "no-store")
        assert "default-src 'none'" in reply.header("Content-Security-Policy")
        equal(reply.json()["name"], "xin chào")
        equal(reply.json()["q"], "a b+c")


@case()
def unknown_path_is_our_404(server):
    with server.connect() as client:
        check_problem(client.ask("GET", "/%3Cb%3E"), 404, "not_found", b"%3C")
        equal(client.ask("GET", "/healthz").status, 200, "next on the same connection")


@case()
def wrong_method_is_405_with_allow(server):
    with server.connect() as client:
        reply = client.ask("DELETE", "/api/v1/echo")
        check_problem(reply, 405, "method_not_allowed")
        equal(reply.header("Allow"), "POST, PATCH, OPTIONS")
        reply = client.ask("POST", "/api/v1/slow", body=b"")
        equal(reply.header("Allow"), "GET, HEAD, OPTIONS")


@case()
def options_tells_allow(server):
    with server.connect() as client:
        reply = client.ask("OPTIONS", "/api/v1/echo/x")
        equal(reply.status, 204)
        equal(reply.header("Allow"), "GET, HEAD, OPTIONS")
        equal(client.ask("OPTIONS", "*").status, 204)


@case()
def head_is_get_without_body(server):
    with server.connect() as client:
        get = client.ask("GET", "/api/v1/size?bytes=5000")
        head = client.ask("HEAD", "/api/v1/size?bytes=5000")
        equal(head.status, 200)
        equal(head.header("Content-Length"), get.header("Content-Length"))
        equal(client.ask("GET", "/healthz").json(), {"status": "ok"}, "after HEAD")
        missing = client.ask("HEAD", "/nope")
        equal(missing.status, 404)
        equal(client.ask("GET", "/healthz").json(), {"status": "ok"}, "after HEAD of 404")


@case()
def literal_segment_goes_before_a_variable(server):
    with server.connect() as client:
        equal(client.ask("GET", "/api/v1/echo/fixed").json(), {"status": "ok"})


@case()
def body_comes_whole(server):
    body = b'{"t\xc3\xaan": "' + b"x" * 60000 + b'"}'
    with server.connect() as client:
        equal(client.ask("POST", "/api/v1/echo", body=body).json()["body"], body.decode())
        half = len(body) // 2
        head = f"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
        client.send(head.encode()[:20])
        time.sleep(0.05)
        client.send(head.encode()[20:] + body[:half])
        time.sleep(0.05)
        client.send(body[half:])
        equal(client.reply().json()["body"], body.decode(), "body in three pieces")
    equal(server.stats()["body_bytes"], 0, "bytes of bodies in memory afterwards")


@case()
def chunked_body_is_read(server):
    chunks = b"4\r\nWiki\r\n5\r\npedia\r\nE\r\n in\r\n\r\nchunks.\r\n0\r\n\r\n"
    head = b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    with server.connect() as client:
        client.send(head + chunks)
        equal(client.reply().json()["body"], "Wikipedia in\r\n\r\nchunks.")
        for i in range(len(head + chunks)):
            client.send((head + chunks)[i:i + 1])
        equal(client.reply().json()["body"], "Wikipedia in\r\n\r\nchunks.", "byte by byte")


@case()
def expect_100_is_answered_before_the_body(server):
    with server.connect() as client:
        client.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    "Content-Length: 3\r\n\r\n")
        equal(client.reply().status, 100)
        client.send("abc")
        equal(client.reply().json()["body"], "abc")
    with server.connect() as client:
        client.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    "Content-Length: 9999999\r\n\r\n")
        check_problem(client.reply(), 413, "body_too_large")
    refused(server, "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nExpect: gold\r\n"
            "Content-Length: 3\r\n\r\nabc", 417, "expectation_failed", b"gold")


@case()
def http_1_0_is_served_and_closed(server):
    with server.connect() as client:
        client.send("GET /healthz HTTP/1.0\r\n\r\n")
        reply = client.reply()
        equal((reply.status, reply.json()), (200, {"status": "ok"}))
        assert client.closed(3)
    with server.connect() as client:
        for _ in range(2):
            client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            equal(client.reply().status, 200)


@case()
def pipelined_requests_are_answered_in_order(server):
    names = [f"n{i}" for i in range(50)]
    with server.connect() as client:
        client.send("".join(f"GET /api/v1/echo/{n} HTTP/1.1\r\nHost: a\r\n\r\n" for n in names))
        equal([client.reply().json()["name"] for _ in names], names)
    with server.connect() as client:
        client.send("GET /api/v1/slow?ms=300 HTTP/1.1\r\nHost: a\r\n\r\n"
                    "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                    "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        equal(client.reply().json(), {"slow": True})
        equal(client.reply().json()["body"], "hi")
        check_problem(client.reply(), 400, "bad_path")
        assert client.closed(3), "something was answered behind a refused request"


@case(connections=2000, connections_of_ip=2000)
def many_that_pipeline_while_others_come_stop_nobody(server):
    if TLS:
        return  # who shakes hands first is adopted long before its request
    pid = server.process.pid
    text = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 12
    for _ in range(12):
        lines = []
        for _ in range(150):
            line = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            line.sendall(text)
            lines.append(line)
        for line in lines:
            data = b""
            while data.count(b"HTTP/1.1 200") < 12:
                more = line.recv(65536)
                assert more, "cut off after %r" % data[-200:]
                data += more
            line.close()
    assert server.process.poll() is None and server.process.pid == pid


@case()
def one_client_cannot_fill_memory_by_pipelining(server):
    request = b"GET /api/v1/slow?ms=2500 HTTP/1.1\r\nHost: a\r\n\r\n" + \
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 1000
    with server.connect() as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        client.socket.setblocking(False)
        client.socket.send(request[:30000])
        sent, end = 0, time.monotonic() + 2
        while time.monotonic() < end:
            with contextlib.suppress(BlockingIOError, ssl.SSLWantWriteError):
                sent += client.socket.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 1000)
            time.sleep(0.001)
        with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as statm:
            resident = int(statm.read().split()[1]) * 4096
        if "asan" not in open(f"/proc/{server.process.pid}/maps", encoding="utf-8").read():
            assert resident < 64 << 20, f"{resident >> 20} MiB resident after {sent >> 20} MiB"


@case()
def small_replies_are_not_delayed_by_nagle(server):
    with server.connect() as client:
        client.ask("GET", "/healthz")
        best = 10.0
        for _ in range(10):  # a machine with other work has better moments
            started = time.monotonic()
            for _ in range(50):
                client.ask("GET", "/api/v1/size?bytes=1200")
            best = min(best, time.monotonic() - started)
            if best < 1.0:
                break
        assert best < 1.0, f"50 requests took {best:.2f} s; with Nagle they take 2"
    equal(server.stats()["plain_sockets"], 0, "accepted without TCP_NODELAY or close-on-exec")


# ---- strictness ----

BAD_LENGTHS = ["Content-Length: 3\r\nContent-Length: 4", "Content-Length: 3\r\nContent-Length: 3",
               "Content-Length: 3, 3", "Content-Length: +3", "Content-Length: -3",
               "Content-Length: 3x", "Content-Length: 0x3", "Content-Length: ", "Content-Length: 3 3",
               "Content-Length: 99999999999999999999", "Content-Length: 3\r\ncontent-length: 3",
               "Content-Length: 3\r\nTransfer-Encoding: chunked",
               "Transfer-Encoding: chunked\r\nContent-Length: 3",
               "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"]


@case()
def unclear_lengths_are_refused(server):
    for lines in BAD_LENGTHS:
        refused(server, f"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n"
                "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_length")
    for method in ("GET", "DELETE", "OPTIONS"):
        refused(server, f"{method} /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\n"
                "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_length")
    refused(server, "POST /api/v1/echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400, "bad_length")


@case()
def other_transfer_codings_are_501(server):
    for coding in ("gzip", "gzip, chunked", "chunked, identity", "xchunked", '"chunked"'):
        refused(server, f"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {coding}\r\n"
                "\r\n0\r\n\r\n", 501, "unsupported_transfer_coding")


@case()
def malformed_headers_are_refused(server):
    for line in ("Host : a", "X Y: b", "X-A: b\r\n folded", "X-A: b\r\n\tfolded", " X: b", ": b",
                 "nocolon", "X-A\t: b", "X-\xe9: b", "X: a\x00b", "X: a\x0bb", "X: a\rb",
                 "Transfer-Encoding:\tchunked", "X@Y: b"):
        raw = f"GET /healthz HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n".encode("latin-1")
        refused(server, raw, 400, "bad_header")
    refused(server, "GET /healthz HTTP/1.1\nHost: a\n\n", 400, "bad_header")
    refused(server, "GET /healthz HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400, "bad_header")


@case()
def host_must_be_there_once(server):
    for lines in ("", "Host: a\r\nHost: a", "Host: a\r\nhost: b", "Host: ", "Host: a b",
                  "Host: a/b", "Host: a@b", "Host: a,b"):
        lines = lines + "\r\n" if lines else ""
        refused(server, f"GET /healthz HTTP/1.1\r\n{lines}\r\n", 400, "bad_host")


@case()
def absolute_form_must_name_the_host(server):
    refused(server, "GET http://evil.test/healthz HTTP/1.1\r\nHost: a.test\r\n\r\n", 400,
            "bad_host", b"evil")
    with server.connect() as client:
        for _ in range(2):
            reply = client.ask("GET", "http://A.test/api/v1/echo/x?q=1")
            equal((reply.status, reply.json()["name"], reply.json()["q"]), (200, "x", "1"))


@case()
def dangerous_paths_are_refused(server):
    for path in ("/healthz%00x", "/a%2fb", "/a%2Fb", "/a/../healthz", "/..", "/./healthz",
                 "/%2e%2e/healthz", "/%2e./x", "/a\\b", "/a%5cb", "/a%5Cb", "/%ff", "/%c3%28", "/%zz",
                 "/%", "/%1", "/a%0ab", "/a#b", "//evil.test/healthz", "/a%7fb", "/%c0%af",
                 "healthz", "*", "/\u00e0"):
        raw = f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        refused(server, raw, 400, "bad_path", path.encode() if len(path) > 4 else None)
    for query in ("q=%00", "q=%", "q=%zz", "q=a#b", "q=\\"):
        refused(server, f"GET /api/v1/echo/x?{query} HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_query")
    with server.connect() as client:
        check_problem(client.ask("GET", "/api/v1/echo/x?q=1&q=2"), 400, "bad_query")
        check_problem(client.ask("GET", "/api/v1/echo/x?q=%ff"), 400, "bad_query")
        check_problem(client.ask("GET", "/api/v1/echo/x?q=1&%71=2"), 400, "bad_query")


@case()
def bad_request_lines_are_refused(server):
    for line in ("GET /healthz", "GET  /healthz HTTP/1.1", "GET /healthz HTTP/1.1 x", "GET",
                 "GET /a b HTTP/1.1", " GET /healthz HTTP/1.1", "G(T /healthz HTTP/1.1",
                 "GET /healthz http/1.1", "GET /healthz HTTP/1.x", "GET\t/healthz\tHTTP/1.1"):
        refused(server, f"{line}\r\nHost: a\r\n\r\n", 400, "bad_request_line")
    for version in ("HTTP/2.0", "HTTP/0.9", "HTTP/1.2"):
        refused(server, f"GET /healthz {version}\r\nHost: a\r\n\r\n", 505, "version_not_supported")
    refused(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported")
    for method in ("FOO", "TRACE", "CONNECT", "get"):
        refused(server, f"{method} /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 501,
                "method_not_implemented")


@case()
def malformed_chunks_are_refused(server):
    head = "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    for body in ("x\r\n\r\n", "-1\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "3;a=b\r\nabc\r\n0\r\n\r\n",
                 "3\r\nabcd\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n",
                 "000000003\r\nabc\r\n0\r\n\r\n", "\r\nabc", "0\r\nX-Trailer: a\r\n\r\n",
                 "3\r\nabc0\r\n\r\n"):
        refused(server, head + body, 400, "bad_chunk")


# ---- robustness ----

SEEDS = [b"GET /api/v1/echo/x?q=1 HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n",
         b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
         b"POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
         b"5\r\nhello\r\n0\r\n\r\n",
         b"OPTIONS * HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
         b"PATCH http://a/api/v1/echo HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"]
PARTS = [b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b":", b"Content-Length: 3\r\n", b"%00", b"..",
         b"//", b"?", b"#", b"Host: b\r\n", b"[", b"]", b"@", b"|", b"^", b"`", b"{", b"}", b";",
         b"Transfer-Encoding: chunked\r\n", b"\xff", b"0", b"9999999999", b"HTTP/1.1", b"http://"]


def mutate(rand, data):
    for _ in range(rand.randint(1, 4)):
        at = rand.randrange(len(data) + 1)
        data = rand.choice([
            lambda d, i: d[:i] + rand.choice(PARTS) + d[i:],
            lambda d, i: d[:i] + d[i + 1:],
            lambda d, i: d[:i] + bytes([rand.randrange(256)]) + d[i + 1:],
            lambda d, i: d[:i] + d[:rand.randrange(len(d) + 1)] + d[i:]])(data, at) or b"G"
    return data


@case(head_us=700000, body_us=700000)
def mutated_requests_never_see_html_nor_stop_the_server(server):
    rand = random.Random(20260101)
    for _ in range(1500):
        data = mutate(rand, rand.choice(SEEDS) * rand.randint(1, 2))
        with server.connect() as client:
            cut = rand.randrange(len(data) + 1)
            with contextlib.suppress(OSError):
                client.send(data[:cut])
                client.send(data[cut:])
                client.socket.shutdown(socket.SHUT_WR)
                while client.more():
                    pass
            assert b"<html" not in client.left.lower(), (data, client.left)
        assert server.process.poll() is None, f"the server ended on {data!r}"


@case()
def every_printable_path_character_is_ours_to_answer(server):
    for code in range(0x21, 0x7f):
        for target in (f"/api/v1/echo/a{chr(code)}", f"/{chr(code)}", f"/x?{chr(code)}"):
            with server.connect() as client:
                client.send(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n")
                reply = client.reply()
                assert reply.status in (200, 400, 404), (target, reply.status)
                assert reply.header("X-Request-Id"), f"{target} was answered by evhttp"
