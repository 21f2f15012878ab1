"""1.013225, building permit: two opinions asked for at once and joined, supplement and restart."""

import samples
from client import at_once, new_key
from shapes import ok, problem
from t_birth import state, step, steps_of
from world import ENVIRONMENT, FIRE

RESULT = {"code": "KQ.G17.000311", "number": "15/GPXD"}


def filed(here, floors=7):
    body = samples.building(floors, uploads=(ok(here.citizen.upload(), 201)["id"],
                                             ok(here.citizen.upload(b"%PDF-1.5\nplans"), 201)["id"]))
    return ok(here.citizen.submit(body), 201)["code"]


def asked(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    view = step(here.officer, code, "consult", "appraise")
    return code, view


def test_the_whole_walk_with_two_opinions(here):
    code, view = asked(here)
    assert state(view) == ("consulting", 4, "running"), state(view)
    places = {task["step"]: task["agency"] for task in view["tasks"]}
    assert places == {"ask_fire": FIRE, "ask_environment": ENVIRONMENT}, places
    first = ok(here.fire.view(code))
    assert [a["action"] for t in first["tasks"] if t["step"] == "ask_fire" for a in t["actions"]
            ] == ["answer", "take"]
    assert [t["actions"] for t in first["tasks"] if t["step"] == "ask_environment"] == [[]]
    problem(here.fire.act(code, "answer", "ask_environment"), 403)
    view = step(here.fire, code, "answer", "ask_fire", note="Đồng ý về phòng cháy")
    assert steps_of(view) == ["ask_environment"]
    problem(here.officer.act(code, "submit", task=99), 409)
    view = step(here.environment, code, "answer", "ask_environment")
    view = ok(here.officer.view(code))
    assert steps_of(view) == ["appraise"] and view["state"] == "processing", state(view)

    view = step(here.officer, code, "supplement", "appraise", reason="Bản vẽ thiếu mặt cắt",
                papers=["drawings"])
    due = view["due_first"]
    upload = ok(here.citizen.upload(b"%PDF-1.5\nsections"), 201)["id"]
    step(here.citizen, code, "resubmit", "supplement",
         documents=[{"id": "drawings", "upload": upload, "copies": 2}])
    view = step(here.receiver, code, "complete", "supplement_check")
    assert view["clock"] == "running" and view["due_first"] == due
    step(here.officer, code, "submit", "appraise")
    step(here.unit_head, code, "agree", "review")
    problem(here.leader.act(code, "approve", "approve"), 422, "result_required", "/result")
    problem(here.leader.act(code, "approve", "approve", result={"code": "KQ.X", "number": "1"}), 422,
            "result_unknown", "/result/code")
    step(here.leader, code, "approve", "approve", result=RESULT)
    step(here.clerk, code, "issue", "issue_result")
    problem(here.receiver.act(code, "hand_over", "return_result", receiver={"name": "Minh"}), 422,
            "fee_unpaid")
    step(here.receiver, code, "pay", receipt="HĐ-9")
    view = step(here.receiver, code, "hand_over", "return_result", receiver={"name": "Minh"})
    assert state(view) == ("returned", 10, "ended") and view["fees"][0]["amount"] == 75000


def test_few_floors_need_no_opinion(here):
    code = filed(here, floors=3)
    step(here.receiver, code, "accept", "receive")
    offered = [a["action"] for a in ok(here.officer.view(code))["tasks"][0]["actions"]]
    assert offered == ["submit", "supplement", "take"], offered
    problem(here.officer.act(code, "consult", "appraise"), 422, "action_not_offered", "/action")


def test_two_officers_answer_at_the_same_instant(here):
    for _ in range(8):
        code, view = asked(here)
        tasks = {task["step"]: task["id"] for task in view["tasks"]}
        answers = at_once(
            lambda: here.fire.act(code, "answer", task=tasks["ask_fire"]),
            lambda: here.environment.act(code, "answer", task=tasks["ask_environment"]))
        assert [answer.status for answer in answers] == [200, 200], answers
        view = ok(here.officer.view(code))
        assert steps_of(view) == ["appraise"], steps_of(view)
        kinds = [event["kind"] for event in
                 ok(here.officer.get("/dossiers/%s/events" % code))["items"]]
        assert kinds.count("submitted") == 1
        assert here.value("SELECT count(*) FROM task t JOIN dossier d ON d.id = t.dossier_id "
                          "WHERE d.code = '%s' AND t.step = 'appraise';" % code) == "2"


def test_the_same_task_twice_at_once(here):
    for _ in range(5):
        code, view = asked(here)
        task = [t["id"] for t in view["tasks"] if t["step"] == "ask_fire"][0]
        statuses = sorted(answer.status for answer in at_once(
            *[lambda: here.fire.act(code, "answer", task=task) for _ in range(3)]))
        assert statuses == [200, 409, 409], statuses


def test_a_double_click_is_one_act(here):
    code, view = asked(here)
    task = [t["id"] for t in view["tasks"] if t["step"] == "ask_fire"][0]
    key = new_key()
    answers = at_once(*[lambda: here.fire.act(code, "answer", task=task, key=key)
                        for _ in range(4)])
    assert [answer.status for answer in answers] == [200] * 4, answers
    kinds = [event["kind"] for event in
             ok(here.officer.get("/dossiers/%s/events" % code, limit=200))["items"]]
    later = here.fire.act(code, "answer", task=task, key=key)
    assert later.status == 200, later
    assert kinds == [event["kind"] for event in
                     ok(here.officer.get("/dossiers/%s/events" % code, limit=200))["items"]]


def test_screening_stops_before_anything_is_filled(here):
    answer = here.citizen.submit(samples.building(screening="yes"))
    problem(answer, 422, None, "/screening")
