"""Submissions that are right, to be spoiled one member at a time."""

import copy

from world import HERE

ADDRESS = {"province": "31", "commune": "11359", "line": "12 Lạch Tray"}
MINH = {"kind": "citizen", "name": "Nguyễn Văn Minh", "id_number": "031085001234",
        "phone": "0912345678", "email": None, "address": ADDRESS}
LAN = {"kind": "citizen", "name": "Lê Thị Lan", "id_number": "031190005678",
       "phone": "0987654321", "email": "lan@example.vn", "address": ADDRESS}
COUNTER = {"method": "counter"}
POST = {"method": "post", "name": "Nguyễn Văn Minh", "phone": "0912345678", "address": ADDRESS}
SECRETS = ("Nguyễn Văn Minh", "031085001234", "0912345678", "Lê Thị Lan", "031190005678",
           "0987654321", "lan@example.vn", "Lạch Tray", "Nguyễn Thị Bình")

# One pixel.
PNG = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
       b"\0\0\0\0IEND\xaeB`\x82")


def birth(upload=None, applicant=None, delivery=None, **more):
    """1.001193, registration of a birth."""
    body = {"procedure": "1.001193", "case": None, "agency": HERE,
            "applicant": MINH if applicant is None else applicant, "on_behalf": {"kind": "self"}, "owner": None,
            "form": {"child_name": "Nguyễn Thị Bình"},
            "documents": [{"id": "birth_notice", "upload": upload, "copies": 1}],
            "delivery": COUNTER if delivery is None else delivery}
    body.update(more)
    return copy.deepcopy(body)


def marital(applicant=None, delivery=None, **more):
    """1.004873, certificate of marital status; has a fee."""
    body = {"procedure": "1.004873", "case": "first", "agency": HERE,
            "applicant": MINH if applicant is None else applicant, "on_behalf": {"kind": "self"}, "owner": None,
            "form": {"subject_name": "Nguyễn Văn Minh", "marital_status": "single",
                     "purpose": "other", "purpose_detail": "Bổ sung hồ sơ xin việc"},
            "documents": [], "delivery": COUNTER if delivery is None else delivery}
    body.update(more)
    return copy.deepcopy(body)


def building(floors=7, applicant=None, delivery=None, uploads=(None, None), **more):
    """1.013225, building permit; seven floors and more need two opinions."""
    body = {"procedure": "1.013225", "case": "house", "agency": HERE,
            "applicant": MINH if applicant is None else applicant, "on_behalf": {"kind": "self"}, "owner": None,
            "form": {"owner_name": "Nguyễn Văn Minh", "owner_id": "031085001234",
                     "site_commune": "10532", "site_address": "Lô 12 khu đô thị",
                     "land_area": 120.5, "floors": floors, "commitment": True},
            "documents": [{"id": "land_right", "upload": uploads[0], "copies": 1},
                          {"id": "drawings", "upload": uploads[1], "copies": 2}],
            "delivery": COUNTER if delivery is None else delivery}
    body.update(more)
    return copy.deepcopy(body)


def stay(applicant=None, **more):
    """1.004194, temporary residence; the commune's police decide it."""
    body = {"procedure": "1.004194", "case": "list", "agency": HERE + ".01",
            "applicant": MINH if applicant is None else applicant, "on_behalf": {"kind": "self"}, "owner": None,
            "form": {"subject_name": "Nguyễn Văn Minh", "subject_id": "031085001234",
                     "stay_commune": "10532", "stay_address": "12 Lạch Tray", "stay_months": 12,
                     "dwelling_in_data": True, "people": 25},
            "documents": [{"id": "ct01", "copies": 1}, {"id": "people_list", "copies": 1}],
            "delivery": COUNTER}
    body.update(more)
    return copy.deepcopy(body)
