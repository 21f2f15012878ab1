"""Starts and drives the simulated post from Python: for its own tests and for the suites around it."""

import base64
import http.client
import json
import os
import signal
import subprocess
import urllib.parse


class Post:
    """One simulated post. `journal` survives kill() and start()."""

    def __init__(self, journal, *options, exe=None):
        self.exe = exe or os.environ["POSTSIM"]
        self.journal = journal
        self.options = list(options)
        self.process = None
        self.port = 0

    def start(self):
        self.process = subprocess.Popen(
            [self.exe, "--journal", self.journal, "--port", str(self.port),
             "--parent-pid", str(os.getpid()), *self.options],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        if len(line) != 2 or line[0] != "port":
            raise RuntimeError("the simulator did not start: %r" % line)
        self.port = int(line[1])
        return self

    def kill(self):
        self._end(signal.SIGKILL)

    def stop(self):
        return self._end(signal.SIGTERM)

    def _end(self, how):
        if self.process is None:
            return None
        self.process.send_signal(how)
        code = self.process.wait(10)
        self.process.stdout.close()
        self.process = None
        return code

    def call(self, method, path, body=None, headers=None, timeout=10):
        """(status, headers, bytes); raises ConnectionError or http.client errors when it breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def look(self, path, **query):
        return self._json("GET", path, query)

    def steer(self, path, **query):
        return self._json("POST", path, query)

    def _json(self, method, path, query):
        status, _, body = self.call(method, path + "?" + urllib.parse.urlencode(query))
        if status != 200:
            raise ValueError("%s %s: %d %r" % (method, path, status, body))
        return json.loads(body)


class Client:
    """A caller of interface A that does nothing clever."""

    def __init__(self, post, key="khoa", secret="bi-mat", customer="KH01"):
        self.post, self.key, self.secret, self.customer = post, key, secret, customer
        self.bearer = None

    def token(self):
        basic = base64.b64encode(("%s:%s" % (self.key, self.secret)).encode()).decode()
        status, _, body = self.post.call("POST", "/token", "grant_type=client_credentials",
                                         {"Authorization": "Basic " + basic})
        if status == 200:
            answer = json.loads(body)
            self.bearer = "%s %s" % (answer["token_type"], answer["access_token"])
        return status

    def headers(self):
        return {"Authorization": self.bearer, "Content-Type": "application/json"}

    def order_body(self, number, **fields):
        body = {"CustomerCode": self.customer, "OrderNumber": number, "CODAmount": 0,
                "SenderProvince": 18, "SenderDistrict": 1800, "SenderAddress": "18 Hoàng Diệu",
                "SenderName": "Sở Xây dựng", "SenderEmail": "", "SenderTel": "02253000000",
                "SenderDesc": "Mã hồ sơ: " + number, "Description": "Trả kết quả",
                "ReceiverName": "Nguyễn Văn An", "ReceiverAddress": "1 Lạch Tray",
                "ReceiverTel": "0912000000", "ReceiverProvince": 18, "ReceiverDistrict": 1801,
                "ReceiverEmail": ""}
        body.update(fields)
        return body

    def order(self, number, timeout=10, **fields):
        """(http status, headers, parsed body or bytes)."""
        body = json.dumps(self.order_body(number, **fields), ensure_ascii=False).encode()
        return self._read(self.post.call("POST", "/order/post", body, self.headers(), timeout))

    def cancel(self, number):
        query = urllib.parse.urlencode({"CustomerCode": self.customer, "OrderNumber": number})
        return self._read(self.post.call("GET", "/order/cancel?" + query, None, self.headers()))

    def page(self, last_id="0" * 24, size=100):
        return self._read(self.post.call(
            "GET", "/order/tracking?pagesize=%d&lastId=%s" % (size, last_id), None, self.headers()))

    @staticmethod
    def _read(answer):
        status, headers, body = answer
        try:
            return status, headers, json.loads(body)
        except ValueError:
            return status, headers, body
