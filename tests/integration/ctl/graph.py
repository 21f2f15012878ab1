#!/usr/bin/python3
"""dvcctl plugin graph: every shipped procedure as Graphviz, drawn by the real dot, and as Mermaid, held
to its grammar; a dossier's place. TAP.

    graph.py      DVCD, DVCCTL and POSTSIM name the programs of the build
"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from ctltest import Answer, Stand, Tap, built, ctl, filing, post

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SHIPPED = sorted(glob.glob(os.path.join(ROOT, "plugins", "procedures", "*.yaml")))
PERMIT = os.path.join(ROOT, "plugins", "procedures", "1.013225.yaml")

# Mermaid's flowchart as its manual has it, as far as we write it. Inside quotes no bare quote and no '#'
# or '&' that is no entity code; nodes before they are used.
TEXT = r'"((?:[^"#&<>\n]|#(?:quot|lt|gt|\d+);|<br/>|</?[bi]>)+)"'
SHAPES = ("%s" % shape.replace("TEXT", TEXT) for shape in (
    r"\(\[TEXT\]\)", r"\{\{TEXT\}\}", r"\(TEXT\)", r"\[/TEXT/\]", r"\[\[TEXT\]\]", r"\[/TEXT\\\]",
    r">TEXT\]", r"\[\(TEXT\)\]", r"\[TEXT\]"))
NODE = re.compile(r"    (n\d+|title)(?:%s)$" % "|".join(SHAPES))
EDGE = re.compile(r"    (n\d+) (==>|-->|-\.->)\|%s\| (n\d+)$" % TEXT)
OTHER = re.compile(r"    (?:accTitle: [^\n]+|style (?:n\d+|title) [a-z-]+:[^ ]+|title ~~~ n\d+)$")


def draw(*words):
    return Answer(subprocess.run([built("DVCCTL"), "plugin", "graph", *words], capture_output=True,
                                 encoding="utf-8", timeout=60, check=False))


def dot(text, form="json"):
    run = subprocess.run(["dot", "-T" + form], input=text, capture_output=True, encoding="utf-8",
                         timeout=60, check=False)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    return run.stdout


def boxes(text):
    """{name: node} and [(tail, head, edge)] as dot understood them."""
    told = json.loads(dot(text))
    nodes = {one["_gvid"]: one for one in told["objects"] if "label" in one and "nodes" not in one}
    return nodes, [(nodes[one["tail"]], nodes[one["head"]], one) for one in told["edges"]]


def mermaid(text):
    lines = text.splitlines()
    nodes, edges = {}, []
    assert lines[0] == "flowchart TD", lines[0]
    for line in lines[1:]:
        node, edge = NODE.match(line), EDGE.match(line)
        assert node or edge or OTHER.match(line), line
        if node:
            assert node.group(1) not in nodes, line
            nodes[node.group(1)] = next(text for text in node.groups()[1:] if text)
        if edge:
            assert edge.group(1) in nodes and edge.group(4) in nodes, line
            edges.append(edge.groups())
    return nodes, edges


def test_dot(_):
    """every shipped procedure is drawn by dot, with a line for each way"""
    assert len(SHIPPED) >= 14
    for path in SHIPPED:
        answer = draw(path)
        assert answer.status == 0 and answer.err == "", answer
        nodes, edges = boxes(answer.out)
        names = re.findall(r"^    (n\d+) \[|^        (n\d+) \[", answer.out, re.M)
        assert len(nodes) == len(names) and len(edges) == answer.out.count(" -> "), path
        reached = {head["name"] for _, head, _ in edges}
        assert all(one["name"] in reached for one in nodes.values() if one["name"] != "n0"), path
        assert "Kết thúc: Đã trả kết quả" in answer.out, path


def test_mermaid(_):
    """every shipped procedure keeps Mermaid's grammar and says the same as the other picture"""
    for path in SHIPPED:
        answer = draw(path, "--format", "mermaid")
        assert answer.status == 0 and answer.err == "", answer
        nodes, edges = mermaid(answer.out)
        other, ways = boxes(draw(path).out)
        assert set(nodes) - {"title"} == {one["name"] for one in other.values()}, path
        assert sorted((a, b) for a, _, _, b in edges) == sorted(
            (tail["name"], head["name"]) for tail, head, _ in ways), path


def test_permit(_):
    """1.013225: shapes and words for roles, dashes for timeouts, opinions at once, their join, ends"""
    answer = draw(PERMIT)
    nodes, edges = boxes(answer.out)
    by_text = {re.sub(r"<[^>]+>", " ", one["label"]): one for one in nodes.values()}

    def box(words):
        found = [one for text, one in by_text.items() if words in re.sub(" +", " ", text)]
        assert len(found) == 1, (words, list(by_text))
        return found[0]

    def ways(tail, head):
        return [edge for a, b, edge in edges if a is box(tail) and b is box(head)]

    assert box("Tiếp nhận hồ sơ người tiếp nhận hồ sơ")["shape"] == "folder"
    assert box("Ký giấy phép lãnh đạo cơ quan")["shape"] == "octagon"
    wait = box("Chờ bổ sung hồ sơ chờ người nộp hồ sơ")
    assert wait["shape"] == "hexagon"
    late = [edge for a, _, edge in edges if a is wait and "Quá 30 ngày" in edge["label"]]
    assert len(late) == 1 and late[0]["style"] == "dashed"
    for opinion in ("phòng cháy, chữa cháy", "Cho ý kiến về môi trường"):
        asked = ways("Thẩm định công chức", opinion)
        assert len(asked) == 1 and "(cùng lúc)" in asked[0]["label"] and "≥ 7" in asked[0]["label"]
    assert "(gặp nhau: khi đủ các nhánh)" in box("Thẩm định công chức")["label"]
    ends = [one for one in nodes.values() if "Kết thúc:" in one["label"]]
    assert len(ends) == 4 and all(one["peripheries"] == "2" for one in ends)
    main = [edge for _, _, edge in edges if edge.get("penwidth") == "2"]
    assert len(main) == 7, "from reception to the result handed over"


def test_escapes(_):
    """what a name may hold breaks neither picture"""
    with open(PERMIT, encoding="utf-8") as file:
        text = file.read()
    nasty = 'Thẩm <b>định</b> & "soát"; A|B #1 {x} ]) \\\\N -->'
    assert "name: Thẩm định\n" in text
    text = text.replace("name: Thẩm định\n", "name: '%s'\n" % nasty)
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "procedures"))
        path = os.path.join(folder, "procedures", "1.013225.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        answer = draw(path)
        assert answer.status == 0, answer
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", dot(answer.out, "svg")))
        assert 'Thẩm &lt;b&gt;định&lt;/b&gt; &amp;' in shown, "as it was written"
        nodes, _ = mermaid(draw(path, "--format=mermaid").out)
        assert any("#lt;b#gt;" in label and "#35;1" in label and "#quot;soát" in label
                   for label in nodes.values()), nodes


def test_usage(_):
    """wrong use is told"""
    for words in ((), (PERMIT, "--format", "png"), (PERMIT, "again"), (PERMIT, "--dossier", "H1"),
                  ("--nothing",)):
        answer = draw(*words)
        assert answer.status == 100 and answer.out == "" and answer.err, answer


def test_dossier(stand):
    """a dossier's place is marked in its own version, on the way and at the end"""
    agency, commune = filing.communes()[0]
    status, filed = post(stand, "/dossiers", filing.submission(1, agency, commune, "1.004873"), "graph-1")
    assert status == 201, filed
    code = filed["code"]
    answer = ctl(stand, "plugin", "graph", "--dossier", code)
    assert answer.status == 0, answer
    nodes, _ = boxes(answer.out)
    here = [one for one in nodes.values() if "ĐANG Ở ĐÂY" in one["label"]]
    assert len(here) == 1 and "Tiếp nhận hồ sơ" in here[0]["label"] and here[0]["penwidth"] == "4"
    assert code in answer.out and "Chờ tiếp nhận" in answer.out

    status, view = post(stand, "/dossiers/%s/actions" % code, {"action": "accept", "task": 1}, "graph-2",
                        "staff")
    assert status == 200, view
    nodes, _ = boxes(ctl(stand, "plugin", "graph", "1.004873", "--dossier", code).out)
    texts = [re.sub(r"<[^>]+>", " ", one["label"]) for one in nodes.values()]
    assert [text for text in texts if "ĐANG Ở ĐÂY" in text and "Thẩm tra hồ sơ" in text]
    assert len([text for text in texts if "đã qua" in text]) == 2, texts
    drawn, _ = mermaid(ctl(stand, "plugin", "graph", "--dossier", code, "--format", "mermaid").out)
    assert len([text for text in drawn.values() if "ĐANG Ở ĐÂY" in text]) == 1

    answer = ctl(stand, "plugin", "graph", "1.013225", "--dossier", code)
    assert answer.status == 1 and "1.004873" in answer.err, answer
    answer = ctl(stand, "plugin", "graph", "--dossier", "H00.00-000000-0000")
    assert answer.status == 1 and "no dossier" in answer.err, answer


def main():
    stand, tap = Stand(), Tap()
    try:
        stand.start()
        stand.add_accounts()
        tap.run((test_dot, test_mermaid, test_permit, test_escapes, test_usage, test_dossier), stand)
    finally:
        stand.stop()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
