"""Uploads, what was handed in and what came out: who may read, each reading an event."""

import samples
from client import new_key
from shapes import ok, problem
from t_birth import step
from world import UPLOAD_HOURS

PDF = b"%PDF-1.4\nthe certificate\n"
PNG = samples.PNG


def test_upload_is_answered_with_its_digest(here):
    import hashlib
    body = ok(here.citizen.upload(PDF, "Giấy chứng sinh.pdf"), 201)
    assert body["sha256"] == hashlib.sha256(PDF).hexdigest() and body["size"] == len(PDF)
    assert body["type"] == "application/pdf" and body["id"]
    for data, kind in ((PNG, "image/png"), (b"\xff\xd8\xff\xe0123", "image/jpeg")):
        assert ok(here.citizen.upload(data, "a", kind), 201)["type"] == kind


def test_what_is_no_document_is_refused(here):
    for data in (b"MZ\x90\x00", b"<html></html>", b"PK\x03\x04zip", b"%PD", b"\x00" * 100):
        problem(here.citizen.upload(data), 415, "file_type")
    problem(here.citizen.upload(b""), 422)
    for name in ("a%00b.pdf", "x" * 300 + ".pdf", "%FF%FE.pdf", "a%0D%0Ab"):
        answer = here.citizen.post("/uploads", PDF, X_Filename=name, Content_Type="application/pdf")
        assert answer.status in (201, 400, 422), (name, answer)
    problem(here.anyone.post("/uploads", PDF), 401)


def test_the_name_keeps_its_letters(here):
    upload = ok(here.citizen.upload(PDF, "Giấy chứng sinh bé Bình.pdf"), 201)["id"]
    code = ok(here.citizen.submit(samples.birth(upload=upload)), 201)["code"]
    assert ok(here.citizen.view(code))["documents"][0]["file"]["name"] == "Giấy chứng sinh bé Bình.pdf"
    disposition = here.citizen.get("/dossiers/%s/documents/birth_notice" % code).headers[
        "Content-Disposition"]
    assert disposition.startswith("attachment") and "Gi%E1%BA%A5y%20ch" in disposition


def test_names_that_would_deceive_or_break_a_header(here):
    for name in ("a\r\nSet-Cookie: x=1.pdf", "giay\u202efdp.exe", "a\u0007.pdf", "đ" * 126 + ".pdf"):
        problem(here.citizen.upload(PDF, name), 422, "filename", "X-Filename")
    for name, kept, saved in (("C:\\Tài liệu\\giấy.pdf", "giấy.pdf", "gi%E1%BA%A5y.pdf"),
                              ("../../etc/x.PDF", "x.PDF", "x.PDF"), ("..", None, None),
                              ("a\"b\"; filename=c.html", "a\"b\"; filename=c.html",
                               "a%22b%22%3B%20filename%3Dc.html.pdf"),
                              ("trang.html", "trang.html", "trang.html.pdf"), ("giay", "giay", "giay.pdf")):
        upload = ok(here.citizen.upload(PDF, name), 201)["id"]
        code = ok(here.citizen.submit(samples.birth(upload=upload)), 201)["code"]
        assert ok(here.citizen.view(code))["documents"][0]["file"]["name"] == kept
        got = here.receiver.get("/dossiers/%s/documents/birth_notice" % code).headers["Content-Disposition"]
        assert got == ("attachment" if saved is None else "attachment; filename*=UTF-8''" + saved), got


def test_the_same_upload_serves_several_dossiers(here):
    upload = ok(here.citizen.upload(PDF), 201)["id"]
    for _ in range(2):
        ok(here.citizen.submit(samples.birth(upload=upload)), 201)


def test_uploads_of_others_and_of_nobody(here):
    upload = ok(here.citizen2.upload(PDF), 201)["id"]
    for wrong in (upload, "no-such", "01a200f0-0000-7000-8000-000000000000", "x" * 60):
        problem(here.citizen.submit(samples.birth(upload=wrong)), 422, None, "/documents/0/upload")
    problem(here.citizen.submit(samples.birth(upload=5)), 422, None, "/documents/0/upload")
    old = ok(here.citizen.upload(PDF), 201)["id"]
    here.sql("UPDATE document SET created_at = now() - interval '%d hours' WHERE id = '%s';"
             % (UPLOAD_HOURS + 1, old))
    problem(here.citizen.submit(samples.birth(upload=old)), 422, None, "/documents/0/upload")


def test_a_repeated_upload_is_the_first_one(here):
    key = new_key()
    first, second = (ok(here.citizen.upload(PDF, key=key), 201) for _ in range(2))
    assert first["id"] == second["id"], (first, second)
    problem(here.citizen.upload(PDF + b"more", key=key), 422, "idempotency_key_reused")


def test_each_reading_is_an_event(here):
    upload = ok(here.citizen.upload(PDF), 201)["id"]
    code = ok(here.citizen.submit(samples.birth(upload=upload)), 201)["code"]
    path = "/dossiers/%s/documents/birth_notice" % code
    for user in (here.citizen, here.receiver, here.officer):
        file = user.get(path)
        assert file.status == 200 and file.raw == PDF
        assert file.headers["Content-Type"].startswith("application/pdf")
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in file.headers["Cache-Control"]
    events = ok(here.citizen.get("/dossiers/%s/events" % code))["items"]
    assert [event["kind"] for event in events] == ["submitted"] + ["read"] * 3, events
    for user in (here.citizen2, here.officer4, here.postal, here.admin):
        problem(user.get(path), 403 if user in () else 404)
    problem(here.auditor.get(path), 403, "masked")
    assert len(ok(here.citizen.get("/dossiers/%s/events" % code))["items"]) == 4
    for wrong in ("no_such", "%C4%91", "birth_notice%20", "2", "0", "-1", "01x", "..%2f..", "x" * 200):
        answer = here.citizen.call("GET", "/dossiers/%s/documents/%s" % (code, wrong))
        assert answer.status in (400, 404), (wrong, answer)
    for wrong in ("1", "0", "-1", "99999999999999999999", "x"):
        problem(here.citizen.get("/dossiers/%s/results/%s" % (code, wrong)), 404)


def test_what_a_supplement_replaced_stays_readable(here):
    first, second = (ok(here.citizen.upload(data), 201)["id"] for data in (PDF, PDF + b"better"))
    code = ok(here.citizen.submit(samples.birth(upload=first)), 201)["code"]
    step(here.receiver, code, "supplement", "receive", reason="Mờ", papers=["birth_notice"])
    view = step(here.citizen, code, "resubmit", "intake_supplement",
                documents=[{"id": "birth_notice", "upload": second}])
    path = "/dossiers/%s/documents/" % code
    assert here.receiver.get(path + "birth_notice").raw == PDF + b"better"
    assert [here.receiver.get(path + str(paper["no"])).raw for paper in view["documents"]] == [
        PDF, PDF + b"better"]


def test_a_paper_handed_in_later_obeys_its_format(here):
    code = ok(here.portal.submit(samples.building()), 201)["code"]
    step(here.receiver, code, "supplement", "receive", reason="Thiếu", papers=["drawings"])
    png = ok(here.receiver.upload(PNG, "a.png", "image/png"), 201)["id"]
    problem(here.receiver.act(code, "resubmit", "intake_supplement",
                              documents=[{"id": "drawings", "upload": png}]), 422, None,
            "/documents/0/upload")


def test_paper_that_came_on_paper_has_no_file(here):
    code = ok(here.receiver.submit(samples.birth(applicant=samples.LAN)), 201)["code"]
    view = ok(here.receiver.view(code))
    assert view["documents"][0]["file"] is None and view["documents"][0]["copies"] == 1
    problem(here.receiver.get("/dossiers/%s/documents/birth_notice" % code), 404)


def test_the_result_file_belongs_to_the_leader_who_signed(here):
    from t_certificate import filed
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    step(here.officer, code, "submit", "appraise")
    upload = ok(here.officer.upload(PDF), 201)["id"]
    problem(here.leader.act(code, "approve", "approve",
                            result={"code": "KQ.G15.000038", "upload": upload}), 422, None,
            "/result/upload")
