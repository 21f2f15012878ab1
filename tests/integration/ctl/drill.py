#!/usr/bin/python3
"""The drill: a backup taken under load, the database killed under load, everything that was
acknowledged restored from it, and exactly what was there at a moment. TAP."""

import datetime
import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time

from ctltest import Stand, Tap, built, ctl, filing, post, until

WORKERS = 3


class Load(threading.Thread):
    """Files dossiers, and takes each a few desks on. What was acknowledged is remembered."""

    def __init__(self, drill, number):
        super().__init__(daemon=True)
        self.drill, self.number, self.idle = drill, number, threading.Event()

    def run(self):
        while not self.drill.over:
            self.idle.set()
            if not self.drill.gate.wait(0.05):
                continue
            self.idle.clear()
            try:
                self.work()
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.02)  # not acknowledged
        self.idle.set()

    def work(self):
        drill = self.drill
        self.number += WORKERS
        agency, commune = drill.communes[self.number % len(drill.communes)]
        status, answer = post(drill.stand, "/dossiers", filing.submission(
            self.number, agency, commune, filing.PROCEDURES[self.number % 3]), secrets.token_hex(16))
        if status != 201:
            return
        code = answer["code"]
        drill.acknowledge(code, 1)
        for _ in range(self.number % 4):
            view = drill.stand.get("/api/v1/dossiers/" + code, "staff")
            body = filing.onward(view)
            if body is None:
                return
            status, answer = post(drill.stand, "/dossiers/%s/actions" % code, body,
                                  secrets.token_hex(16), "staff")
            if status == 200:
                drill.acknowledge(code, 1 + len(drill.seen[code]))


class Drill:
    def __init__(self):
        self.stand = Stand(settings={"backup": {"wal_dir": "wal", "wal_seconds": 5, "keep": 2}})
        self.backups = os.path.join(self.stand.folder, "backups")
        self.communes = filing.communes()
        self.seen, self.lock = {}, threading.Lock()  # code -> acknowledged changes
        self.gate, self.over = threading.Event(), False
        self.loads = [Load(self, number) for number in range(WORKERS)]

    def acknowledge(self, code, change):
        with self.lock:
            self.seen.setdefault(code, []).append(change)

    def start(self):
        self.stand.start()
        self.stand.add_accounts()
        for load in self.loads:
            load.start()

    def load(self, seconds):
        self.gate.set()
        time.sleep(seconds)

    def pause(self):
        self.gate.clear()
        time.sleep(0.1)
        for load in self.loads:
            assert load.idle.wait(90)

    def heads(self, stand=None):
        rows = (stand or self.stand).sql("SELECT code, head_seq, encode(head_hash, 'hex')"
                                         " FROM dossier ORDER BY code;")
        return {row[0]: (int(row[1]), row[2]) for row in rows}

    def postmaster(self):
        path = os.path.join(self.stand.folder, "data", "database", "pg", "postmaster.pid")
        with open(path, encoding="utf-8") as file:
            return int(file.readline())

    def folder(self, name):
        return os.path.join(self.stand.folder, name)

    def stop(self):
        self.over = True
        self.stand.supervisor.send_signal(signal.SIGCONT)
        self.stand.stop()


def figures(stand):
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()
    path = "/api/v1/statistics/on-time?agency=H24&from=%s&to=%s" % (today.replace(day=1), today)
    answer = stand.get(path, "staff")
    return answer["groups"]


def backup_under_load(drill):
    "a backup is taken while dossiers come in"
    drill.load(1.5)
    before = len(drill.seen)
    answer = ctl(drill.stand, "backup", drill.backups)
    assert answer.status == 0 and "đã kiểm chứng" in answer.out, answer
    assert len(drill.seen) > before, "no load while the backup ran"
    rows = drill.stand.sql("SELECT folder, verified FROM backup_log;")
    assert len(rows) == 1 and rows[0][1] == "t" and os.path.isdir(rows[0][0]), rows


def a_moment(drill):
    "more load, and a moment to come back to"
    drill.load(1)
    drill.pause()
    drill.moment = drill.stand.value("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC',"
                                     " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"');")
    drill.then = drill.heads()
    assert set(drill.seen) == set(drill.then)
    time.sleep(0.05)
    drill.load(1)


def configuration(drill):
    "the configuration lies beside the backup, and restore says how each of it comes back"
    answer = ctl(drill.stand, "restore", drill.backups, "--to", drill.folder("told"))
    assert answer.status == 0, answer
    drill.commands = [line.split() for line in answer.out.splitlines() if line.startswith("     cp -a ")]
    assert drill.commands and all(len(words) == 4 for words in drill.commands), answer
    kept = {os.path.join(to, os.path.basename(copy)): copy for _, _, copy, to in drill.commands}
    assert {drill.stand.config, drill.folder("targets")} <= set(kept), kept
    assert not [path for path in kept if path.startswith(drill.folder("data"))], "the data are no configuration"
    for path, copy in kept.items():
        assert subprocess.run(["diff", "-r", path, copy], check=False).returncode == 0, path
        assert os.stat(path).st_mode == os.stat(copy).st_mode, path
    drill.named = names(drill)[0]
    top = os.path.join(drill.backups, drill.named, "config")
    assert os.stat(top).st_mode & 0o777 == 0o700, "keys and contracts: for its owner alone"
    shutil.rmtree(drill.folder("told"))


def killed(drill):
    "the database is killed under load, and everything acknowledged is restored"
    with drill.lock:
        drill.acked = {code: len(changes) for code, changes in drill.seen.items()}
    drill.stand.supervisor.send_signal(signal.SIGSTOP)  # it would start the database again
    os.kill(drill.postmaster(), signal.SIGKILL)
    drill.gate.clear()
    drill.over = True
    answer = ctl(drill.stand, "--json", "restore", drill.backups, "--to", drill.folder("new"))
    assert answer.status == 0, answer
    drill.found = answer.json
    assert drill.found["broken"] == 0 and drill.found["dossiers"] >= len(drill.acked), drill.found
    assert len(drill.seen) > len(drill.then)


def as_it_was(drill):
    "at a moment exactly what was there before it"
    answer = ctl(drill.stand, "--json", "restore", drill.backups, "--to", drill.folder("past"),
                 "--until", drill.moment)
    assert answer.status == 0, answer
    assert answer.json["broken"] == 0, answer
    assert answer.json["dossiers"] == len(drill.then), (answer.json, len(drill.then))
    assert answer.json["events"] == sum(seq for seq, _ in drill.then.values()), answer.json


def somebody_elses(drill):
    "a backup of another user's is restored in his name, with the WAL that he alone can read"
    if os.getuid() != 0:
        return  # only root restores in another's name
    carried, wal = drill.folder("carried"), drill.folder("data/wal")
    shutil.copytree(drill.backups, os.path.join(carried, "backups"), symlinks=True)
    shutil.copytree(wal, os.path.join(carried, "wal"), symlinks=True)
    subprocess.run(["chown", "-R", "nobody:nogroup", carried], check=True)
    os.chmod(carried, 0o755)
    os.rename(wal, wal + ".away")
    try:
        # The archive is found beside the backups, where it stood before they were carried away.
        beside = os.path.join(carried, "wal")
        for name in os.listdir(os.path.join(carried, "backups")):
            if name[0] != ".":
                os.rename(os.path.join(carried, "backups", name), os.path.join(carried, name))
        again = ["--json", "restore", carried, "--to"]
        answer = ctl(drill.stand, *again, drill.folder("theirs"), "--until", drill.moment)
        assert answer.status == 0, answer
        assert answer.json["dossiers"] == len(drill.then), (answer.json, len(drill.then))
        shutil.rmtree(drill.folder("theirs"))
        subprocess.run(["chown", "-R", "postgres:postgres", beside], check=True)
        answer = ctl(drill.stand, *again, drill.folder("theirs"))
        assert answer.status == 1 and "nobody" in answer.err and "cannot read" in answer.err, answer
        assert not os.listdir(drill.folder("theirs"))
        os.rename(beside, beside + ".lost")
        answer = ctl(drill.stand, *again, drill.folder("less"))
        assert answer.status == 0 and wal + " is not there" in answer.err, answer
    finally:
        os.rename(wal + ".away", wal)


def refusals(drill):
    "no restore over anything, none from a damaged backup, none beyond what WAL holds"
    answer = ctl(drill.stand, "restore", drill.backups, "--to", drill.folder("past"))
    assert answer.status == 1 and "is not empty" in answer.err, answer
    copy = drill.folder("damaged")
    shutil.copytree(drill.backups, copy, symlinks=True)
    name = [entry for entry in os.listdir(copy) if entry[0] != "."][0]
    victim = os.path.join(copy, name, "base", "global", "pg_filenode.map")
    with open(victim, "r+b") as file:
        file.seek(8)
        byte = file.read(1)
        file.seek(8)
        file.write(bytes([byte[0] ^ 1]))
    answer = ctl(drill.stand, "restore", copy, "--to", drill.folder("bad"))
    assert answer.status == 1 and "checksum mismatch" in answer.err, answer
    assert not os.listdir(drill.folder("bad"))
    os.unlink(victim)
    answer = ctl(drill.stand, "restore", copy, "--to", drill.folder("bad"))
    assert answer.status == 1 and "pg_filenode.map is missing" in answer.err, answer
    answer = ctl(drill.stand, "restore", drill.backups, "--to", drill.folder("bad"), "--until",
                 "2020-01-01T00:00:00Z")
    assert answer.status == 1 and "from before that moment" in answer.err, answer


def the_old_one(drill):
    """the killed database comes up again by itself, with the same dossiers"""
    # It may know more: a gateway saves what it had in flight as soon as the database is back.
    drill.stand.supervisor.send_signal(signal.SIGCONT)
    drill.stand.wait_ready()
    drill.heads_old = until(lambda: drill.heads())
    for code, changes in drill.acked.items():
        assert drill.heads_old[code][0] >= changes, code
    assert drill.found["dossiers"] <= len(drill.heads_old)
    assert drill.found["events"] <= sum(seq for seq, _ in drill.heads_old.values())
    drill.chain_old = {(row[0], int(row[1])): row[2] for row in drill.stand.sql(
        "SELECT d.code, e.seq, encode(e.hash, 'hex') FROM event e JOIN dossier d ON d.id = e.dossier_id;")}
    drill.figures = figures(drill.stand)
    drill.quiet = drill.heads() == drill.heads_old
    assert any(group["received"]["total"] for group in drill.figures)


def interrupted(drill):
    "an interrupted and a killed backup leave nothing that looks like a good one; old ones go"
    was = names(drill)
    for signo in (signal.SIGTERM, signal.SIGKILL):
        process = subprocess.Popen([built("DVCCTL"), "--config", drill.stand.config, "backup",
                                    drill.backups], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        assert until(lambda: parts(drill) or process.poll() is not None, 60, 0.005)
        process.send_signal(signo)
        assert process.wait(60) != 0
        assert names(drill) == was
        assert signo == signal.SIGKILL or not parts(drill)
    for _ in range(2):
        time.sleep(1.05)  # they are named by the second
        answer = ctl(drill.stand, "backup", drill.backups)
        assert answer.status == 0, answer
    assert not parts(drill) and len(names(drill)) == 2 and not set(names(drill)) & set(was)
    oldest = min(names(drill))
    with open(os.path.join(drill.backups, oldest, "base", "backup_label"), encoding="utf-8") as file:
        first = file.readline().split("(file ")[1][8:24]
    kept = [name for name in os.listdir(drill.folder("data/wal")) if name[0] == "0"]
    assert kept and min(name[8:24] for name in kept) >= first, (first, kept)


def names(drill):
    return sorted(name for name in os.listdir(drill.backups) if name[0] != ".")


def parts(drill):
    return [name for name in os.listdir(drill.backups) if name.startswith(".part-")]


def goes_on(drill):
    "the restored one serves: same history, same figures, new dossiers"
    stand = drill.stand
    stand.supervisor.terminate()
    stand.supervisor.wait(60)
    os.rename(drill.folder("data"), drill.folder("old"))
    os.rename(drill.folder("new"), drill.folder("data"))
    # A machine that has nothing: what restore said brings the configuration back.
    os.unlink(stand.config)
    shutil.rmtree(drill.folder("targets"))
    newest = names(drill)[-1]  # the one that told has given way to newer ones by now
    for program, option, copy, to in drill.commands:
        if to.startswith(drill.folder("")):
            subprocess.run([program, option, copy.replace(drill.named, newest), to], check=True)
    stand.start_dvcd()
    stand.wait_ready()
    heads = drill.heads()
    for code, changes in drill.acked.items():
        assert heads[code][0] >= changes, code
    for code, (seq, digest) in heads.items():
        assert drill.chain_old[code, seq] == digest, code
    if heads == drill.heads_old and drill.quiet:
        assert figures(stand) == drill.figures
    agency, commune = drill.communes[0]
    status, answer = post(stand, "/dossiers", filing.submission(
        1, agency, commune, filing.PROCEDURES[0]), secrets.token_hex(16))
    assert status == 201 and answer["code"] not in drill.heads_old, answer
    answer = ctl(stand, "verify", "--audit")
    assert answer.status == 0 and "còn nguyên" in answer.out, answer


def broken_chains(drill):
    "verify names the first broken event, whatever was done to it"
    stand = drill.stand
    code = next(code for code, (seq, _) in sorted(drill.heads_old.items()) if seq > 1)
    key = "dossier_id = (SELECT id FROM dossier WHERE code = '%s')" % code
    for change, back, said in (
            ("UPDATE event SET body = body || ' ' WHERE seq = 2 AND " + key,
             "UPDATE event SET body = left(body, -1) WHERE seq = 2 AND " + key,
             "%s: sự kiện số 2 không khớp" % code),
            ("CREATE TABLE kept AS SELECT * FROM event WHERE seq = 1 AND %s;"
             "DELETE FROM event WHERE seq = 1 AND %s" % (key, key),
             "INSERT INTO event SELECT * FROM kept; DROP TABLE kept",
             "%s: thiếu sự kiện số 1" % code),
            ("UPDATE dossier SET head_seq = head_seq + 1 WHERE code = '%s'" % code,
             "UPDATE dossier SET head_seq = head_seq - 1 WHERE code = '%s'" % code,
             "%s: hồ sơ ghi có" % code)):
        stand.sql(change + ";")
        answer = ctl(stand, "verify")
        stand.sql(back + ";")
        assert answer.status == 1 and said in answer.out, (said, answer)
        assert "1 hồ sơ có chuỗi hỏng" in answer.out, answer
    assert ctl(stand, "verify", code).status == 0
    answer = ctl(stand, "verify", "H24-000000-0000")
    assert answer.status == 1 and "no dossier has the code" in answer.err, answer


def main():
    drill, tap = Drill(), Tap()
    try:
        drill.start()
        tap.run((backup_under_load, configuration, a_moment, killed, as_it_was, somebody_elses, refusals, the_old_one,
                 interrupted, goes_on, broken_chains), drill)
    finally:
        drill.stop()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
