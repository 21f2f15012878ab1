"""A raw HTTP client and the server under test, for http_transport.py."""
import json
import re
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

SERVER = sys.argv[1]
TLS = os.environ.get("DVC_TEST_TLS") == "1"  # the same tests once more, over HTTPS


def certificate(folder, days=30, name="a.test"):
    """A key and a certificate that vouches for itself, as cert.pem and key.pem."""
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", str(days), "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", cert],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return cert


def trusting(cert, **options):
    context = ssl.create_default_context(cafile=cert)
    for name, value in options.items():
        setattr(context, name, value)
    return context


FOLDER = tempfile.TemporaryDirectory() if TLS else None
TRUST = trusting(certificate(FOLDER.name)) if TLS else None


class Server:
    def __init__(self, **settings):
        if TLS:
            settings = dict(settings, tls=FOLDER.name)
        args = [SERVER] + [f"{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def connect(self, **options):
        return Client(self.port, **options)

    def stats(self):
        with self.connect() as client:
            return client.ask("GET", "/stats").json()

    def stop(self):
        """Drains; a leak or a wrong access found by a sanitizer is a failure here."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            _, errors = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("the server did not drain in 20 s")
        assert self.process.returncode == 0, \
            f"exit status {self.process.returncode}: {errors.decode(errors='replace')[-3000:]}"


class Reply:
    def __init__(self, status, headers, body, version):
        self.status, self.headers, self.body, self.version = status, headers, body, version

    def json(self):
        return json.loads(self.body)

    def header(self, name):
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) <= 1, f"{name} twice"
        return found[0] if found else None


class Client:
    def __init__(self, port, source=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60,
                                               source_address=(source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if TLS:
            self.socket = TRUST.wrap_socket(self.socket, server_hostname="a.test")
        self.left = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def more(self):
        data = self.socket.recv(65536)
        self.left += data
        return data

    def reply(self, to="GET"):
        while b"\r\n\r\n" not in self.left:
            if not self.more():
                raise EOFError(f"closed after {self.left!r}")
        head, self.left = self.left.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        version, status = lines[0].split(" ")[:2]
        headers = [tuple(line.split(": ", 1)) for line in lines[1:]]
        reply = Reply(int(status), headers, b"", version)
        length = reply.header("Content-Length")
        if to == "HEAD" or reply.status in (100, 204, 304):
            return reply
        if length is None:
            while self.more():
                pass
            reply.body, self.left = self.left, b""
            return reply
        while len(self.left) < int(length):
            if not self.more():
                raise EOFError("closed inside a body")
        reply.body, self.left = self.left[:int(length)], self.left[int(length):]
        return reply

    def ask(self, method, target, headers=(), body=None, host="a.test"):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"] + list(headers)
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))
        return self.reply(method)

    def closed(self, within):
        """True when the server ends the connection in time, and nothing but the end comes."""
        self.socket.settimeout(within)
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except socket.timeout:
            return False


def equal(actual, expected, what=""):
    assert actual == expected, f"{what} is {actual!r}, expected {expected!r}"


def check_problem(reply, status, code, echo=None):
    equal(reply.status, status, f"status of {reply.body[:200]!r}")
    equal(reply.header("Content-Type"), "application/problem+json; charset=utf-8")
    equal(reply.header("X-Content-Type-Options"), "nosniff")
    equal(reply.header("Cache-Control"), "no-store")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                        reply.header("X-Request-Id") or ""), "no request id"
    problem = reply.json()
    equal(problem["status"], status)
    equal(problem["code"], code)
    assert problem["title"] and problem["detail"] and problem["errors"] == [], problem
    if echo:
        assert echo not in reply.body, "the input is echoed"


def refused(server, raw, status, code, echo=None):
    """The request gets this problem, the connection ends, and what followed is not answered."""
    with server.connect() as client:
        client.send(raw)
        reply = client.reply()
        check_problem(reply, status, code, echo)
        equal(reply.header("Connection"), "close")
        assert client.closed(5), "the connection stays open after a refused request"


def settles(ask, wanted, seconds=60):
    """Asks until the answer is the wanted one; the last answer. A busy machine is slow."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer == wanted or time.monotonic() > end:
            return answer
        time.sleep(0.05)
