#!/usr/bin/python3
"""dvcctl plugin import: records made after the documented shape of LayThuTuc, one of them as messy as
people write. TAP.

    plugin_import.py      DVCCTL names the program of the build
"""

import copy
import json
import os
import re
import sys

import yaml

from ctltest import Tap
from plugintest import Tree, plugin, read, write

RECORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "records")
MARK = "# CẦN XEM:"


def record(name):
    return os.path.join(RECORDS, name + ".json")


def imported(tree, name, code):
    """Imports, checks and reads back: the text and what is in it."""
    answer = plugin("import", record(name), "--into", tree.procedures)
    path = tree.path(code)
    assert answer.status == 0 and path in answer.err and answer.out == "", answer
    checked = plugin("check", path)
    assert checked.status == 0, checked
    text = read(path)
    assert "còn %d chỗ" % text.count(MARK) in checked.out, "nobody forgets what is left to read"
    return text, yaml.load(text, yaml.BaseLoader)


def marked(text, line):
    """Is the first line that begins so (after blanks) marked in the comment above it?"""
    rows = text.splitlines()
    at = next(i for i, row in enumerate(rows) if row.strip().startswith(line))
    notes = []
    while at > 0 and rows[at - 1].strip().startswith("#"):
        at -= 1
        notes.append(rows[at])
    return any(MARK in note for note in notes)


def plain(_):
    """what the record says is taken over whole, and only what it does not say is marked"""
    with Tree(copy=False) as tree:
        text, read_back = imported(tree, "plain", "1.012345")
    assert read_back["name"] == "Cấp giấy xác nhận thử" and read_back["field"] == "Hộ tịch"
    assert read_back["legal_basis"] == ["Luật Hộ tịch (60/2014/QH13)", "Nghị định số 123/2015/NĐ-CP"]
    assert read_back["authority"] == "commune" and read_back["subjects"] == ["citizen"]
    assert read_back["channels"] == {"online": {"limit": "3 working_days"},
                                     "post": {"limit": "4 working_days"},
                                     "direct": {"limit": "3 working_days"}}
    assert read_back["fees"] == [{"id": "le_phi_cap_giay_xac_nhan", "name": "Lệ phí cấp giấy xác nhận",
                                  "kind": "le_phi", "pay": "before_result",
                                  "amount": {"direct": "15000", "online": "7500", "post": "15000"}}]
    assert [(paper["name"], paper.get("original"), paper.get("certified"))
            for paper in read_back["documents"]] == \
        [("Tờ khai theo mẫu", "1", None), ("Bản sao có chứng thực giấy tờ tuỳ thân", None, "2")]
    assert read_back["results"] == [{"code": "KQ.G15.000038",
                                     "name": "Giấy xác nhận: bản giấy, bản điện tử",
                                     "electronic": "true"}]
    assert "Bước 2: Công chức kiểm tra hồ sơ: đủ thì tiếp nhận # không đủ" in text
    for line in ("decision:", "effective:", "level:", "postal:", "supplement:", "pay:"):
        assert marked(text, line), line
    for line in ("name:", "field:", "legal_basis:", "authority:", "subjects:", "online:", "amount:"):
        assert not marked(text, line), line


def cases(_):
    """cases come from the headings of the papers; what is asked for in each is of all"""
    with Tree(copy=False) as tree:
        text, read_back = imported(tree, "cases", "2.098765")
    assert read_back["procedure"] == "2.098765"
    assert read_back["name"] == 'Cấp phép "thử nghiệm": công trình, nhà ở'
    assert read_back["authority"] == "department"
    assert read_back["subjects"] == ["citizen", "business"], read_back["subjects"]
    first, second = [case["id"] for case in read_back["cases"]]
    assert [case["name"] for case in read_back["cases"]] == ["Nhà ở riêng lẻ",
                                                             "Công trình không theo tuyến"]
    assert [paper.get("cases") for paper in read_back["documents"]] == [None, [first], [second]]
    assert read_back["channels"] == {"online": {"limit": "20 calendar_days"},
                                     "direct": {"limit": "30 calendar_days"}}
    assert [fee["kind"] for fee in read_back["fees"]] == ["phi", "le_phi"]
    assert read_back["fees"][0]["amount"] == {"direct": "1500000", "online": "0"}
    assert marked(text, "amount: {"), "who looks is told that the record says nothing of online"
    assert read_back["postal"]["collect"] == "false"
    assert marked(text, "original: 1") and not marked(text, "original: 2")
    assert "không thuộc diện miễn phép" in text


def messy(_):
    """prose, tags, odd kinds, words that YAML mistakes: it can be checked, and is marked there"""
    with Tree(copy=False) as tree:
        text, read_back = imported(tree, "messy", "3.000777")
    assert read_back["name"] == \
        "Đăng ký thử nghiệm - @phần #1: {a, b} [c] \"d\" 'e' \\f %g", read_back["name"]
    assert read_back["dvc"] == "1" and read_back["procedure"] == "3.000777"
    assert read_back["channels"] == {"direct": {"limit": "15 working_days"},
                                     "online": {"limit": "none"}, "post": {"limit": "same_day"}}
    for line in ("direct:", "online:", "post:", "field:", "authority:", "subjects:", "clock:",
                 "results:"):
        assert marked(text, line), line
    notes = " ".join(row.strip(" #") for row in text.splitlines() if row.strip().startswith("#"))
    for said in ("Không quá 15 (mười lăm) ngày làm việc", "Theo quy định của HĐND", "01 bộ",
                 "UBND cấp xã", "Người lạ", 'Không procedure: "9.999999"', "Bước 1: dvc: 2"):
        assert said in notes, said
    assert [paper["name"] for paper in read_back["documents"]] == [
        "Chưa có tên", "yes", "Giấy tờ khác (nếu có): bản chính, bản sao",
        "Giấy tờ khác (nếu có): bản chính, bản sao", "12345"]
    assert "fees" not in read_back and "#|fees:\n#|  - id: fee_1\n" in text
    ids = [paper["id"] for paper in read_back["documents"]]
    assert len(set(ids)) == 5 and "yes" not in ids, ids
    assert len({result["code"] for result in read_back["results"]}) == 2


def limits_fit(_):
    """whatever the limit is, the template's steps are divided to fit it"""
    base = json.loads(read(record("plain")))
    with Tree(copy=False) as tree:
        for amount, unit in [("1", "Giờ làm việc"), ("4", "Giờ làm việc"), ("7", "Giờ"),
                             ("1", "Ngày làm việc"), ("2", "Ngày làm việc"), ("3", "ngày làm việc"),
                             ("5", "Ngày làm việc"), ("30", "Ngày"), ("1", "Ngày"), ("2", "Tháng"),
                             ("Trong ngày", ""), ("", ""), ("99999", "Ngày")]:
            made = copy.deepcopy(base)
            for way in made["result"][0]["CACHTHUCTHUCHIEN"]:
                way["THOIGIAN"][0].update(THOIGIANGIAIQUYET=amount, DONVITINH=unit)
            path = write(os.path.join(tree.root, "record.json"), json.dumps(made))
            answer = plugin("import", path)
            assert answer.status == 0, answer
            write(tree.path("1.012345"), answer.out)
            checked = plugin("check", tree.path("1.012345"))
            assert checked.status == 0, (amount, unit, checked)


def refused(_):
    """what is no record is refused, and the member that is wrong is named"""
    whole = json.loads(read(record("plain")))["result"][0]
    with Tree(copy=False) as tree:
        for change, named in [
                ({"MATTHC": "1.01"}, '"MATTHC"'), ({"MATTHC": "1.0123456"}, '"MATTHC"'),
                ({"TENTTHC": {"a": 1}}, '"TENTTHC"'),
                ({"THANHPHANHOSO": "Không"}, '"THANHPHANHOSO"'),
                ({"THANHPHANHOSO": [{"GIAYTO": [{"TENGIAYTO": ["x"]}]}]},
                 '"THANHPHANHOSO[0].GIAYTO[0].TENGIAYTO"'),
                ({"CACHTHUCTHUCHIEN": [{"KENH": "4"}]}, '"CACHTHUCTHUCHIEN[0].KENH"'),
                ({"CACHTHUCTHUCHIEN": [{"KENH": "1", "THOIGIAN": [7]}]},
                 '"CACHTHUCTHUCHIEN[0].THOIGIAN[0]"'),
                ({"KETQUATHUCHIEN": [{"TENKETQUA": "x"}] * 201}, '"KETQUATHUCHIEN"')]:
            path = write(os.path.join(tree.root, "record.json"), json.dumps({**whole, **change}))
            answer = plugin("import", path)
            assert answer.status == 1 and answer.out == "", (change, answer)
            assert named in answer.err, (named, answer)
        for text, word in [("", "JSON"), ("{", "JSON"), ("[]", "MATTHC"), ('{"result": []}', "MATTHC"),
                           ("[" * 50 + "]" * 50, "JSON"), (" " * (5 << 20), "byte")]:
            path = write(os.path.join(tree.root, "record.json"), text)
            answer = plugin("import", path)
            assert answer.status == 1 and word in answer.err and answer.out == "", (text[:20], answer)
        here = write(tree.path("1.012345"), "của người khác\n")
        answer = plugin("import", record("plain"), "--into", tree.procedures)
        assert answer.status == 1 and read(here) == "của người khác\n", answer
    assert plugin("import").status == 100


def long_texts(_):
    """texts beyond the language's bounds are cut at a letter and marked; sixty papers are kept"""
    made = json.loads(read(record("plain")))["result"][0]
    made["TENTTHC"] = "Đ" * 700
    made["YEUCAU"] = "ế " * 5000
    made["THANHPHANHOSO"] = [{"GIAYTO": [{"TENGIAYTO": "Giấy số %d" % i} for i in range(70)]}]
    with Tree(copy=False) as tree:
        path = write(os.path.join(tree.root, "record.json"), json.dumps(made))
        answer = plugin("import", path, "--into", tree.procedures)
        assert answer.status == 0, answer
        assert plugin("check", tree.path("1.012345")).status == 0
        text = read(tree.path("1.012345"))
        read_back = yaml.load(text, yaml.BaseLoader)
        assert read_back["name"] == "Đ" * 500 and marked(text, "name:")
        assert len(read_back["documents"]) == 60 and "Giấy số 69" in text
        assert len({paper["id"] for paper in read_back["documents"]}) == 60
        assert max(len(row) for row in text.splitlines() if re.match(r"\s*#[^|]", row)) <= 115


TESTS = (plain, cases, messy, limits_fit, refused, long_texts)

if __name__ == "__main__":
    tap = Tap()
    tap.run(TESTS, None)
    sys.exit(tap.end())
