#!/usr/bin/python3
"""dvcctl account and dvcctl agency against a whole dvcd. TAP.

    accounts.py      DVCD, DVCCTL and POSTSIM name the programs of the build
"""

import http.client
import json
import os
import pty
import subprocess
import sys
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "stand"))

import stand  # noqa: E402

GOOD = "con ngựa chạy nhanh"
HEAD = "username,name,kind,phone,email,id_number,role,agency,below,from,to\n"

# Twenty faults, and what is said of them. The quote that line 16 opens ends in line 17.
FAULTS = """Loi1,Người Một,,,,,officer,H24.15.03,,,
lo,Người Hai,,,,,officer,H24.15.03,,,
loi.ba,,,,,,officer,H24.15.03,,,
loi.bon,<b>Bốn</b>,,,,,officer,H24.15.03,,,
loi.nam,Người Năm,vua,,,,officer,H24.15.03,,,
loi.sau,Người Sáu,,12,,,officer,H24.15.03,,,
loi.bay,Người Bảy,,,thu@,,officer,H24.15.03,,,
loi.tam,Người Tám,,,,123,officer,H24.15.03,,,
loi.chin,Người Chín,,,,,quan,H24.15.03,,,
loi.muoi,Người Mười,,,,,,H24.15.03,,,
loi.11,Người Mười Một,,,,,officer,,,,
loi.12,Người Mười Hai,,,,,officer,H24.15.03,chắc,,
loi.13,Người Mười Ba,,,,,officer,H24.15.03,,mai,
loi.14,Người Mười Bốn,,,,,officer,H24.15.03,,,32/13/2026
loi.15,"Người Mười Lăm,,,,,officer,H24.15.03,,,
loi.16,"Người" Mười Sáu,,,,,officer,H24.15.03,,,
loi.17,Ng"ười Mười Bảy,,,,,officer,H24.15.03,,,
loi.18,Người Mười Tám,,,,,officer,H24.15.03,,,
loi.18,Người Mười Tám,,,,,,,,,
loi.18,Tên khác,,,,,clerk,H24.15.03,,,
123456,987654,,,,,clerk,H24.15.03,,,
loi.20,Người Hai Mươi,system,,,,,,,,
"""
GOLDEN = """%s:2: cột username: Tên đăng nhập từ 3 đến 32 ký tự: chữ thường không dấu, chữ số, và . _ - ở giữa.
%s:3: cột username: Tên đăng nhập từ 3 đến 32 ký tự: chữ thường không dấu, chữ số, và . _ - ở giữa.
%s:4: cột name: Bắt buộc phải có.
%s:5: cột name: Họ và tên có ký tự không hợp lệ.
%s:6: cột kind: Một trong: staff, citizen, portal.
%s:7: cột phone: Số điện thoại Việt Nam gồm 10 hoặc 11 chữ số.
%s:8: cột email: Thư điện tử chưa đúng, ví dụ ten@example.vn.
%s:9: cột id_number: Số định danh cá nhân gồm 12 chữ số.
%s:10: cột role: Không có vai trò này.
%s:11: cột role: Bắt buộc phải có.
%s:12: cột agency: Bắt buộc phải có.
%s:13: cột below: Viết có hoặc không.
%s:14: cột from: Thời điểm phải theo RFC 3339, ví dụ 2026-02-12T09:30:00+07:00.
%s:15: cột to: Thời điểm phải theo RFC 3339, ví dụ 2026-02-12T09:30:00+07:00.
%s:16: có chữ sau dấu nháy đóng
%s:18: có dấu nháy giữa một ô không đặt trong dấu nháy
%s:20: cột username: đã có ở dòng 19; dòng thêm phải nêu vai trò khác
%s:21: cột name: khác với dòng 19 của cùng tài khoản
%s:22: cột name: Họ và tên có ký tự không hợp lệ.
%s:23: cột kind: Một trong: staff, citizen, portal.
dvcctl: 20 lỗi, không tài khoản nào được mở
"""


class Place:
    def __init__(self):
        self.stand = stand.Stand(settings={"log": {"level": "warn"}}).start()
        self.dvcctl = stand.built("DVCCTL")

    def run(self, *words, text=None, status=0):
        run = subprocess.run([self.dvcctl, *words, "--config", self.stand.config], input=text,
                             capture_output=True, encoding="utf-8", check=False, timeout=300)
        assert run.returncode == status, (words, run.returncode, run.stdout, run.stderr)
        return run

    def file(self, name, text):
        path = os.path.join(self.stand.folder, name)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def sign_in(self, username, password):
        body = json.dumps({"username": username, "password": password}).encode()
        for _ in range(20):
            status, _, raw = self.stand.call("POST", "/api/v1/sessions", body)
            if status != 429 or b"busy" not in raw:
                break
            time.sleep(0.2)
        return status, json.loads(raw)

    def value(self, sql):
        return self.stand.value(sql)

    def count(self, where="true"):
        return int(self.value("SELECT count(*) FROM account WHERE %s;" % where))


def test_the_first_administrator(here):
    here.run("account", "add", "--admin", "quan.tri", text="ngan\n", status=1)
    here.run("account", "add", "--admin", "quan.tri", text="1234567890\n", status=1)
    assert here.count() == 0
    assert "no_administrator" in here.stand.log_tail(100)
    run = here.run("account", "add", "--admin", "quan.tri", text=GOOD + "\n")
    assert run.stdout == "quan.tri: đã mở tài khoản\n"
    status, session = here.sign_in("quan.tri", GOOD)
    assert status == 201, session
    status, _, body = here.stand.call("GET", "/api/v1/admin/accounts", None,
                                      {"Authorization": "Bearer " + session["token"]})
    assert status == 200 and json.loads(body)["items"][0]["roles"][0]["agency"] == "H24"
    run = here.run("account", "add", "--admin", "quan.tri", text=GOOD + "\n", status=1)
    assert "Tên đăng nhập đã có người dùng." in run.stderr
    run = here.run("account", "disable", "quan.tri", "--reason", "thử", status=1)
    assert "người quản trị cuối cùng" in run.stderr
    run = here.run("account", "revoke", "quan.tri", "admin", "H24", status=1)
    assert "người quản trị cuối cùng" in run.stderr


def test_no_password_in_the_command_line(here):
    here.run("account", "add", "ai.do", "--name", "Ai Đó", "--password", GOOD, status=100)
    assert here.count("username = 'ai.do'") == 0


def test_one_account(here):
    secret = here.file("secret", GOOD + "\n")
    here.run("account", "add", "can.bo", "--name", "Đỗ Thị Cán Bộ", "--role", "officer@H24.15.03",
             "--role", "clerk@H24.15.03", "--password-file", secret)
    status, session = here.sign_in("can.bo", GOOD)
    assert status == 201
    token = {"Authorization": "Bearer " + session["token"]}
    me = json.loads(here.stand.call("GET", "/api/v1/me", None, token)[2])
    assert me["account"]["must_change_password"] is True
    assert sorted(r["role"] for r in me["roles"]) == ["clerk", "officer"]
    assert "can.bo" in here.run("account", "list", "do thi can").stdout
    assert "can.bo" not in here.run("account", "list", "khong co ai").stdout
    rows = [json.loads(line) for line in here.run("account", "list", "--json").stdout.splitlines()]
    assert {"can.bo", "quan.tri"} <= {row["username"] for row in rows}
    here.run("account", "revoke", "can.bo", "clerk", "H24.15.03")
    here.run("account", "revoke", "can.bo", "clerk", "H24.15.03", status=1)
    here.run("account", "grant", "can.bo", "leader", "H24.15.04", "--from", "2030-01-01", "--to",
             "2030-12-31")
    here.run("account", "grant", "can.bo", "leader", "H99", status=1)
    here.run("account", "grant", "can.bo", "postal", "H24.15.04", status=1)
    here.run("account", "passwd", "can.bo", "--keep-password", text="một mật khẩu khác\n")
    end = time.monotonic() + 60
    while here.stand.call("GET", "/api/v1/me", None, token)[0] == 200:
        assert time.monotonic() < end, "the session goes on"
        time.sleep(0.2)
    assert here.sign_in("can.bo", GOOD)[0] == 401
    assert here.sign_in("can.bo", "một mật khẩu khác")[0] == 201
    here.run("account", "disable", "can.bo", status=100)
    here.run("account", "disable", "can.bo", "--reason", "nghỉ việc")
    assert here.sign_in("can.bo", "một mật khẩu khác")[0] == 401
    here.run("account", "enable", "can.bo")
    assert here.sign_in("can.bo", "một mật khẩu khác")[0] == 201
    here.run("account", "enable", "khong.co", status=1)
    kinds = [row[0] for row in here.stand.sql(
        "SELECT e.kind FROM account_event e JOIN account a ON a.id = e.account "
        "WHERE a.username = 'can.bo' AND e.actor IS NULL ORDER BY e.id;")]
    assert kinds == ["create", "revoke", "grant", "password_reset", "disable", "enable"], kinds


def test_a_terminal_shows_no_password(here):
    """The password is asked for twice, and what is typed is not echoed."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(here.dvcctl, [here.dvcctl, "account", "passwd", "can.bo", "--config",
                               here.stand.config])
    seen = b""
    for question in ("Mật khẩu: ", "Nhập lại mật khẩu: "):
        while question.encode() not in seen:
            seen += os.read(fd, 4096)
        time.sleep(0.2)
        os.write(fd, "từ bàn phím gõ vào\n".encode())
    try:
        while True:
            more = os.read(fd, 4096)
            if not more:
                break
            seen += more
    except OSError:
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, seen
    assert "bàn phím" not in seen.decode(), seen
    assert here.sign_in("can.bo", "từ bàn phím gõ vào")[0] == 201


def test_twenty_faults(here):
    before = here.count()
    path = here.file("faults.csv", HEAD + FAULTS)
    run = here.run("account", "import", path, "--dry-run", status=1)
    wanted = GOLDEN.replace("%s", path).splitlines()
    assert run.stderr.splitlines() == wanted, "\n".join(
        "%s\n  for %s" % pair for pair in zip(run.stderr.splitlines(), wanted) if pair[0] != pair[1])
    out = os.path.join(here.stand.folder, "none.csv")
    here.run("account", "import", path, "--passwords-out", out, status=1)
    assert here.count() == before and not os.path.exists(out)


def test_faults_that_only_the_database_knows(here):
    before = here.count()
    path = here.file("late.csv", "username;name;role;agency\nmoi.tinh;Mới Tinh;officer;H24.15.03\n"
                                 "can.bo;Đã Có;officer;H24.15.03\nkhac;Khác;officer;H24.99\n"
                                 "khac;Khác;clerk;H24.15.03\n")
    run = here.run("account", "import", path, "--no-passwords", status=1)
    assert run.stderr.splitlines() == [
        path + ":3: Tên đăng nhập đã có người dùng.", path + ":4: Không có cơ quan này.",
        "dvcctl: 2 lỗi, không tài khoản nào được mở"], run.stderr
    assert here.count() == before
    run = here.run("account", "import", here.file("head.csv", "username,ten,username\n"),
                   "--dry-run", status=1)
    assert 'không có cột "ten"' in run.stderr and "có hai lần" in run.stderr
    run = here.run("account", "import", here.file("latin.csv", b"username,name\nan1,T\xean\n"),
                   "--dry-run", status=1)
    assert "UTF-8" in run.stderr


def test_a_table_of_people(here):
    text = ("\ufeffusername,name,phone,role,agency,below\r\n"
            "to.an,\"Nguyễn, An\",0912 345 678,receiver,H24.15.03,\r\n"
            "to.an,,,cashier,H24.15.03,\r\n\r\n"
            "to.binh,Trần Bình,,auditor,H24,có\r\n")
    path = here.file("people.csv", text)
    run = here.run("account", "import", path, "--dry-run")
    assert run.stdout == "3 dòng, 2 tài khoản sẽ được mở\n"
    assert here.count("username LIKE 'to.%'") == 0
    here.run("account", "import", path, status=100)
    out = os.path.join(here.stand.folder, "passwords.csv")
    run = here.run("account", "import", path, "--passwords-out", out)
    assert run.stdout == "3 dòng, đã mở 2 tài khoản\n"
    assert os.stat(out).st_mode & 0o777 == 0o600
    with open(out, encoding="utf-8") as file:
        passwords = dict(line.strip().split(",") for line in file)
    assert sorted(passwords) == ["to.an", "to.binh", "username"]
    status, session = here.sign_in("to.an", passwords["to.an"])
    assert status == 201 and session["account"]["name"] == "Nguyễn, An"
    here.run("account", "import", path, "--passwords-out", out, status=100)


def test_five_thousand_people(here):
    rows = ["nguoi.%04d,Người thứ %d,officer,H24.15.%02d\n" % (i, i, 1 + i % 50) for i in range(5000)]
    path = here.file("many.csv", "username,name,role,agency\n" + "".join(rows))
    start = time.monotonic()
    run = here.run("account", "import", path, "--no-passwords")
    assert run.stdout == "5000 dòng, đã mở 5000 tài khoản\n", run.stdout
    assert time.monotonic() - start < 240
    assert here.count("username LIKE 'nguoi.%' AND password_hash IS NULL") == 5000
    assert here.sign_in("nguoi.0001", GOOD)[0] == 401


def test_agencies(here):
    assert "Ủy ban nhân dân phường Lê Thanh Nghị" in here.run("agency", "list", "le thanh nghi").stdout
    table = here.file("moi.tsv", "code\tname\tlevel\tparent\tfrom\tprovisional\tfunctions\n"
                                 "H24.77\tSở Thử nghiệm\tdepartment\tH24\t2026-01-01\ttrue\ttrial\n")
    folder = os.path.join(ROOT, "config", "agencies")
    before = sorted(os.listdir(folder))
    run = here.run("agency", "import", table)
    assert run.stdout == ("thêm   H24.77  Sở Thử nghiệm\n"
                          "1 thêm, 0 sửa, 0 bỏ: chưa ghi gì (--apply để ghi)\n"), run.stdout
    bad = here.file("hong.tsv", "code\tname\tlevel\tparent\n\n"
                                "H24.77\tSở Thử\tdepartment\tH77\nH24.19\tSở Hai\tvuong_quoc\tH24\n")
    run = here.run("agency", "import", bad, status=1)
    assert "hong.tsv" in run.stderr and "vuong_quoc" in run.stderr, run.stderr
    assert sorted(os.listdir(folder)) == before
    # In a copy of the configuration, applied and reloaded.
    copy = os.path.join(here.stand.folder, "agencies")
    subprocess.run(["cp", "-r", folder, copy], check=True)
    with open(here.stand.config, encoding="utf-8") as file:
        text = file.read()
    with open(here.stand.config, "w", encoding="utf-8") as file:
        file.write(text.replace(json.dumps(folder), json.dumps(copy)))
    here.run("agency", "import", table, "--apply")
    assert "H24.77" in here.run("agency", "list").stdout
    here.run("reload")
    end = time.monotonic() + 60
    while here.value("SELECT count(*) FROM agency WHERE code = 'H24.77';") == "0":
        assert time.monotonic() < end, "not published"
        time.sleep(0.2)


def main():
    count = failed = 0
    here = Place()
    try:
        for name, test in list(globals().items()):
            if not name.startswith("test_"):
                continue
            count += 1
            try:
                test(here)
            except (Exception, http.client.HTTPException):
                failed += 1
                print("not ok %d - %s" % (count, name[5:].replace("_", " ")), flush=True)
                for line in traceback.format_exc().splitlines():
                    print("# " + line)
            else:
                print("ok %d - %s" % (count, name[5:].replace("_", " ")), flush=True)
    finally:
        here.stand.stop()
    print("1..%d" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
