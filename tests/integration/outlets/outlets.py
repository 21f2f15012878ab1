#!/usr/bin/python3
"""Mails and the webhook of a whole dvcd, against a real mail server and a receiver that checks
signatures by itself: what they say, and that nothing is lost and everything has its effect once
whatever they answer. TAP.

    outlets.py      DVCD and POSTSIM name the programs of the build
"""

import os
import re
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "api"))

import run  # noqa: E402
import samples  # noqa: E402
import world  # noqa: E402
from client import pages, until  # noqa: E402
from receivers import HookServer, MailServer, text_of  # noqa: E402
from shapes import ok  # noqa: E402
from t_birth import step  # noqa: E402
from t_certificate import to_the_counter  # noqa: E402

NEW = "whsec_bmV3IHNlY3JldCBvZiB0d2VudHktZm91ciBieXRlcw=="
OLD = "whsec_b2xkIHNlY3JldCBvZiB0d2VudHktZm91ciBieXRlcw=="
WAIT = 60


class Targets(world.Daemon):
    """A dvcd that is soon back after a failure, with the outlets that `write_targets` writes."""

    def _write_config(self):
        self.settings.setdefault("courier", {}).update(retry_min_ms=100, retry_max_ms=1000, poll_ms=100)
        self.settings["http"]["public_url"] = "https://dvc.example.vn"
        super()._write_config()
        self.write_targets()

    def target(self, name, text):
        with open(os.path.join(self.folder, "targets", name + ".yaml"), "w",
                  encoding="utf-8") as file:
            file.write(text)


class Daemon(Targets):
    def __init__(self, mail_port, hook_port):
        self.mail_port, self.hook_port = mail_port, hook_port
        super().__init__()

    def write_targets(self):
        self.target("mail", "kind: smtp\nhost: 127.0.0.1\nport: %d\ntls: none\n"
                    "from: khong-tra-loi@dvc.example.vn\nfrom_name: Dịch vụ công Hải Phòng\n"
                    "connect_timeout_ms: 2000\nrequest_timeout_ms: 3000\n" % self.mail_port)
        self.target("hook", "kind: webhook\nid: hook\nurl: http://127.0.0.1:%d/events\n"
                    "secret: %s\nold_secret_file: old.secret\nconnect_timeout_ms: 2000\n"
                    "request_timeout_ms: 3000\n" % (self.hook_port, NEW))
        self.target("few", "kind: webhook\nid: few\nurl: http://127.0.0.1:%d/few\nsecret: %s\n"
                    "events: [not_accepted]\nenabled: false\n" % (self.hook_port, NEW))
        with open(os.path.join(self.folder, "targets", "old.secret"), "w",
                  encoding="ascii") as file:
            file.write(OLD + "\n")


def filed(here):
    """A dossier whose applicant gave an address."""
    return ok(here.citizen2.submit(samples.marital(applicant=samples.LAN)), 201)["code"]


def accepted(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    return code


def mail_of(here, code, count=1):
    assert until(lambda: len(here.mail.of(code)) >= count, WAIT), here.mail.of(code)
    return here.mail.of(code)


def row(here, code, channel):
    rows = here.sql("SELECT r.id, r.attempts, r.strikes, r.dead_at IS NOT NULL, r.last_error"
                    " FROM outbox_retry r JOIN dossier d ON d.id = r.dossier_id"
                    " WHERE d.code = '%s' AND r.channel = '%s' ORDER BY r.id;" % (code, channel))
    return rows[0] if rows else None


# ---- mail ----

def test_a_mail_says_it_in_vietnamese_and_names_nobody(here):
    code = accepted(here)
    sender, to, message = mail_of(here, code)[0]
    assert sender == "khong-tra-loi@dvc.example.vn" and to == ["lan@example.vn"]
    assert message["Subject"] == "[%s] Hồ sơ đã được tiếp nhận" % code, message["Subject"]
    assert message["From"] == "Dịch vụ công Hải Phòng <khong-tra-loi@dvc.example.vn>"
    assert message["To"] == "<lan@example.vn>" or message["To"] == "lan@example.vn"
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<%s\.accepted\.\d+\.mail@dvc\.example\.vn>" % re.escape(code),
                        message["Message-ID"]), message["Message-ID"]
    assert abs(message["Date"].datetime.timestamp() - time.time()) < 600
    text = text_of(message)
    due = ok(here.citizen2.view(code))["due_current"]
    day = "%s/%s/%s" % (due[8:10], due[5:7], due[:4])
    assert "đã được tiếp nhận" in text and code in text and day in text, text
    assert "https://dvc.example.vn/#/dossiers/" + code in text
    for secret in samples.SECRETS:
        assert secret not in text and secret not in str(message["Subject"]), secret


def test_every_mail_line_is_one_that_a_server_takes(here):
    raw = here.mail.mails[-1][2].as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 998 and raw.isascii()


def test_who_gave_no_address_gets_none(here):
    code = ok(here.citizen.submit(samples.marital()), 201)["code"]
    step(here.receiver, code, "accept", "receive")
    assert until(lambda: row(here, code, "mail") is None and here.value(
        "SELECT count(*) FROM outbox o JOIN dossier d ON d.id = o.dossier_id"
        " WHERE d.code = '%s' AND o.channel = 'mail';" % code) != "0", WAIT)
    time.sleep(0.3)
    assert here.mail.of(code) == []


def test_an_account_that_wants_mails_gets_them_at_its_own_address(here):
    here.sql("UPDATE account SET email = 'minh@example.vn', mail_notices = true"
             " WHERE username = 'citizen';")
    try:
        code = ok(here.citizen.submit(samples.marital()), 201)["code"]
        step(here.receiver, code, "accept", "receive")
        assert mail_of(here, code)[0][1] == ["minh@example.vn"]
    finally:
        here.sql("UPDATE account SET email = NULL, mail_notices = false"
                 " WHERE username = 'citizen';")


def test_not_now_is_tried_again(here):
    here.mail.replies["RCPT"] = ["451 4.7.1 greylisted"]
    code = accepted(here)
    mail_of(here, code)
    assert here.mail.replies["RCPT"] == []
    assert until(lambda: row(here, code, "mail") is None, WAIT)


def test_an_address_that_is_none_is_given_up_and_the_next_mail_goes(here):
    here.mail.replies["RCPT"] = ["550 5.1.1 no such user"]
    code = accepted(here)
    told = until(lambda: [n for n in ok(here.receiver.get("/notices", limit=200))["items"]
                          if n["dossier"] == code and n["kind"] == "mail_undeliverable"], WAIT)
    assert told and "không gửi được" in told[0]["text"], told
    assert "lan@example.vn" not in told[0]["text"]
    assert here.mail.of(code) == [] and row(here, code, "mail") is None
    for user, action, at, more in ((here.officer, "submit", "appraise", {}),
                                   (here.leader, "approve", "approve",
                                    {"result": {"code": "KQ.G15.000038", "number": "1"}}),
                                   (here.clerk, "issue", "issue_result", {})):
        step(user, code, action, at, **more)
    assert "Đã có kết quả" in str(mail_of(here, code)[0][2]["Subject"])


def test_a_text_refused_for_good_is_given_up_too(here):
    here.mail.replies["DATA"] = ["554 5.7.1 spam"]
    code = accepted(here)
    assert until(lambda: here.value(
        "SELECT count(*) FROM notice n JOIN dossier d ON d.id = n.dossier_id"
        " WHERE d.code = '%s' AND kind = 'mail_undeliverable';" % code) == "1", WAIT)
    assert row(here, code, "mail") is None


def test_a_sender_that_is_refused_is_our_matter_and_gives_a_strike(here):
    here.mail.replies["MAIL"] = ["553 5.7.1 not yours"]
    code = accepted(here)
    mail_of(here, code)
    assert here.mail.replies["MAIL"] == [] and until(lambda: row(here, code, "mail") is None, WAIT)


def test_a_server_that_hangs_is_left_and_asked_again(here):
    here.mail.hang = 1
    code = accepted(here)
    mails = mail_of(here, code)
    time.sleep(4)  # the one that hung may come late
    assert len({str(mail[2]["Message-ID"]) for mail in here.mail.of(code)}) == 1 and mails


def test_a_mail_whose_answer_was_lost_comes_twice_at_most_and_shows_it(here):
    here.mail.drop_after_data = 1
    code = accepted(here)
    mails = mail_of(here, code, 2)
    assert until(lambda: row(here, code, "mail") is None, WAIT)
    assert len(here.mail.of(code)) == 2
    assert mails[0][2]["Message-ID"] == mails[1][2]["Message-ID"]
    assert mails[0][2]["Date"] == mails[1][2]["Date"]


def test_an_outage_costs_attempts_but_no_strike(here):
    here.mail.stop()
    code = accepted(here)
    assert until(lambda: row(here, code, "mail") and int(row(here, code, "mail")[1]) >= 15, WAIT)
    # As after an outage of a day, and then one answer that counts.
    here.sql("UPDATE outbox_retry SET attempts = 200 WHERE channel = 'mail';")
    here.mail.replies["MAIL"] = ["553 5.7.1 not yours"] * 2
    assert row(here, code, "mail")[2:4] == ["0", "f"]
    here.mail.start()
    mail_of(here, code)
    assert here.mail.replies["MAIL"] == []


# ---- webhook ----

def test_each_change_of_state_is_one_event_in_order(here):
    code = filed(here)
    view = to_the_counter(here, code)
    assert view["state"] == "finished"
    states = ["submitted", "accepted", "signing", "issuing", "finished"]
    assert until(lambda: len(here.hook.once(code)) >= 5, WAIT), here.hook.once(code)
    events = here.hook.once(code)
    moved = [e["data"]["state"] for e in events]
    assert moved[0] == "submitted" and moved[-1] == "finished" and len(moved) == len(set(moved)), \
        (moved, states)
    for event in events:
        assert event["specversion"] == "1.0" and event["source"] == "https://dvc.example.vn"
        assert event["type"] == "vn.dvc.dossier." + event["data"]["event"]
        assert event["subject"] == code == event["data"]["code"]
        assert event["data"]["procedure"] == "1.004873" and event["data"]["agency"] == world.HERE
    assert [e["data"]["from_state"] for e in events[1:]] == moved[:-1], "a chain without a gap"
    assert events[-1]["data"]["finished_at"] and events[1]["data"]["due_current"]
    assert not here.hook.faults, here.hook.faults


def test_events_name_nobody(here):
    text = repr(here.hook.events)
    for secret in samples.SECRETS:
        assert secret not in text, secret


def test_what_changes_no_state_is_no_event(here):
    code = accepted(here)
    assert until(lambda: len(here.hook.once(code)) == 2, WAIT)
    step(here.officer, code, "take", "appraise")
    step(here.officer, code, "note", note="Ghi chú")
    time.sleep(1)
    kinds = [e["data"]["event"] for e in here.hook.once(code)]
    assert kinds in (["submitted", "accepted"], ["submitted", "accepted", "processing"]), kinds


def test_busy_and_broken_receivers_are_waited_for_in_order(here):
    here.hook.answers = [(503, {}), (429, {"Retry-After": "1"}), (500, {}), "drop"]
    begun = time.monotonic()
    code = accepted(here)
    assert until(lambda: row(here, code, "hook") is None and len(here.hook.once(code)) == 2, WAIT)
    assert time.monotonic() - begun >= 1, "came back before Retry-After"
    assert [e["data"]["event"] for e in here.hook.once(code)] == ["submitted", "accepted"]


def test_a_refused_event_waits_for_a_person_and_holds_its_lane_only(here):
    here.hook.answers = [(410, {})]
    code = filed(here)
    assert until(lambda: row(here, code, "hook") and row(here, code, "hook")[3] == "t", WAIT)
    step(here.receiver, code, "accept", "receive")
    other = accepted(here)
    assert until(lambda: len(here.hook.once(other)) == 2, WAIT), "another lane goes on"
    assert here.hook.once(code) == []
    letters = [item for item in pages(here.admin, "/admin/outbox", limit=200, state="dead")
               if item["dossier"] == code and item["channel"] == "hook"]
    assert len(letters) == 1 and letters[0]["last_error"] == "HTTP 410 (gone)", letters
    answer = here.admin.post("/admin/outbox/%d/retry" % letters[0]["id"], {"reason": "Đã sửa"})
    assert answer.status == 204, answer
    assert until(lambda: len(here.hook.once(code)) == 2, WAIT), here.hook.once(code)
    assert [e["data"]["event"] for e in here.hook.once(code)] == ["submitted", "accepted"]
    told = [e for e in pages(here.officer, "/dossiers/%s/events" % code, limit=100)
            if e["kind"] == "outbox_retried"]
    assert len(told) == 1


def test_nothing_is_lost_while_the_receiver_is_away_and_the_courier_is_killed(here):
    here.hook.stop()
    codes = [accepted(here) for _ in range(6)]
    time.sleep(0.5)
    courier = [p.pid for p in here.daemon.processes() if p.role == "courier"]
    os.kill(courier[0], signal.SIGKILL)
    here.hook.start()
    killed = time.monotonic()
    while time.monotonic() - killed < 2:  # and once more in the middle of the work
        alive = [p.pid for p in here.daemon.processes() if p.role == "courier"]
        if alive and alive != courier and any(here.hook.of(code) for code in codes):
            os.kill(alive[0], signal.SIGKILL)
            break
        time.sleep(0.02)
    codes += [accepted(here) for _ in range(4)]
    for code in codes:
        assert until(lambda: len(here.hook.once(code)) == 2, WAIT), (code, here.hook.of(code))
        assert [e["data"]["event"] for e in here.hook.once(code)] == ["submitted", "accepted"]
    assert not here.hook.faults, here.hook.faults
    here.pids = here.worker_pids()  # these were meant to end


# ---- both ----

def test_the_log_names_nobody(here):
    text = here.daemon.log_text()
    for secret in samples.SECRETS + ("minh@example.vn", NEW, OLD):
        assert secret not in text, secret


def test_a_row_of_the_outbox_names_nobody(here):
    text = repr(here.sql("SELECT body FROM outbox;"))
    for secret in samples.SECRETS + ("minh@example.vn",):
        assert secret not in text, secret


def main():
    tap = run.Tap()
    mail, hook = MailServer().start(), HookServer([NEW, OLD]).start()
    here = None
    try:
        here = world.World(Daemon(mail.port, hook.port))
        here.mail, here.hook = mail, hook
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                tap.run(name[5:].replace("_", " "), test, here)
        tap.run("every answer well formed, every process still there", run.no_suspicion, here)
    finally:
        if here is not None:
            if tap.failed:
                print("".join("# %s\n" % line for line in here.daemon.log_tail(20).splitlines()))
            here.stop()
        mail.stop()
        hook.stop()
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
