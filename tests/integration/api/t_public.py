"""What anyone may ask: catalogue, agencies, health, description."""

import os

from client import pages
from shapes import PROCEDURE, PROCEDURE_ROW, check, ok, problem
from stand import ROOT

CODES = sorted(name[:-5] for name in os.listdir(os.path.join(ROOT, "plugins", "procedures"))
               if name.endswith(".yaml"))
CIVIL = ["1.000656", "1.000894", "1.001193", "1.004873", "2.000635"]
RESIDENCE = ["1.004194", "1.004222"]


def codes(answer):
    return [item["code"] for item in ok(answer)["items"]]


def test_catalogue_lists_every_procedure(here):
    body = ok(here.anyone.get("/procedures"))
    check(body, {"items": [PROCEDURE_ROW]})
    assert body["next"] is None
    assert [item["code"] for item in body["items"]] == CODES and len(CODES) >= 13


def test_search_ignores_marks_and_case(here):
    death = ["1.000656"]
    for words, found in (("khai tử", death), ("KHAI TU", death),
                         ("Khai Tử", death), ("hon nhan", ["1.004873"]),
                         ("dang ky ket hon", ["1.000894"]), ("đăng ký tạm trú", ["1.004194"]),
                         ("giay phep xay dung", ["1.013225"]), ("1.0132", ["1.013225"]),
                         ("khai tử".encode().decode() + "  ", death),
                         ("khong co thu tuc nay", [])):
        assert codes(here.anyone.get("/procedures", q=words)) == found, words
    nfd = "đăng ký khai tử"
    assert codes(here.anyone.get("/procedures", q=nfd)) == death


def test_field_and_agency_filters(here):
    assert codes(here.anyone.get("/procedures", field="Hộ tịch"))[:5] == CIVIL
    assert codes(here.anyone.get("/procedures", field="Hoạt động xây dựng")) == ["1.013225"]
    assert codes(here.anyone.get("/procedures", field="Y tế")) == []
    commune = codes(here.anyone.get("/procedures", agency="H24.15.03"))
    assert set(CIVIL) < set(commune) and not set(RESIDENCE) & set(commune), commune
    assert codes(here.anyone.get("/procedures", agency="H24.15.03.01")) == RESIDENCE
    assert codes(here.anyone.get("/procedures", agency="H24.17")) == ["3.000333", "3.000347"]
    assert codes(here.anyone.get("/procedures", agency="H24.05.01")) == ["1.013831"]
    assert codes(here.anyone.get("/procedures", agency="H24.03")) == []
    assert codes(here.anyone.get("/procedures", agency="H99.99")) == []


def test_fields_are_those_of_the_catalogue(here):
    fields = ok(here.anyone.get("/fields"))["items"]
    counted = {}
    for item in pages(here.anyone, "/procedures", limit=5):
        counted[item["field"]] = counted.get(item["field"], 0) + 1
    assert {one["name"]: one["procedures"] for one in fields} == counted and len(counted) > 3
    assert len(fields) == len(counted)


def test_pages_of_the_catalogue(here):
    assert [item["code"] for item in pages(here.anyone, "/procedures", limit=1)] == CODES
    token = ok(here.anyone.get("/procedures", limit=2))["next"]
    after = ok(here.anyone.get("/procedures", limit=2, page=token))
    assert [item["code"] for item in after["items"]] == CODES[2:4] and after["total"] == len(CODES)
    last = ok(here.anyone.get("/procedures", limit=len(CODES)))
    assert [item["code"] for item in last["items"]] == CODES and last["next"] is None
    bad = ("x" if token[0] != "x" else "y") + token[1:]
    for wrong in (bad, token[:-2] + ("00" if token[-2:] != "00" else "11"), token + "00", "1", "%"):
        problem(here.anyone.get("/procedures", limit=2, page=wrong), 400, "page")


def test_limit_is_1_to_200(here):
    for wrong in ("0", "201", "-1", "x", "1.5", "", "99999999999999999999"):
        problem(here.anyone.get("/procedures", limit=wrong), 400, "limit", "?limit")
    ok(here.anyone.get("/procedures", limit=200))


def test_one_procedure_whole(here):
    for code in CODES:
        body = ok(here.anyone.get("/procedures/" + code))
        check(body, PROCEDURE)
        assert body["code"] == code
        form = body["form"]
        assert form["type"] == "object" and form["properties"] and form["required"]
        assert form["$schema"].startswith("https://json-schema.org/")
        assert form["additionalProperties"] is False
    permit = ok(here.anyone.get("/procedures/1.013225"))
    assert [case["id"] for case in permit["cases"]] == ["house", "works", "line", "religious"]
    assert permit["channels"]["direct"]["limit"] == "15 calendar_days"
    assert permit["channels"]["online"]["limit"] == "20 calendar_days"
    assert permit["form"]["properties"]["floors"]["maximum"] == 60
    assert permit["screening"]["question"] and permit["screening"]["stop_when"] == "yes"
    fee = ok(here.anyone.get("/procedures/1.004873"))["fees"][0]
    assert fee["amount"]["online"] == 15000 and fee["may_be_waived"]
    fee = ok(here.anyone.get("/procedures/2.000815"))["fees"][0]
    assert fee["amount"] == {"direct": 2000} and (fee["per"], fee["times"]) == ("pages", "copies")
    assert (fee["over"], fee["over_amount"], fee["most"]) == (2, 1000, 200000)
    assert ok(here.anyone.get("/procedures/1.004194"))["competent"] == "police_residence"


def test_unknown_procedure(here):
    for code in ("9.999999", "x", "1.001193%20", "%C4%91"):
        problem(here.anyone.call("GET", "/procedures/" + code), 404, "not_found")


def test_agencies_are_a_tree(here):
    tree = {"code": str, "name": str, "level": frozenset(("province", "department", "commune",
                                                         "post_office")), "functions": [str], "children": [object]}
    items = ok(here.anyone.get("/agencies"))["items"]
    count = {}

    def walk(agency):
        check(agency, tree)
        count[agency["level"]] = count.get(agency["level"], 0) + 1
        for child in agency["children"]:
            walk(child)

    for item in items:
        walk(item)
    city = [item for item in items if item["code"] == "H24"][0]
    assert city["level"] == "province" and count["commune"] == 114, count
    assert "H24.15.03" in [child["code"] for child in city["children"]]


def test_health_ready_and_description(here):
    assert here.anyone.call("GET", "/healthz").status == 200
    assert ok(here.anyone.call("GET", "/readyz"))["ready"] is True
    described = ok(here.anyone.get("/openapi.json"))
    assert described["openapi"].startswith("3.")
    for path in ("/api/v1/dossiers", "/api/v1/dossiers/{code}/actions", "/api/v1/lookup/{code}",
                 "/api/v1/statistics/on-time", "/healthz"):
        assert path in described["paths"], path
    metrics = here.anyone.call("GET", "/metrics")
    assert metrics.status == 200 and metrics.raw, metrics


def test_metrics_only_from_configured_addresses(here):
    problem(here.anyone.call("GET", "/metrics", X_Forwarded_For="203.0.113.7"), 403)


def test_unknown_paths_and_methods(here):
    problem(here.anyone.get("/nothing"), 404, "not_found")
    refused = problem(here.anyone.call("PUT", "/dossiers", {}), 405, "method_not_allowed")
    assert "POST" in refused.headers["Allow"] and "GET" in refused.headers["Allow"]
    problem(here.anyone.get("/lookup/"), 404)
