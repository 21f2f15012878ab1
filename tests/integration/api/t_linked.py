"""Liên thông: a lead that opens two dossiers, one at its own commune and one at a department, waits for
both, and hears of each end once, whatever is killed in between. A daemon of its own: its procedures are
those of linked/."""

import os
import signal
import time

import samples
import world
from client import pages, until
from shapes import ok, problem
from t_birth import steps_of

PLUGINS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "linked")
RESULT = {"number": "12/2026", "signed_by": "Đỗ Minh Đức", "signed_at": "2026-11-20T10:00:00+07:00"}
OTHER = {"number": "34/2026", "signed_by": "Trịnh Quốc Việt", "signed_at": "2026-11-20T10:00:00+07:00"}
MANY = 12

own = {}


def linked_world():
    """Made by the first test, stopped by the last."""
    if "here" not in own:
        daemon = world.Daemon()
        with open(daemon.config, encoding="utf-8") as file:
            text = file.read()
        before = os.path.join(world.ROOT, "plugins", "procedures")
        assert before in text
        with open(daemon.config, "w", encoding="utf-8") as file:
            file.write(text.replace(before, PLUGINS))
        own["here"] = world.World(daemon)
    return own["here"]


def filed(here, **form):
    values = {"child_name": "Nguyễn Gia Hân", "residence": True, "insurance": True}
    values.update(form)
    values = {key: value for key, value in values.items() if value}
    upload = ok(here.citizen.upload(), 201)["id"]
    body = {"procedure": "9.100001", "agency": samples.HERE, "applicant": samples.MINH,
            "on_behalf": {"kind": "self"}, "owner": None, "form": values,
            "documents": [{"id": "declaration", "upload": upload}], "delivery": samples.COUNTER}
    code = ok(here.citizen.submit(body), 201)["code"]
    ok(here.receiver.act(code, "accept", "receive"))
    return code


def signed(here, **form):
    code = filed(here, **form)
    return code, ok(here.officer.act(code, "sign", "register", result=RESULT))


def parts(here, code, user=None):
    view = ok((user or here.officer).view(code))
    return {row["as"]: row for row in view["linked"] if row["relation"] == "part"}


def opened(here, code, *names):
    assert until(lambda: all(parts(here, code)[name]["code"] for name in names)), \
        parts(here, code)
    return [parts(here, code)[name]["code"] for name in names]


def resolve(receiver, officer, code):
    ok(receiver.act(code, "accept", "receive"))
    return ok(officer.act(code, "done", "work", result=OTHER))


def kinds(here, code):
    return [event["kind"] for event in pages(here.officer, "/dossiers/%s/events" % code, limit=100)]


def test_two_dossiers_of_their_own(_):
    here = linked_world()
    code, view = signed(here)
    assert view["state"] == "linked" and steps_of(view) == ["linked_work"], view["state"]
    assert view["clock"] == "running", "the lead's own limit goes on"
    assert {row["as"] for row in view["linked"]} == {"residence", "insurance"}
    residence, insurance = opened(here, code, "residence", "insurance")
    assert residence.startswith("H24.15.03-") and insurance.startswith("H24.17-")
    assert len({code, residence, insurance}) == 3
    page = ok(here.receiver.view(residence))
    assert page["form"] == {"name": "Nguyễn Gia Hân", "parent": "Nguyễn Văn Minh",
                            "birth_number": "12/2026", "purpose": "birth"}, page["form"]
    assert page["applicant"]["name"] == "Nguyễn Văn Minh" and page["channel"] == "online"
    papers = {paper["id"]: paper for paper in page["documents"]}
    assert papers["declaration"]["file"] and papers["birth"]["originals"] == 1
    assert [(row["relation"], row["code"], row["state"]) for row in page["linked"]] == [
        ("lead", code, "linked")]
    assert steps_of(page) == ["receive"]

    view = resolve(here.receiver, here.officer, residence)
    assert view["due_first"], "a clock of its own"
    assert until(lambda: parts(here, code)["residence"]["outcome"] == "done")
    row = parts(here, code)["residence"]
    assert row["state"] == "finished" and row["due"] == view["due_first"], row
    assert ok(here.officer.view(code))["state"] == "linked", "the other one is still out"
    resolve(here.fire, here.fire, insurance)
    assert until(lambda: ok(here.officer.view(code))["state"] == "finished")
    assert steps_of(ok(here.officer.view(code))) == ["return_result"]
    assert kinds(here, code).count("linked_opened") == 2
    assert kinds(here, code).count("linked_ended") == 2


def test_who_sees_the_lead_sees_where_the_others_stand_and_no_more(_):
    here = linked_world()
    code, _view = signed(here)
    residence, insurance = opened(here, code, "residence", "insurance")
    assert parts(here, code, here.officer)["insurance"]["state"] == "submitted"
    problem(here.officer.view(insurance), 404)
    problem(here.fire.view(code), 404)
    problem(here.fire.view(residence), 404)
    assert ok(here.fire.view(insurance))["linked"][0]["code"] == code
    for each in (code, residence, insurance):
        ok(here.citizen.view(each))
        problem(here.citizen2.view(each), 404)
    told = set()
    for who in (here.citizen, here.officer, here.fire, here.receiver, here.auditor):
        for each in (code, residence, insurance):
            view = who.view(each)
            for row in view.json["linked"] if view.status == 200 else ():
                assert row["may_open"] == (who.view(row["code"]).status == 200), (who, each, row)
                told.add((view.json["code"] == code, row["may_open"]))
    assert told == {(True, True), (True, False), (False, True), (False, False)}, told
    mine = [row["code"] for row in pages(here.citizen, "/dossiers", limit=100)]
    assert {code, residence, insurance} <= set(mine)


def test_what_is_not_wanted_is_not_opened(_):
    here = linked_world()
    code, view = signed(here, residence=False, insurance=False)
    assert view["linked"] == [] and steps_of(view) == ["return_result"], steps_of(view)
    code, view = signed(here, residence=False)
    assert [row["as"] for row in view["linked"]] == ["insurance"]


def test_one_that_is_refused_leads_to_the_other_way(_):
    here = linked_world()
    code, _view = signed(here)
    residence, insurance = opened(here, code, "residence", "insurance")
    resolve(here.fire, here.fire, insurance)
    ok(here.receiver.act(residence, "refuse", "receive", reason="Không thường trú tại xã"))
    assert until(lambda: steps_of(ok(here.officer.view(code))) == ["look"])
    assert parts(here, code)["residence"]["outcome"] == "failed"
    assert parts(here, code)["residence"]["state"] == "not_accepted"


def test_one_that_the_citizen_withdraws_fails(_):
    here = linked_world()
    code, _view = signed(here, insurance=False)
    residence, = opened(here, code, "residence")
    ok(here.citizen.act(residence, "withdraw"))
    assert until(lambda: steps_of(ok(here.officer.view(code))) == ["look"])


def dead_of(here, code):
    return [item for item in pages(here.admin, "/admin/outbox", limit=100, state="dead")
            if item["dossier"] == code]


def test_what_the_other_form_refuses_is_a_dead_letter_that_says_so(_):
    here = linked_world()
    code, _view = signed(here, child_name="Hân 2")
    opened(here, code, "insurance")
    assert until(lambda: dead_of(here, code))
    letter, = dead_of(here, code)
    assert letter["channel"] == "linked" and letter["topic"] == "open"
    assert "residence (9.100002)" in letter["last_error"] and "/form/name" in letter["last_error"]
    assert "Họ tên" in letter["last_error"] and "Hân" not in letter["last_error"], letter
    assert parts(here, code)["residence"]["code"] is None
    ok(here.admin.post("/admin/outbox/%d/retry" % letter["id"], {"reason": "Thử lại"}), 204)
    assert until(lambda: dead_of(here, code)), "nothing was mended"
    ok(here.admin.post("/admin/outbox/%d/skip" % letter["id"], {"reason": "Làm trực tiếp"}), 204)
    assert parts(here, code)["residence"]["outcome"] == "failed"
    resolve(here.fire, here.fire, parts(here, code)["insurance"]["code"])
    assert until(lambda: steps_of(ok(here.officer.view(code))) == ["look"])


def kill_courier(here):
    for process in here.daemon.processes():
        if process.role == "courier":
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def test_a_killed_courier_loses_and_doubles_nothing(_):
    here = linked_world()
    codes = []
    for i in range(MANY):
        codes.append(signed(here)[0])
        if i % 3 == 1:
            kill_courier(here)
    for _round in range(3):
        time.sleep(0.4)
        kill_courier(here)
    for code in codes:
        assert until(lambda: all(row["code"] for row in parts(here, code).values()), 60), \
            parts(here, code)
    for code in codes:
        for row in parts(here, code).values():
            officer = here.fire if row["as"] == "insurance" else here.officer
            resolve(here.fire if officer is here.fire else here.receiver, officer, row["code"])
        kill_courier(here)
    for code in codes:
        assert until(lambda: steps_of(ok(here.officer.view(code))) == ["return_result"], 60)
        assert kinds(here, code).count("linked_opened") == 2
        assert kinds(here, code).count("linked_ended") == 2
    ids = ",".join("'%s'" % code for code in codes)
    assert here.value("SELECT count(*) FROM dossier_link l JOIN dossier d ON d.id = l.lead_id"
                      " WHERE d.code IN (%s);" % ids) == str(2 * MANY)
    assert here.value("SELECT count(*) FROM dossier WHERE procedure NOT IN ('9.100001', '9.100004')"
                      " AND NOT EXISTS (SELECT FROM dossier_link WHERE part_id = id);") == "0"


def test_information_only_is_filed_at_the_counter(_):
    here = linked_world()
    body = {"procedure": "9.100004", "agency": samples.HERE, "applicant": samples.MINH,
            "on_behalf": {"kind": "self"}, "owner": None, "form": {"name": "Nguyễn Văn Minh"},
            "documents": [], "delivery": samples.COUNTER}
    problem(here.citizen.submit(body), 422, None, "/procedure")
    code = ok(here.receiver.submit(dict(body, action="accept")), 201)["code"]
    view = ok(here.receiver.view(code))
    assert view["channel"] == "direct" and view["state"] == "accepted", view


def test_zz_all_of_it_well_formed(_):
    here = linked_world()
    found = here.api.suspicions
    own.pop("here").stop()
    assert not found, "\n".join(found[:5])
