"""1.001193, registration of a birth, whole walks: the applicant confirms the draft; change of a
draft; verification elsewhere; the applicant's silence is not tested here but in the scenarios."""

import samples
from shapes import DEADLINE, DOSSIER, SUBMITTED, check, ok, problem

RESULT = {"code": "KQ.G15.000031", "number": "126/2026", "signed_by": "Đỗ Minh Đức",
          "signed_at": "2026-11-20T10:00:00+07:00"}


def state(view):
    return view["state"], view["status"], view["clock"]


def step(user, code, action, at=None, **more):
    view = ok(user.act(code, action, at, **more))
    check(view, DOSSIER)
    return view


def filed(here, **more):
    upload = ok(here.citizen.upload(), 201)["id"]
    answer = here.citizen.submit(samples.birth(upload=upload, **more))
    body = ok(answer, 201)
    check(body, SUBMITTED)
    assert answer.headers["Location"] == "/api/v1/dossiers/" + body["code"]
    assert (body["state"], body["status"], body["due"]) == ("submitted", 1, None)
    return body["code"]


def steps_of(view):
    return [task["step"] for task in view["tasks"]]


def test_from_filing_to_the_counter_with_a_confirmed_draft(here):
    code = filed(here)
    view = ok(here.receiver.view(code))
    check(view, DOSSIER)
    assert steps_of(view) == ["receive"] and view["tasks"][0]["role"] == "receiver"
    assert view["tasks"][0]["due"], "an online dossier has an intake limit"
    assert [a["action"] for a in view["tasks"][0]["actions"]] == [
        "accept", "supplement", "refuse", "take"]

    view = step(here.receiver, code, "accept", "receive")
    assert state(view) == ("accepted", 2, "running") and steps_of(view) == ["appraise"]
    assert view["received_at"] and view["due_first"] == view["due_current"]
    assert view["due_first"].endswith("17:00:00+07:00")
    assert [form["form"] for form in view["forms"]] == ["receipt"]
    due = view["due_current"]

    view = step(here.officer, code, "send_draft", "appraise")
    assert state(view) == ("awaiting_confirmation", 4, "held"), state(view)
    assert code in [n["dossier"] for n in ok(here.citizen.get("/notices"))["items"]]
    mine = ok(here.citizen.view(code))
    assert [a["action"] for a in mine["tasks"][0]["actions"]] == ["confirm", "change"]
    view = step(here.citizen, code, "confirm", "confirm_draft")
    assert steps_of(view) == ["register"] and view["clock"] == "running"
    assert view["due_first"] == due

    step(here.officer, code, "record", "register")
    view = step(here.leader, code, "approve", "approve", result=RESULT)
    assert view["results"][0]["number"] == "126/2026" and view["results"][0]["name"] == "Giấy khai sinh"
    view = step(here.clerk, code, "issue", "issue_result")
    assert state(view) == ("finished", 9, "ended") and view["finished_at"]
    assert view["returned_at"] is None
    view = step(here.receiver, code, "hand_over", "return_result",
                receiver={"name": "Nguyễn Văn Minh", "relation": "self", "identity_checked": True})
    assert state(view) == ("returned", 10, "ended") and view["returned_at"] and not view["tasks"]
    assert [a["action"] for a in view["actions"]] == ["correct", "note"] or \
        [a["action"] for a in view["actions"]] == ["note"], view["actions"]
    assert ok(here.anyone.get("/lookup/" + code)) == {"code": code, "completion": 100}


def test_the_deadline_explains_itself(here):
    code = filed(here)
    before = ok(here.citizen.get("/dossiers/%s/deadline" % code))
    check(before, DEADLINE)
    assert before["clock"] == "none" and before["due_current"] is None and before["limit"] == "same_day"
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "send_draft", "appraise")
    body = ok(here.citizen.get("/dossiers/%s/deadline" % code))
    check(body, DEADLINE)
    assert body["clock"] == "held" and body["days"] and body["source"] == "163/QĐ-BTP"
    assert any(day["counted"] for day in body["days"])
    assert len(body["holds"]) == 1 and body["holds"][0]["party"] == "citizen"
    assert body["holds"][0]["to"] is None
    step(here.citizen, code, "confirm", "confirm_draft")
    body = ok(here.citizen.get("/dossiers/%s/deadline" % code))
    check(body, DEADLINE)
    assert body["holds"][0]["to"]


def test_a_draft_that_must_change_comes_back(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "send_draft", "appraise")
    problem(here.citizen.act(code, "change", "confirm_draft"), 422, "reason_required", "/reason")
    view = step(here.citizen, code, "change", "confirm_draft", reason="Tên trẻ là Bình An")
    assert steps_of(view) == ["appraise"] and view["clock"] == "running"
    step(here.officer, code, "send_draft", "appraise")
    view = step(here.citizen, code, "confirm", "confirm_draft")
    assert steps_of(view) == ["register"]


def test_the_receiver_enters_the_applicants_answer(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "send_draft", "appraise")
    problem(here.clerk.act(code, "confirm", "confirm_draft"), 403)
    step(here.receiver, code, "confirm", "confirm_draft")


def test_verification_elsewhere_holds_the_clock(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    view = step(here.officer, code, "verify", "appraise")
    assert state(view)[0] == "consulting" and view["clock"] == "held"
    view = step(here.officer, code, "answered", "verification")
    assert view["clock"] == "running" and steps_of(view) == ["appraise"]


def test_supplement_before_acceptance_closes_and_comes_back(here):
    code = filed(here)
    problem(here.receiver.act(code, "supplement", "receive", papers=["birth_notice"]), 422,
            "reason_required", "/reason")
    problem(here.receiver.act(code, "supplement", "receive", reason="Ảnh mờ"), 422,
            "papers_required", "/papers")
    problem(here.receiver.act(code, "supplement", "receive", reason="Ảnh mờ", papers=["none_such"]),
            422, "paper_unknown", "/papers/0")
    view = step(here.receiver, code, "supplement", "receive", reason="Ảnh mờ",
                papers=["birth_notice"])
    assert view["clock"] == "none" and view["received_at"] is None and view["status"] == 5
    assert view["supplements"][0]["stage"] == "intake" and not view["supplements"][0]["closed_at"]
    assert view["supplements"][0]["papers"] == ["birth_notice"]
    upload = ok(here.citizen.upload(samples.PNG, "rõ.png", "image/png"), 201)["id"]
    view = step(here.citizen, code, "resubmit", "intake_supplement",
                documents=[{"id": "birth_notice", "upload": upload, "copies": 1}])
    assert view["supplements"][0]["closed_at"] and steps_of(view) == ["receive"]
    assert [paper["file"]["type"] for paper in view["documents"]] == ["application/pdf", "image/png"]
    problem(here.receiver.act(code, "supplement", "receive", reason="Lại mờ",
                              papers=["birth_notice"]), 422, "supplement_limit")
    step(here.receiver, code, "accept", "receive")


def test_refusal_before_acceptance(here):
    code = filed(here)
    problem(here.receiver.act(code, "refuse", "receive"), 422, "reason_required", "/reason")
    problem(here.receiver.act(code, "refuse", "receive", reason="   "), 422, None, "/reason")
    view = step(here.receiver, code, "refuse", "receive", reason="Không thuộc thẩm quyền")
    assert state(view) == ("not_accepted", 3, "ended") or state(view) == ("not_accepted", 3, "none")
    assert "refusal" in [form["form"] for form in view["forms"]] and not view["tasks"]
    assert view["received_at"] is None and view["finished_at"] is None
    problem(here.receiver.act(code, "accept", task=1), 409)


def test_refusal_after_acceptance(here):
    code = filed(here)
    for user, action, at in ((here.receiver, "accept", "receive"),
                             (here.officer, "send_draft", "appraise"),
                             (here.citizen, "confirm", "confirm_draft"),
                             (here.officer, "record", "register")):
        step(user, code, action, at)
    problem(here.leader.act(code, "refuse", "approve"), 422, "reason_required", "/reason")
    view = step(here.leader, code, "refuse", "approve", reason="Giấy chứng sinh là giả")
    assert state(view) == ("refused", 8, "ended") and view["finished_at"]
    assert "refusal" in [form["form"] for form in view["forms"]]


def test_electronic_result_is_published(here):
    code = filed(here, delivery={"method": "electronic"})
    for user, action, at in ((here.receiver, "accept", "receive"),
                             (here.officer, "send_draft", "appraise"),
                             (here.citizen, "confirm", "confirm_draft"),
                             (here.officer, "record", "register")):
        step(user, code, action, at)
    upload = ok(here.leader.upload(b"%PDF-1.7\nsigned", "Giấy khai sinh.pdf"), 201)["id"]
    step(here.leader, code, "approve", "approve", result=dict(RESULT, upload=upload))
    step(here.clerk, code, "issue", "issue_result")
    view = step(here.receiver, code, "publish", "return_result")
    assert state(view) == ("returned", 10, "ended")
    file = here.citizen.get("/dossiers/%s/results/%d" % (code, view["results"][0]["id"]))
    assert file.status == 200 and file.raw == b"%PDF-1.7\nsigned"
