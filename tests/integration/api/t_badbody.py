"""Bodies that are no submission at all, or whose members have the wrong type."""

import json

import samples
from client import new_key
from shapes import ok, problem

PATHS = ("/dossiers", "/dossiers/H24.15.03-261122-0001/actions", "/actions")


def raw(user, body, path="/dossiers", **headers):
    return user.call("POST", path, body, new_key(), **headers)


def text(**more):
    return json.dumps(samples.marital(**more), ensure_ascii=False)


def test_what_is_no_json(here):
    bodies = (b"", b" ", b"{", b"}", b"[", b"{]", b"nul", b"{\"a\":}", b"{'a': 1}", b"{\"a\": 1,}",
              b"<xml/>", b"\x00", b"\xef\xbb\xbf{}", b"{\"a\": 01}", b"{\"a\": .5}", b"{\"a\": 1}{}",
              b"{\"a\": NaN}", b"{\"a\": Infinity}", b"{\"a\": \"\\ud800\"}", b"{\"a\": \"\\x\"}",
              b"{\"a\": \"\n\"}", b"{\"a\": \"\xff\"}", b"{\"a\": \"\xc0\x80\"}",
              b"{\"a\": \"\xed\xa0\x80\"}", b"{\"a\": 1, \"a\": 2}", b"{\"a\\u0000b\": 1}",
              b"{\"a\": 1e999999}", b"{\"a\": 123456789012345678901234567890}",
              b"[1, 2]", b"\"text\"", b"17", b"null", b"true")
    for path in PATHS:
        for body in bodies:
            answer = problem(raw(here.receiver, body, path), 400, "json")
            assert "JSON" in answer.json["detail"]
            assert [error["code"] for error in answer.json["errors"]] == ["json"], answer


def test_what_is_no_json_says_where_and_why(here):
    for path in PATHS:
        for body, words in ((b"{\"a\": 1,\n \"b\": nul}", "dòng 2"), (b"{\"a\": 1, \"a\": 2}", "lặp lại"),
                            (b"{\"a\":" * 40 + b"1" + b"}" * 40, "tầng"), (b"[]", "đối tượng")):
            answer = problem(raw(here.receiver, body, path), 400, "json")
            assert words in answer.json["detail"], (path, body[:30], answer)


def test_deep_nesting(here):
    for depth in (20, 1000, 100000):
        for opened, closed in ((b"[", b"]"), (b"{\"a\":", b"}")):
            body = b"{\"form\":" + opened * depth + b"1" + closed * depth + b"}"
            for path in PATHS:
                answer = raw(here.receiver, body, path)
                assert answer.status in (400, 413), answer
    form = 1
    for _ in range(12):
        form = {"x": form}
    problem(here.citizen.submit(samples.marital(form={"subject_name": form, "purpose": "credit",
                                                      "marital_status": "single"})), 422, None,
            "/form/subject_name")


def test_too_large(here):
    for user, body, path, limit in ((here.citizen, b"{\"a\":\"" + b"x" * (600 << 10) + b"\"}", "/dossiers", "512 KiB"),
                                    (here.receiver, b"x" * (300 << 10), PATHS[1], "256 KiB"),
                                    (here.anyone, b"x" * 5000, "/sessions", "4 KiB")):
        assert limit in problem(raw(user, body, path), 413).json["detail"], path
    assert "4 KiB" in problem(here.anyone.get("/procedures", q="x" * 5000), 414).json["detail"]
    wide = {"x%d" % i: 1 for i in range(20000)}
    answer = here.citizen.submit(samples.marital(form=wide))
    problem(answer, 422)
    assert len(answer.json["errors"]) <= 100, "not a list without end"


def test_members_of_the_wrong_type(here):
    values = (17, -1, 1.5, True, [], {}, ["x"], {"x": 1})
    for name in ("procedure", "agency", "case", "channel", "external_code", "received_at_agency"):
        for value in values:
            user = here.portal if name == "external_code" else here.receiver
            problem(user.submit(samples.marital(**{name: value})), 422, None, "/" + name)
    for name in ("applicant", "delivery"):
        for value in (17, "x", [], True, {}):
            answer = here.citizen.submit(samples.marital(**{name: value}))
            problem(answer, 422)
            assert all(error["pointer"].startswith("/" + name) for error in answer.json["errors"])
    for name in ("on_behalf", "owner", "form", "documents"):
        for value in (17, "x", True):
            answer = here.citizen.submit(samples.marital(**{name: value}))
            problem(answer, 422)
            assert answer.json["errors"][0]["pointer"].startswith("/" + name), (name, answer)
    for name in ("form", "on_behalf", "owner"):
        answer = here.citizen.submit(samples.marital(**{name: [1]}))
        problem(answer, 422)
    for value in ({}, {"x": 1}):
        problem(here.citizen.submit(samples.marital(documents=value)), 422, None, "/documents")
    for item in (1, "x", None, [], True):
        answer = problem(here.citizen.submit(samples.marital(documents=[item])), 422)
        assert answer.json["errors"][0]["pointer"].startswith("/documents/0"), answer


def test_members_inside_of_the_wrong_type(here):
    for member in ("kind", "name", "id_number", "phone", "email", "waiver"):
        for value in (17, True, [], {}):
            body = samples.marital(applicant=dict(samples.MINH, **{member: value}))
            problem(here.citizen.submit(body), 422, None, "/applicant/" + member)
    for value in (17, "x", [], True):
        problem(here.citizen.submit(samples.marital(applicant=dict(samples.MINH, address=value))), 422)
    for member in ("province", "commune", "line"):
        for value in (17, None, [], ""):
            body = samples.marital(applicant=dict(samples.MINH,
                                                  address=dict(samples.ADDRESS, **{member: value})))
            problem(here.citizen.submit(body), 422, None, "/applicant/address/" + member)
    for copies in ("2", -1, 51, 1.5, True, [], 10 ** 12):
        body = samples.marital(documents=[{"id": "status_proof", "copies": copies}])
        problem(here.citizen.submit(body), 422, None, "/documents/0/copies")
    for value in (5, True, {}):
        body = samples.marital(delivery=dict(samples.POST, phone=value))
        problem(here.citizen.submit(body), 422, None, "/delivery/phone")


def test_members_that_nobody_knows(here):
    for body, pointer in ((samples.marital(applicent={}), "/applicent"),
                          (samples.marital(recieved_at="x"), "/recieved_at"),
                          (samples.marital(applicant=dict(samples.MINH, fone="1")), "/applicant/fone"),
                          (samples.marital(delivery=dict(samples.COUNTER, adress=1)),
                           "/delivery/adress"),
                          (samples.marital(documents=[{"id": "status_proof", "copys": 2}]),
                           "/documents/0/copys"),
                          (samples.marital(form={"subject_name": "A B", "purpose": "credit", "x/y~": 1,
                                                 "marital_status": "single"}), "/form/x~1y~0")):
        problem(here.citizen.submit(body), 422, None, pointer)


def test_missing_members_all_at_once(here):
    answer = problem(here.citizen.submit({}), 422, "invalid", "/procedure")
    answer = problem(here.citizen.submit({"procedure": "1.004873"}), 422, "invalid")
    named = {error["pointer"] for error in answer.json["errors"]}
    for pointer in ("/agency", "/case", "/applicant/kind", "/applicant/name", "/applicant/id_number",
                    "/applicant/address", "/delivery/method", "/form/subject_name",
                    "/form/marital_status", "/form/purpose"):
        assert pointer in named, (pointer, named)
    for error in answer.json["errors"]:
        assert set(error) >= {"pointer", "code", "message"} and error["message"]


def test_content_types_and_lengths(here):
    body = text().encode()
    ok(raw(here.citizen, body, Content_Type="application/json; charset=utf-8"), 201)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = raw(here.citizen, body, Content_Type=kind)
        assert answer.status in (201, 415), (kind, answer)


def test_bad_queries(here):
    bad = "%FF", "%C3%28", "%ED%A0%80"
    for user, path in ((here.receiver, "/dossiers?q="), (here.receiver, "/dossiers?state="),
                       (here.receiver, "/dossiers?agency="), (here.receiver, "/dossiers?procedure="),
                       (here.officer, "/tasks?role="), (here.officer, "/tasks?agency="),
                       (here.officer, "/tasks?assignee="), (here.postal, "/parcels?direction="),
                       (here.postal, "/parcels?office="), (here.anyone, "/procedures?q="),
                       (here.anyone, "/procedures?field="), (here.anyone, "/procedures?agency="),
                       (here.anyone, "/procedures/"), (here.anyone, "/lookup/"),
                       (here.citizen, "/dossiers/"), (here.anyone, "/statistics/on-time?agency="),
                       (here.anyone, "/statistics/on-time?from="),
                       (here.auditor, "/statistics/on-time/dossiers?class=")):
        for value in bad + ("%00", "a%00b"):
            answer = user.call("GET", path + value)
            assert answer.status in (400, 404), (path + value, answer)
        for value in ("x" * 3000, "%25%27%22%3B--", "%F0%9F%98%80", "'", "\\", "%5C%25_"):
            answer = user.call("GET", path + value)
            assert answer.status in (200, 400, 404, 422), (path + value, answer)


def test_a_query_given_twice_or_malformed(here):
    for path in ("/procedures?q=a&q=b", "/procedures?q=%", "/procedures?q=%4", "/procedures?q=%zz"):
        problem(here.anyone.call("GET", path), 400)
    for assignee in ("-1", "0x1", "99999999999999999999", "everyone"):
        problem(here.officer.get("/tasks", assignee=assignee), 400, "assignee", "?assignee")
    for user, path, name, value in ((here.officer, "/tasks", "state", "done"),
                                    (here.officer, "/tasks", "sort", "name"),
                                    (here.postal, "/parcels", "direction", "up"),
                                    (here.postal, "/parcels", "state", "lost+"),
                                    (here.postal, "/handovers", "state", "gone"),
                                    (here.admin, "/admin/outbox", "state", "gone")):
        problem(user.get(path, **{name: value}), 400, "filter", "?" + name)


def test_the_longest_search_is_counted_in_letters(here):
    """200 letters with their marks are 600 bytes."""
    for user, path in ((here.receiver, "/dossiers"), (here.officer, "/tasks"),
                       (here.admin, "/admin/accounts"), (here.officer, "/colleagues")):
        ok(user.get(path, q="ệ" * 200))
        problem(user.get(path, q="ệ" * 201), 400, "q", "?q")


def test_tampered_pages_everywhere(here):
    for user, path in ((here.receiver, "/dossiers"), (here.citizen, "/dossiers"),
                       (here.officer, "/tasks"), (here.citizen, "/notices"),
                       (here.postal, "/parcels")):
        for token in ("1", "zz", "00" * 20, "ff" * 200, "%27", "0" * 1000):
            problem(user.get(path, page=token), 400, "page", "?page")
        for limit in ("0", "201", "x", "-5"):
            problem(user.get(path, limit=limit), 400, "limit", "?limit")
