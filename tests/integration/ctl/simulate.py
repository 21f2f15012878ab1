#!/usr/bin/python3
"""dvcctl plugin simulate: every date of the tables below was worked out by hand from the calendar
of config/calendars/vn-default.yaml: 07:00-11:30 and 13:30-17:00, Monday to Friday; Tết from 16 to
20 February 2026; Saturday 10 January worked for Friday 2 January. TAP.

    simulate.py     DVCCTL names the program of the build
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

from ctltest import Answer, Tap, built

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PROCEDURES = os.path.join(ROOT, "plugins", "procedures")


class Here:
    def __init__(self, folder):
        self.config = os.path.join(folder, "dvcd.yaml")
        paths = {name: os.path.join(ROOT, "config", name)
                 for name in ("agencies", "calendars", "targets")}
        paths["communes"] = os.path.join(ROOT, "config", "agencies", "communes.tsv")
        paths["plugins"] = PROCEDURES
        paths["workflows"] = os.path.join(ROOT, "plugins", "workflows")
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump({"paths": paths}, file)

    def run(self, *words):
        return Answer(subprocess.run(
            [built("DVCCTL"), "--config", self.config, "plugin", "simulate", *words],
            capture_output=True, encoding="utf-8", timeout=60, check=False))

    def play(self, *words):
        answer = self.run(*words, "--json")
        assert answer.status == 0 and answer.err == "", answer
        return answer.json


def short(moment):
    """10:00 13/02 of this year, or -."""
    return "-" if moment is None else "%s %s/%s" % (moment[11:16], moment[8:10], moment[5:7])


def steps(played):
    return [(row["step"], short(row["opened_at"]), short(row["due"] or row["timeout_at"]),
             row["action"] or row["how"], short(row["dossier_due"])) for row in played["steps"]]


def same(seen, expected):
    for one, two in zip(seen, expected):
        assert one == two, "\nseen     %s\nexpected %s" % (one, two)
    assert len(seen) == len(expected), (seen, expected)


def across_tet(here):
    """three working days across Tết: each step at the last moment of its limit"""
    # 8 working hours from Thursday 10:00: 5 until 17:00, 3 on Friday. Three working days after
    # Friday 13: Monday 23 (Tết lies between), 24, 25.
    played = here.play("1.004873", "--start", "2026-02-12T10:00", "--channel", "online")
    same(steps(played), [
        ("receive", "10:00 12/02", "10:00 13/02", "accept", "17:00 25/02"),
        ("forward", "10:00 13/02", "11:00 13/02", "automatic", "17:00 25/02"),
        ("appraise", "10:00 13/02", "17:00 24/02", "submit", "17:00 25/02"),
        ("approve", "17:00 24/02", "10:00 25/02", "approve", "17:00 25/02"),
        ("issue_result", "10:00 25/02", "14:00 25/02", "issue", "17:00 25/02"),
        ("return_result", "14:00 25/02", "-", "hand_over", "17:00 25/02")])
    end = played["end"]
    assert (end["state"], short(end["finished_at"]), end["late"]) == \
        ("returned", "14:00 25/02", False), end
    days = [(day["date"][5:], day.get("index"), day["reason"])
            for day in played["explain"]["days"]]
    same(days, [("02-13", None, "first_day"),
                ("02-14", None, "rest_day"), ("02-15", None, "rest_day"),
                ("02-16", None, "holiday"), ("02-17", None, "holiday"),
                ("02-18", None, "holiday"), ("02-19", None, "holiday"),
                ("02-20", None, "holiday"),
                ("02-21", None, "rest_day"), ("02-22", None, "rest_day"),
                ("02-23", 1, "counted"), ("02-24", 2, "counted"), ("02-25", 3, "counted")])
    # From Friday 10:00 to Tuesday's closing 5 + 8 + 8 hours run; half of them, 10.5, are over on
    # Monday at 14:30.
    fired = [(short(row["at"]), row["step"], row["to"])
             for row in played["timers"] if row["fired"] and row["step"] == "appraise"]
    assert fired == [("14:30 23/02", "appraise", "assignee"),
                     ("15:00 24/02", "appraise", "unit_head")], fired
    late = [row for row in played["timers"] if row["step"] == "appraise" and not row["fired"]]
    assert [(short(row["at"]), row["point"], row["to"]) for row in late] == \
        [("17:00 24/02", "due", "leader")], late


def swapped_saturday(here):
    """a Saturday that is worked counts, and a step may be due on it"""
    # Intake from Wednesday 7 January 15:00: 2 hours, 4.5, 1.5: Thursday 15:00. Three working days
    # after it: Friday 9, Saturday 10, Monday 12.
    played = here.play("1.004873", "--start", "2026-01-07T15:00")
    same(steps(played)[:4], [
        ("receive", "15:00 07/01", "15:00 08/01", "accept", "17:00 12/01"),
        ("forward", "15:00 08/01", "16:00 08/01", "automatic", "17:00 12/01"),
        ("appraise", "15:00 08/01", "17:00 10/01", "submit", "17:00 12/01"),
        ("approve", "17:00 10/01", "10:00 12/01", "approve", "17:00 12/01")])
    saturday = [day for day in played["explain"]["days"] if day["date"] == "2026-01-10"][0]
    assert (saturday["reason"], saturday["index"]) == ("make_up", 2), saturday


def supplement(here):
    """papers asked for at the last moment, the answer at the last moment, counted again"""
    # Asked on 24 February at closing; 30 days on is 26 March, a Thursday; the check has a day; the
    # three days count again from Friday 27: 30, 31 March, 1 April.
    played = here.play("1.004873", "--start", "2026-02-12T10:00", "--path", "accept,supplement")
    same(steps(played)[2:], [
        ("appraise", "10:00 13/02", "17:00 24/02", "supplement", "17:00 25/02"),
        ("supplement", "17:00 24/02", "17:00 26/03", "resubmit", "17:00 25/02"),
        ("supplement_check", "17:00 26/03", "17:00 27/03", "complete", "17:00 01/04"),
        ("appraise", "17:00 27/03", "17:00 31/03", "submit", "17:00 01/04"),
        ("approve", "17:00 31/03", "10:00 01/04", "approve", "17:00 01/04"),
        ("issue_result", "10:00 01/04", "14:00 01/04", "issue", "17:00 01/04"),
        ("return_result", "14:00 01/04", "-", "hand_over", "17:00 01/04")])
    hold, restart = played["ledger"]
    assert (hold["kind"], hold["reason"], short(hold["from"]), short(hold["to"])) == \
        ("hold", "supplement", "17:00 24/02", "17:00 27/03"), hold
    assert (restart["kind"], short(restart["old_due"]), short(restart["new_due"])) == \
        ("restart", "17:00 25/02", "17:00 01/04"), restart
    assert short(played["end"]["due_first"]) == "17:00 25/02", played["end"]


def nobody_answers(here):
    """`timeout` in the path: the wait runs out and the timer fires"""
    played = here.play("1.004873", "--start", "2026-02-12T10:00", "--path",
                       "accept,supplement,timeout,stop")
    assert played["end"]["state"] == "stopped", played["end"]
    waited = [row for row in played["steps"] if row["step"] == "supplement"][0]
    assert (waited["how"], short(waited["closed_at"])) == ("timed_out", "17:00 26/03"), waited
    assert [row["fired"] for row in played["timers"] if row["kind"] == "timeout"] == [True]


def same_day(here):
    """within the day: before 15:00 the same day, at 15:00 the next working day, after Tết"""
    before = here.play("2.000815", "--channel", "direct", "--start", "2026-02-13T14:59")
    after = here.play("2.000815", "--channel", "direct", "--start", "2026-02-13T15:00")
    assert short(before["end"]["due"]) == "17:00 13/02", before["end"]
    assert short(after["end"]["due"]) == "17:00 23/02", after["end"]
    # Four hours of comparing from 15:00: 2 on Friday, 2 on Monday after Tết.
    same(steps(after)[:2], [
        ("receive", "15:00 13/02", "-", "accept", "17:00 23/02"),
        ("compare", "15:00 13/02", "09:00 23/02", "submit", "17:00 23/02")])
    # Whoever comes at 14:59 is promised the evening, but the steps have 4 + 2 + 1 hours.
    assert before["end"]["late"] is True and after["end"]["late"] is False, before["end"]


def paces(here):
    """at once, half of each limit, and in both the latest end beside it"""
    now = here.play("1.004873", "--start", "2026-02-12T10:00", "--pace", "now")
    assert short(now["end"]["finished_at"]) == "10:00 12/02", now["end"]
    # Accepted on the 12th, so that the first of the three days is Friday 13.
    assert short(now["end"]["due"]) == "17:00 24/02", now["end"]
    assert short(now["whole_limits"]["finished_at"]) == "14:00 25/02", now["whole_limits"]
    # Four of the eight hours: 1.5 until 11:30, 2.5 from 13:30.
    half = here.play("1.004873", "--start", "2026-02-12T10:00", "--pace", "half")
    assert short(half["steps"][0]["closed_at"]) == "16:00 12/02", half["steps"][0]


def conditions(here):
    """the form decides what is offered: opinions of other agencies, at the same time"""
    words = ("1.013225", "--start", "2026-03-02T09:00", "--path", "accept,consult")
    refused = here.run(*words, "--form", "floors=3")
    assert refused.status == 1 and "consult" in refused.err and "submit" in refused.err, refused
    played = here.play(*words, "--form", "floors=9")
    asked = [row for row in played["steps"] if row["step"].startswith("ask_")]
    assert len(asked) == 2 and len({row["opened_at"] for row in asked}) == 1, asked
    assert len({row["agency"] for row in asked}) == 2, asked


def names_what_is_offered(here):
    """an action that is not there is refused with those that are, in words that name the step"""
    answer = here.run("1.004873", "--start", "2026-02-12T10:00", "--path", "accept,aprove")
    assert answer.status == 1 and answer.out == "", answer
    for word in ('"aprove"', "Thẩm tra hồ sơ", "submit, verify, supplement"):
        assert word in answer.err, answer
    answer = here.run("1.004873", "--start", "2026-02-12T10:00", "--path", "refuse,accept")
    assert answer.status == 1 and "Từ chối tiếp nhận" in answer.err, answer


def linked(here):
    """liên thông: the other dossier takes the time that its own procedure has"""
    played = here.play("2.000986", "--channel", "direct", "--start", "2026-02-12T10:00")
    wait = [row for row in played["steps"] if row["step"] == "linked_residence"
            or row["agency"] is None][0]
    # 1.004222: 7 working days after Monday 23 February: 4 March.
    assert (short(wait["opened_at"]), short(wait["closed_at"])) == \
        ("17:00 23/02", "17:00 04/03"), wait


def beyond_the_calendar(here):
    """a date after the last year that is known is no date"""
    answer = here.run("1.013225", "--start", "2029-12-30T10:00")
    assert answer.status == 1 and "vn-default" in answer.err, answer


def late_over_tet(here):
    """calendar days run over Tết while nobody works: the table says that it will be late"""
    answer = here.run("3.000333", "--channel", "direct", "--start", "2026-02-12T10:00")
    assert answer.status == 0 and "QUÁ HẠN trả T2 17:00 23/02/2026" in answer.out, answer


def misuse(here):
    """what is wrong with the command line is said, with status 100"""
    for words, said in [
            (("1.004873",), "--start"),
            (("1.004873", "--start", "yesterday"), "yesterday"),
            (("--start", "2026-02-12T10:00"), "FILE or CODE"),
            (("1.004873", "--start", "2026-02-12T10:00", "--channel", "fax"), "--channel"),
            (("1.004873", "--start", "2026-02-12T10:00", "--pace", "slow"), "--pace"),
            (("1.004873", "--start", "2026-02-12T10:00", "--case", "none"), "none"),
            (("1.004873", "--start", "2026-02-12T10:00", "--agency", "H24.99"), "H24.99"),
            (("1.004873", "--start", "2026-02-12T10:00", "--form", "no_such=1"), "no_such"),
            (("1.013225", "--start", "2026-02-12T10:00", "--form", "floors=many"), "số nguyên"),
            (("1.013225", "--start", "2026-02-12T10:00", "--form", "floors=700"), "Số tầng"),
            (("1.013225", "--start", "2026-02-12T10:00", "--form", "land_area=-0.5"), "Diện tích"),
            (("1.004873", "--start", "2026-02-12T10:00", "--form", "marital_status=rich"), "chọn")]:
        answer = here.run(*words)
        assert answer.status == 100 and said in answer.err, (words, answer)
        assert answer.out == "", answer
    played = here.run("1.013225", "--start", "2026-02-12T10:00", "--form", "land_area=120.5")
    assert played.status == 0, played


def a_table_for_people(here):
    """the table has the words that a clerk knows"""
    answer = here.run("1.004873", "--start", "2026-02-12T10:00")
    assert answer.status == 0 and answer.err == "", answer
    for words in ("Hạn bước", "Hạn trả hồ sơ", "T4 17:00 25/02/2026", "công chức thụ lý",
                  "Tết Bính Ngọ", "Điều 147", "Kết thúc: Đã trả kết quả"):
        assert words in answer.out, (words, answer)


def every_procedure(here):
    """all shipped procedures, by file, through each of their channels, end in the hands of people"""
    played = 0
    for path in sorted(glob.glob(os.path.join(PROCEDURES, "*.yaml"))):
        for channel in ("online", "direct", "post"):
            answer = here.run(path, "--start", "2026-02-12T10:00", "--channel", channel, "--json")
            if answer.status == 1 and "không nhận hồ sơ qua kênh này" in answer.err:
                continue
            assert answer.status == 0, answer
            assert answer.json["end"]["state"] == "returned", answer
            # Everybody within their own limit means within the total one, where both count working
            # days: calendar days run on over Tết, and within the day it depends on the hour.
            if answer.json["explain_first"]["limit"].endswith("working_days"):
                assert answer.json["end"]["late"] is False, (path, channel, answer.json["end"])
            played += 1
    assert played > 30, played


TESTS = (across_tet, swapped_saturday, supplement, nobody_answers, same_day, paces, conditions,
         names_what_is_offered, linked, beyond_the_calendar, late_over_tet, misuse,
         a_table_for_people, every_procedure)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        tap.run(TESTS, Here(folder))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
