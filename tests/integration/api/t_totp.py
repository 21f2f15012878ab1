"""One-time codes of staff, made by another program (oathtool)."""

import json
import subprocess
import time
import urllib.parse

from client import User, new_key
from shapes import ok, problem

STEP = 30


def code(secret, steps=0):
    """The code of this step of 30 seconds, or of one beside it."""
    run = subprocess.run(["oathtool", "--totp", "--base32", "--now=@%d" % (time.time() + steps * STEP),
                          secret], capture_output=True, encoding="ascii", check=True)
    return run.stdout.strip()


def early():
    """Begins early in a step, so that three steps stay what they are for a while."""
    rest = STEP - time.time() % STEP
    if rest < 12:
        time.sleep(rest + 0.1)


def sign_in(here, name, otp=None, password=None):
    body = {"username": name, "password": password or here.password}
    if otp is not None:
        body["otp"] = otp
    return here.anyone.call("POST", "/sessions", body, X_Forwarded_For="198.51.100.12")


def test_codes_come_on_and_are_asked_for(here):
    early()
    clerk = here.sign_in("clerk")
    key = new_key()
    offer = ok(clerk.post("/me/totp", None, key), 201)
    secret = offer["secret"]
    assert ok(clerk.post("/me/totp", None, key), 201) == offer, "an answer that was lost"
    uri = urllib.parse.urlsplit(offer["uri"])
    query = urllib.parse.parse_qs(uri.query)
    assert uri.scheme == "otpauth" and uri.netloc == "totp" and uri.path.endswith(":clerk")
    assert query["secret"] == [secret] and query["digits"] == ["6"] and query["period"] == ["30"]
    assert sign_in(here, "clerk").status == 201, "not before the first code was right"
    wrong = "%06d" % ((int(code(secret)) + 1) % 1000000)
    if wrong in (code(secret, -1), code(secret, 1)):
        wrong = "%06d" % ((int(wrong) + 1) % 1000000)
    problem(clerk.post("/me/totp/confirm", {"otp": wrong}), 422, None, "/otp")
    problem(clerk.post("/me/totp/confirm", {"otp": 5}), 422, None, "/otp")
    problem(clerk.post("/me/totp/confirm", {}), 422, None, "/otp")
    first = code(secret, -1)
    recovery = ok(clerk.post("/me/totp/confirm", {"otp": first}))["recovery"]
    assert len(set(recovery)) == 8
    assert ok(clerk.get("/me"))["account"]["totp"] is True
    problem(clerk.post("/me/totp", None), 409, "totp_on")
    here.totp = (secret, recovery)

    problem(sign_in(here, "clerk"), 401, "otp_required")
    problem(sign_in(here, "clerk", password="khong dung dau"), 401, "sign_in")
    problem(sign_in(here, "clerk", otp=first), 401, "otp_wrong")
    problem(sign_in(here, "clerk", otp=wrong), 401, "otp_wrong")
    now = code(secret)
    assert sign_in(here, "clerk", otp=now).status == 201
    problem(sign_in(here, "clerk", otp=now), 401, "otp_wrong")
    later = code(secret, 1)
    assert sign_in(here, "clerk", otp=" %s " % later).status == 201
    problem(sign_in(here, "clerk", otp=now), 401, "otp_wrong")


def test_a_code_used_by_two_at_once_opens_one_session(here):
    from client import at_once
    secret, _ = here.totp
    here.sql("UPDATE account_totp SET last_step = 0; DELETE FROM sign_in_failure;")
    early()
    otp = code(secret)
    answers = at_once(*[lambda: sign_in(here, "clerk", otp=otp) for _ in range(4)])
    assert sorted(a.status for a in answers) == [201, 401, 401, 401], answers
    here.sql("DELETE FROM sign_in_failure;")


def test_wrong_codes_make_the_account_wait(here):
    secret, _ = here.totp
    right = {code(secret, n) for n in (-1, 0, 1, 2)}
    wrong = next("%06d" % n for n in range(10) if "%06d" % n not in right)
    statuses = [sign_in(here, "clerk", otp=wrong).status for _ in range(6)]
    assert statuses == [401] * 5 + [429], statuses
    problem(sign_in(here, "clerk", otp=code(secret)), 429, "account_waits")
    here.sql("DELETE FROM sign_in_failure;")


def test_a_recovery_code_opens_once(here):
    _, recovery = here.totp
    assert sign_in(here, "clerk", otp=recovery[0]).status == 201
    problem(sign_in(here, "clerk", otp=recovery[0]), 401, "otp_wrong")
    assert sign_in(here, "clerk", otp=recovery[1].upper().replace("-", " ")).status == 201
    problem(sign_in(here, "clerk", otp="aaaa-bbbb-cccc-dddd"), 401, "otp_wrong")
    stored = here.value("SELECT string_agg(encode(code_sha256, 'escape'), ' ') FROM account_recovery;")
    assert recovery[2] not in stored and recovery[2].replace("-", "") not in stored
    assert here.value("SELECT count(*) FROM account_recovery WHERE used_at IS NULL;") == "6"


def test_codes_go_off_with_the_password(here):
    secret, recovery = here.totp
    clerk = User(here.api, ok(sign_in(here, "clerk", otp=recovery[2]), 201)["token"])
    problem(clerk.post("/me/totp/remove", {"password": "khong dung dau"}), 422, None, "/password")
    problem(clerk.post("/me/totp/remove", {}), 422, None, "/password")
    gone = clerk.post("/me/totp/remove", {"password": here.password})
    assert gone.status == 204, gone
    assert ok(clerk.get("/me"))["account"]["totp"] is False
    assert sign_in(here, "clerk").status == 201
    kinds = [r[0] for r in here.sql("SELECT kind FROM account_event WHERE kind LIKE 'totp%' ORDER BY id;")]
    assert kinds == ["totp_on", "totp_off"]
    for word in (secret, recovery[3]):
        assert word not in here.daemon.log_text()


def test_codes_are_for_staff(here):
    problem(here.citizen.post("/me/totp"), 403, "totp_off")
    problem(here.anyone.post("/me/totp"), 401)
    problem(here.officer.post("/me/totp/confirm", {"otp": "123456"}), 409)


def reloaded(here, staff_totp):
    """dvcd with another setting, without a restart."""
    with open(here.daemon.config, encoding="utf-8") as file:
        lines = [line for line in file if "staff_totp" not in line]
    at = lines.index("accounts:\n") + 1
    lines.insert(at, "  staff_totp: %s\n" % json.dumps(staff_totp))
    with open(here.daemon.config, "w", encoding="utf-8") as file:
        file.writelines(lines)
    here.reload()


def test_required_codes_and_a_wait_that_outlives_the_workers(here):
    for _ in range(5):
        problem(sign_in(here, "unit_head", password="khong dung dau"), 401)
    reloaded(here, "required")
    try:
        problem(here.officer.get("/tasks"), 403, "totp_required")
        problem(sign_in(here, "unit_head"), 429, "account_waits")
        here.sql("DELETE FROM sign_in_failure;")
        ok(here.citizen.get("/dossiers", mine=1))
        ok(here.officer.get("/procedures"))
        ok(here.officer.get("/me"))
        early()
        secret = ok(here.officer.post("/me/totp"), 201)["secret"]
        ok(here.officer.post("/me/totp/confirm", {"otp": code(secret)}))
        ok(here.officer.get("/tasks"))
        problem(here.officer.post("/me/totp/remove", {"password": here.password}), 403,
                "totp_required")
        # The telephone is lost: an administrator with codes of his own turns them off.
        boss = ok(here.admin.post("/me/totp"), 201)["secret"]
        ok(here.admin.post("/me/totp/confirm", {"otp": code(boss)}))
        ok(here.admin.post("/admin/accounts/officer/password", {"totp_off": True}))
        assert here.value("SELECT count(*) FROM account_totp t JOIN account a ON a.id = t.account "
                          "WHERE a.username = 'officer';") == "0"
    finally:
        here.sql("DELETE FROM account_recovery; DELETE FROM account_totp; "
                 "UPDATE account SET must_change_password = false, password_hash = "
                 "(SELECT password_hash FROM account WHERE username = 'leader') "
                 "WHERE username = 'officer';")
        reloaded(here, "optional")
        here.people["officer"] = here.sign_in("officer")
