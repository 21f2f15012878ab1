#!/usr/bin/python3
"""dvcctl plugin diff: each kind of change is told in the field's words, and nothing else is. TAP.

    plugin_diff.py      DVCD and DVCCTL name the programs of the build
"""

import os
import sys

from ctltest import Stand, Tap, ctl
from plugintest import PROCEDURES, Tree, plugin, read, write

CONSTRUCTION = os.path.join(PROCEDURES, "1.013225.yaml")

# What is written instead of what, in 1.013225, and what is said of it: whole lines, all of them.
CHANGES = [
    ("direct: {limit: 15 calendar_days}", "direct: {limit: 18 calendar_days}",
     ["nộp trực tiếp: thời hạn: 15 ngày → 18 ngày"]),
    ("  post: {limit: 20 calendar_days}\n", "",
     ["nộp qua bưu chính: thời hạn: 20 ngày → không có"]),
    ("level: partial", "level: full", ["mức độ: một phần → toàn trình"]),
    ("[citizen, business, organisation]", "[citizen, business]",
     ["đối tượng: công dân, doanh nghiệp, tổ chức → công dân, doanh nghiệp"]),
    ("{from: 2025-07-01}", "{from: 2025-07-01, to: 2026-06-30}",
     ["hiệu lực đến hết ngày: không có → 2026-06-30"]),
    ("authorisation_allowed: true\n", "", []),
    ("limit_after: 5 working_days, closes_after", "limit_after: 6 working_days, closes_after",
     ["bổ sung khi thẩm định: thời hạn của lần tính lại: 5 ngày làm việc → 6 ngày làm việc"]),
    ("amount: 75000", "amount: {online: 50000, post: 75000, direct: 75000}",
     ['khoản thu "Lệ phí cấp giấy phép xây dựng nhà ở riêng lẻ": mức thu: 75.000 đồng → trực tiếp '
      "75.000 đồng, trực tuyến 50.000 đồng, bưu chính công ích 75.000 đồng"]),
    ("  - {id: basements, label: Số tầng hầm, type: integer, min: 0, max: 5}\n", "",
     ['bỏ trường "Số tầng hầm" (basements)']),
    ("type: integer, required: true, min: 1, max: 60", "type: integer, min: 1, max: 40",
     ['trường "Số tầng (kể cả tầng hầm, tầng lửng, tum)": bắt buộc: có → không',
      'trường "Số tầng (kể cả tầng hầm, tầng lửng, tum)": số lớn nhất: 60 → 40']),
    ("    original: 2\n", "    original: 1\n    photo: 1\n",
     ['giấy tờ "Bản vẽ thiết kế: mặt bằng vị trí, mặt bằng các tầng, mặt đứng, mặt cắt, móng, đấu nối '
      'hạ tầng": số bản chính: 2 → 1',
      'giấy tờ "Bản vẽ thiết kế: mặt bằng vị trí, mặt bằng các tầng, mặt đứng, mặt cắt, móng, đấu nối '
      'hạ tầng": số bản sao thường: 0 → 1']),
    ("formats: [pdf, dwg]", "formats: [pdf, dwg, dxf]",
     ['giấy tờ "Bản vẽ thiết kế: mặt bằng vị trí, mặt bằng các tầng, mặt đứng, mặt cắt, móng, đấu nối '
      'hạ tầng": dạng tệp: pdf, dwg → pdf, dwg, dxf']),
    ("  - {id: line, name: Công trình theo tuyến trong đô thị}\n",
     "  - {id: line, name: Công trình theo tuyến trong đô thị, limit: 25 calendar_days}\n",
     ['trường hợp "Công trình theo tuyến trong đô thị": thời hạn: không có → 25 ngày']),
    ("electronic: true}", "electronic: false}",
     ['kết quả "Giấy phép xây dựng": bản điện tử: có → không']),
    ("role: unit_head", "role: officer",
     ['bước "Soát xét": người làm: lãnh đạo phòng chuyên môn → công chức thụ lý']),
    ("agency: police_fire", "agency: environment",
     ['bước "Cho ý kiến về phòng cháy, chữa cháy": cơ quan: police_fire → environment']),
    ("agree: {name: Trình ký, to: approve}", "agree: {name: Trình ký, to: issue_result}",
     ['bước "Soát xét": nút "Trình ký": đi tới: bước "Ký giấy phép" → bước "Cấp số, đóng dấu, phát '
      'hành"']),
    ("agree: {name: Trình ký, to: approve}",
     "agree: {name: Trình ký, to: approve, effects: [{notify: leader}]}",
     ['bước "Soát xét": nút "Trình ký": tác động: không có → báo cho lãnh đạo cơ quan']),
    ("effects: [pause, {issue: supplement_request}]", "effects: [{issue: supplement_request}]",
     ['bước "Thẩm định": nút "Yêu cầu bổ sung": tác động: tạm dừng tính thời hạn, cấp mẫu phiếu yêu '
      "cầu bổ sung → cấp mẫu phiếu yêu cầu bổ sung"]),
    ("when: 'form.floors >= 7'", "when: 'form.floors >= 9'",
     ['bước "Thẩm định": nút "Lấy ý kiến": chỉ hiện khi: “Số tầng (kể cả tầng hầm, tầng lửng, tum)” '
      "≥ 7 → “Số tầng (kể cả tầng hầm, tầng lửng, tum)” ≥ 9"]),
    ("timeout: {after: 30 calendar_days, to: propose_stop}",
     "timeout: {after: 30 calendar_days, end: stopped}",
     ['bước "Chờ bổ sung hồ sơ": hết thời gian chờ: đi tới: bước "Đề xuất dừng giải quyết" → không có',
      'bước "Chờ bổ sung hồ sơ": hết thời gian chờ: kết thúc: không có → Dừng giải quyết']),
    ("        send_back: {name: Trả lại người ký, to: approve, needs: [reason]}\n", "",
     ['bước "Cấp số, đóng dấu, phát hành": bỏ nút "Trả lại người ký" (send_back)']),
    ("needs: [reason, papers]", "needs: [reason]",
     ['bước "Tiếp nhận hồ sơ": nút "Yêu cầu bổ sung": phải nhập: lý do, giấy tờ cần bổ sung → lý do']),
    ("        submit: {name: Trình lãnh đạo phòng, to: review}\n        consult:\n"
     "          name: Lấy ý kiến\n          when: 'form.floors >= 7'\n"
     "          to: [ask_fire, ask_environment]\n",
     "        consult:\n          name: Lấy ý kiến\n          when: 'form.floors >= 7'\n"
     "          to: [ask_fire, ask_environment]\n"
     "        submit: {name: Trình lãnh đạo phòng, to: review}\n",
     ['bước "Thẩm định": thứ tự các nút thay đổi']),
    ("limit: 2 calendar_days", "limit: 2 ngày", []),
]


def lines(answer):
    return [line[2:] for line in answer.out.splitlines() if line.startswith("- ")]


def each_change(_):
    """one change, its own line and no other; under the same version that is refused"""
    source = read(CONSTRUCTION)
    with Tree() as tree:
        path = tree.path("1.013225")
        for old, new, expected in CHANGES:
            assert old in source, old
            write(path, source.replace(old, new, 1))
            answer = plugin("diff", CONSTRUCTION, path)
            assert answer.status == 1, (old, answer)
            assert lines(answer) == expected, (old, answer)
            assert "dưới cùng phiên bản 2" in answer.out, answer
            assert ("chỉ khác cách viết" in answer.out) == (not expected), answer


def same(_):
    """comments, blanks and the order of keys are no difference"""
    source = read(CONSTRUCTION)
    with Tree() as tree:
        path = tree.path("1.013225")
        text = "# một lời ghi\n" + source.replace("level: partial\nauthority: commune\n",
                                                  "authority:   commune\nlevel: partial\n")
        assert text.count("\n") == source.count("\n") + 1
        write(path, text)
        answer = plugin("diff", CONSTRUCTION, path)
        assert answer.status == 0 and answer.out == "giống nhau\n", answer
        report = plugin("diff", "--json", CONSTRUCTION, path).json
        assert report["same"] and report["changes"] == [] and report["refused"] is None, report
        assert report["from"]["sha256"] == report["to"]["sha256"]


def versions(_):
    """a new version may differ; a shared workflow that changed under its own number may not"""
    with Tree() as tree:
        path = tree.path("1.013225")
        write(path, read(CONSTRUCTION).replace("version: 2", "version: 3"))
        answer = plugin("diff", CONSTRUCTION, path)
        assert lines(answer) == ["phiên bản: 2 → 3"] and "!" not in answer.out, answer
        shared = os.path.join(tree.root, "plugins", "workflows", "certificate-with-fee-1.yaml")
        write(shared, read(shared).replace("limit: 2 working_days", "limit: 1 working_day"))
        path = tree.path("1.004873")
        write(path, read(path).replace("version: 1\nname", "version: 2\nname"))
        answer = plugin("diff", os.path.join(PROCEDURES, "1.004873.yaml"), path)
        assert lines(answer) == ["phiên bản: 1 → 2",
                                 'bước "Thẩm tra hồ sơ": thời hạn: 2 ngày làm việc → 1 ngày làm việc'], \
            answer
        assert "certificate-with-fee" in answer.out.split("!")[1], answer


def misuse(_):
    """trouble is never taken for a difference"""
    for words in [(), (CONSTRUCTION,), (CONSTRUCTION, "/nowhere/1.000001.yaml"),
                  ("1.013225@x", CONSTRUCTION), (CONSTRUCTION, "word")]:
        answer = plugin("diff", *words)
        assert answer.status == 100 and answer.err, (words, answer)


def against_database(stand, path):
    answer = ctl(stand, "plugin", "diff", "1.013225@2", "1.013225")
    assert answer.status == 0 and answer.out == "giống nhau\n", answer
    write(path, read(path).replace("amount: 75000", "amount: 80000"))
    answer = ctl(stand, "plugin", "diff", "1.013225@2", "1.013225")
    assert answer.status == 1 and len(lines(answer)) == 1, answer
    assert "75.000 đồng → 80.000 đồng" in answer.out and "cùng phiên bản 2" in answer.out, answer
    answer = ctl(stand, "plugin", "diff", "1.013225@9", "1.013225")
    assert answer.status == 100 and "1.013225@9" in answer.err, answer


def published(_):
    """CODE@VERSION is what the database published, CODE what the files say now"""
    with Tree() as tree:
        os.chmod(tree.root, 0o755)
        stand = Stand({"paths": {"plugins": tree.procedures,
                                 "workflows": os.path.join(tree.root, "plugins", "workflows")}})
        try:
            stand.start()
            against_database(stand, tree.path("1.013225"))
        finally:
            stand.stop()


TESTS = (each_change, same, versions, misuse, published)

if __name__ == "__main__":
    tap = Tap()
    tap.run(TESTS, None)
    sys.exit(tap.end())
