"""Keys, double clicks, If-Match, many at once, and the signing of a whole pile."""

import samples
from client import at_once, new_key
from shapes import ok, problem
from t_birth import step
from t_certificate import filed


def count(here, code):
    return int(here.value("SELECT head_seq FROM dossier WHERE code = '%s';" % code))


def test_the_same_submission_twice_is_one_dossier(here):
    key, body = new_key(), samples.marital()
    answers = at_once(*[lambda: here.citizen.submit(body, key) for _ in range(6)])
    assert [answer.status for answer in answers] == [201] * 6, answers
    assert len({answer.json["code"] for answer in answers}) == 1
    again = here.citizen.submit(body, key)
    assert again.json == answers[0].json and again.headers["Location"] == answers[0].headers["Location"]
    code = again.json["code"]
    step(here.receiver, code, "accept", "receive")
    later = ok(here.citizen.submit(body, key), 201)
    assert later == again.json, "the first outcome, whatever happened since"


def test_the_same_key_with_another_body_is_refused(here):
    key = new_key()
    ok(here.citizen.submit(samples.marital(), key), 201)
    problem(here.citizen.submit(samples.marital(case="reissue", documents=[]), key), 422)
    problem(here.citizen.submit(samples.marital(form={"subject_name": "Khác", "purpose": "credit",
                                                      "marital_status": "single"}), key), 422,
            "idempotency_key_reused")
    ok(here.citizen2.submit(samples.marital(applicant=samples.LAN), key), 201)


def test_the_key_of_an_act_with_another_body_is_refused(here):
    code, other, key = filed(here), filed(here), new_key()
    ok(here.receiver.act(code, "accept", task=1, key=key))
    problem(here.receiver.act(code, "accept", task=1, key=key, note="khác"), 422,
            "idempotency_key_reused")
    problem(here.receiver.act(other, "accept", task=1, key=key), 422, "idempotency_key_reused")
    first = here.receiver.act(code, "accept", task=1, key=key)
    assert first.status == 200, first


def test_a_refused_request_is_not_remembered(here):
    key = new_key()
    problem(here.citizen.submit(samples.marital(agency="H99"), key), 422)
    ok(here.citizen.submit(samples.marital(), key), 201)


def test_keys_are_required_and_visible(here):
    body = samples.marital()
    for key in (None, "", " ", "a b", "x" * 65, "\xe9"):
        headers = {"Idempotency_Key": key} if key is not None else {}
        problem(here.citizen.call("POST", "/dossiers", body, **headers), 400,
                "idempotency_key_required")
    ok(here.citizen.submit(body, "x" * 64), 201)
    ok(here.citizen.submit(body, "!"), 201)
    for path in ("/uploads", "/dossiers", "/dossiers/x/actions"):
        problem(here.receiver.call("POST", path, b"{}"), 400, "idempotency_key_required")
    problem(here.receiver.call("POST", "/actions", b"{}"), 400, "idempotency_key_required")


def test_if_match(here):
    code = filed(here)
    etag = here.receiver.view(code).headers["ETag"]
    assert etag.startswith('"') and etag.endswith('"')
    step(here.receiver, code, "take", "receive")
    problem(here.receiver.act(code, "accept", "receive", if_match=etag), 409)
    now = here.receiver.view(code).headers["ETag"]
    assert now != etag
    answer = here.receiver.act(code, "accept", "receive", if_match=now)
    assert answer.status == 200 and answer.headers["ETag"] not in (etag, now)
    for wrong in ("12", '"x"', '""', '"-1"', '"99999999999999999999"'):
        problem(here.officer.act(code, "submit", "appraise", if_match=wrong), 400, "if_match")
    assert here.officer.act(code, "submit", "appraise", if_match="*").status == 200


def test_one_task_many_hands(here):
    for _ in range(5):
        code = filed(here)
        answers = at_once(*[lambda: here.receiver.act(code, "accept", task=1) for _ in range(5)])
        assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409], answers


def test_two_ways_at_once_only_one_happens(here):
    for _ in range(5):
        code = filed(here)
        answers = at_once(lambda: here.receiver.act(code, "accept", task=1),
                          lambda: here.receiver.act(code, "refuse", task=1, reason="Sai"))
        assert sorted(answer.status for answer in answers) == [200, 409], answers


def test_reads_go_on_while_many_write(here):
    codes = [answer.json["code"] for answer in at_once(
        *[lambda: here.portal.submit(samples.marital()) for _ in range(24)])]
    assert len(set(codes)) == 24
    answers = at_once(*[(lambda code=code: here.receiver.act(code, "accept", task=1))
                        for code in codes])
    assert [answer.status for answer in answers] == [200] * 24


def test_another_body_under_the_key_of_many_begins_nothing(here):
    one, other = filed(here), filed(here)
    key, body = new_key(), {"action": "accept", "items": [{"code": one, "task": 1}]}
    assert ok(here.receiver.post("/actions", body, key))["items"][0]["state"] == "accepted"
    for items in ([{"code": other, "task": 1}], body["items"] + [{"code": other, "task": 1}],
                  [{"code": other, "task": 1}] + body["items"]):
        problem(here.receiver.post("/actions", dict(body, items=items), key), 422, "idempotency_key_reused")
    assert ok(here.receiver.view(other))["state"] == "submitted", "not even the new item"
    # An action on one dossier may have a key that only looks like an item's.
    step(here.receiver, other, "accept", "receive", key=key + "/note")
    assert ok(here.receiver.post("/actions", body, key))["items"][0]["state"] == "accepted"


def test_many_signed_at_once(here):
    codes = [filed(here) for _ in range(4)]
    for code in codes[:3]:
        step(here.receiver, code, "accept", "receive")
    items = [{"code": code, "task": ok(here.officer.view(code))["tasks"][0]["id"]} for code in codes]
    items += [{"code": "H24.15.03-000000-0001", "task": 1}, {"code": codes[0], "task": 999}]
    key, body = new_key(), {"action": "submit", "items": items}
    outcome = ok(here.officer.post("/actions", body, key))["items"]
    assert [item["ok"] for item in outcome] == [True, True, True, False, False, False], outcome
    assert [item["code"] for item in outcome] == [item["code"] for item in items]
    for item in outcome[3:]:
        assert item["error"] and item["detail"], item
    assert outcome[0]["state"] == "signing", outcome[0]
    seqs = [count(here, code) for code in codes]
    again = ok(here.officer.post("/actions", body, key))["items"]
    assert again[:3] == outcome[:3] and seqs == [count(here, c) for c in codes]
    step(here.leader, codes[0], "approve", "approve", result={"number": "1"})
    again = ok(here.officer.post("/actions", body, key))["items"]
    assert again[:3] == outcome[:3], "the first outcome, wherever it is by now"
    problem(here.citizen.post("/actions", body), 403)


def test_each_of_a_pile_brings_its_own_result(here):
    codes = [filed(here) for _ in range(3)]
    for code in codes:
        step(here.receiver, code, "accept", "receive")
        step(here.officer, code, "submit", "appraise")
    items = [{"code": code, "task": here.leader.task(code, "approve"),
              "result": {"code": "KQ.G15.000038", "number": "%d/XN" % place}}
             for place, code in enumerate(codes)]
    items[2]["result"]["code"] = "KQ.X"
    body = {"action": "approve", "result": {"code": "KQ.G15.000038", "number": "0"}, "items": items}
    outcome = ok(here.leader.post("/actions", body))["items"]
    assert [item["ok"] for item in outcome] == [True, True, False], outcome
    assert outcome[2]["error"] == "result_unknown", outcome
    for place, code in enumerate(codes[:2]):
        assert [r["number"] for r in ok(here.leader.view(code))["results"]] == ["%d/XN" % place]
    del items[2]["result"]
    assert ok(here.leader.post("/actions", dict(body, items=items[2:])))["items"][0]["ok"]
    assert ok(here.leader.view(codes[2]))["results"][0]["number"] == "0", "what is said for all"


def test_a_pile_is_assigned_at_once(here):
    codes = [filed(here) for _ in range(2)]
    for code in codes:
        step(here.receiver, code, "accept", "receive")
    other = ok(here.officer2.get("/me"))["account"]["id"]
    items = [{"code": code, "task": here.officer.task(code, "appraise")} for code in codes]
    body = {"action": "reassign", "assignee": other, "items": items}
    assert not any(item["ok"] for item in ok(here.officer.post("/actions", body))["items"])
    assert all(item["ok"] for item in ok(here.unit_head.post("/actions", body))["items"])
    for code in codes:
        assert ok(here.officer.view(code))["tasks"][0]["assignee"] == other


def test_a_pile_is_1_to_200(here):
    for items in ([], None, {}, "x", [{}] * 201):
        problem(here.officer.post("/actions", {"action": "submit", "items": items}), 422)
    for item in (1, None, "x", [], {}, {"code": 5, "task": "x"}, {"code": "H24", "task": -1}):
        answer = here.officer.post("/actions", {"action": "submit", "items": [item]})
        assert answer.status in (200, 422), (item, answer)
        if answer.status == 200:
            assert not answer.json["items"][0]["ok"], (item, answer)


def test_a_key_of_64_serves_a_pile_too(here):
    code = filed(here)
    body = {"action": "accept", "items": [{"code": code, "task": 1}]}
    assert ok(here.receiver.post("/actions", body, "k" * 64))["items"][0]["ok"]
