"""Accounts: citizens open their own, passwords change, administrators keep those of their agencies."""

import itertools
import time

from client import new_key, pages, until
from world import GATEWAYS
from shapes import Maybe, check, ok, problem

GOOD = "con ngựa chạy nhanh"
ROLE = {"id": int, "role": str, "agency": str, "agency_name": str, "below": bool, "from": str,
        "to": Maybe(str)}
ROW = {"username": str, "name": str, "kind": str, "disabled": bool, "totp": bool, "roles": [ROLE]}


def person(username, **more):
    body = {"username": username, "password": GOOD, "name": "Đặng Thị Ngọc Ánh",
            "phone": "0912 345 670"}
    body.update(more)
    return body


def register(here, body, address="203.0.113.1", key=None):
    return here.anyone.post("/accounts", body, key, X_Forwarded_For=address)


def staff(here, username, admin="admin", role="officer", agency="H24.15.03", **more):
    """A member of staff made by an administrator: (first password, answer)."""
    body = {"username": username, "name": "Trần Đức Thịnh", "kind": "staff",
            "roles": [{"role": role, "agency": agency}]}
    body.update(more)
    user = here.people.get(admin) or here.sign_in(admin)
    return ok(user.post("/admin/accounts", body), 201)["password"]


def events(here, username):
    return [row[0] for row in here.sql(
        "SELECT e.kind FROM account_event e JOIN account a ON a.id = e.account "
        "WHERE a.username = '%s' ORDER BY e.id;" % username)]


# ---- citizens ----

def test_a_citizen_opens_an_account(here):
    body = person("ngoc.anh", email="ngoc.anh@example.vn", id_number="031190005678")
    assert ok(register(here, body), 201) == {"username": "ngoc.anh"}
    user = here.sign_in("ngoc.anh", GOOD)
    me = ok(user.get("/me"))["account"]
    assert me["kind"] == "citizen" and me["phone"] == "0912345670", me
    assert me["email"] == "ngoc.anh@example.vn" and not me["must_change_password"]
    assert not me["id_number_verified"], "what a person says of himself is no proof"
    assert here.value("SELECT id_number IS NULL AND id_number_claimed = '031190005678' "
                      "FROM account WHERE username = 'ngoc.anh';") == "t"
    assert events(here, "ngoc.anh") == ["register"]
    # The number belongs to citizen2; its dossiers stay hers.
    import samples
    code = ok(here.citizen2.submit(samples.marital(applicant=samples.LAN)), 201)["code"]
    problem(user.view(code), 404)
    assert pages(user, "/dossiers", mine=1) == []


def test_the_password_may_be_typed_in_another_form_of_the_same_letters(here):
    import unicodedata
    ok(register(here, person("nfd.nguoi")), 201)
    here.sign_in("nfd.nguoi", unicodedata.normalize("NFD", GOOD))


def test_what_an_account_needs(here):
    cases = [("username", "An", "/username"), ("username", "Ngọc", "/username"),
             ("username", "NGOCANH", "/username"), ("username", "a b c", "/username"),
             ("username", ".dot", "/username"), ("username", "x" * 33, "/username"),
             ("username", 7, "/username"), ("username", None, "/username"),
             ("password", "ngan", "/password"), ("password", "x" * 129, "/password"),
             ("password", "1234567890", "/password"), ("password", "MatKhau123", "/password"),
             ("password", "aaaaaaaaaaaa", "/password"), ("password", "abababababab", "/password"),
             ("password", "nguoi.moi.den", "/password"), ("password", None, "/password"),
             ("password", "tab\tulator dài", "/password"),
             ("name", "", "/name"), ("name", "12345", "/name"), ("name", "<b>An</b>", "/name"),
             ("name", "A" * 101, "/name"), ("phone", "12", "/phone"), ("phone", None, "/phone"),
             ("email", "an@", "/email"), ("id_number", "123", "/id_number"),
             ("extra", 1, "/extra")]
    for place, (key, value, pointer) in enumerate(cases):
        body = dict(person("nguoi.moi.den"), **{key: value})
        answer = register(here, body, "203.0.113.%d" % (2 + place // 20))
        problem(answer, 422, None, pointer)
        assert GOOD not in answer.raw.decode()
    problem(register(here, b"[1]", "203.0.113.9"), 400)
    problem(register(here, person("citizen")), 422, None, "/username")
    assert here.value("SELECT count(*) FROM account WHERE username = 'nguoi.moi.den';") == "0"


def test_an_answer_that_was_lost_opens_no_second_account(here):
    key, body = new_key(), person("mo.lai", email="mo.lai@example.vn")
    first = ok(register(here, body, "203.0.113.60", key), 201)
    assert ok(register(here, body, "203.0.113.60", key), 201) == first == {"username": "mo.lai"}
    problem(register(here, dict(body, name="Người Khác"), "203.0.113.60", key), 422,
            "idempotency_key_reused")
    problem(register(here, body, "203.0.113.60"), 422, None, "/username")
    problem(here.anyone.call("POST", "/accounts", body, X_Forwarded_For="203.0.113.60"), 400)
    assert here.value("SELECT count(*) FROM account_event e JOIN account a ON a.id = e.account"
                      " WHERE a.username = 'mo.lai';") == "1"


def test_opening_accounts_is_limited_by_address(here):
    """Sixty in a minute at each gateway; the kernel does not share connections out evenly."""
    def refused():
        return all(register(here, b"{}", "203.0.113.77").status == 429 for _ in range(12))

    seen = [register(here, b"{}", "203.0.113.77").status for _ in range(60)]
    assert set(seen) == {422}, seen
    assert any(refused() for _ in range(60 * GATEWAYS)), "no end in sight"
    assert register(here, b"{}", "203.0.113.78").status == 422


def test_contact_data(here):
    ok(register(here, person("lien.lac")), 201)
    user = here.sign_in("lien.lac", GOOD)
    problem(user.call("PATCH", "/me", {"mail_notices": True}), 422, None, "/email")
    me = ok(user.call("PATCH", "/me", {"email": "lien@example.vn", "mail_notices": True}))
    assert me["account"]["email"] == "lien@example.vn" and me["account"]["mail_notices"] is True
    assert me["account"]["phone"] == "0912345670" and "csrf_token" in me
    me = ok(user.call("PATCH", "/me", {"email": None, "mail_notices": False, "phone": "0987 654 321"}))
    assert me["account"]["email"] is None and me["account"]["phone"] == "0987654321"
    assert ok(user.get("/me")) == me, "at once, not five seconds later"
    for body, pointer in (({"phone": "1"}, "/phone"), ({"email": "x"}, "/email"),
                          ({"mail_notices": "yes"}, "/mail_notices"), ({"name": "x"}, "/name")):
        problem(user.call("PATCH", "/me", body), 422, None, pointer)
    problem(here.anyone.call("PATCH", "/me", {"phone": "0987654321"}), 401)


def test_a_new_password(here):
    ok(register(here, person("doi.mat.khau")), 201)
    first, second = here.sign_in("doi.mat.khau", GOOD), here.sign_in("doi.mat.khau", GOOD)
    ok(second.get("/me"))
    for body, pointer in (({"old": "sai roi nhe", "new": "cái mới dài hơn"}, "/old"),
                          ({"old": GOOD, "new": "ngan"}, "/new"), ({"old": GOOD}, "/new"),
                          ({"old": GOOD, "new": GOOD}, "/new"),
                          ({"new": "cái mới dài hơn"}, "/old"),
                          ({"old": GOOD, "new": "doi.mat.khau"}, "/new")):
        problem(first.call("PUT", "/me/password", body), 422, None, pointer)
    answer = first.call("PUT", "/me/password", {"old": GOOD, "new": "cái mới dài hơn"})
    assert answer.status == 204, answer
    ok(first.get("/me"))
    start = time.monotonic()
    assert until(lambda: second.get("/me").status == 401), "the other session goes on"
    assert time.monotonic() - start < 5 + 10  # it is believed for five, the rest is a busy machine's
    problem(here.anyone.call("POST", "/sessions", {"username": "doi.mat.khau", "password": GOOD}), 401)
    here.sign_in("doi.mat.khau", "cái mới dài hơn")
    assert events(here, "doi.mat.khau") == ["register", "password"]


# ---- limits of signing in ----

ADDRESSES = itertools.count()


def attempt(here, username, password="khong phai the"):
    """Each from another address: it is the name that is counted."""
    return here.anyone.call("POST", "/sessions", {"username": username, "password": password},
                            X_Forwarded_For="198.51.100.%d" % (20 + next(ADDRESSES) % 200))


def test_failures_make_known_and_unknown_names_wait_alike(here):
    ok(register(here, person("bi.do.mo")), 201)
    seen = {}
    for name in ("bi.do.mo", "khong.co.ai"):
        answers = [attempt(here, name) for _ in range(7)]
        seen[name] = [(a.status, a.json["code"], a.json["detail"]) for a in answers]
        assert [a.status for a in answers] == [401] * 5 + [429] * 2, answers
        assert 200 < int(answers[-1].headers["Retry-After"]) <= 300
    assert seen["bi.do.mo"] == seen["khong.co.ai"]
    # Who waits learns nothing of the password.
    right, wrong = attempt(here, "bi.do.mo", GOOD), attempt(here, "bi.do.mo")
    assert (right.status, right.json["code"]) == (wrong.status, wrong.json["code"]) == \
        (429, "account_waits")


def test_each_wait_is_twice_the_one_before_to_four_hours(here):
    waits = []
    for _ in range(9):
        here.sql("UPDATE sign_in_failure SET until = now() WHERE name_sha256 = "
                 "sha256(convert_to('bi.do.mo', 'UTF8'));")
        problem(attempt(here, "bi.do.mo"), 401)
        waits.append(int(problem(attempt(here, "bi.do.mo"), 429).headers["Retry-After"]))
    assert [round(wait / 60) for wait in waits] == [10, 20, 40, 80, 160, 240, 240, 240, 240], waits
    here.sql("UPDATE sign_in_failure SET until = now();")
    assert attempt(here, "bi.do.mo", GOOD).status == 201
    assert [attempt(here, "bi.do.mo").status for _ in range(4)] == [401] * 4, "counted anew"


def test_a_right_password_among_many_at_once_opens_only_before_the_wait(here):
    from client import at_once
    ok(register(here, person("nhieu.luc")), 201)
    answers = at_once(*[lambda: attempt(here, "nhieu.luc") for _ in range(16)])
    assert sorted({a.status for a in answers}) in ([401, 429], [401]), answers
    counted = int(here.value("SELECT count FROM sign_in_failure WHERE name_sha256 = "
                             "sha256(convert_to('nhieu.luc', 'UTF8'));"))
    assert counted == 5, "what was under way when the wait began does not count twice: %d" % counted
    assert attempt(here, "nhieu.luc", GOOD).status == 429


def test_known_and_unknown_names_take_the_same_time(here):
    def spent(name):
        start = time.monotonic()
        problem(attempt(here, name), 401)
        return time.monotonic() - start
    here.sql("DELETE FROM sign_in_failure;")
    known, unknown = [], []
    for _ in range(4):  # in turns, the shortest of each: other work on the machine only adds
        known.append(spent("citizen2"))
        unknown.append(spent("ai.do.khong.biet"))
    here.sql("DELETE FROM sign_in_failure;")
    assert 1 / 3 < min(known) / min(unknown) < 3, (known, unknown)


def test_a_wrong_old_password_counts_as_a_failure(here):
    ok(register(here, person("doan.mo")), 201)
    user = here.sign_in("doan.mo", GOOD)
    body = {"old": "doan bua thoi", "new": "cái mới dài hơn"}
    assert [user.call("PUT", "/me/password", body).status for _ in range(6)] == [422] * 5 + [429]
    problem(attempt(here, "doan.mo", GOOD), 429, "account_waits")
    ok(user.get("/me"))
    here.sql("DELETE FROM sign_in_failure;")


# ---- administrators ----

def test_a_first_password_opens_only_the_way_to_a_new_one(here):
    made = staff(here, "can.bo.moi", phone="0912345671")
    user = here.sign_in("can.bo.moi", made)
    me = ok(user.get("/me"))
    assert me["account"]["must_change_password"] is True
    for method, path in (("GET", "/tasks"), ("GET", "/dossiers"), ("GET", "/notices"),
                         ("POST", "/me/totp"), ("PATCH", "/me"), ("GET", "/colleagues")):
        problem(user.call(method, path, None, new_key()), 403, "must_change_password")
    ok(user.get("/procedures"))
    assert user.call("PUT", "/me/password", {"old": made, "new": GOOD}).status == 204
    ok(user.get("/tasks"))
    assert ok(user.get("/me"))["account"]["must_change_password"] is False
    again = here.sign_in("can.bo.moi", GOOD)
    assert again.call("DELETE", "/sessions/current").status == 204
    assert events(here, "can.bo.moi") == ["create", "password"]


def test_the_same_key_finds_the_first_outcome(here):
    body = {"username": "mot.lan", "name": "Một Lần", "kind": "staff",
            "roles": [{"role": "clerk", "agency": "H24.15.03"}]}
    first = ok(here.admin.post("/admin/accounts", body, "acc-1"), 201)
    assert ok(here.admin.post("/admin/accounts", body, "acc-1"), 201) == first
    problem(here.admin.post("/admin/accounts", dict(body, name="Khác"), "acc-1"), 422,
            "idempotency_key_reused")
    problem(here.admin.post("/admin/accounts", body), 422, None, "/username")
    problem(here.admin.call("POST", "/admin/accounts", body), 400)
    here.sign_in("mot.lan", first["password"])
    assert events(here, "mot.lan") == ["create"]


def test_accounts_are_found_without_marks(here):
    staff(here, "tim.thay", name="Đỗ Thị Hoà Bình", role="clerk")
    for q in ("do thi hoa binh", "Đỗ Thị Hòa", "HOA BINH", "tim.th"):
        rows = ok(here.admin.get("/admin/accounts", q=q))["items"]
        assert "tim.thay" in [row["username"] for row in rows], q
    assert ok(here.admin.get("/admin/accounts", q="100% không có"))["items"] == []
    rows = pages(here.admin, "/admin/accounts", limit=5)
    check(rows, [ROW])
    names = [row["username"] for row in rows]
    assert names == sorted(set(names)) and {"citizen", "portal", "officer", "admin3"} <= set(names)
    assert "postal" not in names, "the post's people are another tree's"
    rows = pages(here.admin, "/admin/accounts", limit=50, kind="staff", agency="H24.15.04")
    assert {"receiver4", "officer4", "admin4"} == {row["username"] for row in rows}, rows
    one = ok(here.admin.get("/admin/accounts/tim.thay"))
    assert one["editable"] is True and one["events"][0]["kind"] == "create"
    assert one["events"][0]["by"] == "admin" and "password" not in str(one).replace(
        "must_change_password", "")
    problem(here.admin.get("/admin/accounts/khong.co"), 404)


def test_what_an_administrator_must_say(here):
    body = {"username": "thieu.gi", "name": "Thiếu Gì", "kind": "staff",
            "roles": [{"role": "officer", "agency": "H24.15.03"}]}
    role = body["roles"][0]
    for change, pointer in (({"kind": "system"}, "/kind"), ({"username": "X"}, "/username"),
                            ({"roles": "officer"}, "/roles"),
                            ({"roles": [dict(role, role="king")]}, "/roles/0/role"),
                            ({"roles": [role, dict(role, agency="H99")]}, "/roles/1/agency"),
                            ({"roles": [dict(role, role="postal")]}, "/roles/0/role"),
                            ({"roles": [dict(role, to="2020-01-01T00:00:00Z")]}, "/roles/0/to"),
                            ({"roles": [dict(role, to="tomorrow")]}, "/roles/0/to"),
                            ({"roles": [dict(role, x=1)]}, "/roles/0/x"),
                            ({"kind": "citizen"}, "/roles/0/role"),
                            ({"id_number": "031085001234"}, "/id_number"),
                            ({"phone": "x"}, "/phone")):
        problem(here.admin.post("/admin/accounts", dict(body, **change)), 422, None, pointer)
    assert here.value("SELECT count(*) FROM account WHERE username = 'thieu.gi';") == "0"
    problem(here.admin.post("/admin/accounts/officer/disable", {}), 422, None, "/reason")


def test_disable_and_enable(here):
    made = staff(here, "nghi.viec")
    user = here.sign_in("nghi.viec", made)
    answer = here.admin.post("/admin/accounts/nghi.viec/disable", {"reason": "Nghỉ việc"})
    assert answer.status == 204, answer
    assert until(lambda: user.get("/me").status == 401)
    problem(here.anyone.call("POST", "/sessions", {"username": "nghi.viec", "password": made}), 401)
    problem(here.admin.post("/admin/accounts/nghi.viec/disable", {"reason": "x"}), 409, "disabled")
    assert ok(here.admin.get("/admin/accounts/nghi.viec"))["disabled_reason"] == "Nghỉ việc"
    assert here.admin.post("/admin/accounts/nghi.viec/enable").status == 204
    problem(here.admin.post("/admin/accounts/nghi.viec/enable"), 409, "enabled")
    here.sign_in("nghi.viec", made)
    new = ok(here.admin.post("/admin/accounts/nghi.viec/password"))["password"]
    assert new != made
    problem(here.anyone.call("POST", "/sessions", {"username": "nghi.viec", "password": made}), 401)
    assert ok(here.sign_in("nghi.viec", new).get("/me"))["account"]["must_change_password"]
    assert events(here, "nghi.viec") == ["create", "disable", "enable", "password_reset"]


def test_roles_come_and_go(here):
    made = staff(here, "doi.vai", role="clerk")
    user = here.sign_in("doi.vai", made)
    assert user.call("PUT", "/me/password", {"old": made, "new": GOOD}).status == 204
    given = ok(here.admin.post("/admin/accounts/doi.vai/grants",
                               {"role": "officer", "agency": "H24.15.03"}), 201)["id"]
    problem(here.admin.post("/admin/accounts/doi.vai/grants",
                            {"role": "officer", "agency": "H24.15.03"}), 409, "granted")
    roles = until(lambda: [r["role"] for r in ok(user.get("/me"))["roles"] if r["role"] == "officer"])
    assert roles == ["officer"]
    assert here.admin.call("DELETE", "/admin/accounts/doi.vai/grants/%d" % given).status == 204
    problem(here.admin.call("DELETE", "/admin/accounts/doi.vai/grants/%d" % given), 404)
    assert until(lambda: "officer" not in [r["role"] for r in ok(user.get("/me"))["roles"]])
    ok(here.admin.post("/admin/accounts/doi.vai/grants",
                       {"role": "officer", "agency": "H24.15.03", "from": "2030-01-01T00:00:00+07:00",
                        "to": "2031-01-01T00:00:00+07:00"}), 201)
    assert "officer" not in [r["role"] for r in ok(user.get("/me"))["roles"]], "not before its day"
    problem(here.admin.post("/admin/accounts/citizen/grants",
                            {"role": "officer", "agency": "H24.15.03"}), 422, None, "/role")
    assert events(here, "doi.vai") == ["create", "password", "grant", "revoke", "grant"]


def test_an_administrator_stays_below_his_place(here):
    admin3, admin4 = here.sign_in("admin3"), here.sign_in("admin4")
    here4 = {"username": "cua.xa.bon", "name": "Cửa Xã", "kind": "staff",
             "roles": [{"role": "officer", "agency": "H24.15.04"}]}
    problem(admin3.post("/admin/accounts", here4), 403, "beyond")
    problem(admin3.post("/admin/accounts", dict(here4, roles=[{"role": "admin", "agency": "H24"}])),
            403, "beyond")
    problem(admin3.post("/admin/accounts", dict(here4, kind="citizen", roles=[])), 403, "beyond")
    problem(admin3.post("/admin/accounts", dict(here4, roles=[])), 422, None, "/roles")
    ok(admin4.post("/admin/accounts", here4), 201)
    problem(admin4.post("/admin/accounts/cua.xa.bon/grants",
                        {"role": "officer", "agency": "H24.15.04", "below": True}), 403, "beyond")
    # Someone with a role here and another above or elsewhere: visible, not his to change.
    ok(here.admin.post("/admin/accounts/cua.xa.bon/grants",
                       {"role": "officer", "agency": "H24.15.03"}), 201)
    one = ok(admin3.get("/admin/accounts/cua.xa.bon"))
    assert one["editable"] is False and one["phone"] is None
    problem(admin3.post("/admin/accounts/cua.xa.bon/password"), 403, "beyond")
    problem(admin3.post("/admin/accounts/cua.xa.bon/disable", {"reason": "x"}), 403, "beyond")
    grants = {r["agency"]: r["id"] for r in one["roles"]}
    problem(admin3.call("DELETE", "/admin/accounts/cua.xa.bon/grants/%d" % grants["H24.15.04"]), 404)
    assert admin3.call("DELETE",
                       "/admin/accounts/cua.xa.bon/grants/%d" % grants["H24.15.03"]).status == 204
    for name in ("admin", "citizen", "portal", "receiver4", "postal"):
        problem(admin3.get("/admin/accounts/" + name), 404)
        problem(admin3.post("/admin/accounts/%s/password" % name), 404)
    assert {"officer", "receiver"} <= {r["username"] for r in pages(admin3, "/admin/accounts", limit=50)}


def test_nobody_locks_himself_or_the_last_administrator_out(here):
    problem(here.admin.post("/admin/accounts/admin/disable", {"reason": "x"}), 422, "self")
    problem(here.admin.post("/admin/accounts/admin/password"), 422, "self")
    own = ok(here.admin.get("/admin/accounts/admin"))["roles"][0]["id"]
    problem(here.admin.call("DELETE", "/admin/accounts/admin/grants/%d" % own), 409, "last_admin")
    made = staff(here, "admin.hai", role="admin", agency="H24",
                 roles=[{"role": "admin", "agency": "H24", "below": True}])
    second = here.sign_in("admin.hai", made)
    assert second.call("PUT", "/me/password", {"old": made, "new": GOOD}).status == 204
    assert here.admin.call("DELETE", "/admin/accounts/admin/grants/%d" % own).status == 204
    try:
        number = ok(second.get("/admin/accounts/admin.hai"))["roles"][0]["id"]
        problem(second.call("DELETE", "/admin/accounts/admin.hai/grants/%d" % number), 409,
                "last_admin")
        assert until(lambda: here.admin.get("/admin/accounts").status == 403)
    finally:
        ok(second.post("/admin/accounts/admin/grants",
                       {"role": "admin", "agency": "H24", "below": True}), 201)
    assert until(lambda: here.admin.get("/admin/accounts").status == 200)
    assert here.admin.post("/admin/accounts/admin.hai/disable", {"reason": "thử xong"}).status == 204


def test_others_are_refused_on_every_route(here):
    admin4 = here.sign_in("admin4")
    grant = ok(here.admin.get("/admin/accounts/officer"))["roles"][0]["id"]
    new = {"username": "chen.vao", "name": "Chen Vào", "kind": "staff",
           "roles": [{"role": "officer", "agency": "H24.15.03"}]}
    routes = [("GET", "/admin/accounts", None), ("POST", "/admin/accounts", new),
              ("GET", "/admin/accounts/officer", None),
              ("POST", "/admin/accounts/officer/password", {}),
              ("POST", "/admin/accounts/officer/disable", {"reason": "x"}),
              ("POST", "/admin/accounts/officer/enable", {}),
              ("POST", "/admin/accounts/officer/grants", {"role": "leader", "agency": "H24.15.03"}),
              ("DELETE", "/admin/accounts/officer/grants/%d" % grant, None)]
    for method, path, body in routes:
        for name in ("officer", "citizen", "leader", "auditor", "portal", "postal"):
            problem(here.people[name].call(method, path, body, new_key()), 403, "forbidden")
        problem(here.anyone.call(method, path, body, new_key()), 401)
        answer = admin4.call(method, path, body, new_key())
        if path == "/admin/accounts" and method == "GET":
            assert "officer" not in [r["username"] for r in pages(admin4, path, limit=50)]
        else:
            assert answer.status in (403, 404), (method, path, answer)
    assert here.value("SELECT count(*) FROM account WHERE username = 'chen.vao';") == "0"
    ok(here.officer.get("/me"))
    assert [r["role"] for r in ok(here.officer.get("/me"))["roles"]] == ["officer"]


def test_colleagues(here):
    rows = pages(here.officer, "/colleagues", limit=3, agency="H24.15.03", role="officer")
    names = {row["username"] for row in rows}
    assert {"officer", "officer2"} <= names and "officer4" not in names, names
    check(rows, [{"id": int, "username": str, "name": str, "roles": [{"role": str, "agency": str}]}])
    assert pages(here.officer, "/colleagues", limit=50, agency="H24.15.04") == []
    found = pages(here.officer, "/colleagues", limit=50, q="pham quoc khanh")
    assert [row["username"] for row in found] == ["officer"]
    problem(here.citizen.get("/colleagues"), 403)


def test_what_was_done_cannot_be_undone_or_read_by_the_auditor(here):
    import stand
    for text in ("DELETE FROM account_event;", "UPDATE account_event SET kind = 'create';"):
        try:
            here.daemon.sql(text, role="dvcd_app")
        except stand.StandError as error:
            assert "permission denied" in str(error)
        else:
            raise AssertionError(text)
    for table in ("account_totp", "account_recovery", "sign_in_failure", "session"):
        try:
            here.daemon.sql("SELECT * FROM %s;" % table, role="dvcd_audit")
        except stand.StandError as error:
            assert "permission denied" in str(error)
        else:
            raise AssertionError(table)
    assert here.daemon.value("SELECT count(*) > 0 FROM account_event;", role="dvcd_audit") == "t"
    assert GOOD not in here.daemon.log_text() and "Trần Đức Thịnh" not in here.daemon.log_text()
