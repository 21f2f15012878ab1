"""Printed forms: right text and code, for whom they are, once each, whoever is killed in between."""

import os
import signal
import subprocess
import tempfile
import time

import samples
from client import at_once, new_key, until
from shapes import ok, problem
from t_birth import filed as birth_filed
from t_birth import step
from t_builtin import accepted, working_day_after
from t_courier import courier
from t_postal import ordered, parcel_of, sent
from world import ELSEWHERE, HERE


def tool(pdf, command):
    with tempfile.TemporaryDirectory(prefix="dvcd-forms-") as folder:
        path = os.path.join(folder, "form.pdf")
        with open(path, "wb") as file:
            file.write(pdf)
        return subprocess.run(command % {"pdf": path, "folder": folder}, shell=True, check=True,
                              stdout=subprocess.PIPE, encoding="utf-8").stdout


def text_of(pdf):
    return " ".join(tool(pdf, "pdftotext -raw -nopgbrk '%(pdf)s' -").split())


def form(user, code, name, **query):
    answer = user.get("/dossiers/%s/forms/%s" % (code, name), **query)
    assert answer.status == 200, answer
    assert answer.headers["Content-Type"] == "application/pdf", answer.headers
    assert answer.headers["Content-Disposition"].startswith("inline; "), answer.headers
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.raw.startswith(b"%PDF-")
    return answer.raw


def reads(pdf, *wanted):
    text = text_of(pdf)
    for one in wanted:
        assert one in text, "%r is missing in %s" % (one, text)
    return text


def day_of(moment):
    return "ngày %s tháng %s năm %s" % (moment[8:10], moment[5:7], moment[:4])


def test_a_receipt_says_what_was_promised(here):
    code = accepted(here)
    view = ok(here.citizen.view(code))
    pdf = form(here.citizen, code, "receipt")
    due = view["due_current"]
    reads(pdf, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "03/2025/TT-VPCP", "Mẫu số 01",
          "Số: %s/TNHS-1" % code, "Tiếp nhận hồ sơ của: Nguyễn Văn Minh", "Số định danh: 031085001234",
          "Địa chỉ: 12 Lạch Tray", "Hải Phòng", "Cấp giấy xác nhận tình trạng hôn nhân",
          "Mã hồ sơ: " + code, "theo quy định là: 3 ngày làm việc",
          "%s giờ %s phút, %s" % (due[11:13], due[14:16], day_of(due)), "Trần Thị Hoà")
    assert form(here.receiver, code, "receipt") == pdf, "kept, not printed anew"


def test_the_code_of_a_receipt_opens_the_look_up(here):
    submitted = ok(here.citizen.submit(samples.marital()), 201)
    step(here.receiver, submitted["code"], "accept", "receive")
    pdf = form(here.citizen, submitted["code"], "receipt")
    told = tool(pdf, "pdftoppm -r 150 -png '%(pdf)s' '%(folder)s/page' && "
                     "zbarimg -q --raw '%(folder)s'/page*.png").strip()
    assert told == "https://dvc.example.vn/#/lookup?code=%s&pin=%s" % (
        submitted["code"], submitted["pin"]), told
    reads(pdf, "Mã tra cứu: " + submitted["pin"], "https://dvc.example.vn")


def test_numbers_are_unique(here):
    for _ in range(3):
        accepted(here)
    twice = here.value("SELECT count(*) - count(DISTINCT number) FROM form_issued;")
    assert twice == "0", twice


def test_who_may_read_it(here):
    code = accepted(here)
    path = "/dossiers/%s/forms/receipt" % code
    form(here.officer, code, "receipt")
    problem(here.citizen2.get(path), 404)
    problem(here.receiver4.get(path), 404)
    problem(here.anyone.get(path), 401)
    problem(here.auditor.get(path), 403, "masked")
    problem(here.citizen.get("/dossiers/%s/forms/refusal" % code), 404)
    problem(here.citizen.get("/dossiers/%s/forms/register" % code), 404)
    problem(here.citizen.get(path, number="1/TNHS-9"), 404)
    form(here.citizen, code, "receipt", number=code + "/TNHS-1")


def test_each_reading_is_an_event_without_names(here):
    code = accepted(here)
    before = int(here.value("SELECT count(*) FROM event e JOIN dossier d ON d.id = e.dossier_id"
                            " WHERE d.code = '%s';" % code))
    form(here.citizen, code, "receipt")
    rows = here.sql("SELECT e.body FROM event e JOIN dossier d ON d.id = e.dossier_id"
                    " WHERE d.code = '%s' ORDER BY seq OFFSET %d;" % (code, before))
    assert "document" in str(rows), rows
    left = "%s %s" % (here.sql("SELECT body FROM outbox WHERE channel IN ('papers', 'registers');"),
                      here.daemon.log_text())
    assert "form" in left
    for secret in samples.SECRETS:
        assert secret not in left, secret


def test_a_supplement_request_names_papers_and_reason(here):
    code = accepted(here)
    step(here.officer, code, "supplement", "appraise", reason="Thiếu bản án ly hôn, ghi chú số 7",
         papers=["status_proof"])
    reads(form(here.citizen, code, "supplement_request"), "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
          "/HDHS-1", "Lý do: Thiếu bản án ly hôn, ghi chú số 7", "Yêu cầu hoàn thiện hồ sơ gồm")


def test_a_refusal_gives_its_reason(here):
    code = birth_filed(here)
    step(here.receiver, code, "refuse", "receive", reason="Đã đăng ký khai sinh tại xã Vĩnh Bảo")
    reads(form(here.citizen, code, "refusal"), "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "/TCHS-1",
          "Lý do: Đã đăng ký khai sinh tại xã Vĩnh Bảo", "Trần Thị Hoà")


def test_an_apology_gives_the_new_day_and_the_old(here):
    code = accepted(here)
    old = ok(here.officer.view(code))["due_current"]
    new = working_day_after(here, old, 3)
    view = step(here.officer, code, "apology", reason="Thiếu người xử lý", new_due=new)
    due = view["due_current"]
    assert due != old
    text = reads(form(here.citizen, code, "apology"), "XIN LỖI", "/XLHS-1", "Kính gửi: Nguyễn Văn Minh",
                 "Lý do: Thiếu người xử lý")
    assert day_of(due) in text and "%s/%s/%s" % (old[8:10], old[5:7], old[:4]) in text, text


def test_a_stop_notice(here):
    code = accepted(here)
    step(here.officer, code, "stop", reason="Người nộp đề nghị dừng")
    reads(form(here.citizen, code, "stop_notice"), "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
          "Lý do: Người nộp đề nghị dừng")


def test_the_control_slip_is_for_staff_and_as_of_now(here):
    code = accepted(here)
    problem(here.citizen.get("/dossiers/%s/forms/control_slip" % code), 403, "staff_only")
    problem(here.officer4.get("/dossiers/%s/forms/control_slip" % code), 404)
    first = reads(form(here.officer, code, "control_slip"), "Người nộp hồ sơ: Nguyễn Văn Minh",
                  "Tiếp nhận hồ sơ", "Mẫu số 06", "Thời gian hẹn trả kết quả: 17 giờ 00 phút",
                  "chậm nhất: 17 giờ 00 phút")
    assert "trình ký" not in first
    masked = reads(form(here.auditor, code, "control_slip"), "Người nộp hồ sơ: ***")
    for secret in samples.SECRETS:
        assert secret not in masked, secret
    step(here.officer, code, "submit", "appraise")
    later = text_of(form(here.officer, code, "control_slip"))
    assert len(later) > len(first), "one desk more"


def test_a_register_of_the_agency(here):
    code = accepted(here)
    today = here.value("SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text;")
    body = {"agency": HERE, "from": today, "to": today, "procedure": "1.004873"}

    def printed(user):
        answer = user.post("/registers", body)
        assert answer.status == 202 and answer.json["state"] == "waiting", answer
        path = "/registers/%d" % answer.json["id"]
        done = until(lambda: user.get(path).status == 200)
        assert done
        return path, user.get(path)

    key = new_key()
    once, again = (here.receiver.post("/registers", body, key) for _ in range(2))
    assert (once.status, once.json) == (202, again.json), "one order, however often it is sent"
    problem(here.receiver.post("/registers", dict(body, procedure=None), key), 422, "idempotency_key_reused")
    problem(here.receiver.call("POST", "/registers", body), 400, "idempotency_key_required")
    path, answer = printed(here.receiver)
    reads(answer.raw, "SỔ THEO DÕI HỒ SƠ", "Mẫu số 07", code[:10], "Nguyễn Văn Minh", "Tổng số:")
    problem(here.auditor.get(path), 404)
    problem(here.receiver4.get(path), 404)
    problem(here.citizen.get(path), 403)
    _, masked = printed(here.auditor)
    for secret in samples.SECRETS:
        assert secret not in text_of(masked.raw), secret
    problem(here.receiver.post("/registers", dict(body, agency=ELSEWHERE)), 403)
    problem(here.citizen.post("/registers", body), 403)
    problem(here.receiver.post("/registers", dict(body, to="2020-01-01")), 422, None, "/to")
    problem(here.receiver.post("/registers", dict(body, **{"from": "hôm nay"})), 422, None, "/from")
    problem(here.receiver.post("/registers", {"to": today, "from": today}), 422, None, "/agency")
    read = here.value("SELECT count(*) FROM paper_read WHERE order_id = %s;" % path.split("/")[-1])
    assert int(read) >= 1, "readings are noted"


def test_a_courier_killed_mid_print_leaves_one_document(here):
    """The printer is stopped with a form in its hands, so that the courier dies before it has it."""
    form(here.citizen, accepted(here), "receipt")  # so that there is a printer
    printers = [p.pid for p in here.daemon.processes() if p.role == "printer"]
    assert printers, "forms are printed by a process of their own"
    for pid in printers:
        os.kill(pid, signal.SIGSTOP)
    codes = [accepted(here) for _ in range(3)]
    time.sleep(0.5)
    os.kill(courier(here), signal.SIGKILL)
    here.pids = []
    answers = at_once(*[lambda c=code: until(
        lambda: here.citizen.get("/dossiers/%s/forms/receipt" % c).status == 200)
        for code in codes])
    assert all(answers)
    for code in codes:
        rows = here.value("SELECT count(*) FROM form_issued f JOIN dossier d ON d.id = f.dossier_id"
                          " JOIN document o ON o.id = f.document WHERE d.code = '%s';" % code)
        assert rows == "1", rows
    spare = here.value("SELECT count(*) FROM document o WHERE filename LIKE 'giay-to-%'"
                       " AND NOT EXISTS (SELECT FROM form_issued f WHERE f.document = o.id);")
    assert spare == "0", spare
    here.pids = here.worker_pids()  # this one was meant to end


def test_everything_that_was_issued_is_printed(here):
    left = "SELECT count(*) FROM form_issued WHERE document IS NULL;"
    assert until(lambda: here.value(left) == "0"), here.sql(
        "SELECT channel, attempts, dead_at, last_error FROM outbox_retry;")


def test_a_hand_over_record(here):
    """Printed as it stands: before and after the second signature."""
    code, _ = sent(here)
    ordered(here, code)
    parcel = parcel_of(here, code)
    made = here.clerk.post("/handovers", {
        "agency": HERE, "office": parcel["office"], "direction": "return",
        "parcels": [parcel["order_number"]], "originals": 1, "copies": 0, "note": "Đã niêm phong"})
    record = ok(made, 201)
    path = "/handovers/%d/paper" % record["id"]
    answer = here.clerk.get(path)
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/pdf", answer
    reads(answer.raw, "BIÊN BẢN GIAO NHẬN KẾT QUẢ", "Bên giao: Ủy ban nhân dân", "Bên nhận: Bưu",
          parcel["order_number"], "1 bưu gửi, 1 bản chính, 0 bản sao", "Đã niêm phong", "chưa ký")
    problem(here.citizen.get(path), 403)
    problem(here.officer4.get(path), 404)
    problem(here.anyone.get(path), 401)
    ok(here.postal.post("/handovers/%d/sign" % record["id"], {}))
    assert "chưa ký" not in text_of(here.postal.get(path).raw)
