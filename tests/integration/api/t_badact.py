"""Acts that are well formed JSON and wrong."""

import samples
from client import new_key
from shapes import ok, problem
from t_birth import step
from t_certificate import filed


def test_actions_that_do_not_exist(here):
    code = filed(here)
    for action in ("fly", "Accept", "đồng ý", "x" * 60):
        problem(here.receiver.act(code, action, task=1), 422, None, "/action")
    for action in (None, "", "  ", 5, True, [], {}, "x" * 61, "a\u0001"):
        problem(here.receiver.post("/dossiers/%s/actions" % code, {"action": action, "task": 1}), 422,
                None, "/action")
    problem(here.receiver.post("/dossiers/%s/actions" % code, {}), 422, None, "/action")


def test_tasks_that_do_not_exist(here):
    code = filed(here)
    for task in ("1", 1.5, True, [], {}, -1, 10 ** 12):
        problem(here.receiver.act(code, "accept", task=task), 422, None, "/task")
    problem(here.receiver.act(code, "accept", task=99), 409)
    problem(here.receiver.act(code, "accept", task=10 ** 30), 400, "json")
    answer = here.receiver.act(code, "accept")
    assert answer.status in (409, 422), answer
    problem(here.receiver.act("H24.15.03-990101-0001", "accept", task=1), 404)
    for strange in ("x", "%20", "%C4%91", "a" * 200, "H24.15.03-261122-0001%0A"):
        answer = here.receiver.post("/dossiers/%s/actions" % strange, {"action": "accept", "task": 1})
        assert answer.status in (400, 404), (strange, answer)


def test_members_of_the_wrong_type(here):
    code = filed(here)
    path = "/dossiers/%s/actions" % code
    base = {"action": "supplement", "task": 1, "reason": "x", "papers": ["status_proof"]}
    for member in ("reason", "note", "receipt", "fee", "method"):
        for value in (5, True, [], {}, "a\u0001b", "\u202e"):
            problem(here.receiver.post(path, dict(base, **{member: value})), 422, None, "/" + member)
    problem(here.receiver.post(path, dict(base, reason="x" * 2001)), 422, None, "/reason")
    for value in ("x", 5, {}, True, ["status_proof"] * 101):
        problem(here.receiver.post(path, dict(base, papers=value)), 422, None, "/papers")
    for value in (5, None, [], {}):
        problem(here.receiver.post(path, dict(base, papers=["status_proof", value])), 422, None,
                "/papers/1")
    problem(here.receiver.post(path, dict(base, papers=["x" * 500])), 422, None, "/papers/0")
    for value in ("x", 5, {}, True):
        problem(here.receiver.post(path, dict(base, documents=value)), 422, None, "/documents")
    for value in (5, "x", None, []):
        answer = problem(here.receiver.post(path, dict(base, documents=[value])), 422)
        assert answer.json["errors"][0]["pointer"].startswith("/documents/0"), answer
    for value in ("x", 5, [], True):
        problem(here.receiver.post(path, dict(base, result=value)), 422, None, "/result")
        problem(here.receiver.post(path, dict(base, receiver=value)), 422, None, "/receiver")
    for value in ("x", 1.5, True, [], {}, -1):
        problem(here.receiver.post(path, dict(base, assignee=value)), 422, None, "/assignee")
    for value in ("yes", 1, [], {}):
        problem(here.receiver.post(path, dict(base, waive=value)), 422, None, "/waive")
    for value in (5, "tomorrow", [], "2026-02-30T00:00:00+07:00"):
        problem(here.receiver.post(path, dict(base, new_due=value)), 422, None, "/new_due")
        problem(here.receiver.post(path, dict(base, received_at=value)), 422, None, "/received_at")
    for value in ("x", {}, 5.5):
        problem(here.receiver.post(path, dict(base, documents=[{"id": "status_proof",
                                                                "copies": value}])), 422, None,
                "/documents/0/copies")
    problem(here.receiver.post(path, dict(base, resaon="x")), 422, None, "/resaon")
    view = ok(here.receiver.view(code))
    assert view["state"] == "submitted" and not view["supplements"], "nothing of all this happened"


def test_papers_of_another_procedure(here):
    code = filed(here)
    step(here.receiver, code, "supplement", "receive", reason="Thiếu", papers=["status_proof"])
    for documents in ([{"id": "drawings"}], [{"id": "no_such"}], [{"id": "status_proof", "upload": "x"}],
                      [{"upload": "x"}], [{}]):
        answer = here.citizen.act(code, "resubmit", "intake_supplement", documents=documents)
        problem(answer, 422)
        assert answer.json["errors"][0]["pointer"].startswith("/documents/0"), answer
    other = ok(here.citizen2.upload(), 201)["id"]
    problem(here.citizen.act(code, "resubmit", "intake_supplement",
                             documents=[{"id": "status_proof", "upload": other}]), 422, None,
            "/documents/0/upload")


def test_results(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "submit", "appraise")
    for result, pointer in (({"code": 5}, "/result/code"), ({"number": 5}, "/result/number"),
                            ({"signed_at": "x"}, "/result/signed_at"),
                            ({"number": "x" * 61}, "/result/number"),
                            ({"upload": "none"}, "/result/upload"),
                            ({"code": "KQ.G15.000031"}, "/result/code")):
        problem(here.leader.act(code, "approve", "approve", result=result), 422, None, pointer)
    step(here.leader, code, "approve", "approve", result={"number": "1"})


def test_long_text_in_lines_is_kept(here):
    code = filed(here)
    reason = "Dòng một\nDòng hai\t– " + "đ" * 1900
    view = step(here.receiver, code, "supplement", "receive", reason=reason, papers=["status_proof"])
    assert view["supplements"][0]["reason"] == reason


def test_every_refusal_leaves_no_trace(here):
    code = filed(here)
    seq = here.value("SELECT head_seq FROM dossier WHERE code = '%s';" % code)
    for body in ({"action": "refuse", "task": 1}, {"action": "fly", "task": 1}, {"action": 1}):
        here.receiver.post("/dossiers/%s/actions" % code, body, new_key())
    assert seq == here.value("SELECT head_seq FROM dossier WHERE code = '%s';" % code)
    assert samples.SECRETS[0] not in here.daemon.log_text()
