"""The picture of a workflow: what anyone may see of a procedure, all of it for staff, and a dossier's
place in its own version."""

import samples
from shapes import Maybe, Values, check, ok, problem
from t_birth import step
from t_permit import asked, filed

KINDS = frozenset(("work", "wait", "automatic", "end"))
NODE = {"id": str, "name": str, "kind": KINDS, "role": Maybe(str), "main": bool, "rank": int,
        "column": int}
EDGE = {"from": str, "to": str, "kind": frozenset(("action", "timeout")), "main": bool, "back": bool}
FULL_EDGE = dict(EDGE, action=Maybe(str), name=str, by=str, by_name=str, when=Maybe(str),
                 automatic=bool, after=Maybe(str), consent=bool, parallel=bool, join=bool,
                 previous=bool, opens=[{"as": str, "procedure": str}])
FULL = {"procedure": str, "version": int, "name": str, "nodes": [dict(NODE, role_name=Maybe(str))],
        "edges": [FULL_EDGE]}
STEP = {"agency": Maybe(str), "join": Maybe(frozenset(("all", "first"))), "limits": Values(str),
        "limit_text": Maybe(str)}


def by_id(graph):
    return {node["id"]: node for node in graph["nodes"]}


def ways(graph, tail, head):
    return [edge for edge in graph["edges"] if (edge["from"], edge["to"]) == (tail, head)]


def test_anyone_sees_the_steps_and_no_more(here):
    body = ok(here.anyone.get("/procedures/1.013225"))
    graph = body["workflow"]
    check(graph, {"nodes": [NODE], "edges": [EDGE]})
    assert [set(node) for node in graph["nodes"]] == [set(NODE)] * len(graph["nodes"])
    assert [set(edge) for edge in graph["edges"]] == [set(EDGE)] * len(graph["edges"])
    steps = {node["id"]: node["name"] for node in graph["nodes"] if node["kind"] != "end"}
    assert steps == {one["id"]: one["name"] for one in body["steps"]}
    places = [(node["rank"], node["column"]) for node in graph["nodes"]]
    assert places == sorted(places) and graph["nodes"][0]["id"] == "receive"
    assert [node["id"] for node in graph["nodes"] if node["main"]] == [
        "receive", "forward", "appraise", "review", "approve", "issue_result", "return_result",
        "end.returned"]
    assert ok(here.officer.get("/procedures/1.013225"))["workflow"] == graph, "the same for everybody"


def test_staff_sees_all_of_a_version(here):
    problem(here.anyone.get("/procedures/1.013225/workflow"), 401)
    problem(here.citizen.get("/procedures/1.013225/workflow"), 403)
    graph = ok(here.officer.get("/procedures/1.013225/workflow"))
    check(graph, FULL)
    for node in graph["nodes"]:
        if node["kind"] != "end":
            check(node, STEP)
    nodes = by_id(graph)
    assert nodes["appraise"]["join"] == "all" and nodes["review"]["join"] is None
    assert nodes["appraise"]["limits"] == {"online": "8 calendar_days", "post": "8 calendar_days",
                                           "direct": "5 calendar_days"}
    assert nodes["receive"]["limits"] == {"online": "8 working_hours", "post": "8 working_hours"}
    assert nodes["ask_fire"]["agency"] == "police_fire"
    assert nodes["supplement"]["kind"] == "wait" and nodes["supplement"]["role"] == "applicant"
    (consult,) = ways(graph, "appraise", "ask_fire")
    assert consult["parallel"] and consult["when"].endswith("≥ 7"), consult
    (late,) = [edge for edge in graph["edges"] if edge["kind"] == "timeout" and
               edge["from"] == "supplement"]
    assert (late["to"], late["after"], late["by"]) == ("propose_stop", "30 calendar_days", "clock")
    assert ok(here.officer.get("/procedures/1.013225/workflow", version=2)) == graph
    problem(here.officer.get("/procedures/1.013225/workflow", version=9), 404)
    problem(here.officer.get("/procedures/1.013225/workflow", version="hai"), 404)
    problem(here.officer.get("/procedures/9.999999/workflow"), 404)


def test_a_chain_shows_what_it_opens(here):
    graph = ok(here.officer.get("/procedures/2.000986/workflow"))
    (opens,) = ways(graph, "pass_on", "residence")
    assert opens["opens"] == [{"as": "residence", "procedure": "1.004222"}]


def test_a_dossier_stands_in_several_places_and_went_its_way(here):
    code, _view = asked(here)
    graph = ok(here.officer.get("/dossiers/%s/workflow" % code))
    check(graph, dict(FULL, dossier=str, state=str, state_name=str))
    assert (graph["dossier"], graph["procedure"], graph["version"]) == (code, "1.013225", 2)
    nodes = by_id(graph)
    assert {name for name, node in nodes.items() if node["here"]} == {"ask_fire", "ask_environment"}
    assert {name for name, node in nodes.items() if node["visits"]} == {
        "receive", "forward", "appraise", "ask_fire", "ask_environment"}
    assert ok(here.citizen.get("/dossiers/%s/workflow" % code)) == graph
    step(here.fire, code, "answer", "ask_fire")
    step(here.environment, code, "answer", "ask_environment")
    nodes = by_id(ok(here.fire.get("/dossiers/%s/workflow" % code)))
    assert [name for name, node in nodes.items() if node["here"]] == ["appraise"]
    assert nodes["appraise"]["visits"] == 2


def test_an_end_is_a_place_too(here):
    code = filed(here, floors=2)
    step(here.receiver, code, "refuse", "receive", reason="Không thuộc thẩm quyền")
    graph = ok(here.citizen.get("/dossiers/%s/workflow" % code))
    assert [node["id"] for node in graph["nodes"] if node["here"]] == ["end.not_accepted"]
    code = filed(here, floors=2)
    step(here.receiver, code, "accept", "receive")
    ok(here.citizen.act(code, "withdraw", reason="Không xây nữa"))
    graph = ok(here.citizen.get("/dossiers/%s/workflow" % code))
    assert graph["state"] in ("withdrawal_requested", "withdrawn") and graph["state_name"]


def test_only_who_may_see_the_dossier(here):
    code = ok(here.portal.submit(samples.marital()), 201)["code"]
    ok(here.receiver.get("/dossiers/%s/workflow" % code))
    masked = here.auditor.get("/dossiers/%s/workflow" % code)
    ok(masked)
    assert samples.MINH["name"] not in masked.raw.decode() and samples.MINH["id_number"] not in masked.raw.decode()
    problem(here.receiver4.get("/dossiers/%s/workflow" % code), 404)
    problem(here.anyone.get("/dossiers/%s/workflow" % code), 401)
    problem(here.officer.get("/dossiers/H24-000000-0000/workflow"), 404)
