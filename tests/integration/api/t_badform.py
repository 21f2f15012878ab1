"""Submissions that are well formed and wrong: each answer names the field and the rule."""

import unicodedata

import samples
from shapes import ok, problem


def applicant(**more):
    return samples.marital(applicant=dict(samples.MINH, **more))


def form(**more):
    right = samples.marital()["form"]
    right.update(more)
    return samples.marital(form={name: value for name, value in right.items() if value is not None})


def test_decomposed_text_is_stored_composed(here):
    name = unicodedata.normalize("NFD", "Nguyễn Thị Hồng Đào")
    assert len(name) > 20
    body = applicant(name=name)
    body["form"]["subject_name"] = name
    body["applicant"]["address"] = dict(samples.ADDRESS, line=unicodedata.normalize("NFD", "Số 5 Đội Cấn"))
    code = ok(here.citizen.submit(body), 201)["code"]
    view = ok(here.citizen.view(code))
    assert view["applicant"]["name"] == view["form"]["subject_name"] == "Nguyễn Thị Hồng Đào"
    assert view["applicant"]["address"]["line"] == "Số 5 Đội Cấn"
    found = ok(here.receiver.get("/dossiers", q="hong dao"))["items"]
    assert code in [item["code"] for item in found]
    found = ok(here.receiver.get("/dossiers", q=unicodedata.normalize("NFD", "Hồng Đào")))["items"]
    assert code in [item["code"] for item in found]


def test_control_characters_and_hidden_marks(here):
    for bad in ("A\u0001B", "A\nB", "A\u007fB", "A\u0085B", "A\u202eB", "A\u2066B"):
        problem(here.citizen.submit(applicant(name=bad)), 422, None, "/applicant/name")
        problem(here.citizen.submit(form(subject_name=bad)), 422, None, "/form/subject_name")
        body = samples.marital(delivery=dict(samples.POST, name=bad))
        problem(here.citizen.submit(body), 422, None, "/delivery/name")


def test_lengths(here):
    ok(here.citizen.submit(applicant(name="Đ" * 200)), 201)
    problem(here.citizen.submit(applicant(name="Đ" * 201)), 422, "invalid", "/applicant/name")
    problem(here.citizen.submit(applicant(name="   ")), 422, None, "/applicant/name")
    problem(here.citizen.submit(form(subject_name="Đ" * 101)), 422, None, "/form/subject_name")
    problem(here.citizen.submit(form(subject_name="Đ")), 422, None, "/form/subject_name")
    body = samples.marital(applicant=dict(samples.MINH, address=dict(samples.ADDRESS, line="x" * 301)))
    problem(here.citizen.submit(body), 422, None, "/applicant/address/line")


def test_citizen_ids(here):
    for bad in ("", "1", "03108500123", "0310850012345", "999085001234", "031885001234",
                "03108500123x", "٠٣١٠٨٥٠٠١٢٣٤", None):
        problem(here.citizen.submit(applicant(id_number=bad)), 422, None, "/applicant/id_number")
    problem(here.citizen.submit(form(subject_id="123")), 422, None, "/form/subject_id")
    code = ok(here.citizen.submit(applicant(id_number="031 085 001 234")), 201)["code"]
    assert ok(here.citizen.view(code))["applicant"]["id_number"] == "031085001234"


def test_phones(here):
    for bad in ("1", "0112345678", "091234567", "09123456789", "+1 202 555 0100", "abc", "0912 345 67x"):
        problem(here.citizen.submit(applicant(phone=bad)), 422, None, "/applicant/phone")
    for spelled, kept in (("+84 912 345 678", "0912345678"), ("0225.382.1234", "02253821234"),
                          (None, None)):
        code = ok(here.citizen.submit(applicant(phone=spelled)), 201)["code"]
        assert ok(here.citizen.view(code))["applicant"]["phone"] == kept
    problem(here.citizen.submit(samples.marital(delivery=dict(samples.POST, phone=None))), 422, None,
            "/delivery/phone")


def test_mail_addresses_and_tax_codes(here):
    for bad in ("a", "a@", "@b.vn", "a@b", "a b@c.vn", "a@b..vn", "a@-b.vn", "đ@b.vn", "x" * 255 + "@b.vn"):
        problem(here.citizen.submit(applicant(email=bad)), 422, None, "/applicant/email")
    business = dict(samples.MINH, kind="business", name="Công ty A")
    for bad in ("0123456789", "12345", "0101243150-00", "0101243150-000"):
        problem(here.citizen.submit(samples.building(applicant=dict(business, id_number=bad))), 422,
                None, "/applicant/id_number")
    answer = here.citizen.submit(samples.building(applicant=dict(business, id_number="0101243150")))
    assert "/applicant/id_number" not in [e["pointer"] for e in answer.json["errors"]], answer


def test_kinds_of_applicants(here):
    problem(here.citizen.submit(applicant(kind="robot")), 422, None, "/applicant/kind")
    problem(here.citizen.submit(samples.marital(on_behalf={"kind": "friend"})), 422, None,
            "/on_behalf/kind")
    business = dict(samples.MINH, kind="business", id_number="0101243150")
    answer = problem(here.citizen.submit(samples.marital(applicant=business)), 422, None,
                     "/applicant/kind")
    assert "công dân" in str(answer.json["errors"]).lower() or answer.json["errors"]


def test_communes(here):
    for province, commune in (("31", "00001"), ("01", "11359"), ("31", "99999"), ("99", "11359"),
                              ("31", "abcde"), ("31", "1135")):
        body = applicant(address={"province": province, "commune": commune, "line": "1"})
        problem(here.citizen.submit(body), 422, None, "/applicant/address/commune")
    for bad in ("00000", "abcde", "123456", "1", 5):
        problem(here.citizen.submit(form(subject_commune=bad)), 422, None, "/form/subject_commune")


def test_procedures_agencies_cases_and_papers(here):
    for bad in ("9.999999", "1.004873 x", "1.004873'", "đ"):
        problem(here.citizen.submit(samples.marital(procedure=bad)), 422, None, "/procedure")
    for bad in ("H99", "H24.15.999", "H24", "H24.03", "VNP.31.11", "h24.15.03", "H24.15.03 x"):
        problem(here.citizen.submit(samples.marital(agency=bad)), 422, None, "/agency")
    problem(here.citizen.submit(samples.marital(case="other")), 422, None, "/case")
    problem(here.citizen.submit(samples.marital(case=None)), 422, None, "/case")
    problem(here.citizen.submit(samples.marital(documents=[{"id": "no_such"}])), 422, None,
            "/documents/0/id")
    problem(here.citizen.submit(samples.marital(case="reissue")), 422, None, "/documents")
    problem(here.citizen.submit(samples.birth(case="first")), 422, None, "/case")


def test_delivery(here):
    problem(here.citizen.submit(samples.marital(delivery={"method": "pigeon"})), 422, None,
            "/delivery/method")
    for member in ("name", "phone", "address"):
        problem(here.citizen.submit(samples.marital(delivery=dict(samples.POST, **{member: None}))), 422,
                None, "/delivery/" + member)


def test_numbers_of_the_form(here):
    def permit(**more):
        body = samples.building()
        body["form"].update(more)
        return here.citizen.submit(body)

    for bad in (0, 61, 7.5, "7", True, 10 ** 15, -10 ** 15, 1e300):
        problem(permit(floors=bad), 422, None, "/form/floors")
    for bad in (0, -5, 1e6, "100", [], {}):
        problem(permit(land_area=bad), 422, None, "/form/land_area")
    problem(permit(commitment=False), 422, None, "/form/commitment")
    problem(permit(commitment="true"), 422, None, "/form/commitment")
    problem(permit(adjacent=True), 422, None, "/form/pledge")


def test_dates_choices_and_conditions(here):
    for bad in ("2026-02-30", "30/01/1990", "1700-01-01", "2990-01-01", 19900101, "", "1990-1-1"):
        if bad:
            problem(here.citizen.submit(form(subject_birth_date=bad)), 422, None,
                    "/form/subject_birth_date")
    problem(here.citizen.submit(form(marital_status="complicated")), 422, None, "/form/marital_status")
    problem(here.citizen.submit(form(marital_status="divorced")), 422, None, "/form/former_spouse")
    problem(here.citizen.submit(form(former_spouse="Trần Thị B")), 422, None, "/form/former_spouse")
    problem(here.citizen.submit(form(purpose="marriage", purpose_detail=None)), 422, None,
            "/form/partner_name")
    problem(here.citizen.submit(form(purpose_detail=None)), 422, None, "/form/purpose_detail")


def test_faults_say_nothing_back(here):
    answer = here.citizen.submit(applicant(id_number="031085009999x", phone="0900000000000"))
    assert "031085009999" not in answer.raw.decode() and "0900000000000" not in answer.raw.decode()
