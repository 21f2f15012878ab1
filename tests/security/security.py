"""What scanners find on a dvcd of our own. Each part prints its findings and a verdict; the exit
status is 0 when nothing above informational is left that README.md does not explain."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "stand"))
import stand  # noqa: E402

# Findings that are no fault, with the reason in README.md.
EXPLAINED_TLS = {
    "cert_trust_wildcard", "cert_chain_of_trust", "cert_caIssuers", "cert_crlDistributionPoints",
    "cert_ocspURL", "cert_revocation", "OCSP_stapling", "DNS_CAArecord", "certificate_transparency",
    "cert_extlifeSpan", "cert_signatureAlgorithm", "HPKP", "SSL_sessionID_support", "cert_notAfter",
    "cert_expirationStatus", "cert_validityPeriod", "cert_trust", "BREACH", "engine_problem",
}
EXPLAINED_WAPITI = {"X-XSS-Protection is not set", "Strict-Transport-Security is not set"}
SLOW_CLIENTS = 1000
NORMAL_BOUND = 1.0  # seconds, median of a normal client among slow ones


class Target(stand.Stand):
    """One gateway, plain HTTP and HTTPS with a certificate that vouches for itself."""

    def __init__(self):
        super().__init__(settings={}, say=lambda text: print("   " + text, flush=True))
        self.tls_port = stand.free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                        self.path("key.pem"), "-out", self.path("cert.pem")], check=True,
                       stderr=subprocess.DEVNULL)
        with open(self.config, encoding="utf-8") as file:
            text = file.read()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("http:\n", "http:\n  tls_certificate: cert.pem\n"
                                    "  tls_key: key.pem\n"
                                    '  tls_listen: ["127.0.0.1:%d"]\n' % self.tls_port))

    def path(self, name):
        return os.path.join(self.folder, name)


# ---- TLS ----

def tls(place):
    report = place.path("tls.json")
    subprocess.run(["testssl", "--quiet", "--warnings", "off", "--color", "0", "--severity", "LOW",
                    "--jsonfile", report, "https://localhost:%d" % place.tls_port],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900, check=False)
    with open(report, encoding="utf-8") as file:
        found = [one for one in json.load(file)
                 if one["severity"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL", "WARN")]
    bad = 0
    for one in found:
        known = one["id"].split(" ")[0] in EXPLAINED_TLS
        bad += not known
        print("   %-8s %-34s %s%s" % (one["severity"], one["id"], one["finding"],
                                      "" if not known else "   (explained)"), flush=True)
    print("   %d findings, %d not explained" % (len(found), bad))
    return bad == 0


# ---- slow clients ----

class Normal(threading.Thread):
    """Somebody else, at another address, who only wants to look something up."""

    def __init__(self, port):
        super().__init__()
        self.port, self.stop, self.times, self.failures = port, threading.Event(), [], []

    def run(self):
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10,
                                                  source_address=("127.0.0.2", 0))
                line.request("GET", "/api/v1/procedures?q=khai%20sinh")
                answer = line.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failures.append("status %d" % answer.status)
                line.close()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            self.times.append(time.monotonic() - began)
            time.sleep(0.05)

    def verdict(self, name):
        self.stop.set()
        self.join()
        times = sorted(self.times)
        middle, worst = times[len(times) // 2], times[-1]
        good = not self.failures and middle < NORMAL_BOUND
        print("   %-34s normal client: %4d requests, %d failed, median %.0f ms, worst %.0f ms"
              % (name, len(times), len(self.failures), middle * 1000, worst * 1000), flush=True)
        for failure in self.failures[:3]:
            print("      " + failure)
        return good


def slow_tool(place, name, options):
    normal = Normal(place.port)
    normal.start()
    subprocess.run(["slowhttptest", "-c", str(SLOW_CLIENTS), "-r", "400", "-l", "30", "-i", "3",
                    "-p", "10", "-v", "0", *options], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=120, check=False)
    return normal.verdict(name)


def slow_from_many(place):
    """A thousand that hold on, from four addresses, so that no limit of one address helps."""
    lines = []
    for i in range(SLOW_CLIENTS):
        line = socket.create_connection(("127.0.0.1", place.port), timeout=10,
                                        source_address=("127.0.0.%d" % (10 + i % 4), 0))
        line.setblocking(False)
        lines.append(line)
    normal = Normal(place.port)
    normal.start()
    text = b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 40
    for step in range(20):
        for line in lines:
            try:
                line.send(text[step:step + 1])
            except OSError:
                pass
        time.sleep(0.5)
    held = sum(1 for line in lines if still_open(line))
    good = normal.verdict("%d slow heads, four addresses" % SLOW_CLIENTS)
    time.sleep(25)
    left = sum(1 for line in lines if still_open(line))
    print("   of %d held after 10 s, %d are left 25 s later (the head's deadline is 30 s)"
          % (held, left), flush=True)
    for line in lines:
        line.close()
    return good and left == 0


def still_open(line):
    try:
        while line.recv(4096):
            pass  # the refusal that comes before the end
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def slow(place):
    url = "http://127.0.0.1:%d/" % place.port
    good = slow_from_many(place)
    good &= slow_tool(place, "slowhttptest -H (slow heads)", ["-H", "-u", url])
    good &= slow_tool(place, "slowhttptest -B (slow bodies)",
                      ["-B", "-s", "4096", "-u", url + "api/v1/sessions", "-f", "application/json"])
    good &= slow_tool(place, "slowhttptest -X (slow readers)",
                      ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "32", "-k", "3",
                       "-u", url + "api/v1/agencies"])
    good &= slow_tool(place, "slowhttptest -R (ranges)",
                      ["-R", "-a", "10", "-b", "3000", "-t", "HEAD", "-u", url])
    return good


# ---- wapiti ----

ADDRESSES = ("", "api/v1/procedures?q=khai&field=a&agency=b&limit=5", "api/v1/procedures/1.001193",
             "api/v1/agencies", "api/v1/lookup/H24.15.03-261122-0001?pin=12345678",
             "api/v1/statistics/on-time?from=2026-11-01&to=2026-11-30&agency=H24&group_by=agency",
             "api/v1/dossiers?q=a&state=submitted&agency=H24&procedure=1.001193&limit=5",
             "api/v1/tasks?role=officer&agency=H24&assignee=me&q=a&limit=5",
             "api/v1/notices?limit=5", "api/v1/parcels?direction=return&state=created&q=a",
             "api/v1/openapi.json", "healthz", "readyz")


def wapiti(place):
    place.add_accounts()
    base = "http://127.0.0.1:%d/" % place.port
    report = place.path("wapiti.json")
    command = ["wapiti", "-u", base, "--scope", "folder", "-f", "json", "-o", report, "--no-bugreport",
               "--flush-session", "--store-session", place.path("session"), "--store-config",
               place.path("config"), "--max-scan-time", "240", "-v", "0", "-d", "3",
               "-H", "Authorization: Bearer " + place.tokens["staff"]]
    for address in ADDRESSES:
        command += ["-s", base + address]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600,
                   check=False, env=dict(os.environ, HOME=place.folder))
    with open(report, encoding="utf-8") as file:
        result = json.load(file)
    found = bad = 0
    for group in ("vulnerabilities", "anomalies"):
        for kind, items in result[group].items():
            for item in items:
                known = item.get("info", "") in EXPLAINED_WAPITI
                found, bad = found + 1, bad + (not known)
                print("   %-32s %s %s%s" % (kind, item.get("path"), item.get("info", "")[:120],
                                            "   (explained)" if known else ""))
    status = place.call("GET", "/readyz")[0]
    print("   %d findings, %d not explained; the service afterwards: %d" % (found, bad, status),
          flush=True)
    return bad == 0 and status == 200


PARTS = {"tls": tls, "slow": slow, "wapiti": wapiti}


def main():
    chosen = sys.argv[1:] or list(PARTS)
    if any(name not in PARTS for name in chosen):
        print("usage: sh tests/security/run [%s]..." % "] [".join(PARTS), file=sys.stderr)
        return 100
    verdicts = {}
    place = Target()
    try:
        place.start()
        for name in chosen:
            print("== %s" % name, flush=True)
            began = time.monotonic()
            verdicts[name] = PARTS[name](place)
            print("   %s, %.0f s" % ("good" if verdicts[name] else "NOT GOOD",
                                     time.monotonic() - began), flush=True)
        crashed = [line for line in place.log_tail(2000).splitlines() if "signal" in line]
        for line in crashed[:5]:
            print("   " + line)
        verdicts["no worker died"] = not crashed
    finally:
        place.stop()
    return 0 if all(verdicts.values()) else 1


sys.exit(main())
