#!/usr/bin/env python3
"""Peers that keep no rule, against real daemons: refused or ignored, counted, and honest sync goes on."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, Node, until  # noqa: E402
from hostile_peer import BATCH, HELLO, NOTE, WANT, Feed, Keys, Peer, root_of, stored_frame  # noqa: E402  (skips where it must)

rng = random.Random(2)


def refused(node):
    return node.ayni("status")["refused"]


def memory_kib(node):
    for line in pathlib.Path(f"/proc/{node.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


class Honest:
    """Two members that go on working: what one writes the other gets."""

    def __init__(self, a, b):
        self.a, self.b, self.count = a, b, 0

    def works(self):
        self.count += 1
        self.a.ayni("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")
        until(lambda: len(self.b.ayni("list", "person")) >= self.count, 60, f"record {self.count} at {self.b.name}")


def a_member(fed, name):
    """A member whose home is left to its attacker."""
    node = Node(fed.folder, name)
    fed.nodes[name] = node
    fed.add(node)
    node.stop()
    return Keys(node.home)


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    root = root_of(midis)
    fed.space("visits", "loreto")
    honest = Honest(loreto, midis)
    honest.works()
    members = [a_member(fed, f"bad{n}") for n in range(9)]
    honest.works()

    # A stranger's key: refused at the door, each time it knocks.
    before = refused(midis)["strangers"]
    with Peer(Keys(), midis, root) as stranger:
        stranger.hello()
        until(lambda: refused(midis)["strangers"] > before, 30, "the stranger's refusal")
        assert stranger.hears_nothing(0.2)

    def breaks(keys, say, count=1):
        """What it says ends the connection, is counted, and it isn't heard for a while, also anew."""
        was = refused(midis)["messages"]
        with Peer(keys, midis, root) as peer:
            say(peer)
            until(lambda: refused(midis)["messages"] >= was + count, 30, "the breach")
            peer.drain()
            peer.hello()
            assert peer.hears_nothing(0.5), "it was heard again"
        strangers = refused(midis)["strangers"]
        with Peer(keys, midis, root) as peer:
            peer.hello()
            until(lambda: refused(midis)["strangers"] > strangers, 30, "the door shut")
            assert peer.hears_nothing(0.2)

    breaks(members[0], lambda p: p.hello(major=2))
    breaks(members[8], lambda p: p.hello(major=0))
    breaks(members[1], lambda p: p.hello(root=bytes(Keys().node)))
    breaks(members[2], lambda p: p.say(b"\xff\x00garbage"))
    honest.works()

    # More than one frame.
    was = refused(midis)["messages"]
    with Peer(members[3], midis, root) as peer:
        peer.hello()
        peer.hear_type(HELLO)
        peer.say(b"\x80", b"\x80", b"")
        until(lambda: refused(midis)["messages"] > was, 30, "the frames")
        peer.drain()
        peer.hello()
        assert peer.hears_nothing(0.5), "it was heard again"

    # A well-made feed in the registry is taken; with one bit changed anywhere it isn't.
    with Peer(members[3], midis, root) as peer:
        feed = Feed(members[3], root)
        peer.hello()
        peer.hear_type(HELLO)
        entries = midis.ayni("status")["spaces"][0]["entries"]
        peer.tell(NOTE, 0, 0, [feed.head(feed.run())])
        until(lambda: midis.ayni("status")["spaces"][0]["entries"] == entries + feed.seq, 30, "the honest run")
        bad = Feed(members[3], root)
        run = bad.run(bad_bit=rng.randrange(len(bad.run()) * 8))
        runs = refused(midis)["runs"]
        peer.tell(NOTE, 0, 0, [bad.head(run)])
        peer.hear_type(WANT)
        peer.tell(BATCH, bad.id[:16], 0, bad.seq, stored_frame(run))
        until(lambda: refused(midis)["runs"] > runs, 30, "the changed bit")
        assert midis.ayni("status")["spaces"][0]["entries"] == entries + feed.seq
    honest.works()

    # Floods: the same hello, notes of feeds that don't exist, random bytes; the memory stays.
    start = memory_kib(midis)
    with Peer(members[4], midis, root) as peer:
        peer.hello()
        peer.hear_type(HELLO)
        for _ in range(20000):
            if not peer.hello():
                peer.hear(0.01)
    honest.works()
    with Peer(members[5], midis, root) as peer:
        peer.hello()
        peer.hear_type(HELLO)
        for _ in range(300):
            heads = [[rng.randbytes(16), 1 + rng.randrange(2**62), rng.randbytes(16)] for _ in range(256)]
            if not peer.tell(NOTE, 0, 0, heads):
                peer.hear(0.01)
    honest.works()
    with Peer(members[6], midis, root) as peer:
        for size in range(2000):
            peer.say(rng.randbytes(size))
    honest.works()
    grown = memory_kib(midis) - start
    assert grown < 150 * 1024, f"{grown} KiB more after the floods"

    # A revoked member that was connected, and one that was but never spoke.
    with Peer(members[7], midis, root) as peer, Peer(members[7], loreto, root) as silent:
        peer.hello()
        peer.hear_type(HELLO)
        midis.ayni("member", "revoke", "bad7", "--reason", "stolen")
        until(lambda: {m["name"]: m["state"] for m in loreto.ayni("member", "list")}["bad7"] == "revoked", 30,
              "the revocation at loreto")
        peer.drain()
        peer.hello()
        silent.hello()
        assert peer.hears_nothing(1) and silent.hears_nothing(1)
    honest.works()
    assert midis.state() == loreto.state() == "member"

    # Who it was, and what: in both languages, with what to do.
    for name, reason, en, es in (("bad0", "version", "another version", "otra versión"),
                                 ("bad1", "federation", "another federation", "otra federación"),
                                 ("bad2", "malformed", "no message", "ningún mensaje"),
                                 ("bad3", "seal", "don't verify", "no se verifican")):
        said = next(p for p in midis.ayni("peer", "list") if p["name"] == name)
        assert said["refused"] >= 1 and said["reason"] == reason and en in said["message"] and said["hint"], said
        for lang, words in (("en", en), ("es", es)):
            assert any(name in line and words in line for line in midis.run("--lang", lang, "peer", "list").stdout.splitlines())
    assert all(p["refused"] == 0 for p in midis.ayni("peer", "list") if p["name"] == "loreto")

    # What was refused is there for whoever looks, in both languages.
    counts = refused(midis)
    assert counts["strangers"] > 0 and counts["messages"] >= 5 and counts["runs"] > 0, counts
    for lang, lines in (("en", {"strangers": "connections of strangers", "messages": "messages against the protocol",
                                "runs": "records that don't verify"}),
                        ("es", {"strangers": "conexiones de desconocidos", "messages": "mensajes contra el protocolo",
                                "runs": "registros que no se verifican"})):
        said = [line.split() for line in midis.run("--lang", lang, "status").stdout.splitlines()]
        for count, words in lines.items():
            numbers = [int(line[-1]) for line in said if " ".join(line[:-1]) == words]
            assert len(numbers) == 1 and numbers[0] >= counts[count], (words, said)
