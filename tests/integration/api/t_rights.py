"""Who sees and who may do what: accounts against routes and acts."""

import json

import samples
from client import everywhere, pages, until
from shapes import DOSSIER, check, ok, problem
from t_birth import step
from t_certificate import filed, to_the_counter

SEE = ("citizen", "receiver", "officer", "unit_head", "leader", "clerk", "auditor")
SEE_NOT = ("citizen2", "portal", "portal2", "postal", "admin", "receiver4", "officer4", "fire",
           "environment")


def test_who_sees_a_dossier(here):
    code = filed(here)
    for path in ("", "/events", "/deadline", "/workflow"):
        for name in SEE:
            ok(here.people[name].get("/dossiers/%s%s" % (code, path)))
        for name in SEE_NOT:
            problem(here.people[name].get("/dossiers/%s%s" % (code, path)), 404, "not_found")
        problem(here.anyone.get("/dossiers/%s%s" % (code, path)), 401)


def test_none_learns_that_it_exists(here):
    code = filed(here)
    missing = "H24.15.03-990101-0001"
    for name in SEE_NOT:
        user = here.people[name]
        real, fake = user.act(code, "note", note="x"), user.act(missing, "note", note="x")
        assert real.status == fake.status == 404, (name, real, fake)
        assert real.json["code"] == fake.json["code"]


def test_who_does_what(here):
    """At each step every account tries; only those named get anywhere."""
    walk = (("receive", "accept", "receiver", {}), ("appraise", "submit", "officer", {}),
            ("approve", "approve", "leader", {"result": {"code": "KQ.G15.000038", "number": "1"}}),
            ("issue_result", "issue", "clerk", {}))
    code = filed(here)
    for at, action, who, more in walk:
        task = here.people[who].task(code, at)
        for name, user in here.people.items():
            if name == who or (name == "officer2" and who == "officer"):
                continue
            answer = user.act(code, action, task=task, **more)
            assert answer.status in (403, 404), (at, name, answer)
        ok(here.people[who].act(code, action, task=task, **more))


def test_routes_by_role(here):
    allowed = {"/tasks": {"receiver", "officer", "officer2", "unit_head", "leader", "clerk", "postal",
                          "auditor", "admin", "receiver4", "officer4", "fire", "environment",
                          "postal2"}}
    for name, user in here.people.items():
        status = user.get("/tasks").status
        assert status == (200 if name in allowed["/tasks"] else 403), (name, status)
        assert user.get("/notices").status == 200
        status = user.get("/statistics/on-time/dossiers", **{"class": "resolved.late"}).status
        refused = name in ("citizen", "citizen2", "portal", "portal2", "postal", "postal2", "admin")
        assert status == (403 if refused else 200), (name, status)
    for name in ("officer", "leader", "clerk", "postal", "auditor", "admin", "unit_head"):
        problem(here.people[name].submit(samples.marital()), 403)


def test_the_auditor_sees_masked(here):
    upload = ok(here.citizen2.upload(name="Lê Thị Lan.pdf"), 201)["id"]
    body = samples.birth(upload=upload, applicant=samples.LAN, owner=samples.MINH,
                         delivery=samples.POST)
    code = ok(here.citizen2.submit(body), 201)["code"]
    step(here.receiver, code, "supplement", "receive", reason="Tên Nguyễn Văn Minh mờ",
         papers=["birth_notice"])
    view = ok(here.auditor.view(code))
    check(view, dict(DOSSIER, form=object, delivery=object))
    assert view["form"] is None and view["applicant"]["address"] is None
    text = json.dumps(view, ensure_ascii=False)
    for word in samples.SECRETS:
        assert word not in text, word
    assert not view["actions"] and not [t["actions"] for t in view["tasks"] if t["actions"]]
    rows = json.dumps(pages(here.auditor, "/dossiers", limit=200), ensure_ascii=False)
    for word in samples.SECRETS:
        assert word not in rows, word
    events = here.auditor.get("/dossiers/%s/events" % code).raw.decode()
    for word in samples.SECRETS:
        assert word not in events, word


def test_searching_must_not_unmask_for_the_auditor(here):
    code = filed(here)
    assert code in [d["code"] for d in pages(here.auditor, "/dossiers", limit=200, q=code)]
    for word in ("031085001234", "0912345678", "nguyen van minh"):
        assert pages(here.auditor, "/dossiers", limit=200, q=word) == [], word


def test_the_post_sees_no_dossier(here):
    code = filed(here)
    assert pages(here.postal, "/dossiers", limit=200) == []
    assert pages(here.admin, "/dossiers", limit=200) == []
    problem(here.postal.get("/dossiers/" + code), 404)


def test_a_citizen_sees_only_own(here):
    mine, hers = filed(here), filed(here, here.citizen2, applicant=samples.LAN)
    listed = [d["code"] for d in pages(here.citizen, "/dossiers", limit=50, mine=1)]
    assert mine in listed and hers not in listed
    assert hers not in [d["code"] for d in pages(here.citizen, "/dossiers", limit=50, q="lan")]


def test_the_portals_dossier_is_its_applicants(here):
    code = ok(here.portal.submit(samples.marital(applicant=samples.LAN,
                                                 external_code="000.00.00.G22-261122-0001")), 201)
    assert code["external_code"] == "000.00.00.G22-261122-0001"
    code = code["code"]
    assert code in [d["code"] for d in pages(here.citizen2, "/dossiers", limit=50, mine=1)]
    assert ok(here.citizen2.view("000.00.00.G22-261122-0001"))["code"] == code
    assert here.value("SELECT a.username FROM dossier d JOIN account a ON a.id = d.owner_account "
                      "WHERE d.code = '%s';" % code) == "citizen2"
    step(here.citizen2, code, "withdraw")
    problem(here.citizen.view(code), 404)


def test_external_codes_are_unique_and_the_portals_own(here):
    body = samples.marital(external_code="G22.X-1")
    first = ok(here.portal.submit(body, "ext-1"), 201)
    problem(here.portal.submit(body), 409, "exists")
    problem(here.portal2.submit(body), 409, "exists")
    assert ok(here.portal.submit(body, "ext-1"), 201)["code"] == first["code"]
    problem(here.citizen.submit(body), 422, None, "/external_code")
    for wrong in ("a b", "x" * 41, "đ", "<x>", "a/b", 5):
        problem(here.portal.submit(samples.marital(external_code=wrong)), 422, None, "/external_code")
    problem(here.portal2.view(first["code"]), 404)


def test_an_asked_agency_keeps_a_masked_sight(here):
    from t_permit import asked
    code, view = asked(here)
    ok(here.fire.view(code))
    assert ok(here.fire.view(code))["applicant"]["phone"] == "0912345678"
    step(here.fire, code, "answer", "ask_fire")
    view = ok(here.fire.view(code))
    assert view["applicant"]["phone"] != "0912345678" and view["form"] is None


def test_delegation_works_while_in_force(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    delegation = ("INSERT INTO delegation (from_account, to_account, role, agency, procedure, "
                  "valid_from, valid_to, legal_basis) SELECT a.id, b.id, 'officer', 'H24.15.03', "
                  "'%s', now() - interval '1 hour', now() + interval '1 hour', 'QĐ 7' "
                  "FROM account a, account b WHERE a.username = 'officer' "
                  "AND b.username = 'officer4';")
    here.sql(delegation % "1.013225")
    task = here.officer.task(code, "appraise")
    assert until(lambda: ok(here.officer4.get("/me"))["delegations"])
    problem(here.officer4.act(code, "submit", task=task), 404)
    here.sql("UPDATE delegation SET procedure = '1.004873';")
    assert everywhere(lambda: here.officer4.view(code).status == 200)
    assert ok(here.officer4.view(code))["applicant"]["phone"] == "0912345678"
    assert code in [d["code"] for d in pages(here.officer4, "/dossiers", limit=200)]
    step(here.officer4, code, "submit", "appraise")
    here.sql("DELETE FROM delegation;")
    assert everywhere(lambda: here.officer4.view(code).status == 404)


def test_a_queue_shows_ones_own_desks(here):
    code = filed(here)
    assert code in [t["code"] for t in pages(here.receiver, "/tasks", limit=200)]
    for name in ("officer", "receiver4", "fire", "postal", "auditor", "admin"):
        assert code not in [t["code"] for t in pages(here.people[name], "/tasks", limit=200)], name
    to_the_counter(here, code)
