#!/usr/bin/env python3
"""Stewards from afar: by their keys over CURVE they do what their roles allow; strangers get nothing, and hostile ones do no harm."""

import json
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Federation, Node, free_port, until  # noqa: E402
from hostile_peer import Keys, Peer, encode, root_of  # noqa: E402  (skips where it must)

rng = random.Random(6)
ROWS = 3000
PERSON = ("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")


class Steward:
    """A person with a key file of her own, at some node's `control`."""

    def __init__(self, fed, name, node=None):
        self.name, self.node = name, node
        self.file = fed.folder / f"{name}.key"

    def command(self, *arguments):
        return [BIN / "ayni", *(["--node", self.node] if self.node else []), *map(str, arguments)]

    def environment(self):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AYNI_")}
        return {**inherited, "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "AYNI_KEY": str(self.file)}

    def run(self, *arguments, code=0, lang="en"):
        run = subprocess.run(self.command("--lang", lang, *arguments), capture_output=True, text=True, timeout=120,
                             env=self.environment(), stdin=subprocess.DEVNULL)
        assert run.returncode == code, (arguments, run)
        return run

    def ayni(self, *arguments, code=0):
        return json.loads(self.run("--json", *arguments, code=code).stdout)

    def succeeds(self, *arguments):
        return subprocess.run(self.command(*arguments), capture_output=True, timeout=60, env=self.environment(),
                              stdin=subprocess.DEVNULL).returncode == 0

    def key(self):
        return self.ayni("steward", "key")["key"]

    def watch(self, path):
        """The change feed from its beginning, into a file; and what goes wrong besides."""
        with open(path, "wb") as file:
            return subprocess.Popen(self.command("--json", "watch", "--since", "0"), stdout=file, stderr=file,
                                    env=self.environment(), stdin=subprocess.DEVNULL)

    def session(self, node, root):
        """A connection of hers that keeps no rule."""
        keys = Keys()
        words = self.file.read_text().split()
        assert words[0] == "ayni-steward-key-1", words[0]
        keys.transport = bytes.fromhex(words[1])
        keys.transport_public = bytes.fromhex(self.key())
        return Peer(keys, node, root)


def refused(node):
    return node.ayni("status")["refused"]


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    root = root_of(midis)
    fed.space("visits", "loreto")
    control = midis.ayni("status")["control"]
    assert control.startswith(f"tcp://127.0.0.1:{midis.port}/"), control

    # Without a key of her own she is told how to make one; with one, whom to ask for what.
    rosa = Steward(fed, "rosa", control)
    error = rosa.ayni("status", code=3)["error"]
    assert str(rosa.file) in error["message"] and "ayni steward key" in error["hint"], error
    key = rosa.key()
    assert rosa.key() == key and rosa.file.stat().st_mode & 0o777 == 0o600
    strangers = refused(midis)["strangers"]
    error = rosa.ayni(*PERSON, code=3)["error"]
    assert f"steward add NAME --role ROLE --key {key}" in error["hint"], error
    assert "ningún responsable" in rosa.run("status", code=3, lang="es").stderr
    assert refused(midis)["strangers"] >= strangers + 2  # she may have knocked again before she heard
    assert midis.ayni("list", "person") == []

    # Each role may do what it is for, at once, and what she writes names her.
    allowed = {"reader": [("types",)], "auditor": [("types",)], "editor": [("types",), PERSON],
               "reviewer": [("types",), PERSON, ("resolve", "--prefer", "latest")],
               "admin": [("types",), PERSON, ("resolve", "--prefer", "latest"), ("space", "create", "made")]}
    for role, may in allowed.items():
        midis.ayni("steward", "add", "rosa", "--role", role, "--key", key)
        for command in allowed["admin"]:
            if command in may:
                rosa.ayni(*command)
            else:
                error = rosa.ayni(*command, code=3)["error"]
                assert "rosa" in error["message"] and role in error["message"], error
    made = rosa.ayni(*PERSON)["id"]
    assert [v["steward"] for v in midis.ayni("log", made)] == ["rosa"]
    assert {"rosa": key} == {s["name"]: s["key"] for s in rosa.ayni("steward", "list") if s["key"]}

    # Her key is hers at this node alone, and she is no local user.
    elsewhere = Steward(fed, "rosa", loreto.ayni("status")["control"])
    elsewhere.ayni("status", code=3)

    # What is long goes in pieces, both ways: an import, a list, an export, the same here as there.
    table = fed.folder / "people.csv"
    table.write_text("surname_1,given_names,birth_date\n" + "".join(
        f"{'Vela' * 8},{'Ana María ' * 4},19{50 + n % 50}-01-{1 + n % 28:02}\n" for n in range(ROWS)))
    counts = rosa.ayni("import", "person", table, "--space", "visits")
    assert counts["created"] == ROWS and counts["rejected"] == 0, counts
    assert rosa.ayni("import", "person", table, "--space", "visits", "--dry-run")["read"] == ROWS
    here = midis.run("export", "person", "--format", "csv").stdout
    assert len(here) > 256 * 1024 and rosa.run("export", "person", "--format", "csv").stdout == here
    assert len(rosa.run("--json", "list", "person").stdout.splitlines()) == len(midis.ayni("list", "person"))
    assert rosa.ayni("verify", "--full")

    # Two commands at once; a watch that goes on hears of what others write.
    changes = fed.folder / "changes"
    watch = rosa.watch(changes)
    until(lambda: made in changes.read_text(), 60, "an old change")
    marked = loreto.ayni("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Eva")["id"]
    until(lambda: marked in changes.read_text(), 60, "a new change")
    rosa.ayni("status")

    # What was given can be taken: what runs ends, what comes is refused.
    midis.ayni("steward", "remove", "rosa")
    assert watch.wait(30) == 4 and "session_ended" in changes.read_text(), changes.read_text()[-1000:]
    assert rosa.ayni("status", code=3)["error"]["hint"].endswith(key)
    midis.ayni("steward", "add", "rosa", "--role", "editor", "--key", key)
    rosa.ayni("status")

    # Endpoints that aren't, nodes that aren't there, and files that are no keys.
    address, node_key = control.rsplit("/", 1)
    for wrong in (address, address + "/", address + "/xyz", control + "00", "tcp://127.0.0.1/" + node_key):
        error = Steward(fed, "rosa", wrong).ayni("status", code=2)["error"]
        assert wrong in error["message"] and "tcp://HOST:PORT/KEY" in error["hint"], error
    for wrong in (f"{address}/{'00' * 31}09", f"tcp://127.0.0.1:{free_port()}/{node_key}"):
        error = Steward(fed, "rosa", wrong).ayni("status", code=4)["error"]
        assert error["code"] == "no_daemon" and wrong.rsplit("/", 1)[0] in error["message"], error
    rosa.file.chmod(0o644)
    assert "chmod 600" in rosa.ayni("status", code=3)["error"]["hint"]
    rosa.file.chmod(0o600)
    other = Steward(fed, "other", control)
    other.file.write_text("-----BEGIN\n" + "x" * 1000)
    other.file.chmod(0o600)
    assert str(other.file) in other.ayni("status", code=3)["error"]["message"]

    # A steward who keeps no rule ends her own sessions, and nothing else.
    def ends(say):
        with rosa.session(midis, root) as peer:
            say(peer)
            until(lambda: peer.hear(0.1) == b"", 30, "the goodbye")
        assert midis.state() == "member"

    ends(lambda p: p.say(b"\xff\xff\xff\xff" + rng.randbytes(100)))  # a frame larger than any
    ends(lambda p: p.say(b"\0\0\0\x04junk"))
    ends(lambda p: p.say(rng.randbytes(64 * 1024 + 1)))  # a piece larger than any
    ends(lambda p: p.say(b"\0\0\0\x10" + rng.randbytes(16)) and p.say(b""))
    for _ in range(50):
        with rosa.session(midis, root) as peer:
            for _ in range(rng.randrange(8)):
                peer.say(rng.randbytes(rng.randrange(1, 5000)))
            peer.say(b"a", b"b", b"c")
    messages = refused(midis)["messages"]
    with rosa.session(midis, root) as peer:  # gossip from who is no peer
        peer.hello()
        assert peer.hear(1) in (None, b""), "the engine answered a steward"
    assert refused(midis)["messages"] == messages
    # One who asks for much and reads nothing.
    deaf = [Steward(fed, f"deaf{n}", control) for n in range(3)]
    for steward in deaf:
        midis.ayni("steward", "add", steward.name, "--role", "reader", "--key", steward.key())
    body = encode(["ayni-control-1", "export", {-10: ["type", "person"]}])
    request = len(body).to_bytes(4, "big") + body
    sessions = [steward.session(midis, root) for steward in deaf for _ in range(12)]
    for session in sessions:
        session.say(request)
        session.say(request)
    until(lambda: rosa.succeeds("status"), 60, "an answer beside them")
    loreto.ayni(*PERSON)
    people = len(loreto.ayni("list", "person"))
    until(lambda: len(midis.ayni("list", "person")) == people, 60, "honest sync beside them")
    for session in sessions:
        session.__exit__()

    # A node whose key is taken for a steward's stays the node that it is.
    transport = Keys(loreto.home).transport_public.hex()
    midis.ayni("steward", "add", "loreto", "--role", "admin", "--key", transport)
    loreto.stop()
    loreto.start()
    loreto.ayni(*PERSON)
    until(lambda: len(midis.ayni("list", "person")) == people + 1, 60, "a member's records")

    # That a node has died in the middle is told; one that doesn't listen has no way to come by.
    watch = rosa.watch(changes)
    until(lambda: made in changes.read_text(), 60, "the first changes")
    midis.kill()
    assert watch.wait(60) == 4 and "no_daemon" in changes.read_text(), changes.read_text()[-1000:]
    midis.start(listen=False)
    assert midis.ayni("status")["control"] is None
    assert rosa.ayni("status", code=4)["error"]["code"] == "no_daemon"
    midis.stop()
    midis.start()
    rosa.ayni("status")
