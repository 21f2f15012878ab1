"""Signing in and out, the cookie and its CSRF token, how long a revocation takes."""

import json
import time

import samples
from client import User, everywhere, new_key
from shapes import ME, TIME, check, ok, problem

ELSEWHERE = "198.51.100.11"  # sign-ins of one address are limited
CASHIERS = "SELECT id FROM account WHERE username = '%s'"


def test_sign_in_and_me(here):
    answer = here.anyone.call("POST", "/sessions", {"username": "officer",
                                                    "password": here.password})
    body = ok(answer, 201)
    check(body, {"token": str, "expires_at": TIME,
                 "account": {"username": str, "name": str, "kind": str}})
    assert len(body["token"]) >= 32
    cookie = answer.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie, cookie
    me = ok(User(here.api, body["token"]).get("/me"))
    check(me, ME)
    assert me["account"]["username"] == "officer" and me["account"]["kind"] == "staff"
    assert [(role["role"], role["agency"]) for role in me["roles"]] == [("officer", "H24.15.03")]


def test_wrong_password_and_unknown_name_look_alike(here):
    wrong = here.anyone.call("POST", "/sessions", {"username": "officer", "password": "no"})
    unknown = here.anyone.call("POST", "/sessions", {"username": "nobody-here", "password": "no"})
    problem(wrong, 401)
    problem(unknown, 401)
    assert wrong.json["detail"] == unknown.json["detail"] and wrong.json["code"] == unknown.json["code"]


def test_malformed_sign_in(here):
    for body in (b"", b"{", b"[]", b"\"x\"", b"{\"username\": \"officer\"}",
                 b"{\"username\": 1, \"password\": 2}", b"{\"username\": \"\xff\", \"password\": \"x\"}",
                 b"{\"username\": {}, \"password\": []}"):
        answer = here.anyone.call("POST", "/sessions", body)
        assert answer.status in (400, 401, 422), (body, answer)
    problem(here.anyone.call("POST", "/sessions", b"{\"x\":\"" + b"a" * 5000 + b"\"}"), 413)
    for name in ("a\u0000b", "o" * 200, "' OR 1=1 --", "off\u200bicer"):
        answer = here.anyone.call("POST", "/sessions", {"username": name, "password": "x"})
        assert answer.status in (400, 401, 422), (name, answer)


def test_without_or_with_a_false_token(here):
    for token in (None, "nonsense", "x" * 200, "../../etc"):
        for path in ("/me", "/dossiers", "/tasks", "/notices", "/parcels"):
            problem(User(here.api, token).get(path), 401, "unauthenticated")


def test_sign_out_ends_the_token(here):
    user = here.sign_in("officer")
    ok(user.get("/me"))
    gone = user.call("DELETE", "/sessions/current")
    assert gone.status == 204 and gone.raw == b"", gone
    problem(user.get("/me"), 401)


def test_cookie_needs_the_csrf_token(here):
    first = here.anyone.call("POST", "/sessions", {"username": "citizen",
                                                   "password": here.password})
    cookie = first.headers["Set-Cookie"].split(";")[0]
    csrf = ok(here.anyone.call("GET", "/me", Cookie=cookie))["csrf_token"]
    body = samples.marital()
    problem(here.anyone.call("POST", "/dossiers", body, "csrf-1", Cookie=cookie), 403, "csrf")
    problem(here.anyone.call("POST", "/dossiers", body, "csrf-1", Cookie=cookie,
                             X_CSRF_Token=csrf[:-1] + "!"), 403, "csrf")
    ok(here.anyone.call("POST", "/dossiers", body, "csrf-1", Cookie=cookie, X_CSRF_Token=csrf), 201)
    problem(here.anyone.call("DELETE", "/sessions/current", Cookie=cookie), 403, "csrf")
    assert here.anyone.call("DELETE", "/sessions/current", Cookie=cookie,
                            X_CSRF_Token=csrf).status == 204
    problem(here.anyone.call("GET", "/me", Cookie=cookie), 401)


def test_a_page_of_another_site_signs_nobody_in(here):
    """SameSite keeps a cookie from going out with such a request, not one from coming in with its
    answer: the visitor would go on in the attacker's account."""
    body = json.dumps({"username": "citizen", "password": here.password}).encode()
    own = "http://127.0.0.1:%d" % here.api.port
    evil = "https://evil.example"
    for sent in ({"Origin": evil}, {"Origin": "null"}, {"Origin": own + "0"}, {"Origin": own + ".evil.example"},
                 {"Origin": "https://dvc.example.vn.evil.example"}, {"Origin": own[7:]},
                 {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site", "Origin": own}):
        answer = here.anyone.call("POST", "/sessions", body, Content_Type="text/plain", **sent)
        problem(answer, 403, "cross_site")
        assert "Set-Cookie" not in answer.headers, answer.headers
        problem(here.anyone.call("POST", "/accounts", {}, new_key(), **sent), 403, "cross_site")
    for sent in ({"Origin": own}, {"Origin": "https://dvc.example.vn"}, {},
                 {"Sec_Fetch_Site": "same-origin", "Origin": own}):
        ok(here.anyone.call("POST", "/sessions", body, X_Forwarded_For=ELSEWHERE, **sent), 201)


def test_a_cookie_serves_no_page_of_another_site(here):
    answer = here.anyone.call("POST", "/sessions", {"username": "citizen", "password": here.password},
                              X_Forwarded_For=ELSEWHERE)
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    csrf = ok(here.anyone.call("GET", "/me", Cookie=cookie))["csrf_token"]
    sent = {"Cookie": cookie, "X_CSRF_Token": csrf}
    problem(here.anyone.post("/notices/read", {"up_to": 1}, Origin="https://evil.example", **sent),
            403, "cross_site")
    assert here.anyone.post("/notices/read", {"up_to": 1}, **sent).status == 204
    # A link of another site may be followed; it changes nothing.
    ok(here.anyone.call("GET", "/me", Cookie=cookie, Sec_Fetch_Site="cross-site"))


def test_a_session_of_before_is_not_taken_over(here):
    """Session fixation: whatever was in the cookie jar, signing in gives a token of its own."""
    planted = "x" * 43
    answer = here.anyone.call("POST", "/sessions", {"username": "citizen", "password": here.password},
                              Cookie="dvc_session=" + planted, X_Forwarded_For=ELSEWHERE)
    assert ok(answer, 201)["token"] != planted and planted not in answer.headers["Set-Cookie"]
    problem(User(here.api, planted).get("/me"), 401)


def test_a_dead_cookie_still_reads_what_is_public(here):
    answer = here.anyone.call("GET", "/procedures", Cookie="dvc_session=longgone")
    assert answer.status == 200, answer


def test_tokens_are_stored_as_hashes(here):
    user = here.sign_in("clerk")
    count = here.value("SELECT count(*) FROM session WHERE encode(token_hash, 'escape') LIKE '%%%s%%';"
                       % user.token)
    assert count == "0"
    assert here.value("SELECT bool_and(password_hash LIKE '$argon2id$%%') FROM account "
                      "WHERE password_hash IS NOT NULL;") == "t"
    assert user.token not in here.daemon.log_text()


def within_5_seconds(ask):
    """A session is believed for five seconds, at each gateway; the rest is for a machine with other work."""
    start = time.monotonic()
    assert everywhere(ask), "still works"
    assert time.monotonic() - start < 5 + 10


def test_disabled_account_is_out_within_5_seconds(here):
    user = here.sign_in("guard")
    ok(user.get("/dossiers"))
    here.sql("UPDATE account SET disabled_at = now() WHERE username = 'guard';")
    within_5_seconds(lambda: user.get("/dossiers").status == 401)
    problem(here.anyone.call("POST", "/sessions", {"username": "guard",
                                                   "password": here.password}), 401)


def test_revoked_grant_ends_within_5_seconds(here):
    ok(here.officer2.get("/tasks"))
    here.sql("UPDATE role_grant SET valid_to = now() WHERE account = (SELECT id FROM account "
             "WHERE username = 'officer2');")
    within_5_seconds(lambda: here.officer2.get("/tasks").status == 403)
    here.sql("UPDATE role_grant SET valid_to = NULL WHERE account = (SELECT id FROM account "
             "WHERE username = 'officer2');")
    within_5_seconds(lambda: here.officer2.get("/tasks").status == 200)


def test_too_many_wrong_passwords_make_the_account_wait(here):
    for _ in range(20):
        answer = here.anyone.call("POST", "/sessions", {"username": "admin", "password": "wrong"})
        assert answer.status in (401, 429), answer
    answer = here.anyone.call("POST", "/sessions", {"username": "admin",
                                                    "password": here.password})
    problem(answer, 429, "account_waits")
    ok(here.admin.get("/me"))
    assert 100 < int(answer.headers["Retry-After"]) <= 300, answer.headers
    here.sql("DELETE FROM sign_in_failure;")


def test_sign_ins_of_one_address_are_limited(here):
    seen = set()
    for _ in range(1000):  # a slow machine earns new ones meanwhile
        answer = here.anyone.call("POST", "/sessions", b"{", X_Forwarded_For="198.51.100.9")
        seen.add(answer.status)
        if answer.status == 429:
            break
    assert answer.status == 429 and seen == {400, 429}, seen
    ok(here.anyone.call("POST", "/sessions", {"username": "officer", "password": here.password},
                        X_Forwarded_For="198.51.100.10"), 201)
