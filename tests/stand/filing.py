"""What citizens file on a stand: valid submissions of the three procedures, and the way on from
there, desk by desk, until the result is with the post or the citizen."""

import json
import os
import re

from stand import ROOT

PROVINCE = "31"
PROCEDURES = ("1.001193", "1.004873", "1.013225")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Hữu", "Thu", "Quang")
GIVEN = ("An", "Bình", "Cường", "Dung", "Hạnh", "Khánh", "Lan", "Mai", "Phúc", "Yến")
STREETS = ("Lạch Tray", "Tô Hiệu", "Trần Phú", "Điện Biên Phủ", "Lê Hồng Phong", "Quang Trung")

# Of the actions a desk offers, the one that takes the dossier on.
ONWARD = ("accept", "transfer", "submit", "send_draft", "confirm", "agree", "record", "approve",
          "issue", "post", "publish", "hand_over")


def communes():
    """[(agency, commune code)] of every commune of the city, in the order of the file."""
    with open(os.path.join(ROOT, "config", "agencies", "haiphong.yaml"), encoding="utf-8") as file:
        return re.findall(r'code: "(H24\.15\.\d+)".*?level: commune.*?commune: "(\d{5})"',
                          file.read())


def pick(words, number):
    return words[number % len(words)]


def person(number):
    return "%s %s %s" % (pick(FAMILY, number), pick(MIDDLE, number // 10), pick(GIVEN, number // 80))


def citizen_id(number):
    return "0310%02d%06d" % (60 + number % 40, number % 1000000)


def address(commune, number):
    return {"province": PROVINCE, "commune": commune,
            "line": "Số %d, đường %s, tổ dân phố số %d" % (1 + number % 200, pick(STREETS, number),
                                                          1 + number % 30)}


def birth_form(number, commune):
    return {"relation": "father", "circumstance": "usual", "child_name": person(number + 3),
            "child_sex": ("male", "female")[number % 2], "child_birth_date": "2026-02-%02d"
            % (1 + number % 28), "child_birth_place": "Bệnh viện Phụ sản Hải Phòng",
            "child_birth_commune": commune, "child_ethnicity": "Kinh",
            "child_nationality": "Việt Nam", "birth_notice_number": "GCS-%06d" % number,
            "mother_name": person(number + 7), "mother_birth_date": "1996-05-%02d"
            % (1 + number % 28), "mother_id": citizen_id(number + 1),
            "mother_ethnicity": "Kinh", "mother_nationality": "Việt Nam",
            "mother_residence": "Số %d, đường %s" % (number % 90 + 1, pick(STREETS, number)),
            "parents_married": True, "father_name": person(number),
            "father_birth_date": "1994-11-%02d" % (1 + number % 28),
            "father_id": citizen_id(number), "father_ethnicity": "Kinh",
            "father_nationality": "Việt Nam",
            "father_residence": "Số %d, đường %s" % (number % 90 + 1, pick(STREETS, number)),
            "copies": number % 4}


def status_form(number, commune):
    return {"relation": "self", "subject_name": person(number), "subject_birth_date":
            "1998-07-%02d" % (1 + number % 28), "subject_sex": ("male", "female")[number % 2],
            "subject_ethnicity": "Kinh", "subject_nationality": "Việt Nam",
            "subject_id": citizen_id(number), "subject_commune": commune,
            "subject_residence": "Số %d, đường %s" % (number % 90 + 1, pick(STREETS, number)),
            "marital_status": "divorced", "former_spouse": person(number + 17),
            "status_paper": "Bản án số %d/2024/HNGĐ-ST ngày 12/03/2024, Toà án nhân dân khu vực %d"
            % (number % 300 + 1, number % 9 + 1),
            "purpose": "marriage", "partner_name": person(number + 11),
            "partner_birth_date": "1999-03-%02d" % (1 + number % 28),
            "partner_id": citizen_id(number + 5),
            "marriage_place": "Ủy ban nhân dân phường nơi cư trú của bên nữ, thành phố Hải Phòng",
            "copies": 1 + number % 3}


def permit_form(number, commune):
    return {"owner_name": person(number), "owner_id": citizen_id(number),
            "owner_phone": "0912%06d" % (number % 1000000), "site_commune": commune,
            "site_address": "Thửa %d, đường %s" % (number % 400 + 1, pick(STREETS, number)),
            "plot_number": "%d" % (number % 400 + 1), "land_area": 80 + number % 120,
            "work_type": "house", "work_grade": "IV", "floors": 2 + number % 4,
            "ground_floor_area": 60 + number % 60, "floor_area": 180 + number % 200,
            "height": 9 + number % 5, "basements": 0, "setback": 1.5, "ground_level": 2.4,
            "adjacent": False,
            "verifier": "Trung tâm Kiểm định chất lượng công trình xây dựng, HAP-%05d" % number,
            "designer": "Công ty Cổ phần Kiến trúc Bến Bính, chứng chỉ HAP-%05d" % number,
            "months": 6 + number % 8, "commitment": True}


def submission(number, agency, commune, procedure, delivery="counter"):
    """A valid submission by the portal, about 1.5 KB. The same number gives the same one."""
    case, form, documents = {
        "1.001193": (None, birth_form, [("birth_notice", 1)]),
        "1.004873": ("first", status_form, []),
        "1.013225": ("house", permit_form, [("land_right", 1), ("drawings", 2)]),
    }[procedure]
    body = {"procedure": procedure, "case": case, "agency": agency,
            "applicant": {"kind": "citizen", "name": person(number),
                          "id_number": citizen_id(number), "phone": "0912%06d" % (number % 1000000),
                          "email": "cong.dan.%d@example.vn" % number,
                          "address": address(commune, number)},
            "on_behalf": {"kind": "self"}, "owner": None, "form": form(number, commune),
            "documents": [{"id": name, "copies": copies} for name, copies in documents],
            "delivery": {"method": delivery}}
    if procedure != "1.001193":  # for a relative, with an address of his own
        body["owner"] = {"kind": "citizen", "name": person(number + 23),
                         "id_number": citizen_id(number + 23), "phone": None,
                         "email": None, "address": address(commune, number + 1)}
    if procedure == "1.013225":
        body["screening"] = "no"
    if delivery == "post":
        body["delivery"].update(name=person(number), phone="0912%06d" % (number % 1000000),
                                address=address(commune, number))
    return body


def text(body):
    return json.dumps(body, ensure_ascii=False)


def onward(view):
    """The body of the next action that this view offers, or None. A view shows what its reader may
    do: where the applicant is waited for, only the portal's view offers anything."""
    for task in view["tasks"]:
        offered = {action["action"] for action in task["actions"]}
        for action in ONWARD:
            if action in offered:
                return complete(view, task, action)
    if view["tasks"] and "pay" in {action["action"] for action in view["actions"]}:
        return unpaid(view)
    return None


def complete(view, task, action):
    body = {"action": action, "task": task["id"]}
    if action == "approve":
        body["result"] = {"number": "%s/KQ" % view["code"][-4:], "signed_by": "Người ký",
                          "signed_at": task["opened_at"]}
    if action == "hand_over":
        body["receiver"] = {"name": "Người nhận", "identity_checked": True}
    return body


def unpaid(view):
    """The body that pays the first fee still owed at the counter, or None."""
    for fee in view.get("fees") or []:
        if not fee["waived"] and fee["paid_at"] is None and fee["amount"] > 0:
            return {"action": "pay", "fee": fee["id"], "receipt": "BL%s" % view["code"][-6:],
                    "method": "cash"}
    return None
