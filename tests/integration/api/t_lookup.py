"""Look-up without an account: code and completion; with the PIN more; the PIN's lock."""

import json

import samples
from client import at_once, until
from shapes import TIME, Maybe, check, ok, problem
from t_birth import step
from t_handover import body as handover
from t_postal import ordered, to_the_counter


def filed(here, **more):
    return ok(here.portal.submit(samples.marital(**more)), 201)


def test_code_and_completion_only(here):
    body = filed(here, external_code="G22.L-1")
    code = body["code"]
    looked = ok(here.anyone.get("/lookup/" + code))
    assert set(looked) == {"code", "completion"} and 0 <= looked["completion"] < 100
    assert looked["completion"] == ok(here.anyone.get("/lookup/G22.L-1"))["completion"]
    step(here.receiver, code, "accept", "receive")
    assert ok(here.anyone.get("/lookup/" + code))["completion"] > looked["completion"]


def test_with_the_pin_state_and_date(here):
    body = filed(here)
    looked = ok(here.anyone.get("/lookup/" + body["code"], pin=body["pin"]))
    check(looked, {"code": str, "completion": int, "state": str, "state_name": str, "status": int,
                   "due_current": Maybe(TIME), "clock": str, "parcel": Maybe(dict)})
    assert looked["state"] == "submitted" and looked["clock"] == "none"
    text = json.dumps(looked, ensure_ascii=False)
    for word in samples.SECRETS:
        assert word not in text


def test_a_held_clock_is_told_wherever_a_due_date_is(here):
    """Waiting for the applicant's yes holds the clock of this procedure: no days are left to count."""
    body = ok(here.citizen.submit(samples.birth(ok(here.citizen.upload(), 201)["id"])), 201)
    step(here.receiver, body["code"], "accept", "receive")
    step(here.officer, body["code"], "send_draft", "appraise")
    told = [ok(here.anyone.get("/lookup/" + body["code"], pin=body["pin"]))]
    for who, query in ((here.citizen, {"mine": 1}), (here.officer, {"q": body["code"]})):
        told += [row for row in ok(who.get("/dossiers", **query))["items"] if row["code"] == body["code"]]
    assert [one["clock"] for one in told] == ["held"] * 3, told


def test_a_hand_over_is_named_by_its_direction(here):
    body = ok(here.citizen.submit(samples.marital(delivery=samples.POST)), 201)
    code = body["code"]
    to_the_counter(here, code)
    step(here.receiver, code, "pay", receipt="5")
    step(here.receiver, code, "post", "return_result")
    record = ok(here.clerk.post("/handovers", handover(ordered(here, code))), 201)
    ok(here.postal.post("/handovers/%d/sign" % record["id"]))
    seen = lambda: ok(here.anyone.get("/lookup/" + code, pin=body["pin"]))["parcel"]
    assert until(lambda: seen()["state"] == "handed_over", 30), seen()
    assert seen()["state_name"] == "Cơ quan đã bàn giao cho bưu chính (ký biên bản giao nhận)"


def test_unknown_codes(here):
    for code in ("H24.15.03-990101-0001", "x", "%20", "%C4%91", "' OR 1=1", "a" * 300):
        answer = here.anyone.call("GET", "/lookup/" + code.replace(" ", "%20"))
        assert answer.status in (400, 404), (code, answer)


def test_wrong_pins_lock_the_dossier(here):
    body, other = filed(here), filed(here)
    code, pin = body["code"], body["pin"]
    wrong = "0" * len(pin) if pin != "0" * len(pin) else "1" * len(pin)
    problem(here.anyone.get("/lookup/" + code, pin=wrong), 404)
    ok(here.anyone.get("/lookup/" + code, pin=pin))
    statuses = [answer.status for answer in at_once(
        *[lambda: here.anyone.get("/lookup/" + code, pin=wrong) for _ in range(12)])]
    assert 429 in statuses and set(statuses) <= {404, 429}, statuses
    problem(here.anyone.get("/lookup/" + code, pin=pin), 429, "pin_locked")
    ok(here.anyone.get("/lookup/" + code))
    ok(here.anyone.get("/lookup/" + other["code"], pin=other["pin"]))
    problem(here.anyone.get("/lookup/" + code, pin=other["pin"]), 429)
    for odd in ("", "x" * 5000, "đ", "\x00"):
        answer = here.anyone.get("/lookup/" + other["code"], pin=odd)
        assert answer.status in (200, 400, 404, 414), (odd, answer)


def test_look_ups_of_one_address_are_limited(here):
    code, seen = filed(here)["code"], set()
    for _ in range(20000):  # a slow machine earns new ones meanwhile
        answer = here.anyone.call("GET", "/lookup/" + code, X_Forwarded_For="198.51.100.77")
        seen.add(answer.status)
        if answer.status == 429:
            break
    assert answer.status == 429 and seen == {200, 429}, seen
    ok(here.anyone.call("GET", "/lookup/" + code, X_Forwarded_For="198.51.100.78"))
