"""The result goes home by post: ordered by the courier at the simulated carrier, followed by its
feed and by signed webhooks; parcels as the post office sees them."""

import hashlib
import hmac
import json

import samples
from client import at_once, pages, until
from shapes import PARCEL, check, ok, problem
from t_birth import state, step
from t_certificate import to_the_counter

OFFICE = "VNP.31.11"
SECRET = b"dvcd-demo"


def sent(here, **more):
    """A dossier whose result was handed to the post: its code and the parcel once it is ordered."""
    code = ok(here.citizen.submit(samples.marital(delivery=samples.POST, **more)), 201)["code"]
    to_the_counter(here, code)
    step(here.receiver, code, "pay", receipt="5")
    view = step(here.receiver, code, "post", "return_result")
    assert state(view) == ("in_post", 9, "ended"), state(view)
    parcel = view["parcels"][0]
    assert parcel["direction"] == "return" and parcel["office"] == OFFICE, parcel
    return code, parcel


def parcel_of(here, code):
    return ok(here.citizen.view(code))["parcels"][0]


def ordered(here, code):
    """Waits until the carrier has taken the order, and its own feed has told so: from then on nothing
    moves the parcel but the test."""
    found = until(lambda: [p for p in [parcel_of(here, code)] if p["state"] == "ordered" and
                           "ordered" in [e["state"] for e in p["events"]]])
    assert found, parcel_of(here, code)
    return found[0]


def webhook(here, events, secret=SECRET, customer="HAIPHONG", signature=None):
    body = json.dumps({"events": events}).encode()
    if signature is None:
        signature = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return here.anyone.call("POST", "/postal/events", body, X_Customer_Code=customer,
                            X_Signature=signature)


def event(parcel, code, number, at="2026-11-20T08:00:00+07:00"):
    return {"id": "%s-%s" % (parcel["order_number"], number), "status_code": code, "at": at,
            "order_number": parcel["order_number"], "place": "Bưu cục Hải Dương"}


def test_delivered_by_the_carriers_own_feed(here):
    code, parcel = sent(here)
    parcel = ordered(here, code)
    check(parcel, PARCEL)
    for status in (2, 3, 4):
        here.steer("/sim/advance?order=%s&code=%d" % (parcel["order_number"], status))
    view = until(lambda: [v for v in [ok(here.citizen.view(code))] if v["state"] == "returned"])
    assert view, ok(here.citizen.view(code))["state"]
    view = view[0]
    assert state(view) == ("returned", 10, "ended") and view["returned_at"]
    assert view["parcels"][0]["state"] == "delivered"
    assert [e["state"] for e in view["parcels"][0]["events"]][-1] == "delivered"
    assert view["parcels"][0]["item_code"]


def test_the_carrier_has_each_parcel_once_and_no_id_number(here):
    code, parcel = sent(here)
    ordered(here, code)
    text = here.daemon.call("GET", "/sim/orders?order=" + parcel["order_number"],
                            port=here.daemon.post_port)[2].decode()
    found = json.loads(text)
    assert found["count"] == 1 or len(found["orders"]) == 1, text
    assert "Nguyễn Văn Minh" in text and "0912345678" in text
    assert "031085001234" not in text


def test_it_comes_back_and_is_fetched_at_the_counter(here):
    code, parcel = sent(here)
    parcel = ordered(here, code)
    for status in (2, 3, 6):
        here.steer("/sim/advance?order=%s&code=%d" % (parcel["order_number"], status))
    returned = until(lambda: parcel_of(here, code)["state"] == "returning")
    assert returned, parcel_of(here, code)
    view = step(here.receiver, code, "retrieve", "in_post", reason="Người dân tới nhận tại quầy")
    assert [task["step"] for task in view["tasks"]] == ["return_result"]
    view = step(here.receiver, code, "post", "return_result")
    assert len(view["parcels"]) == 2, "sent once more"
    rows = pages(here.postal, "/parcels", limit=1)
    assert sorted(row["id"] for row in rows if row["code"] == code) == sorted(
        row["id"] for row in view["parcels"]), "a page never cuts a dossier's parcels apart"
    view = step(here.receiver, code, "retrieve", "in_post", reason="Đã tới lấy")
    view = step(here.receiver, code, "hand_over", "return_result", receiver={"name": "Minh"})
    assert state(view) == ("returned", 10, "ended")


def test_signed_webhook_in_any_order_and_twice(here):
    code, parcel = sent(here)
    parcel = ordered(here, code)
    handed, moving, home = (event(parcel, 2, "a"), event(parcel, 3, "b", "2026-11-20T09:00:00+07:00"),
                            event(parcel, 4, "c", "2026-11-20T11:00:00+07:00"))
    assert webhook(here, [moving]).status == 204
    assert webhook(here, [moving]).status == 204
    assert webhook(here, [handed]).status == 204
    answers = at_once(*[lambda: webhook(here, [home, moving]) for _ in range(3)])
    assert [answer.status for answer in answers] == [204] * 3, answers
    view = ok(here.citizen.view(code))
    assert state(view) == ("returned", 10, "ended"), state(view)
    events = [e for e in view["parcels"][0]["events"] if e["state"] != "ordered"]  # the feed's own
    assert [e["state"] for e in events] == ["handed_over", "in_transit", "delivered"], events
    assert events[0]["place"] == "Bưu cục Hải Dương"
    kinds = [e["kind"] for e in ok(here.citizen.get("/dossiers/%s/events" % code, limit=200))["items"]]
    assert len([kind for kind in kinds if "parcel" in kind or "post" in kind]) >= 3, kinds
    assert webhook(here, [home]).status == 204, "late and known"


def test_webhook_must_be_signed(here):
    code, parcel = sent(here)
    bad = event(parcel, 4, "x")
    problem(webhook(here, [bad], secret=b"other"), 401, "signature")
    problem(webhook(here, [bad], customer="NOBODY"), 401, "signature")
    for signature in ("", "sha256=", "sha256=" + "0" * 64, "md5=" + "0" * 32, "x" * 500):
        problem(webhook(here, [bad], signature=signature), 401, "signature")
    assert parcel_of(here, code)["state"] != "delivered"


def test_webhook_with_a_bad_body(here):
    def raw(body):
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        return here.anyone.call("POST", "/postal/events", body, X_Customer_Code="HAIPHONG",
                                X_Signature=signature)

    for body in (b"", b"{", b"[]", b"{}", b'{"events": {}}', b'{"events": []}', b'{"events": [1]}',
                 b'{"events": [{"id": 1}]}', b'{"events": [{"id": "x", "order_number": "y"}]}',
                 b'{"events": [{"id": "x", "order_number": "y", "status_code": 4, "at": "now"}]}',
                 b'{"events": [{"id": "x", "order_number": "y", "status_code": -4, '
                 b'"at": "2026-11-20T08:00:00+07:00"}]}',
                 b'{"events": [{"id": "x\\u0000", "order_number": "y", "status_code": 4, '
                 b'"at": "2026-11-20T08:00:00+07:00"}]}',
                 b'{"events": [{"id": "%s", "order_number": "y", "status_code": 4, '
                 b'"at": "2026-11-20T08:00:00+07:00"}]}' % (b"x" * 9000)):
        answer = raw(body)
        assert answer.status in (400, 422), (body[:80], answer)
    unknown = {"id": "z1", "order_number": "no-such-order", "status_code": 4,
               "at": "2026-11-20T08:00:00+07:00"}
    assert webhook(here, [unknown]).status == 204, "an order of somebody else's is no error"


def test_parcels_as_the_post_office_sees_them(here):
    code, parcel = sent(here)
    here.other_parcel = parcel
    items = pages(here.postal, "/parcels", limit=2)
    mine = [item for item in items if item["code"] == code]
    assert len(mine) == 1 and len({(i["code"], i["id"]) for i in items}) == len(items)
    check(mine[0], PARCEL)
    assert mine[0]["receiver"]["phone"] == "0912345678"
    text = json.dumps(items, ensure_ascii=False)
    assert "031085001234" not in text and "purpose" not in text and "marital" not in text
    assert code not in [i["code"] for i in pages(here.postal, "/parcels", direction="collect")]
    assert code in [i["code"] for i in pages(here.postal, "/parcels", office=OFFICE)]
    assert pages(here.postal, "/parcels", office="VNP.31.05") == []
    assert ok(here.postal2.get("/parcels"))["items"] == [], "another office's parcels"
    assert code in [i["code"] for i in ok(here.receiver.get("/parcels", limit=200))["items"]]
    assert code not in [i["code"] for i in ok(here.receiver4.get("/parcels"))["items"]]
    problem(here.citizen.get("/parcels"), 403)
    for params in ({"direction": "sideways"}, {"state": "flying"}):
        answer = here.postal.get("/parcels", **params)
        assert answer.status == 400 or ok(answer)["items"] == [], answer


def test_delivery_by_post_shows_in_the_lookup_with_the_pin(here):
    answer = ok(here.citizen.submit(samples.marital(delivery=samples.POST)), 201)
    code, pin = answer["code"], answer["pin"]
    assert ok(here.anyone.get("/lookup/" + code, pin=pin))["parcel"] is None
    to_the_counter(here, code)
    step(here.receiver, code, "pay", receipt="6")
    step(here.receiver, code, "post", "return_result")
    looked = ok(here.anyone.get("/lookup/" + code, pin=pin))
    assert looked["state"] == "in_post" and looked["parcel"]["direction"] == "return"
    assert "Minh" not in json.dumps(looked, ensure_ascii=False)


def test_papers_are_collected_from_home(here):
    code = ok(here.citizen.submit(samples.marital(channel="post", delivery=samples.POST)), 201)["code"]
    parcel = parcel_of(here, code)
    assert parcel["direction"] == "collect", parcel
    ordered(here, code)
    assert code in [i["code"] for i in pages(here.postal, "/parcels", direction="collect")]


def test_words_of_the_post_are_masked_for_an_auditor(here):
    """A carrier's note may be longer than a line, and may name who signed."""
    code, parcel = sent(here)
    parcel = ordered(here, code)
    said = dict(event(parcel, 3, "n"), note="Người ký nhận: Nguyễn Văn Minh " + "." * 950)
    assert webhook(here, [said]).status == 204
    # The carrier's own feed may have told of the order meanwhile: which is last does not matter.
    assert said["note"] in [e["note"] for e in parcel_of(here, code)["events"]]
    seen = ok(here.people["auditor"].view(code))["parcels"][0]["events"]
    assert seen and all(e["state"] and e["note"] is None and e["place"] is None for e in seen), seen
