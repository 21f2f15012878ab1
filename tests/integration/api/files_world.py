"""A second daemon for what large files need: one gateway, a small budget for bodies under way, and the
real clamd with one signature of our own. Started by the first test that asks, ended with the run."""

import atexit
import http.client
import os
import secrets
import time

import stand
from clamd import Clamd
from client import Api, User, until

MIB = 1 << 20
BUDGET = 40 * MIB


class FilesWorld(stand.Stand):
    def __init__(self):
        super().__init__(settings={
            "http": {"upload_bytes": BUDGET, "read_timeout_ms": 20000, "secure_cookies": False},
            "workers": {"gateways": 1}, "log": {"level": "info"},
            "intake": {"citizen_filing": True},
            "files": {"unfinished": 5, "unfinished_mb": 60, "scans": 2}})
        self.clamd = Clamd(self.folder)
        with open(self.config, encoding="utf-8") as file:
            text = file.read()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("files:\n", "files:\n  clamd: \"%s\"\n" % self.clamd.socket))
        self.clamd.start()
        self.start()
        self.api = Api(self.port)
        self.one, self.two = self.citizen("one"), self.citizen("two")

    def citizen(self, name):
        self.add_account("files-" + name, "citizen", ())
        return User(self.api, self.tokens[name], name)

    def gateway(self):
        return [process.pid for process in self.processes() if process.role == "gateway"][0]

    def gateway_kib(self):
        return [kib for role, kib in self.private_memory() if role == "gateway"][0]

    def sanitized(self):
        with open("/proc/%d/maps" % self.gateway(), encoding="utf-8") as maps:
            return "libasan" in maps.read()

    def kill_gateway(self):
        """SIGKILL, and a new one that serves."""
        old = self.gateway()
        os.kill(old, 9)
        assert until(lambda: any(p.role == "gateway" and p.pid != old for p in self.processes()))
        self.wait_ready(30)

    def stop(self, keep=False):
        self.clamd.stop()
        super().stop(keep)


WORLD = []


def world():
    if not WORLD:
        WORLD.append(FilesWorld())
        atexit.register(WORLD[0].stop)
    return WORLD[0]


def pdf(size, seed=None):
    """A file of that many bytes, of another content each time."""
    head = b"%PDF-1.7\n% " + (seed or secrets.token_hex(16)).encode() + b"\n"
    block = secrets.token_bytes(65536)
    return (head + block * (size // len(block) + 1))[:size]


class Held:
    """An upload that announces `size` bytes and sends only `sent` of them, until closed."""

    def __init__(self, user, size, sent):
        self.connection = http.client.HTTPConnection("127.0.0.1", user.api.port, timeout=30)
        self.connection.putrequest("POST", "/api/v1/uploads")
        for name, value in (("Authorization", "Bearer " + user.token), ("Content-Length", str(size)),
                            ("Idempotency-Key", secrets.token_hex(8))):
            self.connection.putheader(name, value)
        self.connection.endheaders()
        self.connection.send(pdf(sent))

    def close(self):
        self.connection.close()


def measure(ask, during):
    """Latencies in ms of `ask`, over and over while `during` runs in another thread."""
    import threading
    thread = threading.Thread(target=during)
    latencies = []
    thread.start()
    while thread.is_alive():
        start = time.monotonic()
        ask()
        latencies.append((time.monotonic() - start) * 1000)
        time.sleep(0.001)
    thread.join()
    return sorted(latencies)
