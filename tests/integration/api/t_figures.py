"""The on-time figures over HTTP: shape, rights, parameters; their numbers have tests of their own."""

import datetime

from client import pages
from shapes import ON_TIME, check, ok, problem
from t_birth import step
from t_certificate import filed

# Wide enough that midnight may come while the tests run.
TODAY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)).date()
RANGE = {"from": str(TODAY - datetime.timedelta(days=31)), "to": str(TODAY + datetime.timedelta(days=1))}


def figures(user, **params):
    return ok(user.get("/statistics/on-time", **dict(RANGE, **params)))


def test_the_shape(here):
    step(here.receiver, filed(here), "accept", "receive")
    for group_by in ("", "agency", "procedure", "field", "channel", "agency,procedure,channel"):
        params = {"group_by": group_by} if group_by else {}
        body = figures(here.anyone if group_by in ("", "agency") else here.officer, **params)
        check(body, ON_TIME)
        assert body["groups"], group_by
        for group in body["groups"]:
            received = group["received"]
            assert received["total"] == sum(received[k] for k in
                                            ("online", "post", "direct", "carried_over"))
            resolved = group["resolved"]
            assert resolved["total"] == sum(resolved[k] for k in ("early", "on_time", "late"))
            for rate in group["rates"].values():
                assert (rate["value"] is None) == (rate["denominator"] == 0)


def test_an_acceptance_counts_at_once(here):
    before = figures(here.officer, agency="H24.15.03", procedure="1.004873")["groups"]
    count = before[0]["received"]["total"] if before else 0
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    after = figures(here.officer, agency="H24.15.03", procedure="1.004873")["groups"]
    assert after[0]["received"]["total"] == count + 1, (count, after)


def test_the_dossiers_behind_a_figure(here):
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    params = dict(RANGE, agency="H24.15.03", procedure="1.004873")
    behind = pages(here.auditor, "/statistics/on-time/dossiers", limit=50, **dict(
        params, **{"class": "open.in_time"}))
    assert code in [item["code"] for item in behind]
    figure = ok(here.auditor.get("/statistics/on-time", **params))["groups"][0]["open"]["in_time"]
    assert len(behind) == figure, (len(behind), figure)
    problem(here.citizen.get("/statistics/on-time/dossiers", **{"class": "open.late"}), 403)
    problem(here.anyone.get("/statistics/on-time/dossiers", **{"class": "open.late"}), 401)


def test_parameters_that_are_wrong(here):
    for params in ({"from": "x"}, {"to": "2026-02-30"}, {"from": "2026-05-01", "to": "2026-04-01"},
                   {"verdict": "kind"}, {"group_by": "moon"}, {"channel": "pigeon"},
                   {"group_by": "agency,agency,x"}):
        answer = here.auditor.get("/statistics/on-time", **dict(RANGE, **params))
        assert answer.status in (400, 422), (params, answer)
    for name in ("", "x", "resolved", "resolved.never", "' OR 1=1"):
        answer = here.auditor.get("/statistics/on-time/dossiers", **dict(RANGE, **{"class": name}))
        assert answer.status in (400, 422), (name, answer)
    for params in ({"agency": "H99"}, {"procedure": "9.9"}):
        answer = here.auditor.get("/statistics/on-time", **dict(RANGE, **params))
        assert answer.status in (200, 400, 404, 422), answer


def test_more_than_the_agency_level_is_for_staff(here):
    for params in ({"procedure": "1.004873"}, {"group_by": "procedure"}, {"channel": "online"},
                   {"field": "Hộ tịch"}):
        problem(here.anyone.get("/statistics/on-time", **dict(RANGE, **params)), 401)
        ok(here.auditor.get("/statistics/on-time", **dict(RANGE, **params)))
