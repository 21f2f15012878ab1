"""An HTTP client that knows the contract's manners: bearer tokens, Idempotency-Key, problem+json."""

import datetime
import http.client
import json
import secrets
import threading
import time
import urllib.parse

V1 = "/api/v1"
PATIENCE = 60  # seconds: a machine with other work is slow, one with a fault never gets there


class Answer:
    """One answer: status, headers (case-insensitive), raw bytes and, where it is JSON, the tree."""

    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        kind = headers.get("Content-Type", "").split(";")[0]
        self.json = json.loads(raw) if raw and kind in ("application/json", "application/problem+json") else None

    def __repr__(self):
        return "%d %s" % (self.status, self.raw[:400].decode("utf-8", "replace"))


class Api:
    """Talks to one port. Every answer goes through the same suspicion: no 500, problems well formed."""

    def __init__(self, port):
        self.port = port
        self.lock = threading.Lock()
        self.suspicions = []

    def call(self, method, path, body=None, headers=None, timeout=PATIENCE):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            got = connection.getresponse()
            answer = Answer(got.status, got.headers, got.read())
        finally:
            connection.close()
        self.suspect(method, path, answer)
        return answer

    def suspect(self, method, path, answer):
        """Whatever a test asks, these hold for every answer."""
        faults = []
        if answer.status == 500:
            faults.append("is a 500")
        if answer.status >= 400 and method == "HEAD":
            if answer.raw:
                faults.append("has a body")
        elif answer.status >= 400 and path != "/readyz":
            problem = answer.json if isinstance(answer.json, dict) else {}
            if not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
                faults.append("is no problem+json")
            for member in ("type", "title", "status", "code", "detail", "errors"):
                if member not in problem:
                    faults.append("has no %s" % member)
            if problem.get("status") != answer.status:
                faults.append("says another status")
            if answer.status in (429, 503) and not answer.headers.get("Retry-After", "").isdigit():
                faults.append("has no Retry-After")
            if answer.status == 401 and "Bearer" not in answer.headers.get("WWW-Authenticate", ""):
                faults.append("has no WWW-Authenticate")
        elif answer.status == 200 and answer.json is not None:
            if not answer.headers.get("Cache-Control"):
                faults.append("has no Cache-Control")
        if answer.headers.get("X-Content-Type-Options") != "nosniff":
            faults.append("has no nosniff")
        if faults:
            with self.lock:
                self.suspicions.append("%s %s: %s: %r" % (method, path, ", ".join(faults), answer))


class User:
    """An account with its token; `None` as token calls without one."""

    def __init__(self, api, token=None, name=None):
        self.api, self.token, self.name = api, token, name

    def call(self, method, path, body=None, key=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        if key:
            sent["Idempotency-Key"] = key
        return self.api.call(method, V1 + path if path.startswith("/") and not
                             path.startswith(("/healthz", "/readyz", "/metrics")) else path,
                             body, sent)

    def get(self, path, **params):
        if params:
            path += "?" + urllib.parse.urlencode(params)
        return self.call("GET", path)

    def post(self, path, body=None, key=None, **headers):
        return self.call("POST", path, body, key or new_key(), **headers)

    # ---- the main job ----

    def submit(self, body, key=None):
        return self.post("/dossiers", body, key)

    def view(self, code):
        return self.get("/dossiers/" + code)

    def act(self, code, action, step=None, key=None, if_match=None, **more):
        """Acts on the open task at `step` (looked up), or on the dossier itself without one."""
        body = dict(more, action=action)
        if step is not None and "task" not in body:
            body["task"] = self.task(code, step)
        headers = {"If_Match": if_match} if if_match else {}
        return self.post("/dossiers/%s/actions" % code, body, key, **headers)

    def task(self, code, step):
        for task in self.view(code).json["tasks"]:
            if task["step"] == step:
                return task["id"]
        raise AssertionError("%s has no open task at %s" % (code, step))

    def upload(self, data=b"%PDF-1.4\n% a small file\n", name="giay.pdf", kind="application/pdf",
               key=None):
        return self.post("/uploads", data, key, Content_Type=kind,
                         X_Filename=urllib.parse.quote(name))


def new_key():
    return secrets.token_hex(12)


def pages(user, path, limit=2, **params):
    """All items of a list, page by page."""
    items, token = [], None
    while True:
        asked = dict(params, limit=limit)
        if token:
            asked["page"] = token
        answer = user.get(path, **asked)
        assert answer.status == 200, answer
        assert len(answer.json["items"]) <= limit
        items += answer.json["items"]
        token = answer.json["next"]
        if token is None:
            return items


def at_once(*jobs):
    """Runs the jobs in threads that start together; their results in order."""
    results, barrier = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(place, job):
        barrier.wait()
        results[place] = job()

    threads = [threading.Thread(target=run, args=(i, job)) for i, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def until(ask, seconds=PATIENCE, every=0.1):
    """Asks until the answer is true; the last answer."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(every)


def everywhere(ask):
    """As until(), at every gateway: each connection may come to another one."""
    return until(lambda: all(ask() for _ in range(12)))


def moment(text):
    """A point in time: the database leaves zeros at the end of a second's fraction out."""
    return datetime.datetime.fromisoformat(text)
