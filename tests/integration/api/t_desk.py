"""What a desk's page needs: the queue and its summary, lists, a dossier's names, its history in words."""

import json
from collections import Counter

import samples
from client import everywhere, pages
from shapes import ACTION, DOSSIER_ROW, EVENT, Maybe, TASK_ROW, TIME, check, ok, problem
from t_birth import step
from t_certificate import filed
from world import ELSEWHERE, HERE

ROW = dict(TASK_ROW, procedure_name=str, owner_name=str, channel=str, state_of_dossier=str,
           state_name=str, assignee_name=Maybe(str), received_at=Maybe(TIME), actions=[ACTION])


def rows_of(user, **params):
    return {row["code"]: row for row in pages(user, "/tasks", limit=100, **params)}


def test_a_row_says_what_the_desk_needs(here):
    code = filed(here)
    row = rows_of(here.receiver)[code]
    check(row, ROW)
    assert row["owner_name"] == "Nguyễn Văn Minh" and row["state_of_dossier"] == "submitted"
    assert row["procedure_name"] == "Cấp giấy xác nhận tình trạng hôn nhân"
    view = ok(here.receiver.view(code))["tasks"][0]
    offered = {a["action"] for a in view["actions"]}
    assert offered <= {a["action"] for a in row["actions"]} and "accept" in offered
    assert {a["action"]: a["needs"] for a in view["actions"]}.items() <= \
        {a["action"]: a["needs"] for a in row["actions"]}.items()
    step(here.receiver, code, "accept", "receive")
    assert code not in rows_of(here.receiver)
    assert "reassign" in {a["action"] for a in rows_of(here.unit_head)[code]["actions"]}
    ok(here.officer.act(code, "take", "appraise"))
    mine, other = rows_of(here.officer)[code], rows_of(here.officer2)[code]
    assert mine["assignee_name"] == "Phạm Quốc Khánh" and "submit" in {
        a["action"] for a in mine["actions"]}
    assert other["actions"] == [], "a colleague holds it"


def test_filters_of_the_queue(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    ok(here.officer.act(code, "take", "appraise"))
    for params, found in (({"assignee": "me"}, True), ({"assignee": "none"}, False),
                          ({"role": "officer"}, True), ({"role": "receiver"}, False),
                          ({"agency": HERE}, True), ({"agency": ELSEWHERE}, False),
                          ({"q": code}, True), ({"q": code.lower()}, True), ({"q": code[-4:]}, True),
                          ({"q": "nguyen van MINH"}, True), ({"q": "Nguyễn Văn Minh"}, True),
                          ({"q": "%"}, False), ({"q": "_"}, False), ({"q": "zzzz"}, False)):
        assert (code in rows_of(here.officer, **params)) == found, params
    problem(here.officer.get("/tasks", q="x" * 201), 400, "q")


def test_pages_of_the_queue(here):
    """Whole and in order, also while tasks leave it."""
    for _ in range(5):
        filed(here)
    whole = pages(here.receiver, "/tasks", limit=200)
    by_two = pages(here.receiver, "/tasks", limit=2)
    assert [r["code"] for r in whole] == [r["code"] for r in by_two]
    dues = [row["due"] or "9999" for row in whole]
    assert dues == sorted(dues)
    first = ok(here.receiver.get("/tasks", limit=2))
    for row in first["items"]:
        step(here.receiver, row["code"], "accept", "receive")
    second = ok(here.receiver.get("/tasks", limit=2, page=first["next"]))
    assert [r["code"] for r in second["items"]] == [r["code"] for r in whole[2:4]]


def test_a_leaders_queue_has_no_other_desk(here):
    code = filed(here)
    for name in ("officer", "leader", "clerk", "unit_head", "receiver4", "auditor", "admin", "postal"):
        assert code not in rows_of(here.people[name]), name


def summary(user):
    return {item["queue"]: item for item in ok(user.get("/tasks/summary"))["items"]}


def test_the_summary_counts_what_the_queue_shows(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    ok(here.officer.act(code, "take", "appraise"))
    for name in ("receiver", "officer", "unit_head", "leader"):
        user, counted = here.people[name], summary(here.people[name])
        rows = pages(user, "/tasks", limit=200)
        assert counted, name
        for queue, item in counted.items():
            of_it = [r for r in rows if "%s/%s" % (r["agency"], r["role"]) == queue]
            assert (item["open"], item["past_due"], item["unassigned"]) == (
                len(of_it), len([r for r in of_it if r["past_due"]]),
                len([r for r in of_it if r["assignee"] is None])), (name, item)
            assert {(s["step"], s["name"]): s["open"] for s in item["steps"]} == \
                Counter((r["step"], r["name"]) for r in of_it), (name, item["steps"])
            assert item["agency_name"] and item["due_today"] <= item["open"] - item["past_due"]
    assert summary(here.officer)[HERE + "/officer"]["mine"] >= 1
    assert summary(here.officer2)[HERE + "/officer"]["mine"] == 0
    assert set(summary(here.unit_head)) == {HERE + "/officer", HERE + "/unit_head"}
    assert summary(here.auditor) == summary(here.postal) == {}
    problem(here.citizen.get("/tasks/summary"), 403)
    problem(here.anyone.get("/tasks/summary"), 401)


def test_lists_say_status_and_owner(here):
    code = filed(here)
    shape = dict(DOSSIER_ROW, status=int, owner_name=str, agency_name=str)
    for user, owner in ((here.receiver, "Nguyễn Văn Minh"), (here.auditor, "***"),
                        (here.citizen, "Nguyễn Văn Minh")):
        rows = pages(user, "/dossiers", limit=100)
        check(rows, [shape])
        row = [r for r in rows if r["code"] == code][0]
        assert row["owner_name"] == owner and row["status"] == ok(user.view(code))["status"] == 1
    step(here.receiver, code, "accept", "receive")
    row = [r for r in pages(here.receiver, "/dossiers", limit=100) if r["code"] == code][0]
    assert row["status"] == ok(here.receiver.view(code))["status"]


def test_a_city_is_searched_by_name(here):
    """More than ten agencies: what is common and what is rare is found; the masked find no name."""
    rare = dict(samples.MINH, name="Quách Thị Xuyến", id_number="031185004321")
    code = ok(here.portal.submit(samples.marital(applicant=rare)), 201)["code"]
    account = here.value("SELECT id FROM account WHERE username = 'receiver4';")
    here.sql("INSERT INTO role_grant (account, role, agency, below) VALUES (%s, 'leader', 'H24', true);"
             % account)
    try:
        assert everywhere(lambda: here.receiver4.view(code).status == 200)
        for q in ("quach thi xuyen", "Quách", "XUYẾN", code):
            found = [r["code"] for r in pages(here.receiver4, "/dossiers", limit=3, q=q)]
            assert found == [code], (q, found)
        many = pages(here.receiver4, "/dossiers", limit=3, q="nguyen van minh")
        assert len(many) > 3 and len({r["code"] for r in many}) == len(many)
        assert pages(here.receiver4, "/dossiers", q="quach_thi") == []
        assert pages(here.auditor, "/dossiers", q="quach thi xuyen") == []
    finally:
        here.sql("DELETE FROM role_grant WHERE account = %s AND role = 'leader';" % account)
    assert everywhere(lambda: here.receiver4.view(code).status == 404)


def test_a_view_names_things(here):
    code = filed(here)
    view = step(here.receiver, code, "accept", "receive")
    view = ok(here.officer.act(code, "take", "appraise"))
    procedure = view["procedure"]
    current = [s["id"] for s in procedure["steps"] if s["current"]]
    assert current == ["appraise"] and all(s["name"] for s in procedure["steps"])
    assert [s["visited"] for s in procedure["steps"] if s["id"] == "receive"] == [True]
    assert procedure["results"][0]["name"] and "documents" in procedure
    task = view["tasks"][0]
    assert task["assignee_name"] == "Phạm Quốc Khánh" and task["agency_name"] and task["role_name"]
    assert view["agencies"]["competent_name"] and view["status_name"] and view["case_name"]
    masked = ok(here.auditor.view(code))
    assert masked["procedure"]["steps"] and "Nguyễn Văn Minh" not in json.dumps(
        masked, ensure_ascii=False)


def test_history_in_words(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    ok(here.officer.act(code, "note", note="Gọi lại buổi chiều"))
    step(here.officer, code, "submit", "appraise")
    shape = dict(EVENT, kind_name=str, actor_name=Maybe(str), role_name=Maybe(str),
                 step_name=Maybe(str), reason=Maybe(str), note=Maybe(str))

    def seen(user):
        rows = ok(user.get("/dossiers/%s/events" % code, limit=200))["items"]
        check(rows, [shape])
        return {row["kind"]: row for row in rows}

    desk, own, masked = seen(here.receiver), seen(here.citizen), seen(here.auditor)
    assert desk["submitted"]["actor_name"] == own["submitted"]["actor_name"] == "Nguyễn Văn Minh"
    assert masked["submitted"]["actor_name"] is None
    assert desk["accepted"]["actor_name"] == masked["accepted"]["actor_name"] == "Trần Thị Hoà"
    assert own["accepted"]["actor_name"] is None and own["accepted"]["role_name"]
    assert desk["action"]["kind_name"] == "Trình ký" and desk["action"]["step_name"]
    assert desk["noted"]["note"] == "Gọi lại buổi chiều"
    assert own["noted"]["note"] is None and masked["noted"]["note"] is None
    assert [e["body"] for e in desk.values()] == [e["body"] for e in masked.values()]


def test_a_step_entered_again_is_its_holders(here):
    def to_the_leader():
        code = filed(here)
        step(here.receiver, code, "accept", "receive")
        ok(here.officer2.act(code, "take", "appraise"))
        step(here.officer2, code, "submit", "appraise")
        return code

    code, other = to_the_leader(), to_the_leader()
    holder = here.value("SELECT id FROM account WHERE username = 'officer2';")
    view = step(here.leader, code, "send_back", "approve", reason="Xem lại ngày sinh")
    assert view["tasks"][0]["assignee"] == int(holder), view["tasks"]
    assert view["tasks"][0]["assignee_name"] == "Ngô Văn Sơn"
    problem(here.officer.act(code, "submit", "appraise"), 403)
    step(here.officer2, code, "submit", "appraise")
    # Who no longer holds the role gets nothing back: it is the unit's.
    here.sql("UPDATE role_grant SET valid_to = now() WHERE account = %s;" % holder)
    try:
        view = step(here.leader, other, "send_back", "approve", reason="Xem lại")
        assert view["tasks"][0]["assignee"] is None, view["tasks"]
    finally:
        here.sql("UPDATE role_grant SET valid_to = NULL WHERE account = %s;" % holder)
    assert everywhere(lambda: here.officer2.view(code).status == 200)


def test_many_at_once_takes_no_unknown_member(here):
    code = filed(here)
    task = here.receiver.task(code, "receive")
    item = {"code": code, "task": task}
    for wrong, pointer in (({"action": "accept", "items": [dict(item, notes="x")]}, "/items/0/notes"),
                           ({"action": "accept", "items": [item], "reasons": "x"}, "/reasons"),
                           ({"action": "accept", "items": [item, None]}, "/items/1"),
                           ({"action": "accept", "items": [item, 7]}, "/items/1")):
        problem(here.receiver.post("/actions", wrong), 422, pointer=pointer)
    assert ok(here.receiver.view(code))["state"] == "submitted", "none of it was done"
    done = ok(here.receiver.post("/actions", {"action": "accept", "items": [item]}))["items"]
    assert done[0]["ok"] and done[0]["state"] == "accepted"
