"""What an administrator does on a server and what has to hold then; runs inside of the machine that
tests/systemd/run boots. Output is one line a check. Standard library only."""

import http.client
import importlib.machinery
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import uuid

SERVICES = ("dvcd", "dvcd-db", "dvcd-backup")
HOST = "dvc.example.gov.vn"
PASSWORD = "mat-khau-cua-may-thu-2026"
STAFF = (("receiver", "receiver"), ("receiver", "cashier"), ("officer", "officer"),
         ("unit_head", "unit_head"), ("leader", "leader"), ("clerk", "clerk"),
         ("auditor", "auditor"))
SIGNATURE = b"dvcd-machine-test-signature"
BAD = []


def check(good, what):
    print("%s - %s" % ("ok" if good else "NOT OK", what), flush=True)
    if not good:
        BAD.append(what)


def run(*words, **more):
    more.setdefault("check", True)
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", **more)


def ctl(*words, **more):
    return run("dvcctl", *words, **more)


def state(unit):
    return run("systemctl", "is-active", unit, check=False).stdout.strip()


def show(unit, key):
    return run("systemctl", "show", unit, "-p", key, "--value").stdout.strip()


def wait_until(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            check(True, what)
            return True
        time.sleep(0.2)
    check(False, what)
    return False


# ---- README.md ----

def readme():
    with open("/root/README.md", encoding="utf-8") as file:
        text = file.read()
    return text[text.index("## Install on a server"):text.index("## The house")]


def install_lines():
    """The commands of the block after `meson install`; the editor is for people."""
    lines = [line.split("  #")[0].strip() for line in readme().split("```")[1].splitlines()]
    at = next(i for i, line in enumerate(lines) if line.startswith("meson install"))
    return [line for line in lines[at + 1:] if line and not line.startswith("editor")]


def quoted(word):
    """The command in backquotes that begins with `word`, from the text below the block."""
    found = re.search("`(" + re.escape(word) + "[^`]*)`", readme())
    check(found, "README.md has a command that begins with “%s”" % word)
    return found.group(1)


def shell(line):
    done = run("sh", "-ec", line, check=False)
    check(done.returncode == 0, line if done.returncode == 0 else
          "%s: %d %s" % (line, done.returncode, done.stdout[-400:]))


# ---- HTTP ----

def connect(secure, patience=60):
    if not secure:
        return http.client.HTTPConnection("127.0.0.1", 8080, timeout=patience)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", 443, timeout=patience, context=context)


def ask(method, path, body=None, token=None, kind="application/json", secure=False, patience=60):
    line = connect(secure, patience)
    heads = {"Connection": "close", "Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
    if token:
        heads["Authorization"] = "Bearer " + token
    if isinstance(body, dict):
        body = json.dumps(body)
    line.request(method, path, body, heads)
    answer = line.getresponse()
    data = answer.read()
    line.close()
    try:
        return answer.status, json.loads(data)
    except ValueError:
        return answer.status, data


def token_of(name):
    return ask("POST", "/api/v1/sessions", {"username": name, "password": PASSWORD})[1]["token"]


class Pester(threading.Thread):
    """One request after another, each on a connection of its own, by HTTP and by HTTPS."""

    def __init__(self):
        super().__init__(daemon=True)
        self.over, self.failures, self.counts = False, [], {False: 0, True: 0}
        self.worst = 0.0

    def run(self):
        both = [threading.Thread(target=self.many, args=(i == 2,), daemon=True) for i in range(3)]
        for one in both:
            one.start()
        for one in both:
            one.join()

    def many(self, secure):
        while not self.over:
            start = time.monotonic()
            try:
                line = connect(secure)
                line.request("GET", "/healthz", headers={"Connection": "close"})
                status = line.getresponse().status
                line.close()
                if status != 200:
                    self.failures.append("status %d" % status)
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            self.counts[secure] += 1
            self.worst = max(self.worst, time.monotonic() - start)
            time.sleep(0.01)

    def end(self):
        self.over = True
        self.join(70)
        return "%d requests by http, %d by https, longest wait %.1f s" % (
            self.counts[False], self.counts[True], self.worst)


# ---- looks ----

def doctor():
    """Items by name. Warnings are welcome where the machine cannot know better."""
    answer = json.loads(ctl("doctor", "--json", check=False).stdout)
    return {item["check"]: item for item in answer["items"]}


def judge_doctor(*warned):
    items = doctor()
    other = ["%s %s: %s" % (item["state"], name, item["message"]) for name, item in items.items()
             if item["state"] != "ok" and not (item["state"] == "warn" and name in warned)]
    check(not other, "doctor finds nothing but %s %s" % (", ".join(warned) or "good", other or ""))


def judge_journal(since):
    """A directive that forbids what the daemon really does shows here."""
    text = run("journalctl", "--no-pager", "-o", "cat", "--since", since, "-u", "dvcd", "-u",
               "dvcd-db", "-u", "dvcd-backup").stdout
    words = re.compile("Operation not permitted|Permission denied|Read-only file|No writable|"
                       "Fontconfig|Pango|GLib|SIGSYS|status=31")
    bad = [line for line in text.splitlines() if words.search(line)]
    check(not bad, "the sandbox is in nobody's way %s" % bad[:4])
    worse = [line for line in text.splitlines() if '"level":"error"' in line]
    check(not worse, "no error in the journal %s" % worse[:4])


def exposure(unit):
    text = run("systemd-analyze", "security", "--no-pager", unit).stdout
    return float(re.search(r"exposure level for .*: ([0-9.]+)", text).group(1))


def back_up():
    run("systemctl", "start", "dvcd-backup", check=False)
    good = show("dvcd-backup", "Result") == "success"
    check(good, "the backup's service makes a backup%s" % ("" if good else ": " + run(
        "journalctl", "--no-pager", "-o", "cat", "-n", "12", "-u", "dvcd-backup").stdout))


def certificate(days):
    folder = "/etc/dvcd/tls"
    os.makedirs(folder, exist_ok=True)
    for name in ("privkey.pem", "fullchain.pem"):
        with open("%s/%s.new" % (folder, name), "w", encoding="ascii"):
            pass
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", str(days), "-subj", "/CN=" + HOST, "-addext", "subjectAltName=DNS:" + HOST,
        "-keyout", folder + "/privkey.pem.new", "-out", folder + "/fullchain.pem.new")
    for name in ("privkey.pem", "fullchain.pem"):
        os.rename("%s/%s.new" % (folder, name), "%s/%s" % (folder, name))
    run("chown", "-R", "root:dvcd", folder)
    run("chmod", "640", folder + "/privkey.pem")


def served_certificate():
    return ssl.get_server_certificate(("127.0.0.1", 443))


def edit(path, *pairs):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for old, new in pairs:
        assert old in text, (path, old)
        text = text.replace(old, new)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# ---- phases ----

def install():
    for line in install_lines():
        if line.startswith("dvcctl account add"):
            with open("/root/password", "w", encoding="ascii") as file:
                file.write(PASSWORD + "\n")
            os.chmod("/root/password", 0o600)
            line += " --password-file /root/password"
        if line.startswith("dvcctl doctor"):
            continue  # it warns of what is still to be done: judged below
        shell(line)
    for unit in ("dvcd-db", "dvcd.socket", "dvcd", "dvcd-backup.timer"):
        check(state(unit) == "active", unit + " is up")
    judge_doctor("backup", "virus_scan", "calendars", "post_contract")
    for unit in SERVICES:
        level = exposure(unit)
        check(level < 1.5, "%s: systemd-analyze security says %.1f" % (unit, level))
    check(ask("GET", "/healthz")[0] == 200, "it answers by HTTP")
    certificate(60)
    edit("/etc/dvcd/dvcd.yaml", ("# tls_certificate", "tls_certificate"), ("# tls_key", "tls_key"),
         ("# public_url", "public_url"))
    shell("dvcd check")
    shell(quoted("systemctl enable dvcd-tls.socket"))
    wait_until("it answers by HTTPS", lambda: state("dvcd") == "active" and
               ask("GET", "/healthz", secure=True)[0] == 200)
    judge_doctor("backup", "virus_scan", "calendars", "post_contract")
    judge_journal("today")


def clamd():
    shutil.rmtree("/var/lib/clamav", ignore_errors=True)
    os.makedirs("/var/lib/clamav")
    with open("/var/lib/clamav/own.ndb", "w", encoding="ascii") as file:
        file.write("Dvcd.Machine:0:*:%s\n" % SIGNATURE.hex())
    run("chown", "-R", "clamav:clamav", "/var/lib/clamav")
    # Debian's unit waits for freshclam's files.
    os.makedirs("/etc/systemd/system/clamav-daemon.service.d", exist_ok=True)
    own = "/etc/systemd/system/clamav-daemon.service.d/own.conf"
    with open(own, "w", encoding="ascii") as file:
        file.write("[Unit]\nConditionPathExistsGlob=\n")
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", "clamav-daemon")
    edit("/etc/dvcd/dvcd.yaml", ("\npaths:", "\nintake:\n  citizen_filing: true\n\n"
                                 "files:\n  clamd: /run/clamav/clamd.ctl\n\npaths:"))
    wait_until("clamd listens", lambda: os.path.exists("/run/clamav/clamd.ctl"), 120)


def people():
    for name in dict.fromkeys(name for name, _ in STAFF):
        roles = [word for who, role in STAFF if who == name
                 for word in ("--role", role + "@H24.15.03")]
        ctl("account", "add", name, "--name", "Người thử " + name, "--keep-password",
            "--password-file", "/root/password", *roles)
    ctl("account", "add", "citizen", "--kind", "citizen", "--name", "Nguyễn Văn Minh",
        "--id-number", "031085001234", "--phone", "0912345678", "--keep-password",
        "--password-file", "/root/password")


def upload(data):
    return ask("POST", "/api/v1/uploads", data, token_of("citizen"), "application/pdf")


def work():
    began = time.strftime("%Y-%m-%d %H:%M:%S")
    clamd()
    people()
    run("systemctl", "restart", "dvcd")
    sim = subprocess.Popen(["/root/postsim", "--journal", "/root/post", "--port", "18088",
                            "--step-ms", "500"], stdout=subprocess.DEVNULL)
    try:
        done = run("python3", "/root/walk", "--password-file", "/root/password", check=False)
        check("Delivered" in done.stdout, "a dossier goes from filing to the citizen's door %s"
              % ("" if "Delivered" in done.stdout else done.stdout[-600:]))
    finally:
        sim.kill()
        sim.wait()
    status, answer = upload(b"%PDF-1.4\n" + b"x" * 4000 + b"\n%%EOF\n")
    check(status == 201, "an upload is scanned and taken: %s" % (status,))
    status, answer = upload(b"%PDF-1.4\n" + SIGNATURE + b"\n%%EOF\n")
    check(status == 422 and answer.get("code") == "infected", "clamd's find is refused")
    code = re.search(r"H24\.15\.03-\d{6}-\d{4}", done.stdout)
    printed(code.group(0) if code else None)
    back_up()
    judge_doctor("calendars", "post_contract")
    judge_journal(began)


def printed(code):
    """The receipt as PDF: Pango, fontconfig and the printer's process in the sandbox."""
    token = token_of("receiver")
    status, data = ask("GET", "/api/v1/dossiers/%s/forms/receipt" % code, token=token)
    if status != 200:
        check(False, "a receipt is printed: %s %s" % (status, data))
        return
    with open("/root/receipt.pdf", "wb") as file:
        file.write(data)
    text = run("pdftotext", "/root/receipt.pdf", "-", check=False).stdout
    fonts = run("pdffonts", "/root/receipt.pdf", check=False).stdout
    check("TIẾP NHẬN" in text.upper() and "Tinos" in fonts,
          "the receipt's PDF holds Vietnamese in Tinos %s" % fonts.splitlines()[2:3])


def main_pid(unit="dvcd"):
    return int(show(unit, "MainPID"))


def workers():
    text = run("pgrep", "-P", str(main_pid()), check=False).stdout
    return {int(pid): open("/proc/%s/comm" % pid, encoding="ascii").read().strip()
            for pid in text.split()}


def up():
    try:
        return state("dvcd") == "active" and ask("GET", "/readyz", secure=True, patience=5)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def kill():
    pester = Pester()
    pester.start()
    time.sleep(1)
    for line in ("systemctl restart dvcd", "systemctl restart dvcd", "systemctl reload dvcd",
                 "dvcctl reload", "systemctl restart dvcd-db dvcd"):
        shell(line)
        time.sleep(3)
    old = served_certificate()
    certificate(61)
    wait_until("a renewed certificate is taken within a minute, with no restart",
               lambda: served_certificate() != old, 75)
    said = pester.end()
    check(not pester.failures, "%s over restarts and reloads; none refused, none cut off %s"
          % (said, pester.failures[:4]))
    for pid, name in sorted(workers().items()):
        os.kill(pid, signal.SIGKILL)
        wait_until("%s, killed, is there again" % name, lambda name=name, pid=pid: up() and any(
            other == name and one != pid for one, other in workers().items()))
    before = main_pid()
    pester = Pester()
    pester.start()
    os.kill(before, signal.SIGKILL)
    wait_until("dvcd, killed, is up again", lambda: main_pid() not in (0, before) and up())
    said = pester.end()
    refused = [one for one in pester.failures if "ConnectionRefused" in one]
    check(not refused, "%s; nobody was refused" % said)
    before = main_pid("dvcd-db")
    os.kill(before, signal.SIGKILL)
    wait_until("the database's service, killed, is up again", lambda: state("dvcd-db") == "active"
               and main_pid("dvcd-db") not in (0, before) and up())
    hang()
    away()


def hang():
    """Who hangs: a worker, of whom the supervisor hears no more, and the supervisor, of whom systemd."""
    pid = next(pid for pid, name in workers().items() if name == "gateway/0")
    os.kill(pid, signal.SIGSTOP)
    wait_until("a gateway that hangs is ended and started again",
               lambda: pid not in workers() and up(), 100)
    before = main_pid()
    os.kill(before, signal.SIGSTOP)
    wait_until("dvcd's supervisor, hanging, is started again by systemd",
               lambda: main_pid() not in (0, before) and up(), 100)


def away():
    """A database that comes late, and a configuration with a fault."""
    run("systemctl", "stop", "dvcd-db")
    check(state("dvcd-db") == "inactive", "a stopped database stays stopped")
    run("systemctl", "restart", "dvcd", check=False)
    time.sleep(20)
    check(state("dvcd.socket") == "active" and state("dvcd-tls.socket") == "active",
          "20 s of restarts without a database fail no socket")
    run("systemctl", "start", "dvcd-db")
    wait_until("dvcd finds the database by itself", up)
    edit("/etc/dvcd/dvcd.yaml", ("\npaths:", "\npathz:"))
    run("systemctl", "reload", "dvcd", check=False)
    time.sleep(2)
    check(up(), "a reload with a fault changes nothing")
    check(ctl("reload", check=False).returncode != 0, "dvcctl reload says so")
    edit("/etc/dvcd/dvcd.yaml", ("\npathz:", "\npaths:"))
    shell("dvcctl reload")


def upgrade():
    check(os.path.exists("/etc/dvcd/tls/privkey.pem"), "the agency's own files are kept")
    text = open("/etc/dvcd/dvcd.yaml", encoding="utf-8").read()
    check("\n  tls_certificate" in text, "so is its configuration")
    pester = Pester()
    pester.start()
    shell(quoted("systemd-tmpfiles --create && systemctl daemon-reload"))
    wait_until("it is up", up)
    said = pester.end()
    check(not pester.failures, "%s over the upgrade %s" % (said, pester.failures[:4]))


def reboot():
    for unit in ("dvcd-db", "dvcd.socket", "dvcd-tls.socket", "dvcd", "dvcd-backup.timer"):
        wait_until(unit + " comes with the machine", lambda unit=unit: state(unit) == "active")
    wait_until("it serves", up)
    judge_doctor("calendars", "post_contract")
    judge_journal(show("dvcd", "ActiveEnterTimestamp"))


def file_dossier():
    walk = importlib.machinery.SourceFileLoader("walk", "/root/walk").load_module()
    status, answer = ask("POST", "/api/v1/dossiers", walk.DOSSIER, token_of("citizen"))
    check(status == 201, "a dossier after the backup is acknowledged: %s" % status)
    return answer["code"]


def archived():
    """The segment that is written now is closed, and is in the archive."""
    sql = ("SELECT pg_walfile_name(pg_switch_wal())",)
    name = run("runuser", "-u", "dvcd-db", "--", "psql", "-X", "-At", "-c", sql[0],
               "host=/run/dvcd-db dbname=dvcd user=dvcd").stdout.strip()
    path = "/var/backups/dvcd/wal/%s.gz" % name
    wait_until("segment %s is archived" % name, lambda: os.path.exists(path))


def restore():
    """The disk of the data is lost; the steps are those that dvcctl restore itself says at its end."""
    back_up()
    file_dossier()
    archived()
    before = json.loads(ctl("verify", "--json").stdout)
    last = file_dossier()
    whole = json.loads(ctl("verify", "--json").stdout)
    shell("systemctl stop dvcd.socket dvcd-tls.socket dvcd dvcd-db")
    for more, wanted in (("", before), (" --wal /var/lib/dvcd-db/pg/pg_wal", whole)):
        shutil.rmtree("/var/lib/restored", ignore_errors=True)
        shell("dvcctl restore /var/backups/dvcd --to /var/lib/restored --json%s >/root/restored" % more)
        with open("/root/restored", encoding="utf-8") as file:
            found = json.load(file)
        check(all(found[key] >= wanted[key] for key in ("dossiers", "events")),
              "restored%s: %d dossiers, %d events, of %d and %d" % (
                  more, found["dossiers"], found["events"], wanted["dossiers"], wanted["events"]))
    os.rename("/var/lib/dvcd-db", "/var/lib/dvcd-db.lost")
    os.rename("/var/lib/restored/database", "/var/lib/dvcd-db")
    run("chown", "-R", "dvcd-db:dvcd-db", "/var/lib/dvcd-db")
    os.chmod("/var/lib/dvcd-db", 0o700)
    edit("/etc/dvcd/dvcd.yaml", ("/var/backups/dvcd/wal", "/var/backups/dvcd/wal2"))
    shell("systemctl start dvcd-db dvcd.socket dvcd-tls.socket dvcd")
    wait_until("it serves what was restored", up)
    check(ask("GET", "/api/v1/lookup/" + last)[0] == 200, "with the last dossier")
    check(json.loads(ctl("verify", "--json").stdout) == whole, "and the same histories")
    back_up()
    judge_doctor("calendars", "post_contract")


def main():
    phases = {"install": install, "work": work, "kill": kill, "upgrade": upgrade, "reboot": reboot,
              "restore": restore}
    phases[sys.argv[1]]()
    print("%s: %s" % (sys.argv[1], "all as it should be" if not BAD else "%d wrong" % len(BAD)))
    return 1 if BAD else 0


sys.exit(main())
