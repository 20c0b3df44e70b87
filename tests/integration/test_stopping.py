#!/usr/bin/env python3
"""SIGTERM ends a daemon in every state, soon, and nothing that was acknowledged is gone."""

import errno
import pathlib
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from disk import Disk  # noqa: E402
from federation import BIN, Federation, until  # noqa: E402

WITHIN = 30  # seconds: far more than it needs, and far less than for ever


def stops(node, what):
    """By SIGTERM, within the time, as an orderly end."""
    start = time.monotonic()
    code = node.stop()
    took = time.monotonic() - start
    assert code == 0, f"{what}: ended with {code}"
    assert took < WITHIN, f"{what}: took {took:.1f} s"


def client(node, *arguments):
    """A command that goes on by itself."""
    return subprocess.Popen([BIN / "ayni", "--home", node.home, "--lang", "en", "--json", *map(str, arguments)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(command):
    command.communicate(timeout=WITHIN)
    return command.returncode


def put(node):
    return ["put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana"]


def csv(path, count, first):
    rows = "".join(f"{first + i},Vela,Ana\n" for i in range(count))
    path.write_text("dni,surname_1,given_names\n" + rows)
    return path


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    loreto.ayni(*put(loreto))

    # With a client that watches, one that says nothing, and one that asks and never reads.
    watching = client(loreto, "watch")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(loreto.home / "control.sock"))
        stops(loreto, "with clients")
    ended(watching)
    loreto.start()

    # In the middle of an import, and of what is projected of it.
    for attempt in range(5):
        before = len(loreto.ayni("list", "person"))
        file = csv(fed.folder / f"a{attempt}.csv", 20000, 10000000 + 20000 * attempt)
        importing = client(loreto, "import", "person", file, "--space", "visits")
        until(lambda: len(loreto.ayni("list", "person", "--limit", before + 300)) > before + 200, 60, "some rows")
        stops(loreto, "in an import")
        loreto.start()
        if ended(importing) != 0:  # else it had ended before somebody looked
            break
    else:
        raise AssertionError("it is too fast to be stopped in the middle")
    assert loreto.ayni("verify", "--full")["ok"]
    loreto.ayni("import", "person", file, "--space", "visits")
    count = len(loreto.ayni("list", "person"))
    assert count == before + 20000

    # In the middle of a first sync, on both sides, and of a rebuild.
    midis.stop()
    midis.start()
    until(lambda: midis.ayni("status")["spaces"], 30, "spaces")
    stops(midis, "while it receives")
    stops(loreto, "while it sends")
    loreto.start()
    midis.start()
    rebuilding = client(loreto, "rebuild")
    time.sleep(0.2)
    stops(loreto, "in a rebuild")
    ended(rebuilding)
    loreto.start()
    until(lambda: len(loreto.ayni("list", "person")) == count, 60, "what was there")

    # Where views/ can't follow: a put waits for it in vain.
    loreto.stop()
    views = Disk(fed.folder / "views.disk", loreto.home / "views")
    loreto.start(disk=views)
    views.fail("write", errno.EIO)
    more = csv(fed.folder / "b.csv", 5000, 20000000)
    loreto.run("import", "person", more, "--space", "visits")
    until(lambda: "projection_failed" in loreto.log(400), 60, "a projection that fails")
    waiting = [client(loreto, *put(loreto)) for _ in range(3)]
    time.sleep(0.5)
    stops(loreto, "with a projection that fails")
    for command in waiting:
        ended(command)
    views.heal()
    loreto.start(disk=views)
    views.fail("write", errno.EIO)
    stops(loreto, "with a projection that fails from the start")

    # Where nothing can be written at all.
    log = Disk(fed.folder / "log.disk", loreto.home / "log")
    loreto.start(disk=log)
    until(lambda: loreto.ayni("status")["state"] == "member", 30, "the member")
    log.fail("write", errno.ENOSPC)
    refused = client(loreto, "import", "person", csv(fed.folder / "c.csv", 5000, 30000000), "--space", "visits")
    time.sleep(0.5)
    stops(loreto, "with a full disk")
    assert ended(refused) != 0

    # And it is all there when the disk has room again.
    loreto.start()
    until(lambda: loreto.ayni("verify", "--full")["ok"], 60, "what was stored")
    count = len(loreto.ayni("list", "person"))
    until(lambda: len(midis.ayni("list", "person")) == count, 120, "the same at midis")
