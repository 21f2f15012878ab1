"""What an administrator sees of the service, and the calendars, which anyone may read."""

import os
import signal

from client import until
from shapes import TIME, Maybe, check, ok, problem

CHECK = {"check": str, "state": frozenset(("ok", "warn", "fail")), "message": str,
         "advice": Maybe(str)}
PLUGIN = {"code": str, "version": int, "name": str, "field": str, "published_at": TIME,
          "published_by": str, "sha256": str, "effective_from": Maybe(str),
          "effective_to": Maybe(str), "withdrawn": bool, "open_dossiers": int}
CALENDAR = {"name": str, "title": str, "version": str, "published_at": TIME, "first_year": int,
            "last_year": int}


def checks(here):
    body = ok(here.admin.get("/admin/health"))
    check(body, {"items": [CHECK]})
    assert len({item["check"] for item in body["items"]}) == len(body["items"])
    return {item["check"]: item for item in body["items"]}


def test_health_is_for_administrators_only(here):
    for path in ("/admin/health", "/admin/plugins"):
        for user in (here.citizen, here.officer, here.auditor, here.portal):
            problem(user.get(path), 403)
        problem(here.anyone.get(path), 401)


def test_health_of_a_running_service(here):
    seen = checks(here)
    for name in ("database", "schema", "rights", "connections", "clock_worker", "courier_worker",
                 "transactions", "timers", "configuration_served"):
        assert seen[name]["state"] == "ok", seen[name]
    assert seen["wal_archive"]["state"] == "warn" and "backup.wal_dir" in seen["wal_archive"]["advice"]


def test_an_old_backup_and_none(here):
    assert checks(here)["backup"]["state"] == "warn"
    row = ("INSERT INTO backup_log (started_at, finished_at, node, kind, folder, bytes, files,"
           " schema_version, verified) VALUES (now(), now() - interval '%s', 'here', 'base', '/x',"
           " 1, 1, 1, %s);")
    try:
        here.sql(row % ("25 hours", "true"))
        assert checks(here)["backup"]["state"] == "warn"
        here.sql(row % ("1 hour", "true"))
        assert checks(here)["backup"]["state"] == "ok"
        here.sql(row % ("1 minute", "false"))
        assert checks(here)["backup"]["state"] == "fail"
    finally:
        here.sql("DELETE FROM backup_log WHERE folder = '/x';")


def test_a_calendar_that_ends_is_told(here):
    here.sql("INSERT INTO calendar_version (name, sha256, canonical) SELECT name, 'short',"
             " jsonb_set(canonical::jsonb, '{last_year}', '2025')::text FROM calendar_version"
             " WHERE name = 'vn-default' ORDER BY version DESC LIMIT 1;")
    try:
        seen = checks(here)["calendars"]
        # No failure: the tests' daemon goes on with weekends only.
        assert seen["state"] == "warn" and "vn-default" in seen["message"], seen
        assert "2026" in seen["advice"]
    finally:
        here.sql("DELETE FROM calendar_version WHERE sha256 = 'short';")


def test_published_procedures_and_their_dossiers(here):
    body = ok(here.admin.get("/admin/plugins"))
    check(body["items"], [PLUGIN])
    assert {"1.001193", "1.004873", "1.013225"} <= {item["code"] for item in body["items"]}
    for item in body["items"]:
        count = here.value("SELECT count(*) FROM dossier d JOIN procedure_version p ON p.id ="
                           " d.procedure_id WHERE p.code = '%s' AND p.version = %d AND d.clock <>"
                           " 'ended';" % (item["code"], item["version"]))
        assert item["open_dossiers"] == int(count), item


def test_a_refused_reload_shows_its_errors(here):
    daemon = here.daemon
    with open(daemon.config, encoding="utf-8") as file:
        good = file.read()
    try:
        with open(daemon.config, "w", encoding="utf-8") as file:
            file.write(good + "nonsense:\n  key: 1\n")
        os.kill(daemon.supervisor.pid, signal.SIGHUP)
        assert until(lambda: ok(here.admin.get("/admin/plugins"))["errors"])
        body = ok(here.admin.get("/admin/plugins"))
        check(body["errors"], [{"file": str, "line": Maybe(int), "column": Maybe(int),
                                "message": str, "rule": Maybe(str)}])
        assert "nonsense" in body["errors"][0]["message"] and body["errors"][0]["line"] > 1
        assert body["errors_at"]
        seen = checks(here)["configuration_served"]
        assert seen["state"] == "fail" and "dvcd check" in seen["advice"], seen
    finally:
        with open(daemon.config, "w", encoding="utf-8") as file:
            file.write(good)
        here.reload()
    assert until(lambda: not ok(here.admin.get("/admin/plugins"))["errors"])


def test_calendars(here):
    body = ok(here.anyone.get("/calendars"))
    check(body, {"items": [CALENDAR]})
    assert [item["name"] for item in body["items"]] == ["police-saturday", "vn-default"]


def test_the_days_of_a_year(here):
    body = ok(here.anyone.get("/calendars/vn-default", year=2026))
    assert body["sessions"] == ["07:00-11:30", "13:30-17:00"]
    days = {day["date"]: day for day in body["days"]}
    assert days["2026-01-01"]["kind"] == "off" and days["2026-01-01"]["note"], days["2026-01-01"]
    assert days["2026-11-24"]["source"] == "Nghị quyết 28/2026/QH16"
    assert all(date.startswith("2026-") for date in days)
    assert {day["kind"] for day in days.values()} <= {"off", "work", "half"}
    assert len(ok(here.anyone.get("/calendars/vn-default"))["days"]) > len(days)


def test_no_such_calendar_and_no_such_year(here):
    problem(here.anyone.get("/calendars/nobody"), 404)
    answer = here.anyone.get("/calendars/vn-default", year="tet")
    problem(answer, 422)
    assert answer.json["errors"][0]["pointer"] == "/year", answer
