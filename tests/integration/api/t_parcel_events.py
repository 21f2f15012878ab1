"""What a post office's own people report of a parcel, and what a scanner finds."""

import samples
from client import new_key, pages
from shapes import PARCEL, check, ok, problem
from t_birth import state
from t_handover import awaited, body
from t_postal import OFFICE, ordered, parcel_of, sent

TAKEN = {"name": "Nguyễn Thị Mận", "relation": "mẹ", "identity_checked": True}


def report(user, parcel, to, key=None, **more):
    return user.post("/parcels/%s/events" % parcel["order_number"], dict(more, state=to), key)


def sent_and_ordered(here):
    """The carrier's answer is in, so that nothing but the test moves the parcel."""
    code, _ = sent(here)
    return code, ordered(here, code)


def handed_over(here):
    code, parcel = sent_and_ordered(here)
    record = ok(here.clerk.post("/handovers", body(parcel)), 201)
    ok(here.postal.post("/handovers/%d/sign" % record["id"]))
    return code, parcel


def test_to_the_citizens_door(here):
    code, parcel = handed_over(here)
    row = ok(report(here.postal, parcel, "in_transit", note="Chuyến thư sáng"))
    check(row, PARCEL)
    assert row["state"] == "in_transit" and row["office_name"] and row["procedure_name"]
    ok(report(here.postal, parcel, "invited_1"))
    ok(report(here.postal, parcel, "delivered", receiver=TAKEN))
    view = ok(here.citizen.view(code))
    assert state(view) == ("returned", 10, "ended") and view["returned_at"]
    last = view["parcels"][0]["events"][-1]
    assert last["state"] == "delivered" and "Nguyễn Thị Mận (mẹ)" in last["note"], last
    assert last["place"] == OFFICE
    kinds = [e for e in ok(here.clerk.get("/dossiers/%s/events" % code, limit=200))["items"]
             if '"operator"' in e["body"]]
    assert len(kinds) >= 3 and kinds[-1]["actor_name"], kinds
    assert "Mận" not in "".join(e["body"] for e in kinds), "names stay out of what is hashed"
    assert "Mận" not in here.auditor.view(code).raw.decode()


def test_delivered_needs_a_receiver_who_was_looked_at(here):
    _, parcel = handed_over(here)
    problem(report(here.postal, parcel, "delivered"), 422, pointer="/receiver")
    for wrong, pointer in ((dict(TAKEN, identity_checked=False), "/receiver/identity_checked"),
                           ({"name": "A", "relation": "con"}, "/receiver/identity_checked"),
                           (dict(TAKEN, name=""), "/receiver/name"),
                           ({"name": "A", "identity_checked": True}, "/receiver/relation"),
                           (dict(TAKEN, name="x" * 201), "/receiver/name"),
                           (dict(TAKEN, id_number="031085001234"), "/receiver/id_number")):
        answer = problem(report(here.postal, parcel, "delivered", receiver=wrong), 422,
                         pointer=pointer)
        assert "031085001234" not in answer.raw.decode()
    assert ok(here.postal.get("/parcels", q=parcel["order_number"]))["items"][0]["state"] == \
        "handed_over"


def test_rules_of_the_way(here):
    code, parcel = sent(here)
    problem(report(here.postal, parcel, "delivered", receiver=TAKEN, at="2031-01-01T00:00:00+07:00"),
            422, pointer="/at")
    problem(report(here.postal, parcel, "in_transit", at="2020-01-01T00:00:00+07:00"), 422,
            pointer="/at")
    for to in ("handed_over", "lost", "nothing", None):
        problem(report(here.postal, parcel, to), 422, pointer="/state")
    problem(report(here.postal, parcel, "picked_up"), 422, "parcel_state", "/state")
    problem(report(here.postal, parcel, "in_transit", place="x"), 422, pointer="/place")
    code, parcel = handed_over(here)
    ok(report(here.postal, parcel, "in_transit"))
    ok(report(here.postal, parcel, "returning"))
    ok(report(here.postal, parcel, "returned_to_agency"))
    assert ok(here.citizen.view(code))["state"] == "back_at_desk"
    problem(report(here.postal, parcel, "delivered", receiver=TAKEN), 422, "parcel_state", "/state")


def test_again_is_once(here):
    code, parcel = handed_over(here)
    key = new_key()
    first = ok(report(here.postal, parcel, "in_transit", key))
    again = ok(report(here.postal, parcel, "in_transit", key))
    assert first["events"] == again["events"]
    problem(report(here.postal, parcel, "invited_1", key), 422, "idempotency_key_reused")
    assert [e["state"] for e in parcel_of(here, code)["events"]].count("in_transit") == 1


def test_only_that_offices_people(here):
    _, parcel = handed_over(here)
    for name in ("postal2", "receiver", "clerk", "leader", "auditor", "admin"):
        problem(report(here.people[name], parcel, "in_transit"), 404)
    problem(report(here.postal, {"order_number": "nothing-R"}, "in_transit"), 404)
    problem(report(here.citizen, parcel, "in_transit"), 403)
    problem(report(here.anyone, parcel, "in_transit"), 401)
    problem(here.postal.call("POST", "/parcels/%s/events" % parcel["order_number"],
                             {"state": "in_transit"}), 400)


def test_collection_that_fails(here):
    code, parcel = awaited(here)
    ok(report(here.postal, parcel, "collection_failed", note="Không có người ở nhà"))
    assert parcel_of(here, code)["state"] == "collection_failed"
    assert ok(here.citizen.view(code))["state"] == "awaiting_collection"


def test_papers_by_name_for_who_collects(here):
    body_ = samples.birth(upload=None, delivery=samples.POST, channel="post")
    code = ok(here.citizen.submit(body_), 201)["code"]
    row = [r for r in pages(here.postal, "/parcels", direction="collect") if r["code"] == code][0]
    assert row["papers"] and all(set(p) >= {"name", "originals", "copies"} for p in row["papers"])
    assert "031085001234" not in str(row) and "Nguyễn Thị Bình" not in str(row), "not the form"


def test_what_a_scanner_finds(here):
    code, parcel = sent_and_ordered(here)
    rows = ok(here.postal.get("/parcels", q=parcel["order_number"]))["items"]
    assert [r["order_number"] for r in rows] == [parcel["order_number"]]
    assert rows[0]["dossier"] == code and rows[0]["agency_name"]
    here.sql("UPDATE parcel SET item_code = 'EE987654321VN' WHERE order_number = '%s';"
             % parcel["order_number"])
    assert [r["code"] for r in ok(here.postal.get("/parcels", q="EE987654321VN"))["items"]] == [code]
    for q in (parcel["order_number"][:-1], "EE98765432", "%"):
        assert ok(here.postal.get("/parcels", q=q))["items"] == [], q
    for name in ("postal2", "receiver4", "auditor"):
        assert ok(here.people[name].get("/parcels", q=parcel["order_number"]))["items"] == []
