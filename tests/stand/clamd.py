"""The real clamd with a database of one line, for whoever tests what it says."""

import hashlib
import os
import shutil
import subprocess
import time

INFECTED = b"%PDF-1.4\n% what the private signature is made of\n" + b"x" * 5000
SIGNATURE = "Dvcd.Test.Signature"


class Clamd:
    """The scanner, with a database of one line."""

    def __init__(self, folder, stream_max="25M"):
        self.folder = os.path.join(folder, "clamd")
        self.socket = os.path.join(self.folder, "s")
        self.process = None
        os.makedirs(os.path.join(self.folder, "db"))
        os.mkdir(os.path.join(self.folder, "tmp"))
        with open(os.path.join(self.folder, "db", "own.hdb"), "w", encoding="ascii") as file:
            file.write("%s:%d:%s\n" % (hashlib.md5(INFECTED).hexdigest(), len(INFECTED), SIGNATURE))
        with open(os.path.join(self.folder, "clamd.conf"), "w", encoding="utf-8") as file:
            file.write("LocalSocket %s\nLocalSocketMode 666\nDatabaseDirectory %s/db\n"
                       "TemporaryDirectory %s/tmp\nLogFile %s/log\nForeground yes\n"
                       "StreamMaxLength %s\nMaxScanSize 25M\nMaxFileSize 25M\nMaxThreads 2\n"
                       % (self.socket, self.folder, self.folder, self.folder, stream_max))

    def start(self):
        program = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        assert program, "clamd is not installed (sh config/install-packages test)"
        with open(os.path.join(self.folder, "out"), "ab") as out:
            self.process = subprocess.Popen(
                [program, "-c", os.path.join(self.folder, "clamd.conf")],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        end = time.monotonic() + 60
        while not os.path.exists(self.socket):
            assert time.monotonic() < end, "clamd did not start"
            time.sleep(0.1)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None
        if os.path.exists(self.socket):
            os.unlink(self.socket)
