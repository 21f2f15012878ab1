"""Lists: filters, order, pages, search; the queue; notices."""

import samples
from client import pages
from shapes import DOSSIER_ROW, EVENT, TASK_ROW, TIME, check, ok
from t_birth import step
from t_certificate import filed
from world import ELSEWHERE, HERE


def codes(rows):
    return [row["code"] for row in rows]


def test_the_staff_list_with_its_filters(here):
    mine = filed(here)
    other = ok(here.portal.submit(samples.marital(agency=ELSEWHERE)), 201)["code"]
    rows = pages(here.receiver, "/dossiers", limit=3)
    check(rows, [DOSSIER_ROW])
    assert mine in codes(rows) and other not in codes(rows) and len(set(codes(rows))) == len(rows)
    step(here.receiver, mine, "accept", "receive")
    for params, found in (({"state": "accepted"}, True), ({"state": "submitted"}, False),
                          ({"procedure": "1.004873"}, True), ({"procedure": "1.001193"}, False),
                          ({"agency": HERE}, True), ({"agency": ELSEWHERE}, False),
                          ({"state": "nothing"}, False), ({"q": mine}, True),
                          ({"q": "NGUYEN van minh"}, True), ({"q": "nguyễn văn minh"}, True),
                          ({"q": "0912345678"}, True), ({"q": "031085001234"}, True),
                          ({"q": "nguyen%"}, False), ({"q": "n_uyen"}, False), ({"q": "zzz"}, False)):
        rows = pages(here.receiver, "/dossiers", limit=100, **params)
        assert (mine in codes(rows)) == found, params
    assert other in codes(pages(here.receiver4, "/dossiers", limit=100))
    assert {mine, other} <= set(codes(pages(here.auditor, "/dossiers", limit=100)))


def test_newest_first_and_pages_stay_put(here):
    for _ in range(4):
        filed(here)
    first = ok(here.citizen.get("/dossiers", mine=1, limit=2))
    assert first["next"]
    late = filed(here)
    second = ok(here.citizen.get("/dossiers", mine=1, limit=2, page=first["next"]))
    assert late not in codes(second["items"]) and not set(codes(first["items"])) & set(
        codes(second["items"]))
    assert codes(pages(here.citizen, "/dossiers", limit=3, mine=1))[0] == late


def test_a_page_of_another_list_is_not_taken(here):
    for _ in range(2):
        step(here.receiver, filed(here), "accept", "receive")
    token = ok(here.officer.get("/tasks", limit=1))["next"]
    answer = here.officer.get("/notices", limit=1, page=token)
    assert answer.status == 400, answer


def test_the_queue_is_due_first(here):
    for _ in range(3):
        step(here.receiver, filed(here), "accept", "receive")
    rows = pages(here.officer, "/tasks", limit=2, sort="due", state="open")
    check(rows, [TASK_ROW])
    assert len({(row["code"], row["id"]) for row in rows}) == len(rows)
    dues = [row["due"] for row in rows]
    timed = [due for due in dues if due]
    assert timed == sorted(timed) and dues[:len(timed)] == timed, "those without a date come last"
    assert all(row["agency"] == HERE and row["role"] == "officer" for row in rows)
    assert pages(here.officer, "/tasks", role="leader") == []
    steps = {row["step"] for row in rows}
    for step_name in steps:
        assert [(row["code"], row["id"]) for row in
                pages(here.officer, "/tasks", step=step_name)] == [
            (row["code"], row["id"]) for row in rows if row["step"] == step_name]
    assert pages(here.officer, "/tasks", step="none_such") == []
    assert pages(here.officer, "/tasks", agency=ELSEWHERE) == []
    assert {row["role"] for row in pages(here.unit_head, "/tasks", limit=200)} <= {
        "officer", "unit_head"}


def test_a_number_of_another_list_is_not_taken_either(here):
    token = ok(here.citizen.get("/notices", limit=1))["next"]
    assert token, "no second page to go to"
    answer = here.citizen.get("/dossiers", limit=1, mine=1, page=token)
    assert answer.status == 400, answer.body


def test_a_parcel_filter_has_words_of_its_own(here):
    for name in ("direction", "state"):
        answer = here.receiver.get("/parcels", **{name: "sideways"})
        assert answer.status == 400, answer.body


def test_the_history_pages_from_the_oldest(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "take", "appraise")
    step(here.officer, code, "note", note="x")
    rows = pages(here.citizen, "/dossiers/%s/events" % code, limit=1)
    check(rows, [EVENT])
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1)) and len(rows) == 4
    for one, two in zip(rows, rows[1:]):
        assert two["previous_hash"] == one["hash"]


def test_notices_newest_first(here):
    for _ in range(3):
        step(here.receiver, filed(here), "accept", "receive")
    rows = pages(here.citizen, "/notices", limit=2)
    check(rows, [{"id": int, "kind": str, "title": str, "text": str, "dossier": str, "at": TIME,
                  "read": bool}])
    ids = [row["id"] for row in rows]
    assert ids == sorted(ids, reverse=True) and len(rows) >= 3
    assert not ({row["dossier"] for row in pages(here.citizen2, "/notices")}
                & {row["dossier"] for row in rows})


def test_a_citizen_may_not_list_an_agency(here):
    code = ok(here.citizen2.submit(samples.marital(applicant=samples.LAN)), 201)["code"]
    for params in ({"agency": HERE}, {"q": "lan"}, {"state": "submitted"}, {}):
        assert code not in codes(pages(here.citizen, "/dossiers", limit=100, **params))
