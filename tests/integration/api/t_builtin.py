"""What every procedure has without writing it: withdraw, apology, stop, reassign, take, note,
suspend, correct."""

import datetime

import samples
from shapes import ok, problem
from t_birth import state, step, steps_of
from t_certificate import filed, to_the_counter

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))


def offered(view, step_name=None):
    for task in view["tasks"]:
        if task["step"] == step_name:
            return [action["action"] for action in task["actions"]]
    return [action["action"] for action in view["actions"]]


def accepted(here, floors=None):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    return code


def account_id(user):
    return ok(user.get("/me"))["account"]["id"]


def working_day_after(here, due, days):
    """A moment so many working days after due, by the calendar of all desks."""
    days_of = {day["date"]: day["kind"] for day in
               ok(here.anyone.get("/calendars/vn-default"))["days"]}
    day = datetime.datetime.fromisoformat(due)
    while days > 0:
        day += datetime.timedelta(days=1)
        days -= days_of.get(str(day.date()), "work" if day.weekday() < 5 else "off") != "off"
    return day.replace(hour=15).isoformat()

def test_withdraw_before_acceptance_is_immediate(here):
    code = filed(here)
    problem(here.officer.act(code, "withdraw"), 403)
    view = step(here.citizen, code, "withdraw", reason="Tôi nộp nhầm")
    assert state(view)[:2] == ("withdrawn", 7) and not view["tasks"]
    problem(here.receiver.act(code, "accept", task=1), 409)
    problem(here.citizen.act(code, "withdraw"), 422)
    assert offered(view) == [], offered(view)


def test_withdraw_after_acceptance_is_confirmed_by_the_officer(here):
    code = accepted(here)
    view = step(here.citizen, code, "withdraw", reason="Không cần nữa")
    assert view["state"] == "withdrawal_requested" and view["clock"] == "running"
    problem(here.citizen.act(code, "withdraw"), 422, "withdrawal_pending")
    problem(here.officer.act(code, "submit", "appraise"), 422, "withdrawal_pending")
    problem(here.citizen.act(code, "confirm_withdraw"), 403)
    assert "confirm_withdraw" in offered(ok(here.officer.view(code)))
    view = step(here.officer, code, "confirm_withdraw")
    assert state(view)[:2] == ("withdrawn", 7) and not view["tasks"]


def test_a_withdrawal_not_agreed_to_goes_on(here):
    code = accepted(here)
    before = ok(here.citizen.view(code))
    step(here.citizen, code, "withdraw")
    problem(here.officer.act(code, "refuse_withdraw"), 422, "reason_required", "/reason")
    view = step(here.officer, code, "refuse_withdraw", reason="Đã ký kết quả")
    assert view["state"] == before["state"] and view["due_current"] == before["due_current"]
    step(here.officer, code, "submit", "appraise")


def test_the_receiver_enters_a_withdrawal_and_none_after_finish(here):
    code = accepted(here)
    step(here.receiver, code, "withdraw", reason="Đơn rút số 4")
    step(here.officer, code, "refuse_withdraw", reason="Gần xong")
    step(here.officer, code, "submit", "appraise")
    step(here.leader, code, "approve", "approve", result={"code": "KQ.G15.000038", "number": "1"})
    step(here.clerk, code, "issue", "issue_result")
    problem(here.citizen.act(code, "withdraw"), 422, "already_finished")
    assert "withdraw" not in offered(ok(here.citizen.view(code)))


def test_an_early_apology_moves_the_date_once(here):
    code = accepted(here)
    due = ok(here.citizen.view(code))["due_current"]
    problem(here.citizen.act(code, "apology", reason="x"), 403)
    problem(here.officer.act(code, "apology"), 422, "reason_required", "/reason")
    problem(here.officer.act(code, "apology", reason="Chờ xác minh", new_due=due), 422,
            "new_due_not_later", "/new_due")
    sunday = datetime.datetime.fromisoformat(due)
    while sunday.weekday() != 6:
        sunday += datetime.timedelta(days=1)
    problem(here.officer.act(code, "apology", reason="Chờ", new_due=sunday.isoformat()), 422,
            "new_due_not_working_day", "/new_due")
    later = working_day_after(here, due, 3)
    view = step(here.officer, code, "apology", reason="Chờ xác minh", new_due=later)
    assert view["due_current"][:10] == later[:10] and view["due_first"] == due
    assert "apology" in [form["form"] for form in view["forms"]]
    holds = ok(here.citizen.get("/dossiers/%s/deadline" % code))["holds"]
    assert [h["old_due"] for h in holds if h["new_due"]][-1] == due, holds
    view2 = step(here.officer, code, "apology", reason="Lại chờ", new_due=working_day_after(here, later, 3))
    assert view2["due_current"] == view["due_current"], "once"


def test_a_late_apology_is_recorded_and_moves_nothing(here):
    upload = ok(here.citizen.upload(), 201)["id"]
    code = ok(here.citizen.submit(samples.birth(upload=upload)), 201)["code"]
    step(here.receiver, code, "accept", "receive")
    # Due today or tomorrow: told on the day that it is due, an apology is late.
    due = ok(here.citizen.view(code))["due_current"]
    today = datetime.datetime.now(VIETNAM).date().isoformat()
    if due[:10] != today:
        here.sql("UPDATE dossier SET due_first = now() - interval '1 day', "
                 "due_current = now() - interval '1 day' WHERE code = '%s';" % code)
        due = ok(here.citizen.view(code))["due_current"]
    view = step(here.officer, code, "apology", reason="Xin lỗi", new_due=working_day_after(here, due, 9))
    assert view["due_current"] == due
    bodies = [e["body"] for e in ok(here.officer.get("/dossiers/%s/events" % code))["items"]
              if e["kind"] == "apologised"]
    assert len(bodies) == 1 and '"moved":false' in bodies[0], bodies


def test_stop_needs_a_reason_and_ends_it(here):
    code = filed(here)
    problem(here.officer.act(code, "stop", reason="x"), 422, "not_accepted_yet")
    step(here.receiver, code, "accept", "receive")
    problem(here.officer.act(code, "stop"), 422, "reason_required", "/reason")
    problem(here.clerk.act(code, "stop", reason="x"), 403)
    problem(here.citizen.act(code, "stop", reason="x"), 403)
    view = step(here.officer, code, "stop", reason="Người nộp không bổ sung")
    assert state(view)[:2] == ("stopped", 8) and "stop_notice" in [f["form"] for f in view["forms"]]


def test_take_and_reassign(here):
    code = accepted(here)
    mine, other = account_id(here.officer), account_id(here.officer2)
    view = step(here.officer, code, "take", "appraise")
    assert view["tasks"][0]["assignee"] == mine
    problem(here.officer2.act(code, "take", "appraise"), 422, "already_assigned")
    problem(here.officer2.act(code, "submit", "appraise"), 403)
    problem(here.officer.act(code, "reassign", "appraise", assignee=other), 403)
    problem(here.unit_head.act(code, "reassign", "appraise"), 422, None, "/assignee")
    problem(here.unit_head.act(code, "reassign", "appraise", assignee=account_id(here.clerk)), 422,
            "assignee", "/assignee")
    problem(here.unit_head.act(code, "reassign", "appraise", assignee=987654321), 422, "assignee",
            "/assignee")
    view = step(here.unit_head, code, "reassign", "appraise", assignee=other)
    assert view["tasks"][0]["assignee"] == other
    assert code in [n["dossier"] for n in ok(here.officer2.get("/notices"))["items"]]
    mine_now = [t["code"] for t in ok(here.officer2.get("/tasks", assignee="me"))["items"]]
    assert code in mine_now
    assert code not in [t["code"] for t in ok(here.officer.get("/tasks", assignee="none"))["items"]]
    problem(here.officer.act(code, "submit", "appraise"), 403)
    step(here.officer2, code, "submit", "appraise")


def test_notes_are_for_staff(here):
    code = accepted(here)
    etag = here.officer.view(code).headers["ETag"]
    problem(here.officer.act(code, "note"), 422, "note_required", "/note")
    problem(here.citizen.act(code, "note", note="x"), 403)
    step(here.officer, code, "note", note="Đã gọi điện cho bà Lan, máy bận")
    assert here.officer.view(code).headers["ETag"] == etag, "a note is no decision"
    text = here.officer.get("/dossiers/%s/events" % code).raw.decode()
    assert "bà Lan" not in str([e["body"] for e in ok(here.officer.get(
        "/dossiers/%s/events" % code))["items"]]), text


def test_suspend_and_go_on(here):
    code = accepted(here)
    problem(here.officer.act(code, "suspend", reason="x"), 403)
    view = step(here.leader, code, "suspend", reason="Chờ toà án")
    assert view["clock"] == "held" and view["state"] == "suspended"
    problem(here.officer.act(code, "submit", "appraise"), 422, "suspended")
    view = step(here.leader, code, "unsuspend")
    assert view["clock"] == "running"
    step(here.officer, code, "submit", "appraise")


def test_a_wrong_result_is_corrected(here):
    code = filed(here)
    to_the_counter(here, code)
    problem(here.officer.act(code, "correct", reason="Sai số"), 422, "result_required", "/result")
    view = step(here.officer, code, "correct", reason="Sai số",
                result={"code": "KQ.G15.000038", "number": "78/UBND"})
    assert [r["number"] for r in view["results"]] == ["77/UBND-XNTTHN", "78/UBND"]


def test_what_is_offered_is_what_is_allowed(here):
    """Whatever the view does not offer is refused; what it offers is not refused for rights."""
    code = accepted(here)
    words = ("take", "reassign", "confirm_withdraw", "refuse_withdraw", "pay", "apology", "suspend",
             "unsuspend", "stop", "correct")
    for user in (here.citizen, here.receiver, here.officer, here.unit_head, here.leader, here.clerk):
        view = ok(user.view(code))
        have = offered(view, "appraise") + offered(view)
        task = view["tasks"][0]["id"]
        for word in words:
            if word in have:
                continue
            body = {"task": task} if word in ("take", "reassign") else {}
            answer = user.act(code, word, reason="x", receipt="1", assignee=1, **body)
            assert answer.status in (403, 422), (user.name, word, answer)
    assert steps_of(ok(here.officer.view(code))) == ["appraise"]
