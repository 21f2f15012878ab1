"""At the counter: a receiver files for who stands there, accepts in the same act, and enters the
moment at which it came; a one-stop desk elsewhere takes in for the competent agency."""

import datetime

import samples
from shapes import SUBMITTED, check, ok, problem
from t_birth import state, step, steps_of
from world import ELSEWHERE, HERE

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))


def ago(minutes):
    at = datetime.datetime.now(VIETNAM) - datetime.timedelta(minutes=minutes)
    return at.replace(microsecond=0).isoformat()


def counter(**more):
    return samples.marital(applicant=samples.LAN, **more)


def test_file_and_accept_in_one_act(here):
    answer = here.receiver.submit(counter(action="accept"))
    body = ok(answer, 201)
    check(body, SUBMITTED)
    assert body["state"] == "accepted" and body["status"] == 2 and body["due"]
    view = ok(here.receiver.view(body["code"]))
    assert view["channel"] == "direct" and steps_of(view) == ["appraise"]
    assert view["due_current"] == body["due"] and view["received_at"]
    assert "receipt" in [form["form"] for form in view["forms"]]
    assert view["agencies"]["receiving"] == HERE


def test_file_only(here):
    body = ok(here.receiver.submit(counter()), 201)
    view = ok(here.receiver.view(body["code"]))
    assert state(view) == ("submitted", 1, "none") and steps_of(view) == ["receive"]


def test_an_earlier_moment_needs_a_reason_and_stays_within_hours(here):
    at = ago(60)
    problem(here.receiver.submit(counter(action="accept", received_at=at)), 422, "reason_required",
            "/reason")
    problem(here.receiver.submit(counter(action="accept", reason="Mất điện",
                                         received_at=ago(60 * 24 * 30))), 422, "backdate_too_far",
            "/received_at")
    problem(here.receiver.submit(counter(action="accept", reason="Mất điện",
                                         received_at=ago(-60))), 422, "received_in_future",
            "/received_at")
    for wrong in ("yesterday", 5, "2026-13-40T00:00:00+07:00", "", {}):
        problem(here.receiver.submit(counter(reason="x", received_at=wrong)), 422, None,
                "/received_at")
    body = ok(here.receiver.submit(counter(action="accept", reason="Mất điện", received_at=at)), 201)
    view = ok(here.receiver.view(body["code"]))
    assert view["received_at"][:19] == at[:19], (view["received_at"], at)
    events = ok(here.receiver.get("/dossiers/%s/events" % body["code"]))["items"]
    assert any(at[:19] in event["body"] for event in events), events
    assert events[0]["at"] > at, "when it was entered stays in the event"
    assert "Mất điện" not in str([event["body"] for event in events])


def test_only_the_counter_backdates(here):
    problem(here.citizen.submit(samples.marital(received_at=ago(60), reason="x")), 422, None,
            "/received_at")
    problem(here.receiver.submit(counter(channel="post", received_at=ago(60), reason="x")), 422,
            "backdate_not_allowed", "/received_at")


def test_channels_by_who_files(here):
    problem(here.citizen.submit(samples.marital(channel="direct")), 422, None, "/channel")
    problem(here.receiver.submit(counter(channel="online")), 422, None, "/channel")
    problem(here.receiver.submit(counter(channel="pigeon")), 422, None, "/channel")
    body = ok(here.receiver.submit(counter(channel="post")), 201)
    assert ok(here.receiver.view(body["code"]))["channel"] == "post"


def test_another_desk_takes_in_and_forwards(here):
    body = ok(here.receiver4.submit(counter(action="accept")), 201)
    code = body["code"]
    assert code.startswith(ELSEWHERE + "-") and body["agency"] == HERE
    view = ok(here.receiver4.view(code))
    assert view["agencies"]["receiving"] == ELSEWHERE and steps_of(view) == ["forward"]
    problem(here.officer.act(code, "submit", "forward"), 422)
    step(here.receiver4, code, "transfer", "forward")
    assert steps_of(ok(here.officer.view(code))) == ["appraise"]
    problem(here.officer4.act(code, "submit", task=ok(here.officer.view(code))["tasks"][0]["id"]), 403)


def test_the_desk_must_be_ones_own(here):
    problem(here.receiver.submit(counter(received_at_agency=ELSEWHERE)), 422, None,
            "/received_at_agency")
    problem(here.receiver.submit(counter(received_at_agency="H99")), 422, None,
            "/received_at_agency")
    problem(here.citizen.submit(samples.marital(received_at_agency=HERE)), 422, None,
            "/received_at_agency")
    for user in (here.officer, here.leader, here.postal, here.auditor, here.admin):
        problem(user.submit(counter()), 403)


def test_an_unknown_first_action_is_refused(here):
    problem(here.receiver.submit(counter(action="approve")), 422, None)
    problem(here.citizen.submit(samples.marital(action="accept")), 403)


def test_what_staff_typed_is_not_theirs(here):
    code = ok(here.receiver.submit(counter()), 201)["code"]
    assert code in [d["code"] for d in ok(here.citizen2.get("/dossiers", mine=1))["items"]]
    ok(here.citizen2.view(code))
    problem(here.citizen.view(code), 404)


def test_papers_are_counted_by_kind(here):
    """Bản chính, bản sao chứng thực, bản chụp: as the clerk ticked them, on the receipt too."""
    def sheets(view):
        return [(one["id"], one["originals"], one["certified"], one["copies"])
                for one in view["documents"]]

    told = [{"id": "birth_notice", "originals": 1, "certified": 2, "copies": 3}]
    code = ok(here.receiver.submit(samples.birth(applicant=samples.LAN, documents=told,
                                                 action="accept")), 201)["code"]
    view = ok(here.receiver.view(code))
    assert sheets(view) == [("birth_notice", 1, 2, 3)], view["documents"]
    only = [{"id": "birth_notice", "certified": 1}]
    code = ok(here.receiver.submit(samples.birth(applicant=samples.LAN, documents=only)), 201)["code"]
    assert sheets(ok(here.receiver.view(code))) == [("birth_notice", 0, 1, 0)]
    old = [{"id": "birth_notice", "copies": 2}]
    code = ok(here.receiver.submit(samples.birth(applicant=samples.LAN, documents=old)), 201)["code"]
    assert sheets(ok(here.receiver.view(code))) == [("birth_notice", None, None, 2)]
    nothing = [{"id": "birth_notice", "originals": 0, "certified": 0}]
    problem(here.receiver.submit(samples.birth(applicant=samples.LAN, documents=nothing)), 422, None)
    for wrong in ({"originals": -1}, {"certified": 51}, {"originals": "1"}):
        problem(here.receiver.submit(samples.birth(applicant=samples.LAN, documents=[
            dict({"id": "birth_notice"}, **wrong)])), 422, None, "/documents/0/" + next(iter(wrong)))
