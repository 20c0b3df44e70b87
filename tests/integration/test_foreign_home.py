#!/usr/bin/env python3
"""A home that is not ours, or not whole: refused in a sentence, and nothing in it is touched."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Federation, Node  # noqa: E402

NOBODY = 65534


def contents(folder):
    """Every file with what it holds, its owner and its rights; but for LMDB's table of who reads."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        if path.name == "lock.mdb":
            continue
        is_ = path.lstat()
        data = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        found[str(path)] = (data, is_.st_mode, is_.st_uid)
    return found


def refused(node, *words):
    """It says so, in one line, and touches nothing."""
    before = contents(node.home)
    said = node.refused_start()
    assert all(w in said for w in words) and len(said.splitlines()) == 1, (words, said)
    after = contents(node.home)
    assert after == before, [(p, before.get(p), after.get(p)) for p in before | after if before.get(p) != after.get(p)]


def overwrite(path, data):
    """Other contents in the same file."""
    path.write_bytes(data)


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    loreto.ayni("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")
    people = loreto.ayni("list", "person")
    assert midis.stop() == 0 and loreto.stop() == 0
    good = fed.folder / "good"
    shutil.copytree(loreto.home, good)

    def other_home(name):
        """A copy of the good one, to be spoilt."""
        node = Node(fed.folder, name)
        shutil.copytree(good, node.home)
        return node

    # No home at all.
    nowhere = Node(fed.folder, "empty")
    nowhere.home.mkdir()
    refused(nowhere, "node.key", "ayni init")
    a_file = Node(fed.folder, "file")
    a_file.home.write_text("notes")
    assert "file" in a_file.refused_start()
    assert a_file.init(code=5)["error"]["message"] and a_file.home.read_text() == "notes"

    # A key that others may read, that is no key, or is another node's.
    node = other_home("readable")
    os.chmod(node.home / "node.key", 0o644)
    refused(node, "others may read", "chmod 600")
    node = other_home("garbage")
    overwrite(node.home / "node.key", b"garbage")
    refused(node, "no key file")
    node = other_home("swapped")
    overwrite(node.home / "node.key", (midis.home / "node.key").read_bytes())
    refused(node, "two nodes")

    # A log that is another program's, damaged, or gone.
    for name, data in (("random", os.urandom(65536)), ("text", b"hello\n" * 9000), ("short", b"\0" * 4096)):
        node = other_home(name)
        overwrite(node.home / "log" / "data.mdb", data)
        refused(node, "log/data.mdb")
    node = other_home("emptied")
    overwrite(node.home / "log" / "data.mdb", b"")
    refused(node, "the log is gone", "restore")
    node = other_home("unmounted")
    shutil.rmtree(node.home / "log")
    refused(node, "the log is gone", "restore")

    # Somebody's file where the control socket goes.
    node = other_home("notes")
    (node.home / "control.sock").write_text("notes")
    assert "control.sock" in node.refused_start()
    assert (node.home / "control.sock").read_text() == "notes"

    # Another user's: the daemon does nothing there; who is no steward hears whose it is and nothing of records.
    if os.geteuid() == 0:
        node = other_home("another")
        for path in [node.home, *node.home.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
        refused(node, "another user's", "nobody")
        os.chmod(fed.folder, 0o755)
        loreto.start()

        def asked_by_nobody(*command):
            return subprocess.run(["setpriv", f"--reuid={NOBODY}", "--clear-groups", BIN / "ayni", "--home", loreto.home,
                                   "--lang", "es", *command], capture_output=True, text=True, timeout=60)

        status, people_of_nobody = asked_by_nobody("status"), asked_by_nobody("list", "person")
        assert status.returncode == 0, status
        assert people_of_nobody.returncode == 3 and not people_of_nobody.stdout, people_of_nobody
        assert loreto.stop() == 0

    # views/ are derived: whatever is there, they are made anew.
    for data in (os.urandom(65536), b"", b"hello\n" * 9000):
        overwrite(loreto.home / "views" / "data.mdb", data)
        loreto.start()
        again = loreto.ayni("list", "person")
        assert again == people, (data[:8], again, people)
        assert loreto.stop() == 0

    # The same home under a long path.
    deep = Node(fed.folder / ("d" * 100) / ("e" * 100), "deep")
    deep.home.parent.mkdir(parents=True)
    shutil.move(loreto.home, deep.home)
    deep.start()
    assert deep.ayni("list", "person") == people
    assert deep.stop() == 0
    far = Node(fed.folder / ("d" * 200) / ("e" * 200) / ("f" * 200), "far")
    assert "too long" in far.init(code=2)["error"]["message"]
    shutil.move(deep.home, loreto.home)
    midis.start()
    loreto.start()
