"""1.004873, certificate of marital status: the fee is paid at the counter before the result leaves."""

import samples
from shapes import ok, problem
from t_birth import state, step, steps_of

RESULT = {"code": "KQ.G15.000038", "number": "77/UBND-XNTTHN"}


def filed(here, user=None, **more):
    return ok((user or here.citizen).submit(samples.marital(**more)), 201)["code"]


def to_the_counter(here, code):
    for user, action, at, more in ((here.receiver, "accept", "receive", {}),
                                   (here.officer, "submit", "appraise", {}),
                                   (here.leader, "approve", "approve", {"result": RESULT}),
                                   (here.clerk, "issue", "issue_result", {})):
        view = step(user, code, action, at, **more)
    return view


def test_the_fee_at_the_counter(here):
    code = filed(here)
    fee = ok(here.citizen.view(code))["fees"]
    assert len(fee) == 1 and fee[0]["amount"] == 15000 and not fee[0]["waived"]
    assert fee[0]["paid_at"] is None and fee[0]["receipt"] is None
    view = to_the_counter(here, code)
    assert state(view)[0] == "finished"
    receiver = {"name": "Nguyễn Văn Minh"}
    unpaid = problem(here.receiver.act(code, "hand_over", "return_result", receiver=receiver), 422,
                     "fee_unpaid")
    assert "Lệ phí" in unpaid.json["detail"]
    problem(here.officer.act(code, "pay", receipt="0000123"), 403)
    problem(here.citizen.act(code, "pay", receipt="0000123"), 403)
    problem(here.receiver.act(code, "pay"), 422, "receipt_required", "/receipt")
    problem(here.receiver.act(code, "pay", fee="no_such", receipt="0000123"), 422, "fee_unknown",
            "/fee")
    view = step(here.receiver, code, "pay", receipt="0000123", method="cash")
    assert view["fees"][0]["paid_at"] and view["fees"][0]["receipt"] == "0000123"
    problem(here.receiver.act(code, "pay", receipt="0000124"), 422, "fee_already_paid")
    view = step(here.receiver, code, "hand_over", "return_result", receiver=receiver)
    assert state(view) == ("returned", 10, "ended")


def test_a_waiver_at_the_counter(here):
    code = filed(here)
    to_the_counter(here, code)
    problem(here.receiver.act(code, "pay", waive=True), 422, "reason_required", "/reason")
    view = step(here.receiver, code, "pay", waive=True, reason="Hộ nghèo, giấy số 12")
    assert view["fees"][0]["waived"] and view["fees"][0]["paid_at"] is None
    step(here.receiver, code, "hand_over", "return_result", receiver={"name": "Nguyễn Văn Minh"})


def test_a_waiver_by_who_the_applicant_is(here):
    code = filed(here, applicant=dict(samples.MINH, waiver="poor"))
    fee = ok(here.citizen.view(code))["fees"][0]
    assert fee["waived"] and fee["amount"] == 0
    to_the_counter(here, code)
    step(here.receiver, code, "hand_over", "return_result", receiver={"name": "Nguyễn Văn Minh"})


def test_the_hand_over_names_who_came(here):
    code = filed(here)
    to_the_counter(here, code)
    step(here.receiver, code, "pay", receipt="1")
    problem(here.receiver.act(code, "hand_over", "return_result"), 422, "receiver_required",
            "/receiver")
    problem(here.receiver.act(code, "hand_over", "return_result", receiver={"relation": "x"}), 422,
            None, "/receiver/name")
    problem(here.receiver.act(code, "hand_over", "return_result", receiver="Minh"), 422, None,
            "/receiver")
    problem(here.receiver.act(code, "publish", "return_result"), 422, "action_not_offered")
    problem(here.receiver.act(code, "post", "return_result"), 422, "action_not_offered")


def test_payment_asked_before_acceptance(here):
    code = filed(here)
    view = step(here.receiver, code, "ask_payment", "receive")
    assert view["status"] == 6, view["status"]
    problem(here.receiver.act(code, "accept", task=1), 409)
    view = step(here.receiver, code, "go_on", "intake_payment")
    assert steps_of(view) == ["receive"]


def test_a_supplement_after_acceptance_restarts_the_clock(here):
    code = filed(here)
    first = step(here.receiver, code, "accept", "receive")
    view = step(here.officer, code, "supplement", "appraise", reason="Thiếu bản án",
                papers=["status_proof"])
    assert state(view) == ("supplement", 5, "held") and view["due_first"] == first["due_first"]
    assert view["supplements"][0]["stage"] == "appraisal"
    upload = ok(here.citizen.upload(), 201)["id"]
    step(here.citizen, code, "resubmit", "supplement",
         documents=[{"id": "status_proof", "upload": upload}])
    problem(here.receiver.act(code, "incomplete", "supplement_check"), 422, "reason_required")
    view = step(here.receiver, code, "incomplete", "supplement_check", reason="Chưa có dấu")
    assert len(view["supplements"]) == 1 and view["clock"] == "held", "the same request, not a second"
    step(here.citizen, code, "resubmit", "supplement",
         documents=[{"id": "status_proof", "upload": upload}])
    view = step(here.receiver, code, "complete", "supplement_check")
    assert view["clock"] == "running" and steps_of(view) == ["appraise"]
    assert view["supplements"][0]["closed_at"] and view["due_first"] == first["due_first"]
    assert view["due_current"] >= first["due_current"]
    problem(here.officer.act(code, "supplement", "appraise", reason="Lại thiếu",
                             papers=["status_proof"]), 422, "supplement_limit")
