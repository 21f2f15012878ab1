"""Uỷ quyền: in force it lets the other sign; it ends by itself, or with its giver."""

import datetime

from client import everywhere, pages, until
from shapes import Maybe, check, ok, problem
from t_birth import step
from t_certificate import filed

PERSON = {"username": str, "name": str}
ROW = {"id": int, "from": PERSON, "to": PERSON, "given": bool, "received": bool, "role": str,
       "agency": str, "agency_name": str, "procedure": Maybe(str), "valid_from": str,
       "valid_to": str, "legal_basis": str, "may_end": bool,
       "state": frozenset(("future", "in_force", "ended", "fallen"))}
ZONE = datetime.timezone(datetime.timedelta(hours=7))


def at(**delta):
    return (datetime.datetime.now(ZONE) + datetime.timedelta(**delta)).isoformat(timespec="milliseconds")


def body(**more):
    return dict({"to": "officer4", "role": "officer", "agency": "H24.15.03", "procedure": None,
                 "valid_from": at(seconds=-1), "valid_to": at(hours=1),
                 "legal_basis": "Quyết định 12/QĐ-UBND ngày 02/02/2026"}, **more)


def state(user, number):
    return [row for row in pages(user, "/delegations", limit=50) if row["id"] == number][0]["state"]


def appraising(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    return code


def test_in_force_the_other_signs_and_it_ends_by_itself(here):
    first, second = appraising(here), appraising(here)
    tasks = [here.officer.task(code, "appraise") for code in (first, second)]
    problem(here.officer4.act(first, "submit", task=tasks[0]), 404)
    number = ok(here.officer.post("/delegations", body()), 201)["id"]
    assert everywhere(lambda: here.officer4.view(first).status == 200)
    assert state(here.officer, number) == "in_force"
    ok(here.officer4.act(first, "submit", task=tasks[0]))
    event = ok(here.officer.get("/dossiers/%s/events" % first, limit=200))["items"][-1]
    assert event, "the act is in the history"
    check(pages(here.officer, "/delegations", limit=1), [ROW])
    # Its last moment is near: from then on nobody has to do anything.
    here.sql("UPDATE delegation SET valid_to = now() + interval '3 seconds' WHERE id = %s;" % number)
    assert everywhere(lambda: here.officer4.view(second).status == 404)
    problem(here.officer4.act(second, "submit", task=tasks[1]), 404)
    assert state(here.officer4, number) == "ended"
    ok(here.officer.act(second, "submit", task=tasks[1]))


def test_with_its_giver_it_falls_away(here):
    made = ok(here.admin.post("/admin/accounts", {
        "username": "uy.quyen", "name": "Vũ Thị Uyên", "kind": "staff",
        "roles": [{"role": "officer", "agency": "H24.15.03"}]}), 201)["password"]
    giver = here.sign_in("uy.quyen", made)
    assert giver.call("PUT", "/me/password", {"old": made, "new": "mật khẩu của Uyên"}).status == 204
    code = appraising(here)
    number = ok(giver.post("/delegations", body()), 201)["id"]
    assert everywhere(lambda: here.officer4.view(code).status == 200)
    assert here.admin.post("/admin/accounts/uy.quyen/disable", {"reason": "nghỉ"}).status == 204
    assert everywhere(lambda: here.officer4.view(code).status == 404)
    assert state(here.officer4, number) == "fallen"
    assert here.admin.post("/admin/accounts/uy.quyen/enable").status == 204
    assert everywhere(lambda: here.officer4.view(code).status == 200)
    grant = ok(here.admin.get("/admin/accounts/uy.quyen"))["roles"][0]["id"]
    assert here.admin.call("DELETE", "/admin/accounts/uy.quyen/grants/%d" % grant).status == 204
    assert everywhere(lambda: here.officer4.view(code).status == 404), "what he lost he cannot lend"
    assert here.admin.call("DELETE", "/delegations/%d" % number).status == 204


def test_a_future_one_begins_by_itself_or_never(here):
    code = appraising(here)
    later = ok(here.officer.post("/delegations", body(valid_from=at(hours=2), valid_to=at(hours=3))),
               201)["id"]
    assert state(here.officer, later) == "future"
    assert here.officer.call("DELETE", "/delegations/%d" % later).status == 204
    assert later not in [row["id"] for row in pages(here.officer, "/delegations", limit=50)]
    soon = ok(here.officer.post("/delegations", body(valid_from=at(seconds=2), procedure="1.004873")),
              201)["id"]
    assert everywhere(lambda: here.officer4.view(code).status == 200)
    problem(here.officer4.call("DELETE", "/delegations/%d" % soon), 403, "giver_only")
    problem(here.officer2.call("DELETE", "/delegations/%d" % soon), 404)
    assert here.officer.call("DELETE", "/delegations/%d" % soon).status == 204
    problem(here.officer.call("DELETE", "/delegations/%d" % soon), 404)
    assert everywhere(lambda: here.officer4.view(code).status == 404)


def test_what_a_delegation_needs(here):
    for change, pointer in (({"to": "khong.co"}, "/to"), ({"to": "officer"}, "/to"),
                            ({"to": "citizen"}, "/to"), ({"to": None}, "/to"),
                            ({"role": "leader"}, "/role"), ({"role": "king"}, "/role"),
                            ({"role": "applicant"}, "/role"), ({"agency": "H24.15.04"}, "/role"),
                            ({"agency": "H99"}, "/role"), ({"procedure": "9.999"}, "/procedure"),
                            ({"valid_to": at(hours=-1)}, "/valid_to"),
                            ({"valid_to": at(days=400)}, "/valid_to"),
                            ({"valid_to": None}, "/valid_to"), ({"valid_to": "x"}, "/valid_to"),
                            ({"valid_from": at(hours=2)}, "/valid_to"),
                            ({"legal_basis": " "}, "/legal_basis"),
                            ({"legal_basis": "x" * 301}, "/legal_basis"), ({"why": 1}, "/why")):
        problem(here.officer.post("/delegations", body(**change)), 422, None, pointer)
    problem(here.admin.post("/delegations", body(to="officer2", role="admin", agency="H24")), 422,
            None, "/role")
    problem(here.citizen.post("/delegations", body()), 403)
    problem(here.anyone.post("/delegations", body()), 401)
    sent = body()
    first = ok(here.officer.post("/delegations", sent, "uq-1"), 201)
    assert ok(here.officer.post("/delegations", sent, "uq-1"), 201) == first
    assert here.officer.call("DELETE", "/delegations/%d" % first["id"]).status == 204


def test_an_administrator_gives_for_another(here):
    problem(here.officer2.post("/delegations", body(**{"from": "officer"})), 403, "beyond")
    admin4 = here.sign_in("admin4")
    problem(admin4.post("/delegations", body(**{"from": "officer"})), 403, "beyond")
    number = ok(here.admin.post("/delegations", body(**{"from": "officer"})), 201)["id"]
    row = [r for r in pages(here.admin, "/delegations", limit=50) if r["id"] == number][0]
    assert row["from"]["username"] == "officer" and row["may_end"] and not row["given"]
    assert number not in [r["id"] for r in pages(admin4, "/delegations", limit=50)]
    assert number not in [r["id"] for r in pages(here.officer2, "/delegations", limit=50)]
    problem(admin4.call("DELETE", "/delegations/%d" % number), 404)
    assert here.admin.call("DELETE", "/delegations/%d" % number).status == 204
    kinds = [r[0] for r in here.sql("SELECT e.kind FROM account_event e WHERE (e.body ->> 'id')::bigint"
                                    " = %d AND kind LIKE 'delegat%%' ORDER BY id;" % number)]
    assert kinds == ["delegate", "delegation_end"]


def test_one_task_goes_to_whom_its_holder_delegated(here):
    code, number = appraising(here), None
    me = here.value("SELECT id FROM account WHERE username = 'officer4';")
    colleague = int(here.value("SELECT id FROM account WHERE username = 'officer2';"))
    problem(here.officer.act(code, "delegate", "appraise", assignee=colleague), 403)
    ok(here.officer.act(code, "take", "appraise"))
    refused = here.officer.act(code, "delegate", "appraise", assignee=int(me))
    problem(refused, 422, "assignee")
    assert refused.json["errors"][0]["pointer"] == "/assignee", "no delegation, no role here"
    number = ok(here.officer.post("/delegations", body()), 201)["id"]
    try:
        view = ok(here.officer.act(code, "delegate", "appraise", assignee=int(me)))
        assert view["tasks"][0]["assignee"] == int(me)
        kinds = [e["kind"] for e in pages(here.officer, "/dossiers/%s/events" % code, limit=100)]
        assert kinds[-1] == "delegated"
        task = view["tasks"][0]["id"]
        problem(here.officer.act(code, "submit", task=task), 403)
        assert everywhere(lambda: here.officer4.view(code).status == 200)
        # What was given for a time is not given on.
        problem(here.officer4.act(code, "delegate", task=task, assignee=colleague), 422,
                "delegation_not_further")
        ok(here.officer4.act(code, "submit", task=task))
    finally:
        here.sql("UPDATE delegation SET valid_to = now() WHERE id = %s;" % number)
    code = appraising(here)
    ok(here.officer.act(code, "take", "appraise"))
    ok(here.officer.act(code, "delegate", "appraise", assignee=colleague))
    ok(here.officer2.act(code, "submit", "appraise"))
