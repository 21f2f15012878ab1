"""What accounts are told in the application: who hears of what, in which words, and what each has
read."""

import subprocess

import samples
from client import everywhere, new_key, pages, until
from shapes import TIME, check, ok, problem
from t_birth import filed as filed_birth
from t_birth import step
from t_certificate import filed, to_the_counter
from t_permit import asked
from world import HERE

NOTICE = {"id": int, "at": TIME, "kind": str, "title": str, "text": str, "dossier": str,
          "read": bool}


def told(user, code):
    return [n for n in pages(user, "/notices", limit=200) if n["dossier"] == code]


def kinds(user, code):
    return [n["kind"] for n in told(user, code)]


def unread(user):
    return ok(user.get("/notices", limit=1))["unread"]


def test_the_applicant_hears_of_acceptance_with_the_date(here):
    code = filed(here)
    assert kinds(here.citizen, code) == []
    view = step(here.receiver, code, "accept", "receive")
    notices = told(here.citizen, code)
    check(notices, [NOTICE])
    assert [n["kind"] for n in notices] == ["accepted"]
    due = view["due_current"]
    assert notices[0]["title"] == "Hồ sơ đã được tiếp nhận"
    assert "%s/%s/%s" % (due[8:10], due[5:7], due[:4]) in notices[0]["text"]
    assert code in notices[0]["text"] and "hôn nhân" in notices[0]["text"]
    assert kinds(here.citizen2, code) == [] and kinds(here.officer, code) == []


def test_no_notice_names_a_person_or_a_reason(here):
    reason = "Thiếu trang thứ hai của giấy chứng sinh"
    code = filed_birth(here)
    step(here.receiver, code, "supplement", "receive", reason=reason, papers=["birth_notice"])
    notices = told(here.citizen, code)
    assert [n["kind"] for n in notices] == ["supplement_requested"]
    assert reason not in repr(notices)
    upload = ok(here.citizen.upload(), 201)["id"]
    step(here.citizen, code, "resubmit", "intake_supplement",
         documents=[{"id": "birth_notice", "upload": upload, "copies": 1}])
    assert "resubmitted" in kinds(here.receiver, code), told(here.receiver, code)
    for user in here.people.values():
        text = repr(ok(user.get("/notices", limit=200))["items"])
        for secret in samples.SECRETS:
            assert secret not in text, (user.name, secret)


def test_a_result_is_told(here):
    code = filed(here)
    to_the_counter(here, code)
    assert "result_ready" in kinds(here.citizen, code)


def test_a_pause_is_told(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.leader, code, "suspend", reason="Chờ xác minh")
    assert "suspended" in kinds(here.citizen, code)


def test_a_request_to_withdraw_reaches_the_desk_that_has_it(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.citizen, code, "withdraw", reason="Không cần nữa")
    assert kinds(here.officer, code) == ["withdrawal_requested"]
    assert kinds(here.officer4, code) == [], "another agency's officer"
    step(here.officer, code, "refuse_withdraw", reason="Đã có kết quả")
    assert "withdrawal_refused" in kinds(here.citizen, code)


def test_an_opinion_that_came_is_told_to_who_asked(here):
    code, _ = asked(here)
    for user in (here.fire, here.environment):
        task = [t for t in ok(user.view(code))["tasks"] if t["agency"] != HERE and t["actions"]]
        own = [a["action"] for a in task[0]["actions"] if a["action"] != "take"]
        ok(user.act(code, own[0], task=task[0]["id"], note="Đồng ý"))
        assert kinds(here.officer, code).count("opinion_answered") >= 1, user.name
    assert "opinion_answered" in kinds(here.officer, code), told(here.officer, code)


def test_each_account_has_its_own_marks(here):
    for user in (here.officer, here.officer2, here.citizen):
        newest = ok(user.get("/notices", limit=1))["items"]
        if newest:
            assert user.post("/notices/read", {"up_to": newest[0]["id"]}).status == 204
        assert unread(user) == 0, user.name
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.citizen, code, "withdraw", reason="Không cần nữa")
    assert unread(here.officer) == unread(here.officer2) == 1
    mine = told(here.officer, code)[0]
    assert mine["read"] is False
    assert here.officer.post("/notices/read", {"up_to": mine["id"]}).status == 204
    assert unread(here.officer) == 0 and told(here.officer, code)[0]["read"] is True
    assert unread(here.officer2) == 1 and told(here.officer2, code)[0]["read"] is False


def test_a_mark_never_goes_back_nor_ahead_of_what_is_there(here):
    newest = ok(here.citizen.get("/notices", limit=1))["items"][0]["id"]
    here.citizen.post("/notices/read", {"up_to": newest})
    here.citizen.post("/notices/read", {"up_to": 1})
    assert unread(here.citizen) == 0
    here.citizen.post("/notices/read", {"up_to": 2 ** 62})
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    assert unread(here.citizen) == 1


def test_a_notice_that_commits_late_stays_unread(here):
    """Its number was taken before the mark was set, but nobody could have seen it."""
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    slow = subprocess.Popen(["psql", "-X", "-q", "-At", here.daemon.database("dvcd")],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        slow.stdin.write("BEGIN;\nINSERT INTO notice (account, kind, dossier_id, body, at)"
                         " SELECT a.id, 'late', d.id, '{}', now() FROM account a, dossier d"
                         " WHERE a.username = 'citizen' AND d.code = '%s' RETURNING 'begun';\n"
                         % code)
        slow.stdin.flush()
        assert slow.stdout.readline().strip() == "begun"
        step(here.officer, code, "take", "appraise")
        step(here.leader, code, "suspend", reason="Chờ xác minh")
        newest = ok(here.citizen.get("/notices", limit=1))["items"][0]["id"]
        here.citizen.post("/notices/read", {"up_to": newest})
        assert unread(here.citizen) == 0
        slow.stdin.write("COMMIT;\n")
        slow.stdin.flush()
        assert until(lambda: unread(here.citizen) == 1), "it was never seen and counts as read"
        late = [n for n in told(here.citizen, code) if n["kind"] == "late"]
        assert late and late[0]["read"] is False and late[0]["title"]
    finally:
        slow.stdin.close()
        slow.wait(10)


def test_what_may_no_longer_be_seen_is_not_told_of(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.citizen, code, "withdraw", reason="Không cần nữa")
    assert kinds(here.officer2, code)
    here.sql("UPDATE role_grant SET valid_to = now() WHERE role = 'officer' AND account ="
             " (SELECT id FROM account WHERE username = 'officer2');")
    try:
        assert until(lambda: kinds(here.officer2, code) == [])
    finally:
        here.sql("UPDATE role_grant SET valid_to = NULL WHERE role = 'officer' AND account ="
                 " (SELECT id FROM account WHERE username = 'officer2');")
        assert everywhere(lambda: kinds(here.officer2, code))
    here.sql("UPDATE dossier SET filed_by = (SELECT id FROM account WHERE username = 'citizen2'),"
             " owner_account = NULL, applicant = applicant || '{\"id_number\": \"0\"}',"
             " id_number = '0' WHERE code = '%s';" % code)
    assert kinds(here.citizen, code) == [], "a dossier that is somebody else's now"


def test_a_mark_sent_again(here):
    key = new_key()
    for _ in range(2):
        assert here.citizen.post("/notices/read", {"up_to": 1}, key).status == 204
    problem(here.citizen.post("/notices/read", {"up_to": 2}, key), 422, "idempotency_key_reused")
    assert here.citizen.post("/notices/read", {"up_to": 2}).status == 204


def test_bad_marks_name_the_member(here):
    for body, pointer in (({}, "/up_to"), ({"up_to": 0}, "/up_to"), ({"up_to": "x"}, "/up_to"),
                          ({"up_to": 1, "all": True}, "/all")):
        problem(here.citizen.post("/notices/read", body), 422, None, pointer)
    assert here.citizen.post("/notices/read", b"[]",
                             Content_Type="application/json").status == 400
    assert here.anyone.post("/notices/read", {"up_to": 1}).status == 401
    assert here.anyone.get("/notices").status == 401
