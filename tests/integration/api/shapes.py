"""The shapes of api.md, and whether an answer has them: every named member there (absent is null, not
left out), of the right kind. Members beyond those named are allowed."""

import re

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+07:00$")
DAY = re.compile(r"^\d{4}-\d\d-\d\d$")
HASH = re.compile(r"^[0-9a-f]{64}$")


class Maybe:
    def __init__(self, shape):
        self.shape = shape


class Values:
    """A map with any keys and values of one shape."""

    def __init__(self, shape):
        self.shape = shape


def check(tree, shape, at="$"):
    if isinstance(shape, Maybe):
        if tree is not None:
            check(tree, shape.shape, at)
    elif isinstance(shape, Values):
        assert isinstance(tree, dict), "%s is no object: %r" % (at, tree)
        for key, value in tree.items():
            check(value, shape.shape, "%s.%s" % (at, key))
    elif isinstance(shape, dict):
        assert isinstance(tree, dict), "%s is no object: %r" % (at, tree)
        for key, inner in shape.items():
            assert key in tree, "%s has no member %s" % (at, key)
            check(tree[key], inner, "%s.%s" % (at, key))
    elif isinstance(shape, list):
        assert isinstance(tree, list), "%s is no list: %r" % (at, tree)
        for place, item in enumerate(tree):
            check(item, shape[0], "%s[%d]" % (at, place))
    elif isinstance(shape, re.Pattern):
        assert isinstance(tree, str) and shape.match(tree), "%s: %r is not %s" % (
            at, tree, shape.pattern)
    elif isinstance(shape, frozenset):
        assert tree in shape, "%s: %r is none of %s" % (at, tree, sorted(shape))
    elif shape is int:
        assert isinstance(tree, int) and not isinstance(tree, bool), "%s: %r" % (at, tree)
    elif shape is object:
        pass
    else:
        assert isinstance(tree, shape), "%s: %r is no %s" % (at, tree, shape.__name__)


ACTION = {"action": str, "name": str, "needs": [str]}
TASK_ROW = {"id": int, "code": str, "procedure": str, "step": str, "name": str, "role": Maybe(str),
            "agency": Maybe(str), "assignee": Maybe(int), "opened_at": TIME, "due": Maybe(TIME),
            "past_due": bool, "minutes_left": Maybe(int), "state": str}
TASK = dict(TASK_ROW, actions=[ACTION])
ADDRESS = {"province": str, "commune": str, "line": str}
PARTY = {"kind": str, "name": str, "id_number": str, "phone": Maybe(str), "email": Maybe(str),
         "address": Maybe(ADDRESS)}
PARCEL = {"id": int, "code": str, "direction": frozenset(("collect", "return")),
          "order_number": str, "item_code": Maybe(str), "state": str, "state_name": str,
          "office": Maybe(str),
          "receiver": {"name": Maybe(str), "phone": Maybe(str), "address": Maybe(ADDRESS)},
          "events": [{"at": TIME, "state": str, "place": Maybe(str), "note": Maybe(str)}]}
CHANNELS = frozenset(("direct", "online", "post"))
DOSSIER = {
    "code": str, "external_code": Maybe(str),
    "procedure": {"code": str, "version": int, "name": str}, "case": Maybe(str),
    "channel": CHANNELS,
    "agencies": {"helping": Maybe(str), "receiving": str, "competent": str},
    "state": str, "state_name": str, "status": int,
    "clock": frozenset(("none", "running", "held", "ended")),
    "applicant": PARTY, "on_behalf": {"kind": str}, "owner": Maybe(PARTY), "form": dict,
    "documents": [{"id": str, "name": str,
                   "file": Maybe({"name": Maybe(str), "type": str, "size": int}), "copies": int}],
    "delivery": {"method": frozenset(("counter", "post", "electronic"))},
    "fees": [{"id": str, "name": str, "amount": int, "waived": bool, "paid_at": Maybe(TIME),
              "receipt": Maybe(str)}],
    "submitted_at": TIME, "received_at": Maybe(TIME), "due_first": Maybe(TIME),
    "due_current": Maybe(TIME), "finished_at": Maybe(TIME), "returned_at": Maybe(TIME),
    "tasks": [TASK], "actions": [ACTION],
    "results": [{"id": int, "code": str, "name": str, "number": Maybe(str),
                 "signed_by": Maybe(str), "signed_at": Maybe(TIME)}],
    "forms": [{"form": str, "number": str, "issued_at": TIME}],
    "supplements": [{"stage": frozenset(("intake", "appraisal")), "requested_at": TIME,
                     "reason": Maybe(str), "papers": Maybe([str]), "closed_at": Maybe(TIME)}],
    "parcels": [PARCEL],
    "linked": [{"relation": frozenset(("lead", "part")), "as": Maybe(str), "code": Maybe(str),
                "procedure": str, "procedure_name": Maybe(str), "agency": str,
                "agency_name": Maybe(str), "state": Maybe(str), "state_name": Maybe(str),
                "due": Maybe(TIME), "may_open": bool,
                "outcome": Maybe(frozenset(("asked", "open", "done", "failed")))}]}
DOSSIER_ROW = {"code": str, "external_code": Maybe(str), "procedure": {"code": str, "name": str},
               "agency": str, "state": str, "state_name": str, "channel": CHANNELS,
               "submitted_at": TIME, "received_at": Maybe(TIME), "due_current": Maybe(TIME),
               "clock": frozenset(("none", "running", "held", "ended")),
               "finished_at": Maybe(TIME), "returned_at": Maybe(TIME)}
SUBMITTED = {"code": re.compile(r"^H24(\.\d\d)*-\d{6}-\d{4,}$"), "external_code": Maybe(str),
             "procedure": str, "agency": str, "state": str, "status": int, "submitted_at": TIME,
             "due": Maybe(TIME), "pin": re.compile(r"^\d{6,}$")}
EVENT = {"seq": int, "at": TIME, "kind": str, "actor": Maybe(int), "body": str,
         "previous_hash": HASH, "hash": HASH}
DEADLINE = {"limit": str, "source": str, "due_first": Maybe(TIME), "due_current": Maybe(TIME),
            "clock": str,
            "days": [{"date": DAY, "counted": bool, "minutes": int, "reason": str,
                      "source": Maybe(str)}],
            "holds": [{"from": TIME, "to": Maybe(TIME), "reason": str, "party": str,
                       "old_due": Maybe(TIME), "new_due": Maybe(TIME)}]}
ME = {"account": {"username": str, "name": str, "kind": str, "email": Maybe(str),
                  "phone": Maybe(str), "mail_notices": bool, "id_number_verified": bool,
                  "totp": bool, "must_change_password": bool},
      "roles": [{"role": str, "agency": str, "from": TIME, "to": Maybe(TIME)}],
      "delegations": [object], "csrf_token": str}
RATE = {"numerator": int, "denominator": int, "value": Maybe(float)}
ON_TIME = {"definition": object, "verdict": frozenset(("legal", "strict")), "as_of": TIME,
           "from": DAY, "to": DAY, "recomputing": int,
           "groups": [{"key": dict,
                       "received": {"total": int, "online": int, "post": int, "direct": int,
                                    "carried_over": int},
                       "resolved": {"total": int, "early": int, "on_time": int, "late": int},
                       "open": {"total": int, "in_time": int, "late": int},
                       "apart": {"paused": int, "withdrawn": int, "refused": int, "stopped": int,
                                 "not_accepted": int, "no_due_date": int, "accepted_late": int},
                       "rates": {"on_time_of_resolved": RATE, "on_time_of_received": RATE,
                                 "on_time_of_due": RATE, "on_time_first_due": RATE}}]}
PROCEDURE_ROW = {"code": str, "version": int, "name": str, "field": str, "level": str}
PROCEDURE = dict(PROCEDURE_ROW, channels=Values({"limit": str}), cases=[{"id": str, "name": str}],
                 fees=[{"id": str, "name": str}],
                 documents=[{"id": str, "name": str, "required": bool}], form=dict,
                 results=[{"code": str, "name": str}], steps=[{"id": str, "name": str}])


def problem(answer, status, code=None, pointer=None):
    """A refusal in Vietnamese; with `pointer` one that names this field."""
    assert answer.status == status, "wanted %d: %r" % (status, answer)
    if code is not None:
        assert answer.json["code"] == code, "wanted %s: %r" % (code, answer)
    assert answer.json["detail"], answer
    if pointer is not None:
        found = [error for error in answer.json["errors"] if error["pointer"] == pointer]
        assert found, "no error at %s: %r" % (pointer, answer)
        assert re.match(r"^[a-z0-9_]+$", found[0]["code"]), answer
        assert any(ord(letter) > 127 for letter in found[0]["message"]), answer
    return answer


def ok(answer, status=200):
    assert answer.status == status, "wanted %d: %r" % (status, answer)
    return answer.json
