"""A command at the other end of a pseudo-terminal, as a person has it."""

import os
import pty
import select
import subprocess
import time

from federation import BIN, skip

SECONDS = 60


class Terminal:
    """What it says is read up to a text, what a person types is sent."""

    def __init__(self, node, *arguments, language="en", **variables):
        self.ours, theirs = pty.openpty()
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm", **variables}
        environment.pop("AYNI_HOME", None)
        self.process = subprocess.Popen([BIN / "ayni", "--home", node.home, "--lang", language, *map(str, arguments)],
                                        stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        self.seen = ""

    def read(self, until):
        """What comes, up to and with a text."""
        end = time.monotonic() + SECONDS
        while until not in self.seen:
            ready, _, _ = select.select([self.ours], [], [], 0.2)
            if time.monotonic() > end:
                raise AssertionError(f"{until!r} did not come: {self.seen!r}")
            if not ready:
                continue
            try:
                self.seen += os.read(self.ours, 65536).decode(errors="replace").replace("\r\n", "\n")
            except OSError as closed:  # Linux answers EIO where the other end is closed
                raise AssertionError(f"{until!r} did not come: {self.seen!r}") from closed
        before, self.seen = self.seen.split(until, 1)
        return before + until

    def type(self, text):
        os.write(self.ours, (text + "\n").encode())

    def rest(self, code=0):
        """All that it says up to its end."""
        while True:
            try:
                piece = os.read(self.ours, 65536)
            except OSError:
                break
            self.seen += piece.decode(errors="replace").replace("\r\n", "\n")
        self.end(code)
        return self.seen

    def end(self, code=0):
        assert self.process.wait(timeout=SECONDS) == code, (self.process.returncode, self.seen)
        os.close(self.ours)


def need_terminal():
    """Skip the test where none can be had."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as none:
        skip(f"this system gives no pseudo-terminal: {none}")
