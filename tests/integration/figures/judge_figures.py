#!/usr/bin/python3 -B
"""Recomputes the on-time figures from the events alone, in another language and without the deltas,
and compares: every figure of every group, the rates, the dossiers behind each figure, rights and
refusals. Prints TAP.

    judge_figures.py PROGRAM ROOT [SEED [DOSSIERS]]
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile

from configured import configuration

ZONE = datetime.timezone(datetime.timedelta(hours=7))
CHANNELS = {1: "direct", 2: "online", 3: "post"}
# The enum of daemon/service/answer.h.
OK, UNAUTHENTICATED, FORBIDDEN, UNPROCESSABLE = 0, 4, 5, 8
CLASSES = {
    "received": ["online", "post", "direct", "carried_over"],
    "resolved": ["early", "on_time", "late"],
    "open": ["in_time", "late"],
    "apart": ["paused", "withdrawn", "refused", "stopped", "not_accepted", "no_due_date",
              "accepted_late"],
}
HISTORY = """
SELECT json_build_object('code', d.code, 'agency', d.agency_competent, 'procedure', d.procedure,
                         'channel', d.channel, 'field', v.field,
                         'events', (SELECT json_agg(e.body::json ORDER BY e.seq)
                                    FROM event e WHERE e.dossier_id = d.id))
FROM dossier d JOIN procedure_version v ON v.id = d.procedure_id ORDER BY d.id
"""

passed = failed = 0


def check(ok, what):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
    print("%s %d - %s" % ("ok" if ok else "not ok", passed + failed, what))
    return ok


def sql(query):
    done = subprocess.run(["psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", query,
                           os.environ["DVCD_TEST_AUDIT"]],
                          stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return [line for line in done.stdout.splitlines() if line]


def moment(text):
    return datetime.datetime.fromisoformat(text).astimezone(ZONE) if text else None


def day(at):
    return at.date() if at else None


class Life:
    """One dossier as its events tell it."""

    def __init__(self, row):
        self.code, self.agency, self.procedure = row["code"], row["agency"], row["procedure"]
        self.channel, self.field = CHANNELS[row["channel"]], row["field"]
        self.came = self.came_late = self.went = self.not_accepted = None
        self.days = []  # (day, clock, due) after each event, once accepted
        self.known = {}  # classes by what was asked
        for body in row["events"]:
            at = moment(body["at"])
            if "due_current" in body:
                if self.came is None:
                    self.came = at
                due = moment(body["due_current"])
                self.days.append((day(at), body["clock"], due))
                if body["clock"] == "ended" and self.went is None:
                    self.went, self.due, self.end = at, due, body["state"]
                    self.due_first = moment(body["due_first"])
            self.came_late = self.came_late or body.get("accepted_late", False)
            if body["state"] == "not_accepted" and self.not_accepted is None:
                self.not_accepted = day(at)

    def stock(self, on):
        """(clock, due day) at the end of a day."""
        last = (None, None)
        for at, clock, due in self.days:
            if at <= on:
                last = (clock, day(due))
        return last if last[0] in ("running", "held") else (None, None)

    def classes(self, *asked):
        """Every class that this dossier counts in."""
        if asked not in self.known:
            self.known[asked] = self.classify(*asked)
        return self.known[asked]

    def classify(self, first, last, today, strict):
        found = set()
        if self.not_accepted and first <= self.not_accepted <= last:
            found.add("apart.not_accepted")
        if self.came is None:
            return found
        if first <= day(self.came) <= last:
            found.add("received." + self.channel)
            if self.came_late:
                found.add("apart.accepted_late")
        if self.stock(first - datetime.timedelta(days=1))[0]:
            found.add("received.carried_over")
        if self.went and first <= day(self.went) <= last:
            found |= self.ending(strict)
        clock, due = self.stock(last)
        if clock:
            late = clock == "running" and due is not None and self.overdue(due, last, today, strict)
            found.add("open.late" if late else "open.in_time")
            if clock == "held":
                found.add("apart.paused")
            if due is None:
                found.add("apart.no_due_date")
        return found

    @staticmethod
    def overdue(due, last, today, strict):
        # A day that is not over makes nothing late; strictly, a day that is over makes late all
        # that was due on it.
        return due < min(last, today) or (strict and due <= last and due < today)

    def ending(self, strict):
        found = set()
        if self.due is None:
            found.add("apart.no_due_date")
        if self.end in ("withdrawn", "refused", "stopped"):
            found.add("apart." + self.end)
        if self.end == "withdrawn" or self.due is None:
            found.add("resolved.on_time")
        elif (self.went > self.due) if strict else (day(self.went) > day(self.due)):
            found.add("resolved.late")
        else:
            found.add("resolved.early" if day(self.went) < day(self.due) else "resolved.on_time")
        return found

    def first_on_time(self, first, last):
        if not self.went or not first <= day(self.went) <= last:
            return False
        return (self.end == "withdrawn" or self.due_first is None
                or day(self.went) <= day(self.due_first))


def wanted(question, life):
    for key in ("procedure", "field", "channel"):
        if question[key] and getattr(life, key) != question[key]:
            return False
    agency = question["agency"]
    return not agency or life.agency == agency or life.agency.startswith(agency + ".")


def bounds(question):
    return (datetime.date.fromisoformat(question["from"]),
            datetime.date.fromisoformat(question["to"]))


def recomputed(question, lives, today):
    """{key: {class: count}} with the key's four parts as api.md has them."""
    first, last = bounds(question)
    groups = {}
    by = [part for part in question["group_by"].split(",") if part]
    for life in lives:
        if not wanted(question, life):
            continue
        found = set(life.classes(first, last, today, question["verdict"] == "strict"))
        if life.first_on_time(first, last):
            found.add("first.on_time")
        if not found:
            continue
        key = tuple(getattr(life, part) if part in by else None
                    for part in ("agency", "procedure", "field", "channel"))
        for one in found:
            counts = groups.setdefault(key, {})
            counts[one] = counts.get(one, 0) + 1
    if not by:
        groups.setdefault((None,) * 4, {})
    return groups


def identities(group):
    """Those of report II.06a: 3 = 4 + 5 + 6 = 7 + 11, 7 = 8 + 9 + 10, 11 = 12 + 13."""
    received, resolved, still = group["received"], group["resolved"], group["open"]
    return (received["total"] == sum(received[k] for k in CLASSES["received"])
            and resolved["total"] == sum(resolved[k] for k in CLASSES["resolved"])
            and still["total"] == sum(still[k] for k in CLASSES["open"])
            and received["total"] == resolved["total"] + still["total"])


def rates(group, first_on_time):
    received, resolved = group["received"]["total"], group["resolved"]["total"]
    good = group["resolved"]["early"] + group["resolved"]["on_time"]
    pairs = {"on_time_of_resolved": (good, resolved), "on_time_of_received": (good, received),
             "on_time_of_due": (good, resolved + group["open"]["late"]),
             "on_time_first_due": (first_on_time, resolved)}
    return {name: {"numerator": n, "denominator": d, "value": round(n / d, 4) if d else None}
            for name, (n, d) in pairs.items()}


def same_rates(given, expected):
    for name, rate in expected.items():
        other = given[name]
        if (other["numerator"], other["denominator"]) != (rate["numerator"], rate["denominator"]):
            return False
        if (other["value"] is None) != (rate["value"] is None):
            return False
        if rate["value"] is not None and abs(other["value"] - rate["value"]) > 0.00011:
            return False
    return set(given) == set(expected)


def judge_groups(question, lives, totals):
    answer = question["answer"]
    today = day(moment(answer["as_of"]))
    expected = recomputed(question, lives, today)
    given = {tuple(group["key"][part] for part in ("agency", "procedure", "field", "channel")): group
             for group in answer["groups"]}
    faults = []
    for key in expected:
        if key not in given:
            faults.append("no group %s" % (key,))
    for key, group in given.items():
        counts = expected.get(key, {})
        for family, names in CLASSES.items():
            for name in names:
                should = counts.get(family + "." + name, 0)
                totals[family + "." + name] = totals.get(family + "." + name, 0) + should
                if group[family][name] != should:
                    faults.append("%s %s.%s: %d, by events %d"
                                  % (key, family, name, group[family][name], should))
        if not identities(group):
            faults.append("%s: identities" % (key,))
        if not same_rates(group["rates"], rates(group, counts.get("first.on_time", 0))):
            faults.append("%s: rates %s" % (key, group["rates"]))
    return faults


def judge_dossiers(pages, lives, today):
    question = pages[0]
    first, last = bounds(question)
    family, name = question["class"].split(".")
    names = CLASSES[family] if name == "total" else [name]
    expected = [life.code for life in lives if wanted(question, life) and
                life.classes(first, last, today, question["verdict"] == "strict")
                & {family + "." + one for one in names}]
    given = [item["code"] for page in pages for item in page["answer"]["items"]]
    if len(given) != len(set(given)):
        return ["a dossier twice"]
    return [] if sorted(given) == sorted(expected) else [
        "missing %s, too many %s" % (sorted(set(expected) - set(given))[:5],
                                     sorted(set(given) - set(expected))[:5])]


def text_of(question):
    return " ".join("%s=%s" % (key, question[key]) for key in
                    ("from", "to", "agency", "procedure", "field", "channel", "group_by", "verdict",
                     "class") if question[key])


def judge_random(questions, lives, today):
    totals, pages = {}, {}
    for question in questions:
        if question["class"]:
            key = text_of(question)
            pages.setdefault(key, []).append(question)
            continue
        faults = judge_groups(question, lives, totals)
        check(not faults, "figures " + text_of(question))
        for fault in faults[:10]:
            print("# " + fault)
    wrong = 0
    for key, several in pages.items():
        faults = judge_dossiers(several, lives, today)
        wrong += bool(faults)
        for fault in faults[:3]:
            print("# dossiers %s: %s" % (key, fault))
    check(wrong == 0 and pages, "the dossiers behind %d figures are as many as these say" % len(pages))
    check(any(len(several) > 1 for several in pages.values()), "some of them need several pages")
    for name in sorted(totals):
        check(totals[name] > 0, "%s occurs (%d)" % (name, totals[name]))


# By place in ask_others, what nobody (0), a citizen (3), the city's auditor (4) and an officer of one
# commune (5) are answered.
RIGHTS = [
    (OK, OK, OK, OK),
    (OK, OK, OK, OK),
    (UNAUTHENTICATED, FORBIDDEN, OK, OK),
    (UNAUTHENTICATED, FORBIDDEN, OK, FORBIDDEN),
    (UNPROCESSABLE,) * 4,
    (UNPROCESSABLE,) * 4,
    (UNPROCESSABLE,) * 4,
    (UNPROCESSABLE,) * 4,
    (UNAUTHENTICATED, FORBIDDEN, OK, OK),
    (UNAUTHENTICATED, FORBIDDEN, OK, FORBIDDEN),
    (UNPROCESSABLE,) * 4,
]


def judge_rights(questions):
    for place, kinds in enumerate(RIGHTS):
        for question, kind in zip(questions[4 * place:4 * place + 4], kinds):
            check(question["kind"] == kind, "account %d asks %s: kind %d"
                  % (question["account"], text_of(question), question["kind"]))
    local = questions[4 * 2 + 3]["answer"]
    city = questions[4 * 2 + 2]["answer"]
    check(local["scope"] == {"agencies": 1, "own_only": True}, "an officer's figures are of one agency")
    check(sum(g["received"]["total"] for g in local["groups"])
          < sum(g["received"]["total"] for g in city["groups"]), "and less than the city's")


def judge_timers():
    fires = sql("SELECT count(*) FROM timer_fire")[0]
    told = sql("SELECT count(*) FROM event WHERE kind IN ('warned', 'timed_out')")[0]
    check(int(fires) > 200 and fires == told,
          "each of %s claims left one event (%s), with two clocks firing" % (fires, told))
    again = sql("SELECT count(*) FROM (SELECT dossier_id, b ->> 'scope', b ->> 'epoch', b ->> 'rung'"
                " FROM event e, LATERAL (SELECT e.body::jsonb AS b) x WHERE kind = 'warned'"
                " GROUP BY 1, 2, 3, 4 HAVING count(*) > 1) twice")[0]
    check(again == "0", "no rung warned twice")


def judge_fold():
    folded = int(sql("SELECT count(*) FROM stat_fold")[0])
    fresh = int(sql("SELECT count(*) FROM stat_delta")[0])
    check(folded > 0 and fresh > 0, "folded (%d) and fresh (%d) rows were read together"
          % (folded, fresh))
    weeks, kept, months = (int(sql("SELECT count(*) FROM " + what)[0]) for what in (
        "stat_stock_day", "stat_stock", "(SELECT DISTINCT month FROM stat_month) m"))
    check(weeks > 4 and kept > 0 and months > 2,
          "with %d sums of the stock (%d rows) and %d months" % (weeks, kept, months))
    # What was summed up while days before it were still being folded is what one sum over all gives.
    wrong = sql("SELECT count(*) FROM (SELECT d.day, f.agency, f.procedure, f.channel, f.measure,"
                " f.due_day, sum(f.count) AS count FROM stat_stock_day d JOIN stat_fold f"
                " ON f.day <= d.day WHERE f.measure IN ('open', 'held') GROUP BY 1, 2, 3, 4, 5, 6"
                " HAVING sum(f.count) <> 0) a FULL JOIN (SELECT * FROM stat_stock WHERE count <> 0) b"
                " USING (day, agency, procedure, channel, measure, due_day)"
                " WHERE a.count IS DISTINCT FROM b.count")[0]
    check(wrong == "0", "the stock of each of those days is the sum of all before it (%s not)" % wrong)


def main(argv):
    program, root = argv[1:3]
    seed = argv[3] if len(argv) > 3 else "20260212"
    dossiers = argv[4] if len(argv) > 4 else "2400"
    folder = tempfile.mkdtemp(prefix="dvcd-figures.")
    print("# seed %s" % seed, flush=True)
    try:
        done = subprocess.run([program, configuration(root, folder), folder, seed, dossiers])
        if done.returncode != 0:
            print("Bail out! %s failed" % program)
            return 1
        with open(os.path.join(folder, "answers.jsonl"), encoding="utf-8") as answers:
            questions = [json.loads(line) for line in answers]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lives = [Life(json.loads(line)) for line in sql(HISTORY)]
    print("# %d dossiers, %d accepted, %d ended" % (len(lives), sum(1 for x in lives if x.came),
                                                    sum(1 for x in lives if x.went)))
    others = 4 * len(RIGHTS)
    judge_rights(questions[:others])
    today = day(moment(questions[0]["answer"]["as_of"]))
    judge_random(questions[others:], lives, today)
    judge_timers()
    judge_fold()
    print("1..%d" % (passed + failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
