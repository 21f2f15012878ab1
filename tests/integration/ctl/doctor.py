#!/usr/bin/python3
"""dvcctl doctor and reload: each check made to fail by a planted fault, the message seen. TAP."""

import datetime
import os
import re
import shutil
import subprocess
import sys
import time

from ctltest import ROOT, Stand, Tap, ctl, until
from clamd import Clamd

OK_AT_FIRST = ("configuration", "database", "schema", "rights", "connections", "clock_worker",
               "courier_worker", "outbox", "dead_letters", "transactions", "figures", "timers",
               "configuration_served", "running", "clock_skew", "secrets", "demo_accounts",
               "wal_archive", "fonts")


class Ahead(Stand):
    """Its calendars know this year and the next, whatever the year: a fresh service has no fault."""

    def _write_config(self):
        calendars = os.path.join(self.folder, "calendars")
        shutil.copytree(os.path.join(ROOT, "config", "calendars"), calendars)
        path = os.path.join(calendars, "vn-default.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        last = int(re.search(r"^years: {from: \d+, to: (\d+)}$", text, re.M).group(1))
        wanted = max(last, (datetime.date.today() + datetime.timedelta(days=1)).year + 1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("to: %d}" % last, "to: %d}" % wanted, 1))
        self.settings["paths"] = {"calendars": calendars}
        super()._write_config()


class Here:
    def __init__(self):
        self.stand = Ahead(settings={"backup": {"wal_dir": "wal", "wal_seconds": 5},
                                     "clock": {"weekends_only_years": 0}})
        self.target = os.path.join(self.stand.folder, "targets", "vnpost.yaml")
        os.chmod(self.target, 0o640)
        self.writer = None

    def start(self):
        self.stand.start()
        self.stand.add_accounts()

    def path(self, name):
        return os.path.join(self.stand.folder, name)

    def look(self, config=None):
        """({check: item}, exit status)"""
        answer = ctl(self.stand, "doctor", "--json", config=config)
        items = answer.json["items"]
        assert len({item["check"] for item in items}) == len(items), answer
        for item in items:
            assert (item["state"] == "ok") == (item["advice"] is None), item
        return {item["check"]: item for item in items}, answer.status

    def sees(self, check, state, *words, config=None):
        seen, status = self.look(config)
        item = seen[check]
        assert item["state"] == state, item
        for word in words:
            assert word in item["message"] + " " + (item["advice"] or ""), (word, item)
        assert status == (1 if any(one["state"] == "fail" for one in seen.values()) else 2)

    def variant(self, old, new):
        """dvcd.yaml with a change, which only doctor reads."""
        with open(self.stand.config, encoding="utf-8") as file:
            text = file.read()
        assert old in text
        path = self.path("variant.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))
        return path

    def stop(self):
        if self.writer is not None:
            self.writer.kill()
            self.writer.wait()
        self.stand.stop()


def well(here):
    "of a fresh service nothing is broken, and what a quick start lacks is a warning"
    seen, status = here.look()
    for check in OK_AT_FIRST:
        assert seen[check]["state"] == "ok", seen[check]
    assert status == 2, seen
    for check in ("backup", "login", "cookies", "virus_scan"):
        assert seen[check]["state"] == "warn", seen[check]
    table = ctl(here.stand, "doctor")
    assert table.status == 2 and "cảnh báo" in table.out and "dvcctl backup" in table.out, table
    # Held open while the other checks are made.
    here.writer = subprocess.Popen(
        ["psql", "-X", "-q", "application_name=forgotten " + here.stand.database("dvcd_owner")],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8")
    here.writer.stdin.write("SET idle_in_transaction_session_timeout = 0; BEGIN;\n"
                            "SELECT pg_current_xact_id();\n")
    here.writer.stdin.flush()
    here.since = time.monotonic()


def backups(here):
    "no backup, an old one, a fresh one, one that was not verified"
    here.sees("backup", "warn", "chưa có")
    answer = ctl(here.stand, "backup", here.path("backups"))
    assert answer.status == 0, answer
    here.sees("backup", "ok")
    here.stand.sql("UPDATE backup_log SET finished_at = now() - interval '25 hours';")
    here.sees("backup", "warn", "25 giờ", "dvcctl backup")
    here.stand.sql("UPDATE backup_log SET verified = false;")
    here.sees("backup", "fail", "không kiểm chứng")
    here.stand.sql("DELETE FROM backup_log;")


def archive(here):
    "WAL that cannot be archived"
    wal = here.path("data/wal")
    os.rename(wal, wal + ".away")
    try:
        here.stand.sql("SELECT pg_switch_wal(); CREATE TABLE junk (); DROP TABLE junk;"
                       " SELECT pg_switch_wal();")
        assert until(lambda: here.look()[0]["wal_archive"]["state"] == "fail", 60, 0.5)
        here.sees("disk_wal", "fail", "wal")
    finally:
        os.rename(wal + ".away", wal)


def dead_letter(here):
    "a dead letter"
    here.stand.sql("INSERT INTO outbox_retry (id, dossier_id, channel, topic, key, body, created_at,"
                   " next_at, dead_at) VALUES (900000, 0, 'nobody', 'note', 'k', '{}', now(), now(),"
                   " now());")
    here.sees("dead_letters", "fail", "1 việc", "dvcctl outbox")
    here.stand.sql("DELETE FROM outbox_retry WHERE id = 900000;")
    here.sees("dead_letters", "ok")


def calendar(here):
    "a calendar that has ended, and one that ends soon"
    plant = ("INSERT INTO calendar_version (name, sha256, canonical) SELECT name, 'planted',"
             " jsonb_set(canonical::jsonb, '{last_year}', '%s')::text FROM calendar_version WHERE"
             " name = 'vn-default' ORDER BY version DESC LIMIT 1;")
    clear = "DELETE FROM calendar_version WHERE sha256 = 'planted';"
    here.stand.sql(plant % "2020")
    here.sees("calendars", "fail", "vn-default", "31/12/2020", "2021")
    here.stand.sql(clear)
    # One that ends with this year is told of in its last ninety days.
    year, soon = here.stand.sql("SELECT to_char(d, 'YYYY'), to_char(d + interval '90 days', 'YYYY')"
                                " FROM (SELECT now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS d) x;")[0]
    here.stand.sql(plant % year)
    if soon != year:
        here.sees("calendars", "warn", "31/12/" + year)
    else:
        here.sees("calendars", "ok")
    here.stand.sql(clear)


def secrets(here):
    "a secret that everybody may read, and accounts of the demonstration"
    os.chmod(here.target, 0o644)
    here.sees("secrets", "fail", "vnpost.yaml", "chmod 640")
    os.chmod(here.target, 0o640)
    password = here.path("data/demo-password")
    with open(password, "w", encoding="utf-8") as file:
        file.write("x\n")
    os.chmod(password, 0o600)
    here.sees("demo_accounts", "warn", "demo-password")
    os.chmod(password, 0o644)
    here.sees("secrets", "fail", "demo-password", "chmod 600")
    os.unlink(password)


def post(here):
    "the contract of the simulated post, and one of the agency's own"
    here.sees("post_contract", "warn", "vnpost", "mô phỏng", "dvcctl reload")
    with open(here.target, encoding="utf-8") as file:
        demo = file.read()
    with open(here.target, "w", encoding="utf-8") as file:
        file.write(demo.replace('secret: "dvcd-demo"', 'secret: "cua-co-quan"'))
    try:
        here.sees("post_contract", "ok")
    finally:
        with open(here.target, "w", encoding="utf-8") as file:
            file.write(demo)


def openness(here):
    "cookies without HTTPS where others come in"
    config = here.variant("127.0.0.1:", "0.0.0.0:")
    here.sees("cookies", "fail", "máy khác", "secure_cookies", config=config)


def certificate(here):
    "a certificate that ends soon, and one that is none"
    pem, key = here.path("tls.pem"), here.path("tls.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "10", "-subj", "/CN=test",
                    "-keyout", key, "-out", pem], check=True, capture_output=True)
    os.chmod(key, 0o600)
    config = here.variant("http:\n", 'http:\n  tls_listen: ["127.0.0.1:0"]\n  tls_certificate: %s\n'
                          "  tls_key: %s\n" % (pem, key))
    here.sees("certificate", "warn", "9 ngày", "gia hạn", config=config)
    os.chmod(key, 0o644)
    here.sees("secrets", "fail", "tls.key", config=config)
    with open(pem, "w", encoding="utf-8") as file:
        file.write("nothing\n")
    here.sees("certificate", "fail", "PEM", config=config)


def scanner(here):
    "a virus scanner that is away, one that takes no large files, and a good one"
    for stream_max, state, words in ((None, "fail", "không trả lời"), ("1M", "fail", "StreamMaxLength"),
                                     ("25M", "ok", "clamd trả lời")):
        folder = here.path("scanner-%s" % stream_max)
        clamd = Clamd(folder, stream_max)
        config = here.variant("log:\n", "files:\n  clamd: %s\nlog:\n" % clamd.socket)
        if stream_max:
            clamd.start()
        try:
            here.sees("virus_scan", state, words, config=config)
        finally:
            clamd.stop()


def configuration(here):
    "an error in a file: not reloaded, and told with its place; a good reload"
    with open(here.stand.config, encoding="utf-8") as file:
        good = file.read()
    with open(here.stand.config, "a", encoding="utf-8") as file:
        file.write("nonsense:\n  key: 1\n")
    answer = ctl(here.stand, "reload")
    assert answer.status == 100 and "nonsense" in answer.err, answer
    here.sees("configuration", "fail", "nonsense", "dvcd check")
    here.sees("configuration_served", "ok")  # it was not even offered
    with open(here.stand.config, "w", encoding="utf-8") as file:
        file.write(good)
    answer = ctl(here.stand, "reload")
    assert answer.status == 0 and str(here.stand.supervisor.pid) in answer.out, answer
    assert here.stand.value("SELECT cause || served FROM config_reading;") == "reloadtrue"


def transaction(here):
    "a forgotten transaction that has written is named"
    time.sleep(max(0, 16 - (time.monotonic() - here.since)))
    here.sees("transactions", "warn", "forgotten", "pg_terminate_backend")
    here.writer.kill()
    here.writer.wait()
    here.writer = None
    assert until(lambda: here.look()[0]["transactions"]["state"] == "ok")


def gone(here):
    "a service that does not run"
    here.stand.supervisor.terminate()
    here.stand.supervisor.wait(60)
    here.sees("running", "fail", "không chạy")
    here.sees("database", "fail", "not running")
    answer = ctl(here.stand, "reload")
    assert answer.status == 1 and "no dvcd runs" in answer.err, answer
    assert ctl(here.stand, "verify").status == 101
    assert ctl(here.stand, "nonsense").status == 100


def main():
    here, tap = Here(), Tap()
    try:
        here.start()
        tap.run((well, backups, archive, dead_letter, calendar, secrets, post, openness, certificate,
                 scanner, configuration, transaction, gone), here)
    finally:
        here.stop()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
