"""Submission: procedures of three kinds, what the answer holds, owners and who files for whom."""

import json
import re

import samples
from client import at_once
from shapes import DOSSIER, SUBMITTED, check, ok, problem
from world import HERE


def upload(user):
    return ok(user.upload(), 201)["id"]


def test_each_procedure_can_be_filed(here):
    for body in (samples.birth(upload=upload(here.citizen)), samples.marital(),
                 samples.building(uploads=(upload(here.citizen), upload(here.citizen)))):
        answer = here.citizen.submit(body)
        submitted = ok(answer, 201)
        check(submitted, SUBMITTED)
        assert answer.headers["Location"] == "/api/v1/dossiers/" + submitted["code"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert submitted["procedure"] == body["procedure"] and submitted["agency"] == HERE
        view = here.citizen.view(submitted["code"])
        check(ok(view), DOSSIER)
        assert re.match(r'^"\d+"$', view.headers["ETag"])
        assert view.json["form"] == body["form"] and view.json["status"] == 1


def test_codes_count_up_within_agency_and_day(here):
    codes = [answer.json["code"] for answer in at_once(
        *[lambda: here.portal.submit(samples.marital()) for _ in range(10)])]
    assert len(set(codes)) == 10
    stems = {code.rsplit("-", 1)[0] for code in codes}
    assert len(stems) <= 2 and all(stem.startswith(HERE + "-") for stem in stems)


def test_pins_differ_and_prove_the_dossier(here):
    one, two = (ok(here.portal.submit(samples.marital()), 201) for _ in range(2))
    assert one["pin"] != two["pin"]
    ok(here.anyone.get("/lookup/" + one["code"], pin=one["pin"]))
    problem(here.anyone.get("/lookup/" + one["code"], pin=two["pin"]), 404)


def test_the_portal_may_hand_in_on_paper_what_a_citizen_uploads(here):
    problem(here.citizen.submit(samples.birth()), 422, None, "/documents")
    ok(here.portal.submit(samples.birth()), 201)


def test_an_owner_other_than_the_applicant(here):
    body = samples.marital(applicant=samples.LAN, owner=dict(samples.MINH, address=None),
                           on_behalf={"kind": "authorised"})
    code = ok(here.citizen2.submit(body), 201)["code"]
    view = ok(here.citizen.view(code))
    assert view["owner"]["name"] == "Nguyễn Văn Minh" and view["owner"]["address"] is None
    assert view["on_behalf"] == {"kind": "authorised"}
    for words in ("nguyen van minh", "le thi lan"):
        assert code in [d["code"] for d in ok(here.receiver.get("/dossiers", q=words, limit=200))["items"]]
    assert code in [d["code"] for d in ok(here.citizen.get("/dossiers", mine=1, limit=200))["items"]], \
        "the owner's verified ID number makes it his"
    for member in ("kind", "name", "id_number"):
        wrong = dict(samples.MINH, **{member: None})
        problem(here.citizen2.submit(samples.marital(applicant=samples.LAN, owner=wrong)), 422, None,
                "/owner/" + member)


def test_a_waiver_nobody_knows_waives_nothing(here):
    code = ok(here.citizen.submit(samples.marital(
        applicant=dict(samples.MINH, waiver="because"))), 201)["code"]
    assert ok(here.citizen.view(code))["fees"][0]["amount"] == 15000


def test_fees_follow_the_case(here):
    house = ok(here.portal.submit(samples.building()), 201)["code"]
    assert [fee["id"] for fee in ok(here.receiver.view(house))["fees"]] == ["le_phi_house"]


def test_case_papers_are_asked_for(here):
    answer = problem(here.portal.submit(samples.building(case="works")), 422)
    text = json.dumps(answer.json["errors"], ensure_ascii=False)
    assert "thẩm tra" in text and "phê duyệt dự án" in text, text


def test_wrong_format_of_a_paper(here):
    png = ok(here.citizen.upload(samples.PNG, "a.png", "image/png"), 201)["id"]
    body = samples.building(uploads=(png, png))
    answer = problem(here.citizen.submit(body), 422, None, "/documents/1/upload")
    assert "/documents/0/upload" not in [e["pointer"] for e in answer.json["errors"]]


def test_only_agencies_with_the_function_decide(here):
    problem(here.portal.submit(samples.stay(agency=HERE)), 422, None, "/agency")
    problem(here.portal.submit(samples.birth(agency=HERE + ".01")), 422, None, "/agency")
    filed = ok(here.portal.submit(samples.stay()), 201)
    assert filed["agency"] == HERE + ".01" and filed["code"].startswith(HERE + ".01-"), filed
    view = ok(here.portal.view(filed["code"]))
    # 25 people in the list, 7,000 đ each online.
    assert [(fee["id"], fee["amount"]) for fee in view["fees"]] == [("le_phi_list", 175000)]
