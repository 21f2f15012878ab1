"""The daemon under test and its people: a whole dvcd with embedded database and simulated post, the
demonstration's accounts and a few more."""

import os
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "stand"))

import stand  # noqa: E402
from client import Api, User, until  # noqa: E402

HERE = "H24.15.03"       # the commune of the demonstration's accounts
ELSEWHERE = "H24.15.04"
FIRE, ENVIRONMENT = "H24.17", "H24.05"

# Beside config/demo/accounts.yaml: a second commune, the two agencies that are asked for opinions,
# a second citizen, a colleague at the same desk, a one-stop desk elsewhere in the city.
MORE_ACCOUNTS = """
  - {username: citizen2, name: Lê Thị Lan, kind: citizen, id_number: "031190005678", phone: "0987654321"}
  - {username: portal2, name: Cổng thử thứ hai, kind: portal}
  - {username: officer2, name: Ngô Văn Sơn, kind: staff, roles: [{role: officer, agency: "H24.15.03"}]}
  - {username: receiver4, name: Đinh Thị Yến, kind: staff, roles: [{role: receiver, agency: "H24.15.04"}]}
  - {username: officer4, name: Cao Văn Bình, kind: staff, roles: [{role: officer, agency: "H24.15.04"}]}
  - {username: fire, name: Trịnh Quốc Việt, kind: staff, roles: [{role: officer, agency: "H24.17"}]}
  - {username: environment, name: Mai Thu Thuỷ, kind: staff, roles: [{role: officer, agency: "H24.05"}]}
  - {username: postal2, name: Tạ Văn Lực, kind: staff, roles: [{role: postal, agency: "VNP.31.05"}]}
  - {username: admin3, name: Vương Thị Nga, kind: staff, roles: [{role: admin, agency: "H24.15.03", below: true}]}
  - {username: admin4, name: Hà Văn Thắng, kind: staff, roles: [{role: admin, agency: "H24.15.04"}]}
  - {username: guard, name: Lưu Thị Hạnh, kind: citizen, id_number: "031190005679"}
"""
NAMES = ("portal", "citizen", "receiver", "officer", "unit_head", "leader", "clerk", "postal",
         "auditor", "admin", "citizen2", "portal2", "officer2", "receiver4", "officer4", "fire",
         "environment", "postal2")


UPLOAD_HOURS = 30  # not what is usual, so that a test sees who reads the setting
GATEWAYS = 2       # as on any server: what one of them keeps must not mislead who comes to the other


class Daemon(stand.Stand):
    def __init__(self):
        super().__init__(settings={"log": {"level": "debug"}, "workers": {"gateways": GATEWAYS},
                                   "intake": {"citizen_filing": True},
                                   "accounts": {"self_registration": True},
                                   "retention": {"upload_hours": UPLOAD_HOURS},
                                   "http": {"lookups_per_minute": 1000,
                                            "requests_per_minute": 1000000,
                                            "secure_cookies": False,
                                            "public_url": "https://dvc.example.vn",
                                            "metrics_from": ["127.0.0.1"],
                                            "trusted_proxies": ["127.0.0.1"],
                                            "listen": ["127.0.0.1:0"]}})

    def _write_config(self):
        self.settings["http"]["listen"] = ["127.0.0.1:%d" % self.port]
        super()._write_config()
        with open(os.path.join(ROOT, "config", "demo", "accounts.yaml"), encoding="utf-8") as file:
            text = file.read().rstrip()
        self.accounts_file = os.path.join(self.folder, "accounts.yaml")
        with open(self.accounts_file, "w", encoding="utf-8") as file:
            file.write(text + MORE_ACCOUNTS)

    def start_dvcd(self):
        os.makedirs(os.path.join(self.folder, "data"), exist_ok=True)
        with open(os.path.join(self.folder, "dvcd.log"), "ab") as log:
            self.supervisor = subprocess.Popen(
                [self.dvcd, "run", "--config", self.config, "--demo-accounts", self.accounts_file],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def password(self):
        with open(os.path.join(self.folder, "data", "demo-password"), encoding="utf-8") as file:
            return file.read().strip()

    def log_text(self):
        with open(os.path.join(self.folder, "dvcd.log"), encoding="utf-8",
                  errors="replace") as file:
            return file.read()


class World:
    """What a topic's tests get: `world.citizen`, `world.officer`, ... are signed-in accounts."""

    def __init__(self, daemon=None):
        self.daemon = (daemon or Daemon()).start()
        self.api = Api(self.daemon.port)
        self.post = Api(self.daemon.post_port)
        self.anyone = User(self.api)
        self.password = self.daemon.password()
        self.people = {}
        for name in NAMES:
            self.people[name] = self.sign_in(name)
        self.pids = self.worker_pids()

    def __getattr__(self, name):
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def sign_in(self, name, password=None):
        for _ in range(600):
            answer = self.anyone.call("POST", "/sessions", {"username": name,
                                                            "password": password or self.password})
            if answer.status != 429:
                break
            time.sleep(0.2)
        assert answer.status == 201, answer
        return User(self.api, answer.json["token"], name)

    def worker_pids(self):
        return sorted((process.role, process.pid) for process in self.daemon.processes()
                      if process.role in ("supervisor", "gateway", "clock", "courier", "auth"))

    def reload(self):
        """dvcd with its files as they are now, until each worker is another one. While gateways are
        replaced, the old one of each goes on for a moment beside the new."""
        def renewed():
            return self.daemon.log_text().count('"event":"workers_renewed"')
        known = renewed()
        self.daemon.supervisor.send_signal(signal.SIGHUP)
        assert until(lambda: renewed() > known, 120, 0.2), "the workers are not replaced"
        self.pids = self.worker_pids()

    def sql(self, text):
        return self.daemon.sql(text)

    def value(self, text):
        return self.daemon.value(text)

    def steer(self, path):
        """A control call of the simulated post."""
        status, _, body = self.daemon.call("POST", path, port=self.daemon.post_port)
        assert status == 200, (path, status, body)
        return body

    def stop(self, keep=False):
        self.daemon.stop(keep)
