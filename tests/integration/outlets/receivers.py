"""Who dvcd speaks to: a mail server and a webhook's receiver, both real, on loopback, in threads."""

import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import logging
import os
import socket
import ssl
import subprocess
import threading
import time
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

# Its words about lines that were cut, and that a login is safe only over TLS, which is over ours.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module="aiosmtpd")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def identity(folder, name, host="127.0.0.1"):
    """A certificate that vouches for itself, and its key: (certificate's file, context of a server)."""
    files = [os.path.join(folder, name + end) for end in (".crt", ".key")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "30", "-subj", "/CN=" + name, "-addext",
                    "subjectAltName=IP:%s" % host, "-out", files[0], "-keyout", files[1]],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return files[0], context


class MailServer:
    """Keeps what it takes. `replies` is what the next commands are answered with: {"RCPT": ["451 ..."]}.
    `starttls` or `tls` is the context of one that speaks so only, `login` the (user, password) it
    wants."""

    def __init__(self, starttls=None, tls=None, login=None):
        self.starttls, self.tls, self.login, self.logins = starttls, tls, login, 0
        self.mails, self.replies, self.attempts = [], {}, 0
        self.lines = set()
        self.port = free_port()
        self.controller = None
        self.drop_after_data = 0
        self.hang = 0

    def start(self):
        more = {"ssl_context": self.tls} if self.tls else {}
        if self.starttls:
            more.update(tls_context=self.starttls, require_starttls=True)
        if self.login:  # over implicit TLS the server does not know that the line is safe
            more.update(authenticator=self._authenticate, auth_required=True,
                        auth_require_tls=bool(self.starttls))
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **more)
        self.controller.start()
        return self

    def stop(self):
        """Lines that the sender keeps for its next mail end, too."""
        if self.controller:
            for line in self.lines:
                self.controller.loop.call_soon_threadsafe(
                    lambda line=line: line.is_closing() or line.abort())
            self.lines.clear()
            self.controller.stop()
            self.controller = None

    def _authenticate(self, server, session, envelope, mechanism, data):
        self.logins += 1
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.login)

    def _reply(self, verb):
        waiting = self.replies.get(verb)
        return waiting.pop(0) if waiting else None

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.attempts += 1
        refusal = self._reply("RCPT")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.lines.add(server.transport)
        refusal = self._reply("MAIL")
        if refusal:
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hang > 0:
            import asyncio
            self.hang -= 1
            await asyncio.sleep(4)
        refusal = self._reply("DATA")
        if refusal:
            return refusal
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos),
                           email.message_from_bytes(envelope.content,
                                                    policy=email.policy.default)))
        if self.drop_after_data > 0:
            self.drop_after_data -= 1
            server.transport.abort()
        return "250 taken"

    def of(self, code):
        return [mail for mail in self.mails if code in str(mail[2]["Subject"])]


def text_of(message):
    return message.get_body(preferencelist=("plain",)).get_content()


class HookServer:
    """Checks every signature by itself, and answers with what it is told to."""

    def __init__(self, secrets, tls=None):
        self.tls = tls
        self.keys = [base64.b64decode(secret[len("whsec_"):]) for secret in secrets]
        self.events, self.faults, self.calls = [], [], 0
        self.answers = []  # (status, headers) of the next calls, or "drop"
        self.lock, self.lines = threading.Lock(), []
        self.port, self.server = free_port(), None

    def start(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = outer.take(self.headers, body)
                if answer == "drop":
                    self.connection.close()
                    self.close_connection = True
                    return
                self.send_response(answer[0])
                for name, value in answer[1].items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def process_request(self, request, address):
                outer.lines.append(request)
                super().process_request(request, address)

            def handle_error(self, request, address):
                pass  # who hangs up on us, as is right before a wrong certificate

        self.server = Server(("127.0.0.1", self.port), Handler)
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True,
                                                      do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
            for line in self.lines:
                try:
                    line.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it ended already
            self.lines.clear()

    def take(self, headers, body):
        with self.lock:
            self.calls += 1
            self._check(headers, body)
            answer = self.answers.pop(0) if self.answers else (204, {})
            if answer == "drop" or answer[0] < 300:
                self.events.append(json.loads(body))
            return answer

    def _check(self, headers, body):
        signed = b"%s.%s." % (headers["webhook-id"].encode(),
                              headers["webhook-timestamp"].encode()) + body
        given = headers["webhook-signature"].split(" ")
        wanted = ["v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
                  for key in self.keys]
        if given != wanted:
            self.faults.append("signature %s, not %s" % (given, wanted))
        if abs(int(headers["webhook-timestamp"]) - time.time()) > 600:
            self.faults.append("timestamp " + headers["webhook-timestamp"])
        if not headers["Content-Type"].startswith("application/cloudevents+json"):
            self.faults.append(headers["Content-Type"])
        if json.loads(body)["id"] != headers["webhook-id"]:
            self.faults.append("id")

    def of(self, code):
        with self.lock:
            return [event for event in self.events if event["subject"] == code]

    def once(self, code):
        """Events of a dossier, each id once, in the order in which they first came."""
        seen = {}
        for event in self.of(code):
            seen.setdefault(event["id"], event)
        return list(seen.values())
