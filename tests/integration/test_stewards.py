#!/usr/bin/env python3
"""Who may do what on a node, by the user who asks; whom it dials; what a person is told at the beginning."""

import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Federation, Node, free_port, skip, until  # noqa: E402

NOBODY = "nobody"


def as_nobody(node, *arguments):
    """The command as another local user, who can reach the socket."""
    return subprocess.run([BIN / "ayni", "--home", node.home, "--lang", "en", "--json", *arguments], user=NOBODY,
                          extra_groups=[], capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "NO_COLOR": "1"})


def let_in(node):
    for path in (node.home, *node.home.parents):
        if path == pathlib.Path(path.anchor):
            break
        path.chmod(path.stat().st_mode | 0o055)
    (node.home / "control.sock").chmod(0o777)


def allowed(node, *arguments):
    run = as_nobody(node, *arguments)
    assert run.returncode in (0, 1, 3) and "right" not in run.stdout, run
    return run


def refused(node, *arguments):
    run = as_nobody(node, *arguments)
    assert run.returncode == 3 and json.loads(run.stdout)["error"]["code"] == "right", run


with Federation("midis") as fed:
    midis = fed["midis"]
    card = midis.run("card").stdout
    assert card.startswith("ayni-card-1:") and card.count("\n") == 1, card
    assert "\u2588" in midis.run("card", "--qr").stdout
    midis.ayni("space", "create", "visits")
    person = ("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")

    # Names, roles and keys are judged before they are written.
    for wrong, code in ((("add", "ana", "--role", "queen"), 2), (("add", "", "--role", "editor"), 3),
                        (("add", "a\nb", "--role", "editor"), 3), (("add", "ana", "--role", "editor", "--key", "abc"), 2),
                        (("remove", "ana"), 1)):
        assert midis.run("--json", "steward", *wrong).returncode == code, wrong
    key = "ab" * 32
    midis.ayni("steward", "add", "ana", "--role", "auditor", "--key", key)
    listed = {s["name"]: s for s in midis.ayni("steward", "list")}
    assert listed["ana"]["role"] == "auditor" and listed["ana"]["key"] == key, listed
    assert "ana" in midis.run("steward", "list").stdout
    midis.ayni("steward", "add", "ana", "--role", "editor")
    assert {s["name"]: s["role"] for s in midis.ayni("steward", "list")}["ana"] == "editor"
    midis.ayni("steward", "remove", "ana")
    assert "ana" not in {s["name"] for s in midis.ayni("steward", "list")}
    assert midis.run("steward", "remove", "ana").returncode == 1

    # Whom to dial: nothing but a TCP endpoint, of a node that has an id; and it is taken back.
    stranger = Node(fed.folder, "stranger")
    other = stranger.init()["node"]
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    for bad in ("ipc:///tmp/x", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "127.0.0.1:7000"):
        assert midis.run("peer", "add", bad, other).returncode == 2, bad
    assert midis.run("peer", "add", endpoint, "nobody-of-that-name").returncode != 0
    assert midis.run("peer", "add", endpoint, midis.ayni("card")["node"]).returncode == 3
    midis.ayni("peer", "add", endpoint, other)
    midis.ayni("peer", "remove", other)
    assert midis.run("peer", "remove", other).returncode == 1
    assert midis.ayni("peer", "list") == []

    # Another user of the machine: nobody, then each role.
    if os.geteuid() != 0:
        skip("only root can be another user")
    let_in(midis)
    assert as_nobody(midis, "status").returncode == 0, as_nobody(midis, "status")
    refused(midis, "list", "person")
    midis.ayni("steward", "add", NOBODY, "--role", "reader")
    until(lambda: as_nobody(midis, "list", "person").returncode == 0, 10, "a reader who reads")
    refused(midis, *person)
    refused(midis, "steward", "add", "eva", "--role", "admin")
    midis.ayni("steward", "add", NOBODY, "--role", "editor")
    until(lambda: as_nobody(midis, *person).returncode == 0, 10, "an editor who writes")
    assert midis.ayni("list", "person")[0]["_steward"] == NOBODY
    refused(midis, "space", "create", "own")
    midis.ayni("steward", "add", NOBODY, "--role", "auditor")
    until(lambda: as_nobody(midis, *person).returncode == 3, 10, "an auditor who doesn't write")
    allowed(midis, "list", "person")
    midis.ayni("steward", "add", NOBODY, "--role", "admin")
    until(lambda: as_nobody(midis, "space", "create", "own").returncode == 0, 10, "an admin")
    midis.ayni("steward", "remove", NOBODY)
    until(lambda: as_nobody(midis, "list", "person").returncode == 3, 10, "nobody once more")
