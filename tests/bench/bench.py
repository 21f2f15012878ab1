"""dvcd over HTTP beside pgbench on the same cluster. Started by tests/bench/run."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "stand"))

import filing  # noqa: E402
from stand import Stand, StandError, built  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
STARTED = time.monotonic()
# Tables that say of which dossier their rows are.
BY_DOSSIER = ("idempotency", "task", "timer", "event", "event_note", "dossier_paper", "dossier_fee",
              "form_issued", "clock_ledger", "notice", "outbox", "parcel", "supplement", "result")


def say(text):
    print("%5.0f s  %s" % (time.monotonic() - STARTED, text), flush=True)


class Verdicts:
    def __init__(self):
        self.rows = []

    def add(self, name, value, bar, good):
        self.rows.append((name, value, bar, good))

    def show(self):
        print("\n%-58s %14s %14s  %s" % ("", "measured", "bar", "verdict"))
        for name, value, bar, good in self.rows:
            word = {True: "met", False: "NOT MET", None: ""}[good]
            print("%-58s %14s %14s  %s" % (name, value, bar, word))
        return all(good is not False for _, _, _, good in self.rows)


class Bench:
    def __init__(self, options):
        self.options = options
        self.verdicts = Verdicts()
        self.kinds = filing.PROCEDURES
        self.load_program = built("BENCH_LOAD")
        # As in the quick start, but for pgbench's 256 connections beside the workers' own.
        self.stand = Stand({"database": {"max_connections": 320}}, say=say)

    def path(self, name):
        return os.path.join(self.stand.folder, name)

    # ---- what is measured with ----

    def calibrate(self):
        run = subprocess.run(["openssl", "speed", "-seconds", "1", "-bytes", "1024", "sha256"],
                             capture_output=True, text=True, check=False)
        match = re.search(r"^sha256\s+([\d.]+)k", run.stdout, re.M)
        fd = os.open(self.path("fsync-probe"), os.O_RDWR | os.O_CREAT, 0o600)
        count, end = 0, time.monotonic() + 1
        while time.monotonic() < end:
            os.pwrite(fd, b"x" * 8192, 0)
            os.fdatasync(fd)
            count += 1
        os.close(fd)
        with open("/proc/loadavg", encoding="ascii") as file:
            load = file.read().split()[0]
        return "calibration: sha256 of 1 KiB %s MB/s, %d fdatasync/s of 8 KiB, load %s, %d cores" % (
            "%.0f" % (float(match.group(1)) / 1000) if match else "?", count, load, os.cpu_count())

    def http(self, plan, connections, ms, once=False):
        """Runs the load generator; its report, with the CPU that dvcd and PostgreSQL used."""
        before, since = self.stand.cpu_seconds(), time.monotonic()
        run = subprocess.run(
            [self.load_program, "--port", str(self.stand.port), "--plan", plan,
             "--connections", str(connections), "--ms", str(ms),
             "--warm-ms", "0" if once else str(min(500, ms // 4)), *(["--once"] if once else [])],
            capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise StandError("bench_load: %s" % run.stderr)
        report = json.loads(run.stdout)
        after = self.stand.cpu_seconds()
        answers = max(1, report["answers"])
        report["dvcd_us"] = (after[0] - before[0]) * 1e6 / answers
        report["postgres_us"] = (after[1] - before[1]) * 1e6 / answers
        report["client_us"] = report["cpu_seconds"] * 1e6 / answers
        report["took"] = time.monotonic() - since
        return report

    def pgbench(self, scripts, clients, account, seconds=None, transactions=None, define=()):
        """(transactions per second, PostgreSQL's CPU per transaction in microseconds).

        A fresh connection plans the function's statements before it is fast; dvcd's have done that
        long ago. So plans are generic from the first call on, and the first seconds do not count."""
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-P", "1",
                   "-D", "account=%d" % account, "-D", "clients=%d" % clients]
        for item in define:
            command += ["-D", item]
        for script in scripts:
            command += ["-f", script]
        command += ["-T", str(seconds)] if seconds else ["-t", str(transactions)]
        before = self.stand.cpu_seconds()
        run = subprocess.run([*command, self.stand.database()], capture_output=True, text=True,
                             check=False,
                             env={**os.environ, "PGOPTIONS": "-c plan_cache_mode=force_generic_plan"})
        after = self.stand.cpu_seconds()
        tps = re.search(r"^tps = ([\d.]+)", run.stdout, re.M)
        done = re.search(r"actually processed: (\d+)", run.stdout)
        failed = re.search(r"failed transactions: (\d+)", run.stdout)
        if run.returncode != 0 or not tps or (failed and failed.group(1) != "0"):
            raise StandError("pgbench: %s %s" % (run.stdout, run.stderr[-2000:]))
        steady = [float(rate) for rate in re.findall(r"^progress: .*?([\d.]+) tps", run.stderr, re.M)]
        steady = steady[3 if clients > 64 else 1:]
        rate = statistics.mean(steady) if steady else float(tps.group(1))
        return rate, (after[1] - before[1]) * 1e6 / max(1, int(done.group(1)))

    # ---- what is filed ----

    def prepare(self):
        self.stand.add_accounts()
        self.stand.sql(open(os.path.join(HERE, "bench.sql"), encoding="utf-8").read())
        self.stand.add_account("stand-pgbench", "portal", ())
        towns = filing.communes()
        if len(towns) != 114:
            raise StandError("%d communes instead of 114" % len(towns))
        sizes = []
        with open(self.path("submit.plan"), "w", encoding="utf-8") as plan:
            for number in range(len(towns) * len(self.kinds)):
                agency, commune = towns[number % len(towns)]
                body = filing.text(filing.submission(
                    number, agency, commune, self.kinds[number % len(self.kinds)], "post"))
                sizes.append(len(body.encode()))
                plan.write("/api/v1/dossiers\t%s\t%s\n" % (self.stand.tokens["portal"], body))
        say("submissions of %d to %d bytes, mean %d, for %d communes and %d procedures"
            % (min(sizes), max(sizes), sum(sizes) // len(sizes), len(towns), len(self.kinds)))

    def one(self, path, account, body):
        status, _, answer = self.stand.call(
            "POST", path, filing.text(body).encode(),
            {"Authorization": "Bearer " + self.stand.tokens[account],
             "Content-Type": "application/json",
             "Idempotency-Key": "bench-%d" % time.monotonic_ns()})
        if status not in (200, 201):
            raise StandError("POST %s: %d %s" % (path, status, answer.decode()))
        return json.loads(answer)

    def dossier_id(self, code):
        return int(self.stand.value("SELECT id FROM dossier WHERE code = '%s';" % code))

    def rows_of(self, dossier):
        return {name: int(count) for name, count in self.stand.sql(
            "SELECT name, count FROM bench.rows_of(bench.writer_of(%d)) ORDER BY 1;" % dossier)}

    def script(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text + "\n")
        return self.path(name)

    def compare(self, what, kind, http_rows, own_rows):
        names = sorted(set(http_rows) | set(own_rows))
        say("rows of one %s, %s: %s" % (what, kind, ", ".join(
            "%s %d/%d" % (name, http_rows.get(name, 0), own_rows.get(name, 0)) for name in names)))
        return http_rows == own_rows

    def make_scripts(self):
        """Scripts from one real submission and one real acceptance of each procedure, and whether
        the function writes what HTTP wrote."""
        self.submit_scripts, self.act_scripts = [], []
        towns, same = filing.communes(), True
        for kind, procedure in enumerate(self.kinds):
            made = self.one("/api/v1/dossiers", "portal",
                            filing.submission(900 + kind, *towns[kind], procedure, "post"))
            dossier = self.dossier_id(made["code"])
            http_rows = self.rows_of(dossier)
            script = self.script("submit-%d.sql" % kind,
                                 self.stand_text("SELECT bench.submit_script(%d);" % dossier))
            self.submit_scripts.append(script)
            self.pgbench([script], 1, self.stand.accounts["pgbench"], transactions=1)
            own = int(self.stand.value("SELECT max(id) FROM dossier;"))
            same &= self.compare("submission", procedure, http_rows, self.rows_of(own))

            self.stand.sql("INSERT INTO bench.timer_before SELECT * FROM timer WHERE dossier_id = %d;"
                           % dossier)
            self.one("/api/v1/dossiers/%s/actions" % made["code"], "staff",
                     {"action": "accept", "task": self.first_task(dossier)})
            http_rows = self.rows_of(dossier)
            script = self.script("act-%d.sql" % kind,
                                 self.stand_text("SELECT bench.act_script(%d, %d);" % (kind, dossier)))
            self.act_scripts.append(script)
            self.stand.sql("INSERT INTO bench.target VALUES (%d, 0, %d);" % (kind, own))
            self.pgbench([script], 1, self.stand.accounts["staff"], transactions=1,
                         define=["base=0", "n%d=-1" % kind])
            same &= self.compare("acceptance", procedure, http_rows, self.rows_of(own))
        self.stand.sql("DELETE FROM bench.target; DROP TRIGGER bench_see_delta ON stat_delta;")
        self.verdicts.add("rows of one submission and one acceptance, each table",
                          "same" if same else "differ", "same", same)

    def stand_text(self, query):
        run = subprocess.run(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-c", query,
                              self.stand.database()], capture_output=True, encoding="utf-8",
                             check=False)
        if run.returncode != 0 or not run.stdout.strip():
            raise StandError("psql: %s %s" % (query, run.stderr))
        return run.stdout.strip()

    def first_task(self, dossier):
        return int(self.stand.value(
            "SELECT min(no) FROM task WHERE state = 'open' AND dossier_id = %d;" % dossier))

    def compare_volume(self):
        """Rows per dossier over all rounds, by table and procedure, of both sides."""
        parts = ["SELECT 'dossier', procedure, filed_by, count(*)::text FROM dossier GROUP BY 2, 3"]
        parts += ["SELECT '%s', d.procedure, d.filed_by, count(*)::text FROM %s x "
                  "JOIN dossier d ON d.id = x.dossier_id GROUP BY 2, 3" % (name, name)
                  for name in BY_DOSSIER]
        found = {}
        for table, procedure, account, count in self.stand.sql(" UNION ALL ".join(parts) + ";"):
            found[table, procedure, int(account)] = int(count)
        sides = (self.stand.accounts["portal"], self.stand.accounts["pgbench"])
        same, lines = True, []
        for table in ("dossier",) + BY_DOSSIER:
            counts = []
            for side in sides:
                total = [found.get((table, kind, side), 0) for kind in self.kinds]
                dossiers = [max(1, found.get(("dossier", kind, side), 0)) for kind in self.kinds]
                counts.append(tuple(round(a / b, 3) for a, b in zip(total, dossiers)))
                counts.append(sum(total))
            if counts[1] or counts[3]:
                # The dossiers of the comparison above were acted on: a handful among thousands.
                near = all(abs(a - b) < 0.01 for a, b in zip(counts[0], counts[2]))
                same &= near
                lines.append("  %-14s http %9d, pgbench %9d; per dossier %s and %s%s" % (
                    table, counts[1], counts[3], counts[0], counts[2], "" if near else "  DIFFER"))
        say("rows after all rounds of submissions:\n" + "\n".join(lines))
        self.verdicts.add("rows per dossier over all rounds", "same" if same else "differ", "same",
                          same)

    # ---- rounds ----

    def submissions(self):
        ms = self.options.ms
        rounds = {n: [] for n in self.options.connections}
        for i in range(1, self.options.rounds + 1):
            for n in self.options.connections:
                order = ("http", "pgbench") if i % 2 else ("pgbench", "http")
                got = {}
                for side in order:
                    if side == "http":
                        got[side] = self.http(self.path("submit.plan"), n, ms)
                    else:
                        got[side] = self.pgbench(self.submit_scripts, n,
                                                 self.stand.accounts["pgbench"],
                                                 seconds=max(2, ms // (500 if n > 64 else 900)))
                self.tell("submissions", i, n, got["http"], got["pgbench"], 201)
                rounds[n].append((got["http"], got["pgbench"]))
        return rounds

    def tell(self, what, i, n, report, other, status):
        bad = {k: v for k, v in report["statuses"].items() if k != str(status)}
        say("round %d of %d, %s, %d connections: http %.0f/s (p50 %.1f ms, p99 %.1f ms; "
            "CPU dvcd %.0f us, postgres %.0f us, client %.0f us), pgbench %.0f/s "
            "(postgres %.0f us), ratio %.2f%s"
            % (i, self.options.rounds, what, n, report["rate"], report["p50_us"] / 1000,
               report["p99_us"] / 1000, report["dvcd_us"], report["postgres_us"],
               report["client_us"], other[0], other[1], report["rate"] / other[0],
               "; ERRORS %s" % bad if bad else ""))
        if bad or report["broken"] or report["unanswered"]:
            self.verdicts.add("round %d, %s, %d connections: other answers" % (i, what, n),
                              "%s, %d broken" % (bad, report["broken"]), "none", False)

    def aim(self, each, turns):
        """What the actions are for: (codes and tasks for HTTP, how many of each kind for pgbench)."""
        todo = self.stand.sql(
            "CREATE TABLE bench.http AS SELECT d.id, d.code, t.no FROM dossier d "
            "JOIN task t ON t.dossier_id = d.id WHERE d.filed_by = %d AND d.version = 1 "
            "AND t.state = 'open' ORDER BY d.id DESC LIMIT %d;"
            "SELECT code, no FROM bench.http;" % (self.stand.accounts["portal"], each * turns))
        for kind, procedure in enumerate(self.kinds):
            self.stand.sql(
                "INSERT INTO bench.target SELECT %d, row_number() OVER (ORDER BY id) - 1, id "
                "FROM dossier d WHERE procedure = '%s' AND version = 1 "
                "AND NOT EXISTS (SELECT FROM bench.http h WHERE h.id = d.id);" % (kind, procedure))
        self.stand.sql("ANALYZE bench.target;")
        least = int(self.stand.value("SELECT min(n) FROM (SELECT count(*) n FROM bench.target "
                                     "GROUP BY kind) x;"))
        return todo, least

    @staticmethod
    def most_of_a_kind(many):
        """A client picks one of three scripts each time: how often the same one, at the very most."""
        return min(many, int(many / 3 + 5 * (many * 2 / 9) ** 0.5) + 1)

    def next_base(self):
        """The first number that no round has used, of any kind."""
        return int(self.stand.value(
            "SELECT coalesce(max(t.no) + 1, 0) FROM bench.target t JOIN dossier d "
            "ON d.id = t.dossier_id WHERE d.version > 1;"))

    def actions(self):
        """Acceptances: each dossier once, by one side or the other."""
        each = self.options.actions
        rounds = {n: [] for n in self.options.connections}
        turns = self.options.rounds * len(self.options.connections)
        todo, least = self.aim(each, turns)
        each = min(each, len(todo) // turns)
        for turn in range(turns):
            i, n = turn // len(self.options.connections) + 1, self.options.connections[
                turn % len(self.options.connections)]
            many = each * 4 // 3 // n if n > 64 else each // n
            while many > 0 and n * self.most_of_a_kind(many) > least // turns:
                many -= 1
            if each < n or many < 4:
                raise StandError("too few dossiers to act on: %d and %d" % (each, many * n))
            plan = self.path("act.plan")
            with open(plan, "w", encoding="utf-8") as file:
                for code, task in todo[turn * each:(turn + 1) * each]:
                    file.write('/api/v1/dossiers/%s/actions\t%s\t{"action": "accept", '
                               '"task": %s}\n' % (code, self.stand.tokens["staff"], task))
            got = {}
            for side in ("http", "pgbench") if i % 2 else ("pgbench", "http"):
                if side == "http":
                    got[side] = self.http(plan, n, 60000, once=True)
                else:
                    got[side] = self.pgbench(
                        self.act_scripts, n, self.stand.accounts["staff"], transactions=many,
                        define=["base=%d" % self.next_base(), "n0=-1", "n1=-1", "n2=-1"])
            self.tell("actions", i, n, got["http"], got["pgbench"], 200)
            rounds[n].append((got["http"], got["pgbench"]))
        return rounds

    def judge(self, what, rounds, bars):
        for n, results in rounds.items():
            ratios = [report["rate"] / other[0] for report, other in results]
            rates = [report["rate"] for report, _ in results]
            ratio, bar = statistics.median(ratios), bars.get(n)
            self.verdicts.add("%s, %d connections: HTTP / pgbench, median" % (what, n),
                              "%.2f" % ratio, ">= %.1f" % bar if bar else "",
                              ratio >= bar if bar else None)
            self.verdicts.add("    HTTP, per second (median)", "%.0f" % statistics.median(rates),
                              "", None)
            self.verdicts.add("    pgbench, per second (median)", "%.0f" % statistics.median(
                other[0] for _, other in results), "", None)
            for name, key in (("dvcd", "dvcd_us"), ("postgres", "postgres_us"),
                              ("load generator", "client_us")):
                self.verdicts.add("    CPU for each over HTTP, %s" % name, "%.0f us"
                                  % statistics.median(r[key] for r, _ in results), "", None)
            self.verdicts.add("    CPU for each by pgbench, postgres", "%.0f us"
                              % statistics.median(other[1] for _, other in results), "", None)
            p99 = statistics.median(report["p99_us"] / 1e6 * report["rate"] / n
                                    for report, _ in results)
            self.verdicts.add("    p50 and p99 over HTTP", "%.1f, %.1f ms" % (
                statistics.median(r["p50_us"] for r, _ in results) / 1000,
                statistics.median(r["p99_us"] for r, _ in results) / 1000), "", None)
            barred = n == 256 and what == "submissions"
            self.verdicts.add("    p99 in units of connections/rate", "%.2f" % p99,
                              "<= 2.5" if barred else "", p99 <= 2.5 if barred else None)

    def memory(self):
        time.sleep(2)
        rows = self.stand.private_memory()
        total = sum(kib for _, kib in rows) / 1024
        # What workers share with the supervisor that forked them is not private; it is there once.
        say("idle private memory: " + ", ".join("%s %.1f MB" % (role, kib / 1024)
                                                for role, kib in rows))
        self.verdicts.add("idle private memory, all of dvcd's processes", "%.1f MB" % total,
                          "<= 40 MB", total <= 40)

    def run(self):
        say("starting dvcd with a cluster of its own")
        self.stand.start()
        if self.stand.prefer():
            say("running before what else this machine does")
        self.prepare()
        settings = self.stand.sql("SHOW fsync; SHOW full_page_writes; SHOW synchronous_commit;",
                                  "dvcd_app")
        self.verdicts.add("fsync, full_page_writes, synchronous_commit",
                          ", ".join(row[0] for row in settings), "on, on, on",
                          all(row[0] == "on" for row in settings))
        self.memory()
        first = self.calibrate()
        say(first)
        self.make_scripts()
        self.judge("submissions", self.submissions(), {256: 1.5, 8: 0.7})
        self.compare_volume()
        self.judge("actions", self.actions(), {256: 0.5, 8: 0.5})
        print("\n" + first)
        print("at the end, " + self.calibrate())
        return self.verdicts.show()


def main():
    parser = argparse.ArgumentParser(prog="tests/bench/run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ms", type=int, default=4000, help="each measured run")
    parser.add_argument("--actions", type=int, default=6000, help="of each round and side")
    parser.add_argument("--connections", type=int, nargs="+", default=[256, 8])
    parser.add_argument("--short", action="store_true", help="one short round: does it all work?")
    parser.add_argument("--keep", action="store_true", help="leave the folder and its logs")
    options = parser.parse_args()
    if options.short:
        options.rounds, options.ms, options.actions = 1, 3000, 1024
        options.connections = [64, 8]
    bench = Bench(options)
    try:
        good = bench.run()
    except StandError as error:
        print("bench: %s" % error, file=sys.stderr)
        print(bench.stand.log_tail(), file=sys.stderr)
        good = False
    finally:
        bench.stand.stop(keep=options.keep)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
