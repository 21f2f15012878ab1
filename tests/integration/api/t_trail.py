"""Every dossier that the other topics made: its chain recomputed from what the API gives, and no
personal data in any event or in the daemon's log."""

import datetime
import hashlib
import json

import samples
from client import pages, until
from shapes import EVENT, check, ok

# Free text and names that the other topics put into reasons, notes and receivers.
WRITTEN = samples.SECRETS + ("Đã gọi điện", "bà Lan", "Mất điện", "Không cần nữa", "Giấy chứng sinh là giả",
                             "Hồng Đào", "0000123", "Bản vẽ thiếu", "Minh mờ", "Tôi nộp nhầm")


def events_of(here, code):
    return pages(here.auditor, "/dossiers/%s/events" % code, limit=7)


def all_codes(here):
    """Those with the longest histories."""
    return [row[0] for row in here.sql("SELECT code FROM dossier WHERE agency_competent LIKE 'H24.%' "
                                       "ORDER BY head_seq DESC, id LIMIT 150;")]


def same_moment(one, other):
    return datetime.datetime.fromisoformat(one) == datetime.datetime.fromisoformat(other)


def chain_of(here, code):
    """The hash of the last event, each recomputed from the one before."""
    previous, items = "0" * 64, events_of(here, code)
    assert items
    for seq, event in enumerate(items, 1):
        check(event, EVENT)
        assert event["seq"] == seq and event["previous_hash"] == previous, (code, seq)
        text = "\n".join(("dvc1", code, str(seq), previous, event["body"]))
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert event["hash"] == previous, (code, seq)
        body = json.loads(event["body"])
        assert body["kind"] == event["kind"] and same_moment(body["at"], event["at"])
    return previous


def heads(here):
    return dict(here.sql("SELECT code, encode(head_hash, 'hex') FROM dossier;"))


def test_the_chain_of_every_dossier(here):
    codes = all_codes(here)
    assert codes
    found = {code: chain_of(here, code) for code in codes}
    known = heads(here)
    for code in codes:
        # The courier and the clock may have added to one while it was read.
        assert found[code] == known[code] or until(lambda: chain_of(here, code) == heads(here)[code]), code
    times = [event["at"] for event in events_of(here, codes[0])]
    assert times == sorted(times)


def test_a_changed_body_breaks_the_chain(here):
    code = all_codes(here)[0]
    event = events_of(here, code)[0]
    text = "\n".join(("dvc1", code, "1", "0" * 64, event["body"].replace("submitted", "submittee")))
    assert hashlib.sha256(text.encode()).hexdigest() != event["hash"]


def test_no_personal_data_in_events(here):
    for row in here.sql("SELECT kind, replace(body, E'\\n', ' ') FROM event;"):
        for word in WRITTEN:
            assert word not in row[1], (row[0], word)
    for row in here.sql("SELECT body FROM notice;"):
        for word in WRITTEN:
            assert word not in row[0], word


def test_no_personal_data_in_the_log(here):
    text = here.daemon.log_text()
    assert len(text.splitlines()) > 20
    for word in WRITTEN + (here.password, here.citizen.token):
        assert word not in text, [line for line in text.splitlines() if word in line][:3]


def test_the_workers_login_cannot_touch_events(here):
    for statement in ("UPDATE event SET body = 'x'", "DELETE FROM event", "TRUNCATE event",
                      "ALTER TABLE event DISABLE TRIGGER ALL", "DROP TABLE event"):
        try:
            here.daemon.sql(statement + ";", role="dvcd_app")
        except Exception as fault:
            assert "denied" in str(fault) or "must be owner" in str(fault), fault
        else:
            raise AssertionError(statement)

