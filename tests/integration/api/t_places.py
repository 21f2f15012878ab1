"""Provinces and communes for who writes an address."""

from shapes import ok, problem


def test_home_comes_first(here):
    answer = ok(here.anyone.get("/provinces"))
    assert answer["home"] == "31" and answer["items"][0] == {"code": "31", "name": "Thành phố Hải Phòng"}
    codes = [item["code"] for item in answer["items"]]
    assert len(codes) == 34 and len(set(codes)) == 34 and codes[1:] == sorted(codes[1:])


def test_communes_of_one_province_by_name(here):
    items = ok(here.anyone.get("/provinces/31/communes"))["items"]
    assert len(items) == 114, len(items)
    assert {"code": "11359", "name": "Phường Gia Viên"} in items or "11359" in [i["code"] for i in items]
    names = [item["name"] for item in items]
    assert names.index("Phường An Biên") < names.index("Phường Đồ Sơn") < names.index("Xã An Lão"), names
    elsewhere = {item["code"] for item in ok(here.anyone.get("/provinces/01/communes"))["items"]}
    assert not elsewhere & {item["code"] for item in items}


def test_no_such_province(here):
    problem(here.anyone.get("/provinces/99/communes"), 404, "not_found")


def test_a_procedure_tells_its_conditions(here):
    birth = ok(here.anyone.get("/procedures/1.001193"))
    papers = {paper["id"]: paper for paper in birth["documents"]}
    assert papers["birth_notice"]["required_if"] == 'not form.no_birth_notice and not form.circumstance in ["found"]'
    assert papers["marriage_certificate"]["required_if"] is None
    assert birth["subjects"] == ["citizen"]
    permit = ok(here.anyone.get("/procedures/1.013225"))
    fees = {fee["id"]: fee for fee in permit["fees"]}
    assert fees["le_phi_works"]["when"] == 'case != "house"' and fees["le_phi_house"]["case"] == "house"
    assert permit["subjects"] == ["citizen", "business", "organisation"]
