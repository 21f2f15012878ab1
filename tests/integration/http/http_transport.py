"""Speaks raw HTTP to a tiny server built from daemon/http and checks each rule of the transport.

usage: http_transport.py SERVER WEB_FOLDER [NAME_PART]     (prints TAP)
"""
import sys

import http_messages  # noqa: F401  each of the three registers its cases
import http_limits  # noqa: F401
import http_served  # noqa: F401
from http_case import CASES
from http_client import Server


def run(number, name, function, limits):
    server = Server(**limits)
    try:
        function(server)
        server.stop()
        print(f"ok {number} - {name}", flush=True)
    except Exception as error:  # each failure is one line of the report
        server.process.kill()
        trace = error.__traceback__
        while trace.tb_next:
            trace = trace.tb_next
        print(f"not ok {number} - {name}\n# {type(error).__name__}: "
              + f"{error} (line {trace.tb_lineno})".replace("\n", "\n# "), flush=True)


def main():
    part = sys.argv[3] if len(sys.argv) > 3 else ""
    chosen = [entry for entry in CASES if part in entry[0]]
    print(f"1..{len(chosen)}", flush=True)
    for number, (name, function, limits) in enumerate(chosen, 1):
        run(number, name, function, limits)


main()
