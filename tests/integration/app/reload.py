#!/usr/bin/python3
"""SIGHUP on a whole dvcd under light load: a new version of a procedure is taken over without one
failed request; what is wrong is told and changes nothing. TAP.

DVCD and POSTSIM name the programs of the build.
"""

import http.client
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "stand"))

import filing  # noqa: E402
import stand  # noqa: E402

PROCEDURE = "1.004873"
V1 = "/api/v1"
PATIENCE = 90


class Daemon(stand.Stand):
    """With plugins of its own, which a test may change."""

    def __init__(self):
        super().__init__(settings={
            "log": {"level": "info"},
            "workers": {"gateways": 2, "drain_ms": 10000},
            "http": {"requests_per_minute": 1000000, "lookups_per_minute": 5,
                     "metrics_from": ["127.0.0.1"], "secure_cookies": False}})

    def _write_config(self):
        self.settings["http"]["listen"] = ["127.0.0.1:%d" % self.port]
        self.plugins = os.path.join(self.folder, "plugins")
        shutil.copytree(os.path.join(stand.ROOT, "plugins"), self.plugins)
        self.settings["paths"] = {"plugins": os.path.join(self.plugins, "procedures"),
                                  "workflows": os.path.join(self.plugins, "workflows")}
        # Stand fills in all the other paths.
        super()._write_config()

    def plugin(self, *changes):
        self.rewrite(os.path.join(self.plugins, "procedures", PROCEDURE + ".yaml"), *changes)

    def hangup(self):
        self.supervisor.send_signal(signal.SIGHUP)

    def workers(self):
        return {process.pid: process.role for process in self.processes()
                if process.role in ("gateway", "clock", "courier", "auth")}

    def await_log(self, event, least):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if len(self.log(event)) >= least:
                return self.log(event)[least - 1]
            time.sleep(0.05)
        raise AssertionError("no %s in the log:\n%s" % (event, self.log_tail()))

    def metrics(self):
        status, _, body = self.call("GET", "/metrics")
        assert status == 200, status
        return body.decode()


class Load(threading.Thread):
    """Reads and files, on a connection that stays and on fresh ones, and notes what fails. A kept
    connection may be closed between two requests: HTTP/1.1 lets a client try a read again then."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.stand, self.stopping = daemon, threading.Event()
        self.failed, self.done, self.filed, self.slowest = [], 0, [], 0.0
        self.kept = None

    def read_kept(self, retry=True):
        fresh = self.kept is None
        if fresh:
            self.kept = http.client.HTTPConnection("127.0.0.1", self.stand.port, timeout=60)
        try:
            self.kept.request("GET", V1 + "/procedures/" + PROCEDURE)
            answer = self.kept.getresponse()
            answer.read()
            if answer.getheader("Connection") == "close":
                self.kept.close()
                self.kept = None
            return answer.status
        except (http.client.RemoteDisconnected, ConnectionError):
            self.kept.close()
            self.kept = None
            if fresh or not retry:
                raise
            return self.read_kept(False)

    def file_one(self, number):
        agency, commune = filing.communes()[number % 100]
        status, _, body = self.stand.call(
            "POST", V1 + "/dossiers", filing.text(
                filing.submission(number, agency, commune, PROCEDURE)).encode(),
            {"Authorization": "Bearer " + self.stand.tokens["portal"],
             "Content-Type": "application/json", "Idempotency-Key": "load-%d" % number}, timeout=60)
        if status == 201:
            self.filed.append(json.loads(body)["code"])
        return status

    def run(self):
        number = 0
        while not self.stopping.is_set():
            number += 1
            began = time.monotonic()
            try:
                status = self.file_one(number) if number % 4 == 0 else self.read_kept()
                if status not in (200, 201):
                    self.failed.append("%d of request %d" % (status, number))
            except Exception as error:
                self.failed.append("%r of request %d" % (error, number))
            self.done += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            time.sleep(0.01)

    def more(self, requests):
        """Waits for so many requests that begin from now on, and for one that was filed."""
        least, filed = self.done + requests + 1, len(self.filed) + 2
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not (self.done >= least and len(self.filed) >= filed):
            time.sleep(0.02)
        assert self.done >= least and len(self.filed) >= filed, (self.done, self.failed[:5])

    def __enter__(self):
        self.start()
        self.more(10)
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                self.more(10)
        finally:
            self.stopping.set()
            self.join()


def file_and_view(daemon, number):
    load = Load(daemon)
    assert load.file_one(number) == 201, "not filed"
    return daemon.get(V1 + "/dossiers/" + load.filed[0], "portal")


def version_of(daemon, code):
    return daemon.get(V1 + "/dossiers/" + code, "portal")["procedure"]["version"]


def fee_of(view):
    return [fee["amount"] for fee in view["fees"]]


def each_gateway_served_until_the_next_one_did(daemon):
    for name in ("gateway/0", "gateway/1"):
        ready = [line["at"] for line in daemon.log("worker_ready") if line["worker"] == name]
        ended = [line["at"] for line in daemon.log("worker_ended") if line["worker"] == name]
        assert len(ready) == 2 and len(ended) == 1 and ready[1] < ended[0], (name, ready, ended)


def a_new_version_is_taken_over(daemon):
    old = file_and_view(daemon, 100001)
    assert old["procedure"]["version"] == 1, old["procedure"]
    before = daemon.workers()
    daemon.plugin(("version: 1", "version: 2"), ("amount: 15000", "amount: 20000"))
    with Load(daemon) as load:
        daemon.hangup()
        daemon.await_log("workers_renewed", 1)
    assert not load.failed, "%d of %d failed: %s" % (len(load.failed), load.done, load.failed[:5])
    after = daemon.workers()
    each_gateway_served_until_the_next_one_did(daemon)
    assert not set(before) & set(after), "old workers live on"
    assert sorted(before.values()) == sorted(after.values())
    versions = [version_of(daemon, code) for code in load.filed]
    # While gateways are replaced both versions are given.
    assert versions[0] == 1 and versions[-1] == 2 and set(versions) == {1, 2}, versions
    new = file_and_view(daemon, 100002)
    assert new["procedure"]["version"] == 2
    assert max(fee_of(new)) == max(fee_of(old)) * 20000 // 15000, (fee_of(old), fee_of(new))
    again = daemon.get(V1 + "/dossiers/" + old["code"], "portal")
    assert again["procedure"]["version"] == 1 and fee_of(again) == fee_of(old)
    print("# %d requests while all workers were replaced, the slowest %.0f ms"
          % (load.done, load.slowest * 1000))


def a_broken_file_changes_nothing(daemon):
    before = daemon.workers()
    daemon.plugin(("version: 2", "version: 3"), ("level: full", "level: half"),
                  ("amount: 20000", "amount: nhiều"))
    with Load(daemon) as load:
        daemon.hangup()
        refused = daemon.await_log("reload_refused", 1)
    assert not load.failed, load.failed[:5]
    errors = daemon.log("config_error")
    assert len(errors) == int(refused["errors"]) >= 2, errors
    for error in errors:
        assert re.fullmatch(r".*%s\.yaml:\d+:\d+" % re.escape(PROCEDURE), error["at"]), error
    for _ in range(4):  # both gateways
        assert daemon.ready()["config_errors"] == len(errors), daemon.ready()
        assert daemon.ready()["ready"]
    assert daemon.workers() == before, "a worker was replaced"
    assert file_and_view(daemon, 100003)["procedure"]["version"] == 2
    assert re.search(r'^dvc_config_errors\{worker="gateway/\d"\} %d$' % len(errors),
                     daemon.metrics(), re.M)


def a_changed_version_is_refused(daemon):
    daemon.plugin(("version: 3", "version: 2"), ("level: half", "level: full"),
                  ("amount: nhiều", "amount: 30000"))
    before = daemon.workers()
    daemon.hangup()
    assert PROCEDURE in daemon.await_log("publish_conflict", 1)["detail"]
    time.sleep(0.3)
    assert daemon.ready()["config_errors"] == 1, daemon.ready()
    assert daemon.workers() == before
    assert max(fee_of(file_and_view(daemon, 100004))) % 20000 == 0


def what_needs_a_restart_is_named(daemon):
    daemon.plugin(("version: 2", "version: 3"))
    daemon.rewrite(daemon.config, ("gateways: 2", "gateways: 1"),
                   ("lookups_per_minute: 5", "lookups_per_minute: 2"))
    daemon.hangup()
    daemon.await_log("workers_renewed", 2)
    assert [line["key"] for line in daemon.log("reload_needs_restart")] == ["workers.gateways"]
    assert list(daemon.workers().values()).count("gateway") == 2
    assert daemon.ready()["config_errors"] == 0
    assert file_and_view(daemon, 100005)["procedure"]["version"] == 3
    statuses = [daemon.call("GET", V1 + "/lookup/H24.15.03-260101-0001")[0] for _ in range(8)]
    assert 429 in statuses, "the new limit of 2 for each of 2 workers: %s" % statuses


def the_anonymous_are_counted(daemon):
    daemon.rewrite(daemon.config, ("requests_per_minute: 1000000", "requests_per_minute: 10"))
    daemon.hangup()
    daemon.await_log("workers_renewed", 4)
    answers = [daemon.call("GET", V1 + "/agencies") for _ in range(40)]
    refused = [answer for answer in answers if answer[0] == 429]
    assert refused and {answer[0] for answer in answers} == {200, 429}, [a[0] for a in answers]
    assert refused[0][1]["Retry-After"] and json.loads(refused[0][2])["code"] == "rate"
    bad = {"Authorization": "Bearer " + "x" * 43}
    assert daemon.call("GET", V1 + "/me", headers=bad)[0] == 429, "a wrong token is anonymous, too"
    for _ in range(20):
        daemon.get(V1 + "/me", "staff")  # an account is not counted
    assert daemon.call("GET", "/healthz")[0] == 200


def one_that_grows_is_replaced(daemon):
    """Bodies of uploads that do not come to their end make the gateways large."""
    size, body = 1 << 20, b"%PDF-1.4\n" + b"x" * ((1 << 20) - 10)
    daemon.rewrite(daemon.config, ("drain_ms: 10000", "drain_ms: 20000\n  memory_mb: 32"))
    daemon.hangup()
    daemon.await_log("workers_renewed", 3)
    before, clients = daemon.workers(), []
    for number in range(100):
        client = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
        client.putrequest("POST", V1 + "/uploads")
        for name, value in (("Authorization", "Bearer " + daemon.tokens["portal"]),
                            ("Content-Type", "application/pdf"), ("Content-Length", str(size)),
                            ("Idempotency-Key", "large-%d" % number)):
            client.putheader(name, value)
        client.endheaders()
        client.send(body)
        clients.append(client)
    worker = daemon.await_log("worker_too_large", 1)["worker"]
    statuses = []
    for client in clients:
        client.send(b"x")
        statuses.append(client.getresponse().status)
        client.close()
    assert set(statuses) <= {201, 413, 422}, "an upload under way is answered: %s" % statuses
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        after = daemon.workers()
        if set(after) != set(before) and sorted(after.values()) == sorted(before.values()):
            break
        time.sleep(0.1)
    assert set(after) != set(before), "%s still lives" % worker
    assert daemon.log("worker_ended")[-1]["exit"] == "0"
    daemon.wait_ready()


def metrics_can_be_scraped(daemon):
    daemon.metrics()
    time.sleep(1)
    text, kinds, seen = daemon.metrics(), {}, set()
    while "dvc_cluster_" not in text:  # the other gateway has not been asked before
        time.sleep(0.5)
        text = daemon.metrics()
    line_of = re.compile(r'^([a-z_:][a-z0-9_:]*)(\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})?'
                         r' (-?[0-9.]+(?:e[+-]?[0-9]+)?)$')
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in kinds and kind in ("counter", "gauge", "histogram"), line
            assert (kind == "counter") == name.endswith("_total"), line
            kinds[name] = kind
        elif not line.startswith("# HELP "):
            match = line_of.match(line)
            assert match, line
            name = re.sub(r"_(bucket|sum|count)$", "", match[1])
            assert match[1] in kinds or kinds.get(name) == "histogram", line
            assert (match[1], match[2]) not in seen, line
            seen.add((match[1], match[2]))
    for name in ("dvc_store_queued", "dvc_store_in_flight", "dvc_store_batches_total",
                 "dvc_store_changes_total", "dvc_store_changes_duplicate_total",
                 "dvc_store_changes_stale_total", "dvc_store_connections_lost_total",
                 "dvc_store_up", "dvc_registry_generation", "dvc_config_errors",
                 "dvc_auth_outstanding", "dvc_cluster_outbox_undelivered",
                 "dvc_cluster_outbox_oldest_seconds", "dvc_cluster_outbox_dead",
                 "dvc_cluster_deltas_unfolded", "dvc_cluster_oldest_transaction_seconds",
                 "dvc_cluster_timers_lag_seconds"):
        assert name in kinds, name


def idle_memory_is_small(daemon):
    rows = daemon.private_memory()
    print("# private KiB: %s" % ", ".join("%s %d" % row for row in rows))
    with open("/proc/%d/maps" % daemon.supervisor.pid, encoding="utf-8") as maps:
        sanitized = "libasan" in maps.read()  # its own bookkeeping is most of what there is then
    assert sum(kib for _, kib in rows) < (40 if not sanitized else 80) * 1024, rows


TESTS = (a_new_version_is_taken_over, a_broken_file_changes_nothing, a_changed_version_is_refused,
         what_needs_a_restart_is_named, one_that_grows_is_replaced, metrics_can_be_scraped, idle_memory_is_small,
         the_anonymous_are_counted)


def main():
    daemon = Daemon()
    failed = 0
    try:
        daemon.start()
        daemon.add_accounts()
        print("1..%d" % len(TESTS), flush=True)
        for number, test in enumerate(TESTS, 1):
            try:
                test(daemon)
                print("ok %d - %s" % (number, test.__name__.replace("_", " ")), flush=True)
            except Exception:
                failed += 1
                print("not ok %d - %s" % (number, test.__name__.replace("_", " ")))
                print("".join("# %s\n" % line for line in traceback.format_exc().splitlines()),
                      end="", flush=True)
        if failed:
            print("".join("# %s" % line for line in daemon.log_tail(20).splitlines(True)))
    finally:
        daemon.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
