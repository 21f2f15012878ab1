"""Dead letters: who sees them, who decides, what stays of it."""

import os
import subprocess

from client import everywhere, new_key, pages, until
from shapes import TIME, check, ok, problem
from t_birth import step
from t_certificate import filed

LETTER = {"id": int, "channel": str, "topic": str, "dossier": (str, None), "created_at": TIME,
          "attempts": int, "strikes": int, "next_at": TIME, "dead_at": TIME, "last_error": str}
REASON = "Đã gửi bằng đường khác cho ông Nguyễn"


def post_dead(here, code, channel="nobody", topic="note"):
    """A row that no channel takes is dead at its first attempt; its number."""
    dossier = here.value("SELECT id FROM dossier WHERE code = '%s';" % code) if code else "0"
    number = here.value("INSERT INTO outbox (dossier_id, channel, topic, key, body, at) VALUES"
                        " (%s, '%s', '%s', gen_random_uuid()::text, '{}', now()) RETURNING id;"
                        % (dossier, channel, topic))
    assert until(lambda: here.value("SELECT count(*) FROM outbox_retry WHERE id = %s"
                                    " AND dead_at IS NOT NULL;" % number) == "1")
    return int(number)


def letters(user, state="dead"):
    return pages(user, "/admin/outbox", limit=100, state=state)


def there(here, number):
    return here.value("SELECT count(*) FROM outbox_retry WHERE id = %d;" % number) == "1"


def history(here, code):
    return pages(here.officer, "/dossiers/%s/events" % code, limit=100)


def test_an_administrator_sees_them_and_is_told(here):
    code = filed(here)
    number = post_dead(here, code)
    found = [item for item in letters(here.admin) if item["id"] == number]
    check(found, [LETTER])
    assert found[0]["dossier"] == code and found[0]["attempts"] == 1
    told = [n for n in ok(here.admin.get("/notices", limit=200))["items"]
            if n["kind"] == "outbox_dead" and n["dossier"] == code]
    assert len(told) == 1 and "nobody" in told[0]["text"], told
    assert here.admin.post("/admin/outbox/%d/skip" % number, {"reason": REASON}).status == 204


def test_nobody_else_does(here):
    code = filed(here)
    number = post_dead(here, code)
    for user in (here.citizen, here.officer, here.leader, here.receiver4, here.portal,
                 here.auditor, here.postal):
        problem(user.get("/admin/outbox"), 403)
        problem(user.get("/admin/carrier-news"), 403)
        for act in ("retry", "skip"):
            problem(user.post("/admin/outbox/%d/%s" % (number, act), {"reason": REASON}), 403)
    assert here.anyone.get("/admin/outbox").status == 401
    assert here.anyone.post("/admin/outbox/%d/skip" % number, {"reason": REASON}).status == 401
    assert there(here, number)
    # An administrator of another place: as if there were none.
    here.sql("INSERT INTO role_grant (account, role, agency) SELECT id, 'admin', 'H24.15.04'"
             " FROM account WHERE username = 'officer4';")
    try:
        assert until(lambda: here.officer4.get("/admin/outbox").status == 200)
        assert number not in [item["id"] for item in letters(here.officer4)]
        for act in ("retry", "skip"):
            problem(here.officer4.post("/admin/outbox/%d/%s" % (number, act), {"reason": REASON}),
                    404)
    finally:
        here.sql("DELETE FROM role_grant WHERE role = 'admin' AND agency = 'H24.15.04' AND account ="
                 " (SELECT id FROM account WHERE username = 'officer4');")
        assert everywhere(lambda: here.officer4.get("/admin/outbox").status == 403)
    assert there(here, number)
    here.admin.post("/admin/outbox/%d/skip" % number, {"reason": REASON})


def test_a_decision_needs_its_reason(here):
    number = post_dead(here, filed(here))
    for act in ("retry", "skip"):
        path = "/admin/outbox/%d/%s" % (number, act)
        for body, pointer in (({}, "/reason"), ({"reason": "  "}, "/reason"),
                              ({"reason": "x" * 501}, "/reason"), ({"reason": 1}, "/reason"),
                              ({"reason": "x", "force": True}, "/force")):
            problem(here.admin.post(path, body), 422, None, pointer)
    for wrong in ("0", "-1", "x", "99999999999999999999", "999999999"):
        problem(here.admin.post("/admin/outbox/%s/skip" % wrong, {"reason": REASON}), 404)
    assert there(here, number)
    problem(here.admin.get("/admin/outbox", state="lost"), 400)
    here.admin.post("/admin/outbox/%d/skip" % number, {"reason": REASON})


def test_a_skip_frees_the_lane_and_stays_in_the_history(here):
    code = filed(here)
    first = post_dead(here, code, "lane")
    dossier = here.value("SELECT id FROM dossier WHERE code = '%s';" % code)
    here.sql("INSERT INTO outbox (dossier_id, channel, topic, key, body, at) VALUES"
             " (%s, 'lane', 'next', gen_random_uuid()::text, '{}', now());" % dossier)
    waiting = until(lambda: here.sql("SELECT id, head, dead_at IS NULL FROM outbox_retry WHERE"
                                     " topic = 'next' AND dossier_id = %s;" % dossier))
    assert waiting[0][1:] == ["f", "t"], "it waits behind the dead letter"
    ok(here.admin.post("/admin/outbox/%d/skip" % first, {"reason": REASON}), 204)
    assert not there(here, first)
    assert until(lambda: here.value("SELECT dead_at IS NOT NULL FROM outbox_retry WHERE id = %s;"
                                    % waiting[0][0]) == "t"), "the next one had its turn"
    event = [e for e in history(here, code) if e["kind"] == "outbox_skipped"]
    assert len(event) == 1 and REASON not in event[0]["body"] and '"lane"' in event[0]["body"]
    problem(here.admin.post("/admin/outbox/%d/skip" % first, {"reason": REASON}), 404)
    here.admin.post("/admin/outbox/%s/skip" % waiting[0][0], {"reason": REASON})


def test_a_retry_forgets_the_strikes(here):
    code = filed(here)
    number = post_dead(here, code)
    here.sql("UPDATE outbox_retry SET strikes = 9 WHERE id = %d;" % number)
    before = [i for i in letters(here.admin) if i["id"] == number][0]
    ok(here.admin.post("/admin/outbox/%d/retry" % number, {"reason": REASON}), 204)
    again = until(lambda: [i for i in letters(here.admin) if i["id"] == number and
                           i["attempts"] == before["attempts"] + 1])
    assert again and again[0]["strikes"] == 0 and again[0]["dead_at"] > before["dead_at"]
    assert [e["kind"] for e in history(here, code)].count("outbox_retried") == 1
    ok(here.admin.post("/admin/outbox/%d/skip" % number, {"reason": REASON}), 204)


def test_a_decision_sent_again_is_one(here):
    for code in (filed(here), None):
        number, key = post_dead(here, code), new_key()
        path = "/admin/outbox/%d/%%s" % number

        def attempts():
            return int(here.value("SELECT coalesce(max(attempts), 0) FROM outbox_retry WHERE id = %d"
                                  " AND dead_at IS NOT NULL;" % number))

        before = attempts()
        ok(here.admin.post(path % "retry", {"reason": REASON}, key), 204)
        assert until(lambda: attempts() == before + 1)
        ok(here.admin.post(path % "retry", {"reason": REASON}, key), 204)
        problem(here.admin.post(path % "retry", {"reason": "Khác"}, key), 422, "idempotency_key_reused")
        problem(here.admin.post(path % "skip", {"reason": REASON}, key), 422, "idempotency_key_reused")
        assert attempts() == before + 1
        key = new_key()
        for _ in range(2):
            ok(here.admin.post(path % "skip", {"reason": REASON}, key), 204)
        assert not there(here, number)
        if code:
            kinds = [e["kind"] for e in history(here, code)]
            assert (kinds.count("outbox_retried"), kinds.count("outbox_skipped")) == (1, 1), kinds
        else:
            assert here.value("SELECT string_agg(action, ' ' ORDER BY id) FROM outbox_record"
                              " WHERE outbox_id = %d;" % number) == "retry skip"


def test_a_retry_that_was_cut_off_is_done_when_it_comes_again(here):
    """Its event is committed before the row moves."""
    code, key = filed(here), new_key()
    number = post_dead(here, code)
    ok(here.admin.post("/admin/outbox/%d/retry" % number, {"reason": REASON}, key), 204)
    assert until(lambda: there(here, number) and [i for i in letters(here.admin) if i["id"] == number
                                                  and i["attempts"] == 2])
    here.sql("UPDATE outbox_retry SET dead_at = now() - interval '1 hour' WHERE id = %d;" % number)
    ok(here.admin.post("/admin/outbox/%d/retry" % number, {"reason": REASON}, key), 204)
    assert until(lambda: [i for i in letters(here.admin) if i["id"] == number and i["attempts"] == 3])
    assert [e["kind"] for e in history(here, code)].count("outbox_retried") == 1
    ok(here.admin.post("/admin/outbox/%d/skip" % number, {"reason": REASON}), 204)


def test_what_is_still_tried_is_not_decided_on(here):
    code = filed(here)
    number = post_dead(here, code)
    here.sql("UPDATE outbox_retry SET dead_at = NULL, next_at = now() + interval '1 hour'"
             " WHERE id = %d;" % number)
    assert number in [item["id"] for item in letters(here.admin, "waiting")]
    assert number not in [item["id"] for item in letters(here.admin)]
    for act in ("retry", "skip"):
        problem(here.admin.post("/admin/outbox/%d/%s" % (number, act), {"reason": REASON}), 409,
                "not_dead")
    here.sql("DELETE FROM outbox_retry WHERE id = %d;" % number)


def test_without_a_dossier_a_record_tells_of_it(here):
    number = post_dead(here, None)
    assert number in [item["id"] for item in letters(here.admin)]
    ok(here.admin.post("/admin/outbox/%d/skip" % number, {"reason": REASON}), 204)
    assert not there(here, number)
    rows = here.sql("SELECT r.action, r.reason, a.username, r.channel FROM outbox_record r"
                    " JOIN account a ON a.id = r.account WHERE r.outbox_id = %d;" % number)
    assert rows == [["skip", REASON, "admin", "nobody"]], rows


def test_a_dossier_that_cannot_be_read_keeps_nobody_from_deciding(here):
    code = filed(here)
    number = post_dead(here, code)
    here.sql("UPDATE dossier SET state = 'no_such_state' WHERE code = '%s';" % code)
    try:
        ok(here.admin.post("/admin/outbox/%d/skip" % number, {"reason": REASON}), 204)
        assert not there(here, number)
        assert here.value("SELECT count(*) FROM outbox_record WHERE outbox_id = %d;" % number) == "1"
    finally:
        here.sql("UPDATE dossier SET state = 'submitted' WHERE code = '%s';" % code)


def test_the_record_cannot_be_changed_by_a_worker(here):
    for table in ("outbox_record", "carrier_unread"):
        for right in ("UPDATE", "DELETE"):
            assert here.value("SELECT has_table_privilege('dvcd_app', '%s', '%s');"
                              % (table, right)) == "f", (table, right)


def test_news_of_a_dossier_that_cannot_be_read_are_kept(here):
    from t_postal import event, ordered, sent, webhook
    code, parcel = sent(here)
    parcel = ordered(here, code)
    here.sql("UPDATE dossier SET state = 'no_such_state' WHERE code = '%s';" % code)
    try:
        said = dict(event(parcel, 3, "kept"), note="Người ký nhận: Nguyễn Văn Minh")
        assert webhook(here, [said]).status == 204
        assert webhook(here, [said]).status == 204
        found = [item for item in pages(here.admin, "/admin/carrier-news", limit=100)
                 if item["event"] == said["id"]]
        assert len(found) == 1 and found[0]["order_number"] == parcel["order_number"], found
        assert found[0]["dossier"] == code and "Minh" not in repr(found)
    finally:
        here.sql("UPDATE dossier SET state = 'in_post' WHERE code = '%s';" % code)


def test_the_owner_of_the_node_decides_by_dvcctl(here):
    number = post_dead(here, filed(here))
    listed = dvcctl(here, "outbox", "list")
    assert listed.returncode == 0 and str(number) in listed.stdout.split(), listed
    assert dvcctl(here, "outbox", "skip", str(number)).returncode == 100, "a reason is needed"
    assert there(here, number)
    again = here.value("SELECT attempts FROM outbox_retry WHERE id = %d;" % number)
    assert dvcctl(here, "outbox", "retry", str(number), "--reason", REASON).returncode == 0
    assert until(lambda: here.value("SELECT attempts > %s AND dead_at IS NOT NULL FROM outbox_retry"
                                    " WHERE id = %d;" % (again, number)) == "t")
    assert dvcctl(here, "outbox", "skip", str(number), "--reason", REASON).returncode == 0
    assert not there(here, number)
    assert dvcctl(here, "outbox", "skip", str(number), "--reason", REASON).returncode == 1
    assert here.sql("SELECT action, account IS NULL FROM outbox_record WHERE outbox_id = %d"
                    " ORDER BY id;" % number) == [["retry", "t"], ["skip", "t"]]


def dvcctl(here, *words):
    program = os.environ.get("DVCCTL") or os.path.join(
        os.path.dirname(os.path.dirname(os.path.abspath(here.daemon.dvcd))), "ctl", "dvcctl")
    return subprocess.run([program, *words, "--config", here.daemon.config],
                          capture_output=True, encoding="utf-8", timeout=30, check=False)
