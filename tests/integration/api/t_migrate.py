"""dvcctl plugin migrate: open dossiers go over to another version of their procedure. Dossiers at every
kind of place, a rehearsal that changes nothing, dates that stay, a clock that is killed in the middle.
A daemon of its own, whose plugins a test may change."""

import json
import os
import shutil
import signal
import subprocess
import time

import samples
import world
from client import at_once, pages, until
from shapes import ok
from t_birth import state, step, steps_of
from t_permit import RESULT, filed

CODE = "1.013225"
MANY = 240
WHY = "Quyết định 12/QĐ-UBND về quy trình mới"
own = {}
at = {}  # where each dossier stands


def migrating_world():
    """Made by the first test, stopped by the last."""
    if "here" not in own:
        daemon = world.Daemon()
        own["plugins"] = os.path.join(daemon.folder, "plugins")
        shutil.copytree(os.path.join(world.ROOT, "plugins"), own["plugins"])
        with open(daemon.config, encoding="utf-8") as file:
            text = file.read()
        before = os.path.join(world.ROOT, "plugins")
        assert text.count(before) == 2
        with open(daemon.config, "w", encoding="utf-8") as file:
            file.write(text.replace(before, own["plugins"]))
        own["here"] = world.World(daemon)
    return own["here"]


def rewrite(here, *changes):
    path = os.path.join(own["plugins"], "procedures", CODE + ".yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    here.reload()


def offered(here, version):
    return until(lambda: here.anyone.get("/procedures/" + CODE).json["version"] == version)


def migrate(here, *words):
    run = subprocess.run([os.environ["DVCCTL"], "--config", here.daemon.config, "--json", "plugin",
                          "migrate", *words], capture_output=True, encoding="utf-8", timeout=120,
                         check=False)
    return run.returncode, json.loads(run.stdout) if run.stdout else None, run.stderr


def order(here, *words, map_too=True):
    mapped = ("--map", "ask_environment=ask_nature") if map_too else ()
    return migrate(here, CODE, "--to", "3", "--reason", WHY, *mapped, *words)


def fingerprint(here):
    """All that a dossier is."""
    return here.sql("".join(
        "SELECT '%s', md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM %s t;\n"
        % (table, table) for table in ("dossier", "task", "timer", "event", "event_note",
                                       "clock_ledger", "outbox", "notice", "stat_delta")))


def at_rest(here):
    """The fingerprint, when nothing has changed for a second."""
    first = fingerprint(here)
    time.sleep(1)
    return first if fingerprint(here) == first else None


def supplemented(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "supplement", "appraise", reason="Thiếu mặt cắt", papers=["drawings"])
    return code


def asked(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "consult", "appraise")
    return code


def test_dossiers_at_every_kind_of_place(_):
    here = migrating_world()
    at["receive"] = filed(here)
    at["appraise"] = filed(here)
    step(here.receiver, at["appraise"], "accept", "receive")
    step(here.officer, at["appraise"], "take", "appraise")
    at["held"] = supplemented(here)
    at["both"], at["one"] = asked(here), asked(here)
    step(here.fire, at["one"], "answer", "ask_fire")
    at["suspended"] = filed(here)
    step(here.receiver, at["suspended"], "accept", "receive")
    ok(here.leader.act(at["suspended"], "suspend", reason="Chờ toà"))
    at["tall"] = filed(here, floors=9)
    step(here.receiver, at["tall"], "accept", "receive")
    at["finished"] = filed(here)
    step(here.receiver, at["finished"], "accept", "receive")
    step(here.officer, at["finished"], "submit", "appraise")
    step(here.unit_head, at["finished"], "agree", "review")
    step(here.leader, at["finished"], "approve", "approve", result=RESULT)
    step(here.clerk, at["finished"], "issue", "issue_result")
    at["over"] = filed(here)
    ok(here.receiver.act(at["over"], "refuse", "receive", reason="Không thuộc thẩm quyền"))


def test_wrong_orders_are_refused_by_name(_):
    here = migrating_world()
    for words, status, said in (
            ((CODE, "--to", "3"), 100, "--reason"),
            ((CODE, "--reason", "x"), 100, "--to"),
            ((CODE, "--to", "3", "--reason", "x", "--map", "a"), 100, "old=new"),
            ((CODE, "--to", "3", "--reason", WHY), 1, "not published: 3"),
            (("9.999999", "--to", "1", "--reason", WHY), 1, "not published: 1"),
            ((CODE, "--to", "2", "--from", "2", "--reason", WHY), 1, "both are version 2"),
            ((CODE, "--to", "2", "--from", "7", "--reason", WHY), 1, "not published: 7"),
            ((CODE, "--to", "2", "--reason", WHY, "--map", "receive=nowhere"), 1, "nowhere")):
        answer = migrate(here, *words)
        assert answer[0] == status and said in answer[2], (words, answer)
    assert here.value("SELECT count(*) FROM migration_order;") == "0"


def test_a_version_that_is_not_in_force_takes_nobody(_):
    here = migrating_world()
    rewrite(here, ("version: 2\n", "version: 3\n"), ("from: 2025-07-01", "from: 2099-01-01"),
            ("online: {limit: 20 calendar_days}", "online: {limit: 25 calendar_days}"))
    assert until(lambda: here.value("SELECT count(*) FROM procedure_version WHERE code = '%s' AND"
                                    " version = 3;" % CODE) == "1")
    answer = order(here, map_too=False)
    assert answer[0] == 1 and "not in force" in answer[2] and "2099-01-01" in answer[2], answer
    here.sql("DELETE FROM procedure_version WHERE code = '%s' AND version = 3;" % CODE)


def test_the_new_version_is_published(_):
    here = migrating_world()
    rewrite(here, ("from: 2099-01-01", "from: 2025-07-01"),
            ("limit_after: 5 working_days", "limit_after: 8 working_days"),
            ("limit: {online: 8 calendar_days", "limit: {online: 7 calendar_days"),
            ("ask_environment", "ask_nature"),
            ("label: Số tầng hầm, type: integer,",
             "label: Số tầng hầm, type: integer, required_if: 'form.floors >= 9',"))
    assert offered(here, 3)
    assert ok(here.officer.view(at["appraise"]))["procedure"]["version"] == 2


def test_a_new_gateways_first_list_knows_the_old_version(_):
    """A worker begins with what is offered; what open dossiers stand on it reads when it meets it."""
    here = migrating_world()
    for path, told in (("/tasks", lambda row: row["actions"]), ("/dossiers", lambda row: row["status"])):
        before = {row["code"]: told(row) for row in pages(here.officer, path, limit=200)}
        for process in here.daemon.processes():
            if process.role == "gateway":
                os.kill(process.pid, signal.SIGKILL)
        assert until(lambda: here.anyone.get("/procedures").status == 200)
        after = {row["code"]: told(row) for row in pages(here.officer, path, limit=200)}
        assert after == before and before[at["appraise"]], (path, before, after)
    here.pids = here.worker_pids()  # these were meant to end


def test_a_rehearsal_tells_and_changes_nothing(_):
    here = migrating_world()
    before = until(lambda: at_rest(here))
    assert before, "the courier and the clock find no end"
    status, report, _err = order(here, "--dry-run", map_too=False)
    assert status == 2 and report["dry_run"] and report["ended_at"], report
    assert report["counts"] == {"listed": 8, "waiting": 0, "moved": 5, "refused": 3, "ended": 0,
                                "failed": 0}, report
    assert {row["code"]: row["rule"] for row in report["stayed"]} == {
        at["both"]: "migrate_step_gone", at["one"]: "migrate_step_gone",
        at["tall"]: "migrate_field_missing"}, report["stayed"]
    assert "Số tầng hầm" in [row for row in report["stayed"]
                             if row["code"] == at["tall"]][0]["message"]
    status, report, _err = order(here, "--dry-run")
    assert status == 2 and report["counts"]["moved"] == 7, report
    moves = {(row["from"], row["to"]): row["count"] for row in report["steps"]}
    assert moves == {("receive", "receive"): 1, ("appraise", "appraise"): 2,
                     ("supplement", "supplement"): 1, ("ask_fire", "ask_fire"): 1,
                     ("ask_environment", "ask_nature"): 2,
                     ("return_result", "return_result"): 1}, moves
    assert fingerprint(here) == before


def test_an_order_is_cancelled(_):
    here = migrating_world()
    before = fingerprint(here)
    clock = [pid for role, pid in here.worker_pids() if role == "clock"][0]
    os.kill(clock, signal.SIGSTOP)  # so that it waits
    try:
        number = str(order(here, "--no-wait")[1]["order"])
        assert migrate(here, "--cancel", "99999")[0] == 1
        status, report, err = migrate(here, "--cancel", number)
        assert status == 0 and report["ended_at"], (report, err)
        assert report["fault"].startswith("cancelled by ") and report["counts"]["moved"] == 0, report
    finally:
        os.kill(clock, signal.SIGCONT)
    again = migrate(here, "--cancel", number)
    assert again[0] == 1 and "is done" in again[2], again
    status, report, _err = order(here, "--dry-run")
    assert status == 2 and report["counts"]["moved"] == 7, "the place is free, all are where they were"
    assert fingerprint(here) == before


def test_all_that_can_be_moved_is_moved(_):
    here = migrating_world()
    dates = {name: (view["due_first"], view["due_current"], view["state"], view["clock"])
             for name, view in ((name, ok(here.auditor.view(code))) for name, code in at.items())}
    status, report, err = order(here)
    assert status == 2 and report["counts"]["moved"] == 7 and report["counts"]["refused"] == 1, (
        report, err)
    assert report["reason"] == WHY and report["ordered_by"], report
    for name, code in at.items():
        view = ok(here.auditor.view(code))
        moved = name not in ("tall", "over")
        assert view["procedure"]["version"] == (3 if moved else 2), (name, view["procedure"])
        assert (view["due_first"], view["due_current"], view["state"],
                view["clock"]) == dates[name], name
        events = [event for event in pages(here.auditor, "/dossiers/%s/events" % code, limit=100)
                  if event["kind"] == "migrated"]
        assert len(events) == moved, (name, events)
        if moved:
            assert events[0]["kind_name"].startswith("Chuyển sang phiên bản"), events
    body = json.loads(here.value(
        "SELECT e.body FROM event e JOIN dossier d ON d.id = e.dossier_id WHERE d.code = '%s'"
        " AND e.kind = 'migrated';" % at["both"]))
    assert (body["from"], body["to"], body["order"]) == (2, 3, report["order"]), body
    assert body["limit_kept"] == "20 calendar_days" and body["promised_by"] == 2, body
    assert {(row["from"], row["to"]) for row in body["steps"]} == {
        ("ask_fire", "ask_fire"), ("ask_environment", "ask_nature")}, body
    reason, note = here.sql("SELECT n.reason, n.note FROM event_note n JOIN event e USING"
                            " (dossier_id, seq) WHERE e.kind = 'migrated' LIMIT 1;")[0]
    assert reason == WHY and report["ordered_by"] in note, (reason, note)
    assert steps_of(ok(here.officer.view(at["one"]))) == ["ask_nature"]
    view = ok(here.officer.view(at["appraise"]))
    assert view["tasks"][0]["assignee"] is not None, "who had taken it still has it"


def test_the_chains_verify(_):
    here = migrating_world()
    run = subprocess.run([os.environ["DVCCTL"], "--config", here.daemon.config, "verify"],
                         capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def to_the_end(here, code):
    step(here.officer, code, "submit", "appraise")
    step(here.unit_head, code, "agree", "review")
    step(here.leader, code, "approve", "approve", result=RESULT)
    step(here.clerk, code, "issue", "issue_result")
    hand_over(here, code)


def hand_over(here, code):
    step(here.receiver, code, "pay", receipt="HĐ-9")
    view = step(here.receiver, code, "hand_over", "return_result", receiver={"name": "Minh"})
    assert view["state"] == "returned", state(view)


def limit_of(here, code):
    return ok(here.officer.get("/dossiers/%s/deadline" % code))["limit"]


def test_they_go_on_to_the_end_in_the_new_version(_):
    here = migrating_world()
    assert limit_of(here, at["appraise"]) == "20 calendar_days", "promised at reception"
    to_the_end(here, at["appraise"])
    step(here.fire, at["both"], "answer", "ask_fire")
    step(here.environment, at["both"], "answer", "ask_nature")
    step(here.environment, at["one"], "answer", "ask_nature")
    for name in ("both", "one"):
        assert steps_of(ok(here.officer.view(at[name]))) == ["appraise"], name
        to_the_end(here, at[name])
    upload = ok(here.citizen.upload(b"%PDF-1.5\nsections"), 201)["id"]
    step(here.citizen, at["held"], "resubmit", "supplement",
         documents=[{"id": "drawings", "upload": upload, "copies": 2}])
    step(here.receiver, at["held"], "complete", "supplement_check")
    assert limit_of(here, at["held"]) == "5 working_days", "also after a supplement"
    to_the_end(here, at["held"])
    ok(here.leader.act(at["suspended"], "unsuspend"))
    to_the_end(here, at["suspended"])
    hand_over(here, at["finished"])
    step(here.receiver, at["receive"], "accept", "receive")
    assert limit_of(here, at["receive"]) == "25 calendar_days", "received in the new version"
    to_the_end(here, at["receive"])
    to_the_end(here, at["tall"])  # and who stayed goes on in his own


class Locked:
    """A dossier that nobody can write."""

    def __init__(self, here, code, seconds=60):
        self.psql = subprocess.Popen(
            ["psql", "-X", "-q", "-At", here.daemon.database()], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, encoding="utf-8")
        self.psql.stdin.write("BEGIN; SELECT code FROM dossier WHERE code = '%s' FOR UPDATE;\n"
                              % code)
        self.psql.stdin.flush()
        assert self.psql.stdout.readline().strip() == code
        self.seconds = seconds

    def release(self):
        self.psql.communicate("ROLLBACK;\n", timeout=self.seconds)


def moved_so_far(here):
    return int(here.value("SELECT count(*) FROM event WHERE kind = 'migrated' AND"
                          " (body::json ->> 'to')::int = 4;"))


def test_a_clock_that_is_killed_in_the_middle(_):
    here = migrating_world()
    codes = []
    body = samples.building(3, uploads=(ok(here.citizen.upload(), 201)["id"],
                                        ok(here.citizen.upload(b"%PDF-1.5\nplans"), 201)["id"]))
    while len(codes) < MANY:
        answers = at_once(*[lambda: here.citizen.submit(body) for _ in range(16)])
        codes += [ok(answer, 201)["code"] for answer in answers]
    rewrite(here, ("version: 3\n", "version: 4\n"))
    assert offered(here, 4)
    lock = Locked(here, sorted(codes)[MANY // 2])
    try:
        status, report, err = migrate(here, CODE, "--to", "4", "--reason", WHY, "--no-wait")
        assert status == 0 and report["ended_at"] is None, (report, err)
        assert until(lambda: moved_so_far(here) > 0)
        busy = migrate(here, CODE, "--to", "4", "--reason", WHY)
        assert busy[0] == 1 and "is not done yet" in busy[2], busy
        early = moved_so_far(here)
        assert 0 < early < len(codes), early
        killed = [pid for role, pid in here.worker_pids() if role == "clock"]
        os.kill(killed[0], signal.SIGKILL)
        assert until(lambda: [pid for role, pid in here.worker_pids() if role == "clock"] not in
                     ([], killed))
    finally:
        lock.release()
    number = str(report["order"])
    assert until(lambda: migrate(here, "--status", number)[1]["ended_at"], 60)
    status, report, _err = migrate(here, "--status", number)
    assert status == 0 and report["fault"] is None, report
    assert report["counts"]["moved"] == report["counts"]["listed"] == len(codes), report["counts"]
    assert sum(row["count"] for row in report["steps"]) == len(codes), "those of the dead one, too"
    twice = here.value("SELECT count(*) FROM (SELECT dossier_id FROM event WHERE kind = 'migrated'"
                       " AND (body::json ->> 'to')::int = 4 GROUP BY 1 HAVING count(*) > 1) x;")
    assert twice == "0" and moved_so_far(here) == len(codes)
    assert here.value("SELECT count(*) FROM dossier d JOIN procedure_version v ON v.id ="
                      " d.procedure_id WHERE v.code = '%s' AND v.version <> 4 AND d.ended_at IS"
                      " NULL;" % CODE) == "0", "none forgotten"
    here.pids = here.worker_pids()
    step(here.receiver, codes[0], "accept", "receive")


def test_the_chains_verify_again(_):
    test_the_chains_verify(_)
    own.pop("here").stop()
