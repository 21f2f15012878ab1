"""Rights, keys and addresses, and what the transport serves by itself."""
import os
import sys

from http_case import case
from http_client import TLS, check_problem, equal

WEB = sys.argv[2]


# ---- rights, keys, addresses ----

@case()
def the_authenticate_hook_may_answer_later(server):
    with server.connect() as client:
        equal(client.ask("GET", "/api/v1/me").status, 401)
        problem = client.ask("GET", "/api/v1/me", ["Authorization: Bearer bad"]).json()
        equal(problem["errors"][0]["pointer"], "/token")
        reply = client.ask("GET", "/api/v1/me", ["Authorization: bearer good"])
        equal((reply.status, reply.header("X-Actor"), reply.header("ETag")),
              (204, "someone", '"7"'))
        equal(client.ask("GET", "/api/v1/me", ["Cookie: a=b; sid=good"]).status, 204)
        equal(client.ask("GET", "/api/v1/me", ["Cookie: sid=good; sid=bad"]).status, 401)
        equal(client.ask("GET", "/api/v1/echo/x", ["Authorization: Bearer bad"]).status, 401,
              "a bad token on an open route")


@case()
def the_idempotency_key_is_required_and_checked(server):
    with server.connect() as client:
        for headers in ([], ["Idempotency-Key: "], ["Idempotency-Key: a b"],
                        ["Idempotency-Key: " + "k" * 65], ["Idempotency-Key: \u00e1"],
                        ["Idempotency-Key: a", "Idempotency-Key: a"]):
            check_problem(client.ask("POST", "/api/v1/keyed", headers, b"{}"), 400,
                          "idempotency_key_required")
        for key in ("k", "~" * 64):
            reply = client.ask("POST", "/api/v1/keyed", [f"Idempotency-Key: {key}"], b"{}")
            equal(reply.json()["key"], key)


@case(trusted="127.0.0.1, 10.0.0.0/8")
def the_address_comes_from_trusted_proxies(server):
    def seen(*headers, **options):
        with server.connect(**options) as client:
            reply = client.ask("GET", "/api/v1/echo/x", headers).json()
            return reply["client"], reply["loopback"], reply["secure"]
    equal(seen(), ("127.0.0.1", True, TLS))
    equal(seen("X-Forwarded-For: 203.0.113.9"), ("203.0.113.9", False, TLS))
    equal(seen("X-Forwarded-For: 1.2.3.4, 203.0.113.9, 10.1.2.3", "X-Forwarded-Proto: https"),
          ("203.0.113.9", False, True))
    equal(seen("X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 198.51.100.7"),
          ("198.51.100.7", False, TLS))
    equal(seen("X-Forwarded-For: nonsense"), ("127.0.0.1", False, TLS))
    equal(seen("Forwarded: for=127.0.0.1"), ("127.0.0.1", False, TLS))
    equal(seen("X-Forwarded-For: 2001:DB8::1"), ("2001:db8::1", False, TLS))
    equal(seen("X-Forwarded-For: 9.9.9.9", "X-Forwarded-Proto: https", source="127.0.0.2"),
          ("127.0.0.2", False, TLS))


# ---- what the transport serves itself ----

@case(files=WEB)
def files_come_from_memory_with_etag(server):
    with server.connect() as client:
        reply = client.ask("GET", "/")
        equal((reply.status, reply.header("Content-Type")), (200, "text/html; charset=utf-8"))
        assert "script-src 'self'" in reply.header("Content-Security-Policy")
        assert "'unsafe" not in reply.header("Content-Security-Policy")
        equal(reply.body, open(os.path.join(WEB, "index.html"), "rb").read())
        tag = reply.header("ETag")
        again = client.ask("GET", "/", [f'If-None-Match: "x", {tag}'])
        equal((again.status, again.header("ETag")), (304, tag))
        equal(client.ask("GET", "/index.html").header("ETag"), tag)
        equal(client.ask("GET", "/style/base.css").header("Content-Type"),
              "text/css; charset=utf-8")
        equal(client.ask("GET", "/assets").status, 404)
        equal(client.ask("POST", "/", body=b"").header("Allow"), "GET, HEAD, OPTIONS")


@case()
def metrics_are_for_the_token_or_loopback(server):
    with server.connect() as client:
        client.ask("GET", "/api/v1/slow?ms=20")
        client.ask("GET", "/nope")
        text = client.ask("GET", "/metrics").body.decode()
        name = 'dvc_http_request_duration_seconds_bucket{route="GET /api/v1/slow",status="2xx"'
        assert f'{name},le="0.01"}} 0\n' in text and f'{name},le="+Inf"}} 1\n' in text, text
        assert 'count{route="unmatched",status="4xx"} 1\n' in text
        assert "dvc_http_requests_in_flight 1\n" in text
        equal(client.ask("GET", "/metrics", ["X-Forwarded-For: 127.0.0.1"]).status, 403)
        reply = client.ask("GET", "/metrics", ["X-Real-IP: 1.1.1.1",
                                               "Authorization: Bearer scrape-me"])
        equal(reply.status, 200)


@case()
def openapi_lists_the_routes(server):
    with server.connect() as client:
        api = client.ask("GET", "/api/v1/openapi.json").json()
        equal(api["openapi"], "3.1.0")
        equal(sorted(api["paths"]["/api/v1/echo"]), ["patch", "post"])
        names = [p["name"] for p in api["paths"]["/api/v1/echo/{name}"]["get"]["parameters"]]
        equal(names, ["name", "q"])
