"""dvcd as an administrator installs it: the database a service of its own with a user of its own,
the sockets held by systemd. Nobody who connects during a restart is refused. Output is TAP."""

import http.client
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "stand"))
import stand  # noqa: E402

RESULTS = []


def check(good, what):
    RESULTS.append(bool(good))
    print("%sok %d - %s" % ("" if good else "not ", len(RESULTS), what), flush=True)


def user(name):
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


# As root the database gets a user of its own; else both are ours.
DB_USER = user("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
RUN_USER = user("nobody") if os.getuid() == 0 else DB_USER


def as_user(who, command):
    """The database's user is also in the client's group, as dvcd-db.service has it."""
    if os.getuid() != 0:
        return command
    groups = "--groups=%d" % RUN_USER.pw_gid if who == DB_USER else "--clear-groups"
    return ["setpriv", "--reuid=%d" % who.pw_uid, "--regid=%d" % who.pw_gid, groups,
            "--no-new-privs", "--inh-caps=-all", "--"] + command


class Installed(stand.Stand):
    """What the units do: `dvcd database` first, then `dvcd run` with sockets from outside."""

    def __init__(self):
        self.run_dir = tempfile.mkdtemp(prefix="dvcd-db-", dir="/tmp")
        super().__init__(settings={
            "database": {"mode": "external",
                         "url": "host=%s dbname=dvcd user=dvcd_app" % self.run_dir}},
            say=lambda text: print("# " + text, flush=True))
        self.certificates()
        self.database = None
        self.sockets = [self.listen() for _ in range(2)]
        self.port = self.sockets[0].getsockname()[1]
        self.tls_sockets = [self.listen(0)]
        self.tls_port = self.tls_sockets[0].getsockname()[1]
        for path in (self.run_dir, self.path("db"), self.path("data")):
            os.makedirs(path, exist_ok=True)
            who = RUN_USER if path.endswith("data") else DB_USER
            os.chown(path, who.pw_uid, who.pw_gid)
        os.chmod(self.run_dir, 0o755)

    def path(self, name):
        return os.path.join(self.folder, name)

    def certificates(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", self.path("key.pem"),
                        "-out", self.path("cert.pem")], check=True, stderr=subprocess.DEVNULL)
        os.chmod(self.path("key.pem"), 0o600)
        os.chown(self.path("key.pem"), RUN_USER.pw_uid, RUN_USER.pw_gid)
        with open(self.config, encoding="utf-8") as file:
            text = file.read()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("http:\n", "http:\n  tls_certificate: cert.pem\n"
                                               "  tls_key: key.pem\n"))

    def listen(self, port=None):
        new = socket.socket()
        new.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        new.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if port is None:
            port = self.port
        new.bind(("127.0.0.1", port))
        new.listen(512)
        return new

    def start_database(self):
        with open(self.path("db.log"), "ab") as log:
            self.database = subprocess.Popen(
                as_user(DB_USER, [self.dvcd, "database", "--config", self.config, "--data",
                                  self.path("db"), "--socket", self.run_dir, "--client",
                                  RUN_USER.pw_name]), stdout=log, stderr=log)
        for _ in range(1200):
            with open(self.path("db.log"), encoding="utf-8") as log:
                text = log.read()
            if "database_ready" in text or self.database.poll() is not None:
                return text
            time.sleep(0.1)
        return text

    def start_dvcd(self):
        given = self.sockets + self.tls_sockets

        def hand_over():
            spare = [os.dup(one.fileno()) for one in given]  # 3 on may be among the originals
            moved = [os.dup2(fd, 100 + i) for i, fd in enumerate(spare)]
            for i, fd in enumerate(moved):
                os.dup2(fd, 3 + i)

        command = as_user(RUN_USER, ["sh", "-c", 'LISTEN_PID=$$ exec "$0" run --config "$1"',
                                     self.dvcd, self.config])
        with open(self.path("dvcd.log"), "ab") as log:
            self.supervisor = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                close_fds=False, preexec_fn=hand_over,
                env=dict(os.environ, LISTEN_FDS=str(len(given)),
                         LISTEN_FDNAMES=":".join(["http"] * 2 + ["https"])))

    def stop(self, keep=False):
        super().stop(keep=True)
        if self.database is not None and self.database.poll() is None:
            self.database.send_signal(signal.SIGTERM)
            self.database.wait(60)
        for path in (self.folder, self.run_dir):
            shutil.rmtree(path, ignore_errors=True)


def login(place, who, role):
    return subprocess.run(as_user(who, ["psql", "-X", "-At", "-c", "SELECT current_user",
                                        "host=%s dbname=dvcd user=%s" % (place.run_dir, role)]),
                          capture_output=True, encoding="utf-8", check=False)


def ask(place, secure):
    """One request on a connection of its own; raises when it is refused or cut off."""
    if secure:
        context = ssl.create_default_context(cafile=place.path("cert.pem"))
        line = http.client.HTTPSConnection("localhost", place.tls_port, timeout=60, context=context)
    else:
        line = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
    try:
        line.request("GET", "/healthz", headers={"Connection": "close"})
        return line.getresponse().status
    finally:
        line.close()


def pester(place, secure, stop, failures, counts):
    while not stop.is_set():
        try:
            status = ask(place, secure)
            counts[secure] += 1
            if status != 200:
                failures.append("status %d" % status)
        except (OSError, http.client.HTTPException) as error:
            failures.append("%s %r" % ("https" if secure else "http", error))
        time.sleep(0.002)


def database_has_a_user_of_its_own(place):
    text = place.start_database()
    check("database_ready" in text, "the database is up and migrated: %s" % text.splitlines()[-1:])
    owner = login(place, DB_USER, "dvcd_owner")
    check(owner.stdout == "dvcd_owner\n", "its own user is the owner: %s" % owner.stderr)
    for role in ("dvcd_app", "dvcd_audit"):
        check(login(place, RUN_USER, role).stdout == role + "\n", "the service comes in as " + role)
    if os.getuid() != 0:
        return
    for role in ("dvcd", "dvcd_owner"):
        check(login(place, RUN_USER, role).returncode != 0, "and not as " + role)
    check(os.stat(place.path("db")).st_uid == DB_USER.pw_uid, "its files are its own")


def restarts_refuse_nobody(place):
    stop, failures, counts = threading.Event(), [], {True: 0, False: 0}
    place.start_post()
    place.start_dvcd()
    place.wait_ready()
    threads = [threading.Thread(target=pester, args=(place, i % 3 == 2, stop, failures, counts))
               for i in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    for how in (signal.SIGTERM, signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
        before = dict(counts)
        place.supervisor.send_signal(how)
        if how == signal.SIGTERM:
            check(place.supervisor.wait(90) == 0, "it ended cleanly")
            place.start_dvcd()
        end = time.monotonic() + 60
        while min(counts[kind] - before[kind] for kind in counts) < 50 and time.monotonic() < end:
            time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join(70)
    check(min(counts.values()) > 100, "%d requests by http and %d by https over four restarts"
          % (counts[False], counts[True]))
    check(not failures, "none was refused or cut off: %s" % failures[:3])


def workers_without_a_database_say_why(place):
    place.wait_ready()
    place.database.send_signal(signal.SIGTERM)
    check(place.database.wait(60) == 0, "the database ends cleanly")
    end = time.monotonic() + 60
    while not place.log("database_away") and time.monotonic() < end:
        time.sleep(0.1)
    away = place.log("database_away")
    check(away and all(line["reason"] == "down" and line["detail"] for line in away),
          "workers say that the database is away, and why: %s" % away[:1])


def main():
    place = Installed()
    try:
        database_has_a_user_of_its_own(place)
        restarts_refuse_nobody(place)
        workers_without_a_database_say_why(place)
    except Exception as error:
        print(place.log_tail())
        check(False, repr(error))
        raise
    finally:
        place.stop()
        print("1..%d" % len(RESULTS), flush=True)
    return 0 if all(RESULTS) else 1


sys.exit(main())
