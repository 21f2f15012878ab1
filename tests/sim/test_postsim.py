"""Tests of the simulated post, over the wire. TAP on standard output."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback

from postsim import Client, Post

BROKEN = (ConnectionError, http.client.HTTPException)


class Fixture:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="postsim-")
        self.posts = []

    def post(self, *options, journal="journal"):
        post = Post(os.path.join(self.folder, journal), *options)
        self.posts.append(post)
        return post.start()

    def client(self, *options, **who):
        client = Client(self.post(*options), **who)
        assert client.token() == 200
        return client

    def end(self):
        for post in self.posts:
            post.kill()
        shutil.rmtree(self.folder)


def status_of(answer):
    return answer[2]["Status"]


def breaks(fn, *args, **kwargs):
    try:
        fn(*args, **kwargs)
    except BROKEN:
        return True
    return False


def docs(page):
    return page[2]["_embedded"]["rh:doc"]


def wait_until(check, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.02)
    return False


def test_order_is_accepted_once(f):
    client = f.client()
    first, second = client.order("HS-1"), client.order("HS-1")
    assert (first[0], status_of(first)) == (200, 100), first
    assert (second[0], status_of(second)) == (200, 101), second
    assert first[1]["Content-Type"].startswith("application/json")
    seen = client.post.look("/sim/orders")
    assert seen["count"] == 1 and seen["orders"][0]["tries"] == 2
    assert seen["orders"][0]["body"] == client.order_body("HS-1")
    assert client.post.look("/sim/summary")["duplicates"] == 1


def test_token_needs_a_good_secret_and_no_content_type(f):
    post = f.post("--customer", "k:s:KH01")
    assert Client(post, "k", "other").token() == 401
    assert Client(post, "nobody", "s").token() == 401
    client = Client(post, "k", "s")
    assert client.token() == 200  # http.client sends no Content-Type of its own
    assert status_of(client.order("HS-1", CustomerCode="KH02")) not in (100, 101)
    assert status_of(client.order("HS-1")) == 100


def test_without_token_is_401(f):
    client = f.client()
    client.bearer = "Bearer 0123"
    assert client.order("HS-1")[0] == 401
    assert client.post.look("/sim/orders")["count"] == 0


def test_token_dies_of_age(f):
    client = f.client("--token-seconds", "1")
    assert client.order("HS-1")[0] == 200
    time.sleep(1.1)
    assert client.order("HS-2")[0] == 401
    assert client.token() == 200 and client.order("HS-2")[0] == 200


def test_token_expired_fault_kills_the_token(f):
    client = f.client()
    client.post.steer("/sim/fault", kind="token_expired")
    assert client.order("HS-1")[0] == 401
    assert client.order("HS-1")[0] == 401, "the old token must stay dead"
    client.token()
    assert status_of(client.order("HS-1")) == 100


def test_missing_field_is_refused(f):
    client = f.client()
    answer = client.order("HS-1", ReceiverTel="")
    assert answer[0] == 200 and status_of(answer) not in (100, 101) and answer[2]["Message"]
    assert status_of(client.order("HS-1", SenderProvince="18")) not in (100, 101)
    assert client.post.look("/sim/orders")["count"] == 0


def test_too_many_says_when(f):
    client = f.client("--retry-after", "7")
    client.post.steer("/sim/fault", kind="too_many")
    status, headers, _ = client.order("HS-1")
    assert (status, headers["Retry-After"]) == (429, "7")
    assert status_of(client.order("HS-1")) == 100


def test_server_error_accepts_nothing(f):
    client = f.client()
    client.post.steer("/sim/fault", kind="server_error")
    assert client.order("HS-1")[0] in (500, 502, 503)
    assert client.post.look("/sim/orders")["count"] == 0


def test_refused_is_200_with_an_error_status(f):
    client = f.client()
    client.post.steer("/sim/fault", kind="refused")
    answer = client.order("HS-1")
    assert answer[0] == 200 and status_of(answer) not in (100, 101)
    assert client.post.look("/sim/orders")["count"] == 0


def test_reset_before_and_after(f):
    client = f.client()
    client.post.steer("/sim/fault", kind="reset_before")
    assert breaks(client.order, "HS-1")
    assert client.post.look("/sim/orders")["count"] == 0
    client.post.steer("/sim/fault", kind="reset_after")
    assert breaks(client.order, "HS-1")
    assert client.post.look("/sim/orders")["count"] == 1
    assert status_of(client.order("HS-1")) == 101


def test_reset_is_a_reset(f):
    client = f.client()
    client.post.steer("/sim/fault", kind="reset_before")
    raw = socket.create_connection(("127.0.0.1", client.post.port), 5)
    raw.sendall(b"POST /token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic azpz\r\n"
                b"Content-Length: 29\r\n\r\ngrant_type=client_credentials")
    try:
        raw.recv(1)
        assert False, "an orderly end or an answer"
    except ConnectionResetError:
        pass
    finally:
        raw.close()


def test_slow_answer_comes_after_the_work(f):
    client = f.client("--slow-ms", "400")
    client.post.steer("/sim/fault", kind="slow", count=2)
    try:
        client.order("HS-1", timeout=0.1)
        assert False, "it was not slow"
    except TimeoutError:
        pass
    assert client.post.look("/sim/orders")["count"] == 1
    before = time.monotonic()
    assert status_of(client.order("HS-1")) == 101
    assert time.monotonic() - before >= 0.39
    assert client.post.look("/sim/summary")["faults"]["slow"] == 2


def test_status_as_text_and_no_content_type(f):
    client = f.client()
    client.post.steer("/sim/fault", kind="status_text")
    client.post.steer("/sim/fault", kind="no_content_type")
    answer = client.order("HS-1")
    assert status_of(answer) == "100" and answer[1]["Content-Type"] is None, answer
    assert status_of(client.order("HS-2")) == 100


def test_cancel(f):
    client = f.client()
    client.order("HS-1")
    client.order("HS-2")
    assert status_of(client.cancel("HS-1")) == 100
    assert status_of(client.cancel("HS-1")) == 101
    assert status_of(client.cancel("HS-9")) not in (100, 101)
    client.post.steer("/sim/advance", order="HS-2")
    assert status_of(client.cancel("HS-2")) not in (100, 101), "collected already"
    codes = [(d["OrderNumber"], d["StatusCode"]) for d in docs(client.page())]
    assert codes == [("HS-1", 1), ("HS-2", 1), ("HS-1", 7), ("HS-2", 2)]


def test_tracking_pages(f):
    client = f.client()
    for i in range(7):
        client.order("HS-%d" % i)
    last, seen, sizes = "0" * 24, [], []
    while True:
        page = client.page(last, 3)
        sizes.append(page[2]["_returned"])
        assert page[2]["_size"] == 7 and page[2]["_total_pages"] == 3
        for doc in docs(page):
            assert len(doc["_id"]["$oid"]) == 24 and doc["_id"]["$oid"] > last
            last = doc["_id"]["$oid"]
            seen.append(doc["OrderNumber"])
        if page[2]["_returned"] < 3:
            break
    assert sizes == [3, 3, 1] and seen == ["HS-%d" % i for i in range(7)]
    assert client.page("zz", 3)[0] == 400 and client.page("0" * 24, 1001)[0] == 400
    fields = set(docs(client.page())[0])
    assert fields == {"_id", "CustomerCode", "OrderNumber", "EventTime", "POSID", "ItemCode",
                      "StatusCode", "StatusMessage", "Notes"}


def test_a_feed_shows_only_its_own_customer(f):
    post = f.post("--customer", "a:s:KHA", "--customer", "b:s:KHB")
    a, b = Client(post, "a", "s", "KHA"), Client(post, "b", "s", "KHB")
    a.token(), b.token()
    a.order("HS-1"), b.order("HS-1")
    assert [d["CustomerCode"] for d in docs(a.page())] == ["KHA"]
    assert post.look("/sim/orders")["count"] == 2, "numbers of two customers are two orders"


def test_parcels_move_by_themselves(f):
    client = f.client("--step-ms", "30")
    client.order("HS-1")
    assert wait_until(lambda: len(docs(client.page())) == 4)
    got = docs(client.page())
    assert [d["StatusCode"] for d in got] == [1, 2, 3, 4]
    assert [d["EventTime"] for d in got] == sorted(d["EventTime"] for d in got)
    assert abs(got[0]["EventTime"] / 1000 - time.time()) < 60, "milliseconds since 1970"


def test_events_out_of_order(f):
    client = f.client("--rate", "event_swapped=1")
    client.order("HS-1")
    for _ in range(4):
        client.post.steer("/sim/advance", order="HS-1")
        time.sleep(0.005)
    got = docs(client.page())
    assert [d["StatusCode"] for d in got] == [1, 3, 2, 4], got
    assert got[2]["EventTime"] < got[1]["EventTime"], "late, but with its own time"


def test_events_twice_and_unknown(f):
    client = f.client("--rate", "event_twice=1", "--rate", "event_unknown=1")
    for i in range(8):
        client.order("HS-%d" % i)
        client.post.steer("/sim/advance", order="HS-%d" % i)
    got = docs(client.page())
    twice = [d for d in got if d["StatusCode"] == 2]
    ids = [d["_id"]["$oid"] for d in twice]
    assert len(twice) == 16
    assert 8 < len(set(ids)) < 16, "some with the same id, some with an id of their own"
    assert sum(d["StatusCode"] == 99 for d in got) == 8


def test_away(f):
    client = f.client()
    client.post.steer("/sim/away", seconds=60)
    assert breaks(client.order, "HS-1")
    assert breaks(client.token)
    client.post.steer("/sim/away", seconds=60, how="503")
    assert client.order("HS-1")[0] == 503
    client.post.steer("/sim/away", seconds=0)
    assert status_of(client.order("HS-1")) == 100
    assert client.post.look("/sim/summary")["accepted"] == 1


def gives_up(client):
    try:
        client.post.call("POST", "/token", "", timeout=0.3)
    except TimeoutError:
        return True
    return False


def test_ends_in_order_with_answers_outstanding(f):
    """The sanitized build tells here whether a hung answer is kept or freed twice."""
    client = f.client()
    client.post.steer("/sim/away", seconds=120, how="hang")
    assert gives_up(client)
    with socket.create_connection(("127.0.0.1", client.post.port), 10) as waiting:
        waiting.sendall(b"POST /token HTTP/1.1\r\nHost: post\r\nContent-Length: 0\r\n\r\n")
        calls = lambda: sum(c["op"] == "token" for c in client.post.look("/sim/log")["calls"])
        assert wait_until(lambda: calls() == 3), client.post.look("/sim/log")
        assert client.post.stop() == 0


def test_away_by_option_ends(f):
    client = Client(f.post("--away", "0:1", "--away-how", "503"))
    assert wait_until(lambda: client.token() == 503)
    assert wait_until(lambda: client.token() == 200)


def test_kill_forgets_nothing_accepted(f):
    client = f.client("--step-ms", "50")
    for i in range(20):
        assert status_of(client.order("HS-%d" % i)) == 100
    before = docs(client.page())
    client.post.kill()
    with open(client.post.journal, "ab") as journal:
        journal.write(b'{"t":"order","key":"khoa","num')  # a kill in the middle of a write
    client.post.start()
    assert client.order("HS-1")[0] == 401, "tokens do not survive"
    client.token()
    assert status_of(client.order("HS-7")) == 101
    assert status_of(client.order("HS-new")) == 100
    orders = client.post.look("/sim/orders")
    assert [o["number"] for o in orders["orders"]] == ["HS-%d" % i for i in range(20)] + ["HS-new"]
    assert orders["orders"][7]["body"] == client.order_body("HS-7")
    assert docs(client.page())[:len(before)] == before, "the feed's ids stay"
    assert wait_until(lambda: len(docs(client.page(size=1000))) == 84)
    assert {d["StatusCode"] for d in docs(client.page(docs(client.page(size=80))[-1]["_id"]["$oid"]))}
    last = {}
    for doc in docs(client.page(size=1000)):
        last[doc["OrderNumber"]] = doc["StatusCode"]
    assert set(last.values()) == {4}


def fates(f, seed, journal, order):
    post = f.post("--seed", seed, "--rate", "refused=0.3", "--rate", "too_many=0.3",
                  "--rate", "reset_before=0.2", journal=journal)
    client = Client(post)
    while True:
        try:
            if client.token() == 200:
                break
        except BROKEN:
            pass
    out = {}
    for i in order:
        try:
            answer = client.order("HS-%d" % i)
            out[i] = (answer[0], answer[2]["Status"] if answer[0] == 200 else None)
        except BROKEN:
            out[i] = "reset"
    return out


def test_a_seed_repeats_whatever_the_order_of_calls(f):
    one = fates(f, "5", "a", range(40))
    two = fates(f, "5", "b", reversed(range(40)))
    other = fates(f, "6", "c", range(40))
    assert one == two and one != other and len(set(one.values())) == 4


def test_log_tells_each_call(f):
    client = f.client()
    client.post.steer("/sim/fault", kind="too_many")
    client.order("HS-1")
    client.order("HS-1")
    calls = client.post.look("/sim/log")["calls"]
    assert [(c["op"], c["number"], c["fault"], c["http_status"], c["status"]) for c in calls] == [
        ("token", "", "none", 200, 0), ("order", "HS-1", "too_many", 429, 0),
        ("order", "HS-1", "none", 200, 100)]


def test_steering_refuses_nonsense(f):
    post = f.post()
    for path in ("/sim/fault?kind=x", "/sim/rate?kind=slow&rate=2", "/sim/away?seconds=-1",
                 "/sim/away", "/sim/advance?order=none", "/sim/advance?order=x&code=abc"):
        assert post.call("POST", path)[0] == 400, path
    assert post.call("GET", "/sim/away?seconds=1")[0] == 405
    assert post.call("GET", "/sim/nothing")[0] == 404
    assert post.call("GET", "/other")[0] == 404


def test_listens_on_loopback_only(f):
    post = f.post()
    with open("/proc/net/tcp", encoding="ascii") as table:
        mine = [line.split()[1] for line in table if line.split()[1].endswith(":%04X" % post.port)
                and line.split()[3] == "0A"]
    assert mine == ["0100007F:%04X" % post.port], mine


def test_ends_with_its_parent(f):
    keeper = subprocess.Popen(["sleep", "60"])
    post = Post(os.path.join(f.folder, "p"), "--parent-pid", str(keeper.pid))
    post.start()  # the later --parent-pid counts: not this process
    keeper.kill()
    keeper.wait()
    assert post.process.wait(5) == 0
    post.process.stdout.close()


def test_command_line(f):
    exe = os.environ["POSTSIM"]
    run = subprocess.run([exe, "--help"], capture_output=True, text=True, check=False)
    assert run.returncode == 0 and "--rate" in run.stdout
    for bad in (["--port", "x", "--journal", "j"], ["--rate", "slow=2", "--journal", "j"],
                ["--rate", "nothing=1", "--journal", "j"], ["--customer", "a:b", "--journal", "j"],
                [], ["--journal", "j", "extra"]):
        run = subprocess.run([exe, *bad], capture_output=True, text=True, check=False)
        assert run.returncode == 100 and run.stderr.startswith("postsim: "), (bad, run)


def main():
    tests = [(name, fn) for name, fn in globals().items() if name.startswith("test_")]
    failed = 0
    print("1..%d" % len(tests))
    for number, (name, fn) in enumerate(tests, 1):
        fixture = Fixture()
        try:
            fn(fixture)
            print("ok %d - %s" % (number, name[5:]))
        except Exception:  # whatever it was, the other tests still run
            failed += 1
            print("not ok %d - %s" % (number, name[5:]))
            for line in traceback.format_exc().splitlines():
                print("# " + line)
        finally:
            fixture.end()
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
