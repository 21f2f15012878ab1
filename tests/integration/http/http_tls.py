"""HTTPS of the transport: which protocols, certificates that change, clients that do not behave."""
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

from http_client import Server, certificate, equal, trusting

TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Place:
    """A folder with a certificate, and a server on it."""

    def __init__(self, **settings):
        self.folder = tempfile.TemporaryDirectory()
        self.cert = certificate(self.folder.name)
        self.server = Server(tls=self.folder.name, **settings)

    def connect(self, context=None, plain=False):
        raw = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
        if plain:
            return raw
        return (context or trusting(self.cert)).wrap_socket(raw, server_hostname="a.test")

    def get(self, context=None, target="/api/v1/echo/x", headers=""):
        with self.connect(context) as line:
            line.sendall(f"GET {target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n"
                         f"{headers}\r\n".encode())
            text = b""
            while part := line.recv(65536):
                text += part
            return text.decode(), line.version(), line.getpeercert()


def only(version):
    return {"minimum_version": version, "maximum_version": version}


@test
def tls_1_2_and_1_3_are_spoken_and_nothing_older(place):
    for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        text, spoken, _ = place.get(trusting(place.cert, **only(version)))
        assert text.startswith("HTTP/1.1 200"), text
        equal(spoken, name)
    for option in ("-tls1", "-tls1_1"):
        result = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{place.server.port}",
                                 option, "-cipher", "ALL:@SECLEVEL=0"], input=b"",
                                capture_output=True, timeout=60)
        assert result.returncode != 0, f"{option} was accepted"


@test
def suites_without_forward_secrecy_are_refused(place):
    context = trusting(place.cert, **only(ssl.TLSVersion.TLSv1_2))
    context.set_ciphers("AES128-GCM-SHA256:AES256-SHA")
    try:
        place.get(context)
    except ssl.SSLError:
        return
    raise AssertionError("a suite without forward secrecy was taken")


@test
def browsers_are_told_to_keep_to_https(place):
    text, _, _ = place.get()
    assert "Strict-Transport-Security: max-age=31536000\r\n" in text, text


@test
def http_1_1_is_chosen_and_a_client_of_h2_alone_is_told(place):
    context = trusting(place.cert)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with place.connect(context) as line:
        equal(line.selected_alpn_protocol(), "http/1.1")
    context.set_alpn_protocols(["h2"])
    try:
        place.connect(context).close()
    except ssl.SSLError:
        return
    raise AssertionError("h2 alone was accepted")


@test
def a_new_certificate_is_taken_and_a_bad_one_is_not(place):
    first = place.get()[2]["serialNumber"]
    with place.connect() as open_line:
        place.cert = certificate(place.folder.name)
        place.server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while True:
            try:
                second = place.get()[2]["serialNumber"]
                break
            except ssl.SSLError:  # still the old one, which we no longer trust
                assert time.monotonic() < deadline, "the new certificate is not used"
                time.sleep(0.05)
        assert first != second
        open_line.sendall(b"GET /api/v1/echo/y HTTP/1.1\r\nHost: a.test\r\n\r\n")
        assert open_line.recv(65536).startswith(b"HTTP/1.1 200"), "an open connection was cut"
    with open(os.path.join(place.folder.name, "key.pem"), "w", encoding="utf-8") as file:
        file.write("no key\n")
    place.server.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    equal(place.get()[2]["serialNumber"], second, "with a broken key the old pair")


def expired(folder):
    """A certificate of 2020 in place of the folder's, with a key that belongs to it."""
    certificate(folder)
    settings = os.path.join(folder, "ca.cnf")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"[ca]\ndefault_ca=us\n[us]\nnew_certs_dir={folder}\ndatabase={folder}/index\n"
                   f"serial={folder}/serial\ndefault_md=sha256\npolicy=any\n[any]\n"
                   "commonName=supplied\n")
    open(os.path.join(folder, "index"), "w", encoding="utf-8").close()
    with open(os.path.join(folder, "serial"), "w", encoding="utf-8") as file:
        file.write("01\n")
    key, request = os.path.join(folder, "key.pem"), os.path.join(folder, "request.pem")
    for command in (["req", "-new", "-key", key, "-subj", "/CN=a.test", "-out", request],
                    ["ca", "-selfsign", "-batch", "-config", settings, "-in", request, "-keyfile",
                     key, "-startdate", "20200101000000Z", "-enddate", "20200102000000Z", "-out",
                     os.path.join(folder, "cert.pem")]):
        subprocess.run(["openssl"] + command, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)


@test
def bad_files_are_refused_at_start(place):
    with tempfile.TemporaryDirectory() as folder:
        def start():
            return subprocess.run([sys.argv[1], f"tls={folder}"], capture_output=True,
                                  timeout=60).returncode
        equal(start(), 2, "exit status without files")
        certificate(folder)
        other = tempfile.TemporaryDirectory()
        certificate(other.name)
        os.replace(os.path.join(other.name, "key.pem"), os.path.join(folder, "key.pem"))
        equal(start(), 2, "exit status with another's key")
        expired(folder)
        equal(start(), 2, "exit status with an expired certificate")
        other.cleanup()
    assert place.server.process.poll() is None


@test
def plain_http_and_noise_get_nothing_and_harm_nobody(place):
    for noise in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", os.urandom(4096), b"\x16\x03\x01\xff\xff"):
        with place.connect(plain=True) as line:
            line.sendall(noise)
            line.settimeout(5)
            try:
                assert not line.recv(4096).startswith(b"HTTP/"), "HTTP on a TLS socket"
            except (ConnectionResetError, socket.timeout):
                pass
    assert place.get()[0].startswith("HTTP/1.1 200")


@test
def a_handshake_that_stops_is_cut_by_the_head_deadline(place):
    lines = [place.connect(plain=True) for _ in range(20)]
    lines[0].sendall(b"\x16\x03\x01")
    time.sleep(2.5)
    for line in lines:
        line.settimeout(60)
        try:
            equal(line.recv(1), b"")
        except ConnectionResetError:
            pass
        line.close()
    assert place.get()[0].startswith("HTTP/1.1 200")


@test
def a_client_cut_off_in_the_middle_harms_nobody(place):
    for cut in range(30):
        line = place.connect()
        line.sendall(b"GET /api/v1/echo/x HTTP/1.1\r\nHost: a.test\r\n\r\n" * (cut % 3))
        raw = line.detach() if cut % 2 else None
        if raw is None:
            line.close()
        else:
            os.close(raw)
    assert place.get()[0].startswith("HTTP/1.1 200")


@test
def plain_requests_are_sent_to_the_configured_address():
    server = Server(redirect="https://dvc.example.vn")
    try:
        with server.connect() as client:
            reply = client.ask("GET", "/api/v1/echo/x?a=1", host="evil.test")
            equal((reply.status, reply.header("Location")),
                  (308, "https://dvc.example.vn/api/v1/echo/x?a=1"))
            equal(reply.header("Strict-Transport-Security"), None)
        server.stop()
    finally:
        server.process.kill()


def main():
    print(f"1..{len(TESTS)}", flush=True)
    for number, function in enumerate(TESTS, 1):
        place = Place(head_us=1500000) if function.__code__.co_argcount else None
        try:
            function(*([place] if place else []))
            if place:
                place.server.stop()
            print(f"ok {number} - {function.__name__}", flush=True)
        except Exception as error:  # each failure is one line of the report
            if place:
                place.server.process.kill()
            trace = error.__traceback__
            while trace.tb_next:
                trace = trace.tb_next
            print(f"not ok {number} - {function.__name__}\n# {type(error).__name__}: "
                  + f"{error} (line {trace.tb_lineno})".replace("\n", "\n# "), flush=True)


main()
