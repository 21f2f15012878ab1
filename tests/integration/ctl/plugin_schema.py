#!/usr/bin/python3
"""dvcctl plugin schema, judged by a validator of another make. TAP.

    plugin_schema.py      DVCCTL names the program of the build
"""

import os
import re
import sys

import jsonschema
import yaml

from ctltest import Tap
from plugintest import BAD, PLUGINS, PROCEDURES, faults, plugin, read

# Files of tests/unit/conf/bad that a schema must refuse, with the place of one fault in them. The
# others break what only the whole can show: references, states, sums.
REFUSED = {
    "plugin-020-unknown-key": None,
    "plugin-020-comma": None,
    "plugin-021-blank": None,
    "plugin-021-missing": None,
    "plugin-021-no-target": None,
    "plugin-022-type": None,
    "plugin-022-two-targets": None,
    "plugin-023-range": None,
    "plugin-024-word": None,
    "plugin-025-code-form": ("procedure",),
    "plugin-025-unquoted-code": ("procedure",),
    "plugin-026-limit": None,
    "plugin-027-date": None,
    "plugin-102-role": None,
    "plugin-103-effect": None,
    "plugin-104-form": None,
    "plugin-109-fill": None,
}


class Loader(yaml.SafeLoader):  # pylint: disable=too-many-ancestors
    """YAML as yaml-language-server takes it (1.2 core): days, times, yes and no are text."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
        ("bool", r"true|false", "tf"), ("null", r"null|~|", ["n", "~", ""]),
        ("int", r"[-+]?[0-9]+", "-+0123456789"),
        ("float", r"[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?", "-+0123456789")]:
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile("^(?:%s)$" % pattern),
                                 list(first))


class Here:
    def __init__(self):
        answer = plugin("schema")
        assert answer.status == 0 and not answer.err, answer
        self.schema = answer.json
        self.validator = jsonschema.Draft202012Validator(self.schema)

    def errors(self, text):
        return list(self.validator.iter_errors(yaml.load(text, Loader)))


def is_schema(here):
    """it is a schema of 2020-12 and every key that people may write has its Vietnamese help"""
    assert here.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(here.schema)
    bare = [name + "." + key for name, definition in here.schema["$defs"].items()
            for key, value in definition.get("properties", {}).items()
            if len(value.get("description", "")) < 3]
    assert not bare, bare
    assert plugin("schema", "x").status == 100


def shipped_pass(here):
    """all shipped procedures and workflows, the template, and the template whole"""
    paths = [os.path.join(folder, name) for folder in (PROCEDURES, os.path.join(PLUGINS, "workflows"))
             for name in sorted(os.listdir(folder))]
    assert len(paths) >= 18
    template = read(os.path.join(PLUGINS, "template.yaml"))
    for name, text in [(path, read(path)) for path in paths] + [
            ("template", template), ("template whole", template.replace("\n#|", "\n"))]:
        found = here.errors(text)
        assert not found, (name, [error.message[:200] for error in found])


def bad_fail(here):
    """files that break a rule of the text alone are refused; the others are left to the checker"""
    names = sorted(name[:-5] for name in os.listdir(BAD)
                   if name.startswith("plugin-") and name.endswith(".yaml"))
    for name in names:
        found = here.errors(read(os.path.join(BAD, name + ".yaml")))
        if name in REFUSED:
            assert found, name
            if REFUSED[name]:
                assert REFUSED[name] in [tuple(error.absolute_path) for error in found], (name, found)
        elif name[7] == "1" and name[7:10] >= "105":
            assert not found, (name, [error.message[:300] for error in found])


def one_change(here):
    """each of these changes of a sound file is refused by the schema and by the checker alike"""
    source = read(os.path.join(PROCEDURES, "1.013225.yaml"))
    assert not here.errors(source)
    path = "/tmp/dvcd-schema-%d/1.013225.yaml" % os.getpid()
    os.makedirs(os.path.dirname(path))
    try:
        for old, new in CHANGES:
            assert old in source, old
            text = source.replace(old, new, 1)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            assert here.errors(text), (old, new)
            assert faults(plugin("check", path)), (old, new)
    finally:
        os.remove(path)
        os.rmdir(os.path.dirname(path))


CHANGES = [
    ("level: partial", "level: half"), ("level: partial", "levels: partial"),
    ("version: 2", "version: 0"), ("version: 2", 'version: "2"'),
    ("[citizen, business, organisation]", "[citizen, firm]"),
    ("from: 2025-07-01", "from: 01/07/2025"), ("due_time: end_of_day", "due_time: noon"),
    ("online: {limit: 20 calendar_days}", "online: {limit: 20 days}"),
    ("online: {limit: 20 calendar_days}", "web: {limit: 20 calendar_days}"),
    ("collect: true, ", ""), ("max: 1, closes_after", "max: 11, closes_after"),
    ("at: 50%, to: assignee", "at: 50 percent, to: assignee"),
    ("at: 50%, to: assignee", "at: 50%, to: boss"),
    ("amount: 75000", "amount: -1"), ("amount: 75000", "amount: {online: 1, web: 2}"),
    ("kind: le_phi", "kind: fee"), ("pay: before_result", "pay: later"),
    ("type: citizen_id", "type: id_card"), ("fill: applicant.name", "fill: applicant.age"),
    ("id: owner_name", "id: Owner"), ("certified: 1", "certified: 30"),
    ("formats: [pdf, dwg]", "formats: [pdf, exe]"), ("electronic: true", "electronic: 1"),
    ("role: receiver", "role: applicant"), ("wait: applicant", "wait: nobody"),
    ("state: supplement", "state: returned"), ("end: not_accepted, needs", "end: gone, needs"),
    ("needs: [reason, papers]", "needs: [reasons]"), ("effects: [restart]", "effects: [again]"),
    ("{issue: receipt}", "{issue: ticket}"), ("{issue: receipt}", "{print: receipt}"),
    ("to: [ask_fire, ask_environment]", "to: [ask_fire]"),
    ("join: appraise}", "join: appraise, to: appraise}"),
    ("timeout: {after: 30 calendar_days, to: propose_stop}", "timeout: {to: propose_stop}"),
    ("start: receive", "begin: receive"),
]

TESTS = (is_schema, shipped_pass, bad_fail, one_change)

if __name__ == "__main__":
    tap = Tap()
    tap.run(TESTS, Here())
    sys.exit(tap.end())
