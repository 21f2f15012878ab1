#!/usr/bin/python3
"""dvcctl plugin check and new: what a writer of procedures sees, on files alone. TAP.

    plugins.py      DVCCTL names the program of the build
"""

import json
import os
import shutil
import sys

from ctltest import Tap
from plugintest import BAD, PLUGINS, PROCEDURES, Tree, faults, plugin, read, write

ROOT = os.path.dirname(PLUGINS)
SHIPPED = sorted(os.path.join(PROCEDURES, name) for name in os.listdir(PROCEDURES))


def lists_subcommands(_):
    """plugin, plugin help and an unknown word say what there is"""
    for words in [(), ("help",)]:
        answer = plugin(*words)
        assert answer.status == 0, answer
        for name in ("check", "diff", "import", "new", "schema"):
            assert "dvcctl plugin %s" % name in answer.out, (name, answer)
    answer = plugin("chek")
    assert answer.status == 100 and "chek" in answer.err, answer


def shipped_are_sound(_):
    """the shipped procedures are sound, by file and without any dvcd.yaml"""
    answer = plugin("check", *SHIPPED)
    assert answer.status == 0, answer
    assert answer.out == "%d thủ tục, không có lỗi\n" % len(SHIPPED), answer


def every_fault_is_told(_):
    """every bad file is refused, its faults sorted, with the same numbers as the checker gives"""
    names = sorted(name for name in os.listdir(BAD)
                   if name.startswith("plugin-") and name.endswith(".yaml"))
    assert len(names) > 70
    for name in names:
        golden = read(os.path.join(BAD, name[:-5] + ".ok"))
        answer = plugin("check", os.path.join(BAD, name))
        found = faults(answer)
        assert answer.status == 1 and found, (name, answer)
        places = [fault[:3] for fault in found]
        assert places == sorted(places), (name, answer)
        # What is proved with the agencies and the other procedures of the unit tests is not here.
        known = {line.rsplit("[", 1)[1][:4] for line in golden.splitlines() if "[K" in line}
        if known & {"K106", "K180", "K181", "K182", "K183", "K184", "K188"}:
            continue
        assert known <= {fault[4] for fault in found}, (name, known, answer)


def all_files_at_once(_):
    """faults of several files come together, more than two hundred as well, and are counted"""
    with Tree(copy=False) as tree:
        paths = []
        for number in range(60):
            code = "9.%06d" % number
            text = plugin("new", code).out.replace("role: officer", "role: nobody")
            paths.append(write(tree.path(code), text))
        answer = plugin("check", *paths)
        found = faults(answer)
        assert answer.status == 1, answer
        assert len({fault[0] for fault in found}) == 60, answer
        assert len(found) == 120, len(found)
        text = read(paths[0]).replace("role: receiver", "role: noone")
        many = [write(path, text) for path in paths]
        found = faults(plugin("check", *many))
        assert len(found) > 400, len(found)
        assert plugin("check", *many).out.endswith("%d lỗi\n" % len(found))


def for_an_editor(_):
    """--json gives file, line, column, rule and message"""
    path = os.path.join(BAD, "plugin-103-effect.yaml")
    answer = plugin("check", "--json", path)
    assert answer.status == 1 and not answer.err, answer
    report = json.loads(answer.out)
    rules = [error["rule"] for error in report["errors"]]
    assert "K103" in rules and report["total"] == len(rules), report
    error = report["errors"][rules.index("K103")]
    line = read(path).splitlines()[error["line"] - 1]
    assert error["file"] == path and error["column"] >= 1, error
    assert "tác động" in error["message"] and "effects" in line, (error, line)
    good = json.loads(plugin("check", "--json", SHIPPED[0]).out)
    assert good == {"plugins": 1, "total": 0, "errors": []}, good


def names_and_links(_):
    """a file that is not there, a wrong name, a missing shared workflow, a missing partner"""
    answer = plugin("check", "/nowhere/1.000001.yaml")
    assert answer.status == 1 and "không có tệp này" in answer.out, answer
    assert plugin("check", "1.0001").status == 100
    with Tree() as tree:
        other = os.path.join(tree.procedures, "1.999999.yaml")
        shutil.copy(tree.path("1.004873"), other)
        assert [fault[4] for fault in faults(plugin("check", other))] == ["K105"]
        os.remove(os.path.join(tree.root, "plugins", "workflows", "certificate-with-fee-1.yaml"))
        answer = plugin("check", "1.004873.yaml", cwd=tree.procedures)
        assert [fault[4] for fault in faults(answer)] == ["K105"], answer
        assert "workflows/certificate-with-fee-1.yaml" in answer.out, answer
        lead = tree.path("2.000986")
        assert plugin("check", lead).status == 0
        os.remove(tree.path("1.004222"))
        assert [fault[4] for fault in faults(plugin("check", lead))] == ["K180"]


def by_code(_):
    """codes and no words at all mean the plugins of the configuration, its agencies are looked up"""
    with Tree() as tree:
        shutil.copytree(os.path.join(ROOT, "config"), os.path.join(tree.root, "config"))
        config = os.path.join(tree.root, "config", "demo", "dvcd.yaml")
        assert plugin("check", "--config", config).status == 0
        path = tree.path("1.013225")
        write(path, read(path).replace("agency: police_fire", "agency: police_fires"))
        for words in [("1.013225",), (), (path,)]:
            answer = plugin("check", "--config", config, *words)
            assert answer.status == 1, answer
            assert [fault[4] for fault in faults(answer)] == ["K106"], answer
        assert plugin("check", path).status == 0  # without a configuration: nothing to look up in
        assert plugin("check", "--config", config, "1.004873").status == 0
        assert plugin("check", "--config", "/nowhere/dvcd.yaml").status == 100


def template_is_sound(_):
    """a new plugin passes as it stands, and with every optional part put in"""
    with Tree(copy=False) as tree:
        answer = plugin("new", "1.234567", "--name", 'Cấp phép: "thử", @x #1', "--field", "- Đất đai",
                        "--into", tree.procedures)
        path = tree.path("1.234567")
        assert answer.status == 0 and answer.out == "" and path in answer.err, answer
        assert plugin("check", path).status == 0, plugin("check", path)
        text = read(path)
        assert 'name: "Cấp phép: \\"thử\\", @x #1"\n' in text and 'field: "- Đất đai"\n' in text
        whole = text.replace("\n#|", "\n")
        assert whole.count("\n") == text.count("\n") and whole != text
        write(path, whole)
        assert plugin("check", path).status == 0, plugin("check", path)
        # Its parts are really there: without the fee its payment has nothing to ask for.
        write(path, whole.replace("fees:\n", "").replace("  - {id: le_phi", "#  - {id: le_phi"))
        assert "K166" in [fault[4] for fault in faults(plugin("check", path))]


def nothing_is_overwritten(_):
    """new refuses a bad code, texts the reader would refuse, and a file that is there"""
    with Tree(copy=False) as tree:
        for words in [("1.23456",), ("1-234567",), ("",), (), ("1.234567", "1.234568"),
                      ("1.234567", "--name", "ab"), ("1.234567", "--name", "dòng\nhai"),
                      ("1.234567", "--field", "x" * 201)]:
            answer = plugin("new", *words)
            assert answer.status == 100 and answer.out == "" and answer.err, (words, answer)
        path = write(tree.path("1.234567"), "của người khác\n")
        answer = plugin("new", "1.234567", "--into", tree.procedures)
        assert answer.status == 1 and path in answer.err, answer
        assert read(path) == "của người khác\n"
        assert plugin("new", "1.234567", "--into", os.path.join(tree.root, "none")).status == 1


def installed(_):
    """the template of an installation is found beside its other plugins"""
    with Tree(copy=False) as share:
        folder = os.path.join(share.root, "config", "plugins")
        os.makedirs(folder)
        text = read(os.path.join(PLUGINS, "template.yaml"))
        write(os.path.join(folder, "template.yaml"), "# installed\n" + text)
        answer = plugin("new", "1.234567", env={"DVCD_SHARE": share.root})
        assert answer.status == 0 and answer.out.startswith("# installed\n"), answer
    for words in [("1.234567",), ("1.234567", "--name", "Một tên")]:
        assert plugin("new", *words).out.startswith(text[:60])


TESTS = (lists_subcommands, shipped_are_sound, every_fault_is_told, all_files_at_once, for_an_editor,
         names_and_links, by_code, template_is_sound, nothing_is_overwritten, installed)

if __name__ == "__main__":
    tap = Tap()
    tap.run(TESTS, None)
    sys.exit(tap.end())
