#!/usr/bin/python3
"""Mails and the webhook of a whole dvcd over TLS: STARTTLS with a login, SMTPS, https. What matters is
what does not happen: nothing goes out in the clear or to somebody else's certificate, and it goes
out by itself once the right one answers. TAP.

    secured.py      DVCD and POSTSIM name the programs of the build
"""

import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "api"))

import run  # noqa: E402
import world  # noqa: E402
from client import until  # noqa: E402
from outlets import NEW, WAIT, Targets, accepted, mail_of, row  # noqa: E402
from receivers import HookServer, MailServer, identity  # noqa: E402

LOGIN = ("dvc-hai-phong", "Mật khẩu của máy chủ thư 9")
COMMON = ("from: khong-tra-loi@dvc.example.vn\nfrom_name: Dịch vụ công Hải Phòng\n"
          "connect_timeout_ms: 500\nrequest_timeout_ms: 2000\n")


class Daemon(Targets):
    """Its mail server and receiver are vouched for by `ca`."""

    def __init__(self, place):
        self.place = place
        super().__init__()

    def write_targets(self):
        self.target("mail", "kind: smtp\nhost: 127.0.0.1\nport: %d\ntls: %s\nca_file: %s\n"
                    "user: %s\npassword: \"%s\"\n%s" % (self.place.mail.port, self.place.tls,
                                                        self.place.ca, *LOGIN, COMMON))
        self.target("hook", "kind: webhook\nid: hook\nurl: https://127.0.0.1:%d/events\nca_file: %s\n"
                    "secret: %s\nconnect_timeout_ms: 500\nrequest_timeout_ms: 2000\n"
                    % (self.place.hook.port, self.place.ca, NEW))


class Place:
    """Who answers at the two addresses; `become` changes it while dvcd runs."""

    def __init__(self, folder, tls):
        self.tls = tls
        self.ca, self.right = identity(folder, "right")
        self.wrong = identity(folder, "wrong")[1]
        self.mail, self.hook = self.mail_server(self.right), HookServer([NEW], tls=self.right)

    def mail_server(self, context, **more):
        kind = "starttls" if self.tls == "starttls" else "tls"
        return MailServer(login=LOGIN, **{kind: context}, **more)

    def become(self, mail, hook):
        for now, then in ((self.mail, mail), (self.hook, hook)):
            now.stop()
            then.port = now.port
            then.start()
        self.mail, self.hook = mail, hook


def nothing_came(here, code):
    """Both were tried more than once and neither gave anything away."""
    assert until(lambda: all(row(here, code, channel) and int(row(here, code, channel)[1]) >= 3
                             for channel in ("mail", "hook")), WAIT)
    assert [row(here, code, channel)[3] for channel in ("mail", "hook")] == ["f", "f"], "given up"
    assert here.place.mail.mails == [] and here.place.mail.logins == 0
    assert here.place.hook.calls == 0


def everything_comes(here, code):
    here.mail, here.hook = here.place.mail, here.place.hook
    assert mail_of(here, code)[0][1] == ["lan@example.vn"]
    assert here.mail.logins > 0
    assert until(lambda: [e["data"]["event"] for e in here.hook.once(code)] ==
                 ["submitted", "accepted"], WAIT), here.hook.of(code)
    assert not here.hook.faults, here.hook.faults


def test_both_go_to_whom_the_authority_vouches_for(here):
    everything_comes(here, accepted(here))


def test_another_certificate_gets_neither_and_the_right_one_both(here):
    place = here.place
    place.become(place.mail_server(place.wrong), HookServer([NEW], tls=place.wrong))
    code = accepted(here)
    nothing_came(here, code)
    place.become(place.mail_server(place.right), HookServer([NEW], tls=place.right))
    everything_comes(here, code)


def test_a_server_without_tls_gets_neither(here):
    place = here.place
    place.become(MailServer(), HookServer([NEW]))
    code = accepted(here)
    nothing_came(here, code)
    place.become(place.mail_server(place.right), HookServer([NEW], tls=place.right))
    everything_comes(here, code)


def test_the_log_and_the_outbox_do_not_name_the_password(here):
    text = here.daemon.log_text() + repr(here.sql("SELECT last_error FROM outbox_retry;"))
    assert LOGIN[1] not in text and "lan@example.vn" not in text


def play(tap, tls):
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder, tls)
        place.mail.start()
        place.hook.start()
        here = None
        try:
            here = world.World(Daemon(place))
            here.place = place
            for name, test in list(globals().items()):
                if name.startswith("test_"):
                    tap.run("%s: %s" % (tls, name[5:].replace("_", " ")), test, here)
            tap.run("%s: every answer well formed, every process still there" % tls,
                    run.no_suspicion, here)
        finally:
            if here is not None:
                if tap.failed:
                    print("".join("# %s\n" % line for line in here.daemon.log_tail(20).splitlines()))
                here.stop()
            place.mail.stop()
            place.hook.stop()


def main():
    tap = run.Tap()
    started = time.monotonic()
    for tls in ("starttls", "tls"):
        play(tap, tls)
    print("# %.0f s" % (time.monotonic() - started))
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
