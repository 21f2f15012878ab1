"""A dvcd of its own for the bench and the crash run: temporary folder, embedded cluster, simulated
post, accounts and tokens. Standard library only."""

import atexit
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLOCK_TICK = os.sysconf("SC_CLK_TCK")

# Staff of the stand hold every desk of the city, so that one token can take a dossier all the way.
STAFF_ROLES = ("receiver", "officer", "unit_head", "leader", "clerk", "cashier")


class StandError(Exception):
    pass


def put_first(pid):
    """Puts a process before the machine's other work, or raises OSError. Our own group is that of the
    session that called us: at our end it is again what it was."""
    path = "/proc/%d/autogroup" % pid
    if pid == os.getpid():
        with open(path, encoding="ascii") as group:
            atexit.register(_set_group, path, group.read().split()[-1])
    os.setpriority(os.PRIO_PROCESS, pid, -10)
    _set_group(path, "-10")


def _set_group(path, nice):
    with open(path, "w", encoding="ascii") as group:
        group.write(nice)


def free_port(low=18000, high=28000):
    for _ in range(200):
        port = low + secrets.randbelow(high - low)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise StandError("no free port between %d and %d" % (low, high))


def built(name):
    """A program of the build, given by the environment: DVCD, POSTSIM, BENCH_LOAD."""
    path = os.environ.get(name)
    if not path or not os.path.exists(path):
        raise StandError("%s must name a program of the build" % name)
    return os.path.abspath(path)


class Process:
    """One line of the process table."""

    def __init__(self, pid, ppid, role, start, ticks):
        self.pid, self.ppid, self.role, self.start, self.ticks = pid, ppid, role, start, ticks


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def _role(pid):
    """gateway, clock, courier, auth, printer, supervisor, postgres or another word for a process."""
    try:
        words = _read("/proc/%d/cmdline" % pid).replace(b"\0", b" ").decode("utf-8", "replace")
        program = os.path.basename(os.readlink("/proc/%d/exe" % pid))
        name = _read("/proc/%d/comm" % pid).decode("utf-8", "replace").strip()
    except OSError:
        return None
    if program == "postgres":
        return "postgres"
    for role in ("gateway", "clock", "courier", "auth", "printer"):
        if role in name or role in words.split("--")[0]:
            return role
    return "supervisor" if program == "dvcd" else name


def process_table():
    """Every process we may look at, by pid. ticks = own and reaped children's CPU time."""
    table = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            text = _read("/proc/%s/stat" % entry).decode("utf-8", "replace")
        except OSError:
            continue
        fields = text[text.rindex(")") + 2:].split()
        if fields[0] == "Z":
            continue
        table[int(entry)] = Process(int(entry), int(fields[1]), None, int(fields[19]),
                                    sum(int(word) for word in fields[11:15]))
    return table


class Stand:
    """`settings` adds to dvcd.yaml: {"database": {"max_connections": 300}}."""

    def __init__(self, settings=None, post_options=(), say=print):
        self.dvcd, self.postsim = built("DVCD"), built("POSTSIM")
        self.say = say
        # The database's user must be able to enter.
        self.folder = tempfile.mkdtemp(prefix="dvcd-stand-")
        os.chmod(self.folder, 0o755)
        self.port, self.post_port = free_port(), free_port()
        self.settings = settings or {}
        self.post_options = list(post_options)
        self.supervisor = self.post = None
        self.tokens, self.accounts = {}, {}
        self._write_config()

    # ---- configuration ----

    def _write_config(self):
        config = os.path.join(ROOT, "config")
        targets = os.path.join(self.folder, "targets")
        os.mkdir(targets)
        with open(os.path.join(config, "targets", "vnpost.yaml"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(targets, "vnpost.yaml"), "w", encoding="utf-8") as file:
            file.write(text.replace("127.0.0.1:18088", "127.0.0.1:%d" % self.post_port)
                       .replace("tracking_ms: 5000", "tracking_ms: 250"))
        settings = {
            "http": {"listen": ["127.0.0.1:%d" % self.port], "secure_cookies": False,
                     "requests_per_minute": 1000000},
            "paths": {"data": os.path.join(self.folder, "data"),
                      "plugins": os.path.join(ROOT, "plugins", "procedures"),
                      "workflows": os.path.join(ROOT, "plugins", "workflows"),
                      "agencies": os.path.join(config, "agencies"),
                      "communes": os.path.join(config, "agencies", "communes.tsv"),
                      "calendars": os.path.join(config, "calendars"),
                      "targets": targets,
                      "sql": os.path.join(ROOT, "sql")},
            "log": {"level": "warn"},
            # Dates past the last year of the calendars, whose next year is decided in its autumn:
            # what a test checks is not whether that has been done by now.
            "clock": {"weekends_only_years": 3},
        }
        for section, keys in self.settings.items():
            settings.setdefault(section, {}).update(keys)
        self.config = os.path.join(self.folder, "dvcd.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            for section, keys in settings.items():
                file.write("%s:\n" % section)
                for key, value in keys.items():
                    file.write("  %s: %s\n" % (key, json.dumps(value)))

    # ---- processes ----

    def start(self, timeout=90):
        self.start_post()
        self.start_dvcd()
        self.wait_ready(timeout)
        return self

    def start_post(self):
        log = open(os.path.join(self.folder, "postsim.log"), "ab")
        self.post = subprocess.Popen(
            [self.postsim, "--journal", os.path.join(self.folder, "post.journal"),
             "--port", str(self.post_port), "--parent-pid", str(os.getpid()),
             "--customer", "dvcd-demo:dvcd-demo:HAIPHONG", *self.post_options],
            stdout=subprocess.DEVNULL, stderr=log)
        log.close()

    def start_dvcd(self):
        os.makedirs(os.path.join(self.folder, "data"), exist_ok=True)
        log = open(os.path.join(self.folder, "dvcd.log"), "ab")
        self.supervisor = subprocess.Popen(
            [self.dvcd, "run", "--config", self.config], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True)
        log.close()

    def wait_ready(self, timeout=90):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.supervisor.poll() is not None:
                raise StandError("dvcd ended with code %d:\n%s"
                                 % (self.supervisor.returncode, self.log_tail()))
            try:
                if self.call("GET", "/readyz", timeout=2)[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        raise StandError("dvcd is not ready after %d s:\n%s" % (timeout, self.log_tail()))

    def log_tail(self, lines=30):
        try:
            with open(os.path.join(self.folder, "dvcd.log"), encoding="utf-8",
                      errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except OSError:
            return ""

    def log(self, event):
        """The log's lines of one event."""
        with open(os.path.join(self.folder, "dvcd.log"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def ready(self):
        return json.loads(self.call("GET", "/readyz")[2])

    @staticmethod
    def rewrite(path, *changes):
        """Each (old, new) once, in a file of this stand."""
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for old, new in changes:
            assert old in text, "%s is not in %s" % (old, path)
            text = text.replace(old, new, 1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def processes(self):
        """The supervisor and all below it, with their roles; postmaster apart from postgres."""
        table = process_table()
        top = self.supervisor.pid if self.supervisor else 0
        found = []
        for process in table.values():
            at, above = process.pid, process
            while above is not None and at != top:
                at, above = above.ppid, table.get(above.ppid)
            if at != top:
                continue
            process.role = "supervisor" if process.pid == top else _role(process.pid)
            if process.role == "postgres" and process.ppid == top:
                process.role = "postmaster"
            if process.role is not None:
                found.append(process)
        return found

    def prefer(self):
        """Puts all of it, ourselves included, before the machine's other work, where we may: a shared
        machine would else measure how many processes each side has. Whether it could."""
        done = True
        for pid in [os.getpid(), self.post.pid] + [process.pid for process in self.processes()]:
            try:
                put_first(pid)
            except OSError:
                done = False
        return done

    def cpu_seconds(self):
        """(dvcd, postgres): CPU used so far by what lives, its ended children included."""
        used = [0, 0]
        for process in self.processes():
            used[process.role in ("postgres", "postmaster")] += process.ticks
        return used[0] / CLOCK_TICK, used[1] / CLOCK_TICK

    def private_memory(self):
        """[(role, KiB)] of dvcd's own processes: pages that are nobody else's."""
        rows = []
        for process in self.processes():
            if process.role in ("postgres", "postmaster"):
                continue
            try:
                text = _read("/proc/%d/smaps_rollup" % process.pid).decode()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended since it was listed
            kib = sum(int(line.split()[1]) for line in text.splitlines()
                      if line.startswith(("Private_Clean:", "Private_Dirty:")))
            rows.append((process.role, kib))
        return sorted(rows)

    def stop(self, keep=False):
        for process in (self.supervisor, self.post):
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if keep:
            self.say("kept: %s" % self.folder)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- HTTP ----

    def call(self, method, path, body=None, headers=None, timeout=10, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path, account):
        status, _, body = self.call("GET", path,
                                    headers={"Authorization": "Bearer " + self.tokens[account]})
        if status != 200:
            raise StandError("GET %s: %d %s" % (path, status, body[:300]))
        return json.loads(body)

    def post_summary(self):
        return json.loads(self.call("GET", "/sim/summary", port=self.post_port)[2])

    # ---- database ----

    def socket_folder(self):
        for base, folders, files in os.walk(os.path.join(self.folder, "data")):
            if "postmaster.pid" in files:
                with open(os.path.join(base, "postmaster.pid"), encoding="utf-8") as file:
                    return file.read().splitlines()[4]
            folders[:] = [name for name in folders if name not in ("base", "pg_wal")]
        raise StandError("no running cluster below %s" % self.folder)

    def database(self, role="dvcd"):
        return "host=%s dbname=dvcd user=%s" % (self.socket_folder(), role)

    def sql(self, text, role="dvcd"):
        """Rows as lists of text; NULL is ''."""
        run = subprocess.run(
            ["psql", "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-f", "-",
             self.database(role)],
            input=text, capture_output=True, encoding="utf-8", check=False)
        if run.returncode != 0:
            raise StandError("psql: %s" % run.stderr.strip())
        return [line.split("\t") for line in run.stdout.splitlines()]

    def value(self, text, role="dvcd"):
        return self.sql(text, role)[0][0]

    # ---- accounts ----

    def add_accounts(self):
        """A portal and an all-round staff member, each with a token."""
        self.add_account("stand-portal", "portal", ())
        self.add_account("stand-staff", "staff", STAFF_ROLES)

    def add_account(self, username, kind, roles):
        token = secrets.token_urlsafe(32)
        grants = "".join("INSERT INTO role_grant (account, role, agency, below) "
                         "SELECT id, '%s', 'H24', true FROM account WHERE username = '%s';\n"
                         % (role, username) for role in roles)
        self.sql("INSERT INTO account (username, name, kind) VALUES ('%s', '%s', '%s');\n%s"
                 "INSERT INTO session (token_hash, account, csrf, expires_at)\n"
                 "SELECT '\\x%s', id, '%s', now() + interval '1 day' FROM account\n"
                 "WHERE username = '%s';"
                 % (username, username, kind, grants,
                    hashlib.sha256(token.encode()).hexdigest(), secrets.token_hex(16), username))
        name = username.split("-")[1]
        self.tokens[name] = token
        self.accounts[name] = int(self.value("SELECT id FROM account WHERE username = '%s';"
                                             % username))
