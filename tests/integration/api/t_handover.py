"""Hand-over records (biên bản giao nhận): signed by both sides, and the parcels follow."""

import os
import signal
import time

import samples
from client import at_once, moment, new_key, pages, until
from shapes import Maybe, TIME, check, ok, problem
from t_birth import state
from t_postal import OFFICE, ordered, parcel_of, sent
from world import ELSEWHERE, HERE

SIGNED = Maybe({"name": str, "at": TIME})
RECORD = {"id": int, "number": str, "agency": str, "agency_name": str, "office": str,
          "office_name": str, "direction": str, "state": frozenset(("open", "signed", "cancelled")),
          "originals": int, "copies": int, "note": Maybe(str), "made_by": str, "made_at": TIME,
          "agency_signed": SIGNED, "office_signed": SIGNED,
          "parcels": [{"order_number": str, "dossier": str, "procedure_name": str, "state": str,
                       "state_name": str, "waits": bool, "outcome": Maybe(str)}]}


def body(*parcels, **more):
    return dict({"agency": HERE, "office": OFFICE, "direction": "return",
                 "parcels": [parcel["order_number"] for parcel in parcels],
                 "originals": len(parcels), "copies": 0, "note": None}, **more)


def awaited(here):
    """A dossier by post whose papers the carrier is to collect."""
    code = ok(here.citizen.submit(samples.marital(channel="post", delivery=samples.POST)), 201)["code"]
    return code, ordered(here, code)


def test_results_leave_with_the_post(here):
    """Made and signed by the clerk, then by the operator: numbered, and each parcel handed over."""
    (code, first), (other, second) = sent(here), sent(here)
    record = ok(here.clerk.post("/handovers", body(first, second, note="Hai bì thư")), 201)
    check(record, RECORD)
    year = record["made_at"][:4]
    assert record["number"].endswith("/%s/BBGN-%s" % (year, HERE)), record["number"]
    assert record["state"] == "open" and record["agency_signed"] and not record["office_signed"]
    assert record["agency_signed"]["name"] == record["made_by"]
    assert [p["dossier"] for p in record["parcels"]] == [code, other]
    assert parcel_of(here, code)["state"] in ("created", "ordered"), "one signature hands nothing over"
    signed = ok(here.postal.post("/handovers/%d/sign" % record["id"]))
    check(signed, RECORD)
    assert signed["state"] == "signed" and signed["office_signed"]["name"], signed
    assert [(p["state"], p["waits"], p["outcome"]) for p in signed["parcels"]] == \
        [("handed_over", False, "handed_over")] * 2
    for one in (code, other):
        view = ok(here.citizen.view(one))
        assert view["parcels"][0]["state"] == "handed_over" and view["state"] == "in_post"
        events = ok(here.clerk.get("/dossiers/%s/events" % one, limit=200))["items"]
        assert [e for e in events if e["kind"] == "parcel_moved" and '"handover"' in e["body"]]
    following = ok(here.clerk.post("/handovers", body(sent(here)[1])), 201)
    assert int(following["number"].split("/")[0]) == int(record["number"].split("/")[0]) + 1
    assert here.clerk.call("DELETE", "/handovers/%d" % following["id"]).status == 204


def test_signing_is_the_moment_of_submission(here):
    """QĐ 45/2016/QĐ-TTg, Art 7.4: made by the operator, signed by the receiver."""
    code, parcel = awaited(here)
    before = ok(here.citizen.view(code))
    assert before["state"] == "awaiting_collection" and not before["tasks"][0]["due"]
    record = ok(here.postal.post("/handovers", body(parcel, direction="collect", originals=1,
                                                    copies=2)), 201)
    assert record["office_signed"] and not record["agency_signed"]
    problem(here.postal.post("/handovers/%d/sign" % record["id"]), 403)
    signed = ok(here.receiver.post("/handovers/%d/sign" % record["id"]))
    assert signed["parcels"][0]["outcome"] == "handed_over"
    view = ok(here.receiver.view(code))
    assert view["state"] == "submitted" and view["tasks"][0]["due"], state(view)
    assert moment(view["submitted_at"]) == moment(signed["agency_signed"]["at"]), "to the microsecond"


def test_again_is_once(here):
    _, parcel = sent(here)
    key, asked = new_key(), body(parcel)
    made = at_once(*[lambda: here.clerk.post("/handovers", asked, key) for _ in range(4)])
    assert len({ok(answer, 201)["id"] for answer in made}) == 1
    problem(here.clerk.post("/handovers", dict(asked, copies=5), key), 422, "idempotency_key_reused")
    path = "/handovers/%d/sign" % made[0].json["id"]
    signed = at_once(*[lambda: here.postal.post(path) for _ in range(4)])
    at = {ok(answer)["office_signed"]["at"] for answer in signed}
    assert len(at) == 1
    assert here.value("SELECT count(*) FROM parcel_event e JOIN parcel p ON p.dossier_id = "
                      "e.dossier_id AND p.no = e.parcel_no WHERE p.order_number = '%s' AND "
                      "e.source_id LIKE 'handover:%%';" % parcel["order_number"]) == "1"
    problem(here.clerk.call("DELETE", "/handovers/%d" % made[0].json["id"]), 422, "signed")


def test_a_parcel_stands_in_one_record(here):
    _, parcel = sent(here)
    answers = at_once(*[lambda: here.clerk.post("/handovers", body(parcel)) for _ in range(4)])
    won = [answer for answer in answers if answer.status == 201]
    assert len(won) == 1, answers
    for answer in answers:
        if answer.status != 201:
            problem(answer, 422, pointer="/parcels/0")
            assert answer.json["errors"][0]["code"] == "parcel_taken"
    path = "/handovers/%d" % won[0].json["id"]
    assert here.postal.call("DELETE", path).status == 204
    assert ok(here.clerk.get(path))["state"] == "cancelled"
    problem(here.postal.post(path + "/sign"), 422, "cancelled")
    again = ok(here.clerk.post("/handovers", body(parcel)), 201)
    assert here.clerk.call("DELETE", "/handovers/%d" % again["id"]).status == 204


def test_what_is_refused(here):
    _, parcel = sent(here)
    code, coming = awaited(here)
    for wrong, pointer, why in (
            (body(parcel, coming), "/parcels/1", "parcel_direction"),
            (body({"order_number": "nothing-R"}), "/parcels/0", "parcel_unknown"),
            (body(parcel, parcel), "/parcels/1", "twice"),
            (body(), "/parcels", "count"),
            (body(parcel, originals=-1), "/originals", None),
            (body(parcel, copies=None), "/copies", "required"),
            (body(parcel, direction="up"), "/direction", "choice"),
            (body(parcel, agency=None), "/agency", None),
            (body(parcel, note="x" * 1001), "/note", None),
            (body(parcel, id_number="031085001234"), "/id_number", None)):
        answer = problem(here.clerk.post("/handovers", wrong), 422, pointer=pointer)
        if why:
            assert answer.json["errors"][0]["code"] == why, answer
    problem(here.clerk.call("POST", "/handovers", b"[]", new_key()), 400)
    assert here.clerk.call("POST", "/handovers", body(parcel)).status in (400, 422), "needs a key"
    # Another agency's desk, another office, people without the roles.
    problem(here.receiver4.post("/handovers", body(parcel)), 403)
    problem(here.receiver4.post("/handovers", body(parcel, agency=ELSEWHERE)), 422)
    problem(here.postal2.post("/handovers", body(parcel)), 403)
    problem(here.postal2.post("/handovers", body(parcel, office="VNP.31.05")), 422)
    for name in ("officer", "leader", "auditor", "admin", "citizen"):
        problem(here.people[name].post("/handovers", body(parcel)), 403)
    problem(here.anyone.post("/handovers", body(parcel)), 401)


def test_who_sees_and_signs(here):
    _, parcel = sent(here)
    record = ok(here.clerk.post("/handovers", body(parcel)), 201)
    path = "/handovers/%d" % record["id"]
    for name in ("clerk", "receiver", "leader", "postal"):
        assert ok(here.people[name].get(path))["id"] == record["id"]
        assert record["id"] in [r["id"] for r in pages(here.people[name], "/handovers", limit=3)]
    for name in ("receiver4", "postal2", "auditor", "admin"):
        problem(here.people[name].get(path), 404)
        problem(here.people[name].post(path + "/sign"), 404)
        problem(here.people[name].call("DELETE", path), 404)
        assert record["id"] not in [r["id"] for r in pages(here.people[name], "/handovers")]
    for name in ("clerk", "receiver", "leader"):  # its own side has signed
        problem(here.people[name].post(path + "/sign"), 403)
    problem(here.leader.call("DELETE", path), 403)
    problem(here.citizen.get(path), 403)
    problem(here.clerk.get("/handovers/x"), 404)
    opens = pages(here.postal, "/handovers", limit=2, state="open", office=OFFICE)
    assert record["id"] in [r["id"] for r in opens] and {r["state"] for r in opens} == {"open"}
    assert [r["id"] for r in opens] == sorted((r["id"] for r in opens), reverse=True)
    problem(here.postal.get("/handovers", state="lost"), 400, "filter")
    ok(here.postal.post(path + "/sign"))


def test_a_dossier_that_moved_meanwhile_keeps_no_other_back(here):
    """One parcel is called off before the second signature: told apart, the other goes."""
    (code, first), (_, second) = sent(here), sent(here)
    ordered(here, code)
    record = ok(here.clerk.post("/handovers", body(first, second)), 201)
    here.sql("UPDATE parcel SET state = 'cancelled' WHERE order_number = '%s';"
             % first["order_number"])
    signed = ok(here.postal.post("/handovers/%d/sign" % record["id"]))
    assert [p["outcome"] for p in signed["parcels"]] == ["cancelled", "handed_over"], signed


def test_a_killed_gateway_loses_no_signed_parcel(here):
    """Signed is durable; what was not carried out follows by itself."""
    parcels = [sent(here)[1] for _ in range(3)]
    record = ok(here.clerk.post("/handovers", body(*parcels)), 201)
    # As a gateway killed right after the signature's commit leaves it.
    here.sql("UPDATE handover SET state = 'signed', office_by = (SELECT id FROM account WHERE "
             "username = 'postal'), office_name = 'x', office_at = now() - interval '1 minute', "
             "ended_at = now() - interval '1 minute' WHERE id = %d; "
             "UPDATE handover_parcel SET waits = true WHERE handover = %d;"
             % (record["id"], record["id"]))
    assert until(lambda: all(p["outcome"] for p in
                             ok(here.clerk.get("/handovers/%d" % record["id"]))["parcels"]))
    got = ok(here.clerk.get("/handovers/%d" % record["id"]))["parcels"]
    assert [(p["state"], p["waits"]) for p in got] == [("handed_over", False)] * 3
    # And one that was carried out, but not marked.
    here.sql("UPDATE handover_parcel SET waits = true, outcome = NULL WHERE handover = %d;"
             % record["id"])
    assert until(lambda: all(p["outcome"] == "handed_over" for p in
                             ok(here.clerk.get("/handovers/%d" % record["id"]))["parcels"]))
    assert here.value("SELECT count(*) FROM parcel_event WHERE source_id = 'handover:%d';"
                      % record["id"]) == "3"


def test_killed_while_signing(here):
    """SIGKILL at any moment around the second signature: afterwards both or neither."""
    parcels = [sent(here)[1] for _ in range(4)]
    record = ok(here.clerk.post("/handovers", body(*parcels)), 201)
    path = "/handovers/%d" % record["id"]

    def sign():
        try:
            return here.postal.post(path + "/sign").status
        except OSError:
            return 0
        except Exception:  # the answer was cut off
            return 0

    def kill():
        time.sleep(0.012)
        for role, pid in here.worker_pids():
            if role == "gateway":
                os.kill(pid, signal.SIGKILL)

    answers = at_once(sign, kill)
    here.daemon.wait_ready()
    assert until(lambda: sorted(r for r, _ in here.worker_pids()) == sorted(r for r, _ in here.pids))
    here.pids = here.worker_pids()
    if answers[0] == 200 or ok(here.clerk.get(path))["state"] == "signed":
        assert until(lambda: not [p for p in ok(here.clerk.get(path))["parcels"]
                                  if p["state"] != "handed_over" or p["waits"]])
    else:
        ok(here.postal.post(path + "/sign"))
