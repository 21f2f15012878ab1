"""Measures a dvcd with thousands of procedures: reading and proving their files, publishing, memory, and
a reload under load. `run` beside this file starts it; what the figures mean: ../README.md."""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path[:0] = [os.path.join(ROOT, "tests", "stand"), HERE]

import filing  # noqa: E402
import generate  # noqa: E402
from stand import Stand, StandError, built, put_first  # noqa: E402

READ_BAR_S, MEMORY_BAR_MB, P99_BAR = 2.0, 150, 2.0


def calibrate():
    run = subprocess.run(["openssl", "speed", "-seconds", "1", "-bytes", "1024", "sha256"],
                         capture_output=True, text=True, check=False)
    match = re.search(r"^sha256\s+([\d.]+)k", run.stdout, re.M)
    with open("/proc/loadavg", encoding="ascii") as file:
        load = file.read().split()[0]
    return "calibration: sha256 of 1 KiB %s MB/s, load %s, %d cores" % (
        "%.0f" % (float(match.group(1)) / 1000) if match else "?", load, os.cpu_count())


def prefer():
    """Puts us and what we start before the machine's other work, where we may."""
    try:
        put_first(os.getpid())
    except OSError:
        return False
    return True


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="dvcd-plugins-")
        os.chmod(self.folder, 0o755)
        self.bad = []
        self.stand = None

    def say(self, text):
        print(text, flush=True)

    def judge(self, what, value, bar, unit):
        good = value <= bar
        if not good:
            self.bad.append(what)
        self.say("%-62s %8.2f %s, at most %g: %s" % (what, value, unit, bar, "yes" if good else "NO"))

    # ---- the files ----

    def make(self):
        total, median, shared = generate.write_all(self.folder, self.options.count, self.options.seed)
        for kind in ("procedures", "workflows"):
            for name in os.listdir(os.path.join(ROOT, "plugins", kind)):
                shutil.copy(os.path.join(ROOT, "plugins", kind, name), os.path.join(self.folder, kind))
        self.say("%d made-up procedures, %.1f MB, median %d bytes, %d shared workflows of %.0f KB; and the "
                 "real ones of plugins/" % (self.options.count, total / 1e6, median, generate.SHARED,
                                            shared / 1e3))

    def check_once(self):
        """(seconds, seconds of CPU, MiB at most) of `dvcd check`."""
        start = time.monotonic()
        with subprocess.Popen([built("DVCD"), "check", "--config", self.stand.config],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            text = process.stdout.read().decode()
            _, status, use = os.wait4(process.pid, 0)
            process.returncode = status
        took = time.monotonic() - start
        if status != 0:
            raise StandError("dvcd check: %s" % text[-2000:])
        return took, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024

    def check_all(self):
        rounds = [self.check_once() for _ in range(self.options.rounds)]
        took = [row[0] for row in rounds]
        self.say("dvcd check, %d rounds: %s s; CPU %s s; %.0f MiB at most" % (
            len(rounds), " ".join("%.2f" % one for one in took),
            " ".join("%.2f" % row[1] for row in rounds), max(row[2] for row in rounds)))
        self.judge("read and prove all, median", statistics.median(took), READ_BAR_S, "s")

    # ---- a dvcd with them ----

    def logged(self, event):
        with open(os.path.join(self.stand.folder, "dvcd.log"), encoding="utf-8", errors="replace") as file:
            return [line for line in file if '"event":"%s"' % event in line]

    def start(self, what):
        before = time.monotonic()
        self.stand.start_dvcd()
        self.stand.wait_ready(120)
        self.say("%s: %.2f s until ready" % (what, time.monotonic() - before))

    def stop_dvcd(self):
        self.stand.supervisor.terminate()
        self.stand.supervisor.wait(60)

    def memory(self, when):
        rows = self.stand.private_memory()
        total = sum(kib for _, kib in rows) / 1024
        self.say("private memory %s: %s" % (when, ", ".join("%s %.1f MB" % (role, kib / 1024)
                                                          for role, kib in rows)))
        self.judge("private memory of all of dvcd's processes " + when, total, MEMORY_BAR_MB, "MB")

    def timed(self, what, act, rounds):
        took = []
        for _ in range(rounds):
            before = time.monotonic()
            act()
            took.append((time.monotonic() - before) * 1e3)
        took.sort()
        self.say("%-62s %8.2f ms, %d rounds %.2f to %.2f" % (what, statistics.median(took), rounds, took[0],
                                                             took[-1]))

    def look(self, path):
        status, _, _ = self.stand.call("GET", path)
        if status != 200:
            raise StandError("%s: %d" % (path, status))

    def doctor(self):
        run = subprocess.run([os.environ["DVCCTL"], "doctor", "--config", self.stand.config],
                             capture_output=True, text=True, check=False)
        if run.returncode not in (0, 1, 2) or "configuration" not in run.stdout:
            raise StandError("dvcctl doctor: %s%s" % (run.stdout, run.stderr))

    def looks(self):
        """What watches a service: asked again and again, beside everything else."""
        self.timed("/readyz, a connection each", lambda: self.look("/readyz"), 200)
        self.timed("/metrics, a connection each", lambda: self.look("/metrics"), 50)
        self.timed("dvcctl doctor, which reads and proves all files", self.doctor, self.options.rounds)

    def plans(self):
        submit, read = os.path.join(self.folder, "submit.plan"), os.path.join(self.folder, "read.plan")
        places = filing.communes()
        with open(submit, "w", encoding="utf-8") as plan:
            for number in range(3000):
                agency, commune = places[number % len(places)]
                code = filing.PROCEDURES[number % len(filing.PROCEDURES)]
                body = json.dumps(filing.submission(number, agency, commune, code), ensure_ascii=False)
                plan.write("/api/v1/dossiers\t%s\t%s\n" % (self.stand.tokens["portal"], body))
        with open(read, "w", encoding="utf-8") as plan:
            for number in range(self.options.count):
                code = generate.code_of(number)
                for path in ("/api/v1/procedures?limit=50", "/api/v1/procedures/" + code,
                             "/api/v1/procedures?q=giay%20phep&limit=20"):
                    plan.write("%s\t%s\t-\n" % (path, self.stand.tokens["portal"]))
        return submit, read

    def load(self, plan, ms, connections):
        run = subprocess.run([built("BENCH_LOAD"), "--port", str(self.stand.port), "--plan", plan,
                              "--connections", str(connections), "--ms", str(ms), "--warm-ms", "300"],
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise StandError("bench_load: %s" % run.stderr)
        return json.loads(run.stdout)

    def change_one(self, round_number):
        """The same procedure in a new version."""
        path = os.path.join(self.folder, "procedures", generate.code_of(1) + ".yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"^version: .*$", "version: %d" % (100 + round_number), text, flags=re.M))

    def reload(self):
        run = subprocess.run([os.environ["DVCCTL"], "reload", "--config", self.stand.config],
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise StandError("dvcctl reload: %s%s" % (run.stdout, run.stderr))

    def served(self):
        status, _, body = self.stand.call("GET", "/api/v1/procedures/" + generate.code_of(1))
        return json.loads(body)["version"] if status == 200 else None

    def renewed(self):
        return len(self.logged("workers_renewed"))

    def under_load(self, name, plan):
        """p99 before and while it reloads, in turn."""
        before, during, failed = [], [], 0
        for number in range(self.options.rounds):
            reports = [self.load(plan, self.options.ms, self.options.connections)]
            known = self.renewed()
            timer = threading.Timer(0.8, lambda n=number: (self.change_one(n + self.changes), self.reload()))
            timer.start()
            reports.append(self.load(plan, self.options.ms, self.options.connections))
            timer.join()
            end = time.monotonic() + 60
            while self.renewed() == known and time.monotonic() < end:
                time.sleep(0.05)
            if self.served() != 100 + number + self.changes:
                raise StandError("version %d is not served" % (100 + number + self.changes))
            before.append(reports[0]["p99_us"])
            during.append(reports[1]["p99_us"])
            for report in reports:
                failed += report["broken"] + report["unanswered"] + sum(
                    count for status, count in report["statuses"].items() if not status.startswith("2"))
            self.say("%s: p99 before %.1f ms, with a reload %.1f ms (worst %.0f and %.0f); %.0f and %.0f "
                     "a second" % (name, reports[0]["p99_us"] / 1e3, reports[1]["p99_us"] / 1e3,
                                   reports[0]["max_us"] / 1e3, reports[1]["max_us"] / 1e3,
                                   reports[0]["rate"], reports[1]["rate"]))
        self.changes += self.options.rounds
        self.judge("%s: requests that failed" % name, failed, 0, "")
        self.judge("%s: p99 with a reload, in units of that before, median" % name,
                   statistics.median(after / max(1, first) for first, after in zip(before, during)),
                   P99_BAR, "")

    def run(self):
        settings = {"paths": {"plugins": os.path.join(self.folder, "procedures"),
                              "workflows": os.path.join(self.folder, "workflows")},
                    "http": {"metrics_from": ["127.0.0.1"]}, "log": {"level": "info"}}
        self.stand = Stand(settings)
        self.changes = 0
        self.make()
        self.say(calibrate() + (", before other work" if prefer() else ""))
        self.check_all()
        self.stand.start_post()
        self.start("first start, an empty database")
        self.stop_dvcd()
        self.start("second start, all published before")
        self.stand.prefer()
        self.stand.add_accounts()
        self.memory("after the start")
        self.looks()
        submit, read = self.plans()
        self.under_load("filing", submit)
        self.under_load("the catalogue", read)
        for line in self.logged("reload_done"):
            self.say(line.strip())
        self.memory("after the reloads")
        self.say("at the end, " + calibrate())
        return not self.bad

    def close(self):
        if self.stand:
            self.stand.stop(self.options.keep)
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(prog="tests/bench/plugins/run")
    parser.add_argument("--count", type=int, default=2600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ms", type=int, default=4000, help="each measured run")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--keep", action="store_true", help="leave dvcd's folder and its log")
    bench = Bench(parser.parse_args())
    try:
        good = bench.run()
    finally:
        bench.close()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
