#!/usr/bin/env python3
"""Members that lie, withhold, replay and claim the absurd, against real daemons: nobody takes harm, the rest goes on, and
operators are told who it was and what."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402
from hostile_peer import ACK, BATCH, HELLO, NOTE, RANGES, WANT, Feed, Keys, stored_frame  # noqa: E402  (skips where it must)
from second_node import SecondNode  # noqa: E402

SPACE = "visits"
UNREAD = 77  # a kind of entries that nobody reads
rng = random.Random(3)


def entries(node, space="registry"):
    return next(s["entries"] for s in node.ayni("status")["spaces"] if s["space"] == space)


def said_of(node, name):
    """What `peer list` says of a peer."""
    return next(p for p in node.ayni("peer", "list") if p["name"] == name)


def shown(node, name, lang):
    return next(line for line in node.run("--lang", lang, "peer", "list").stdout.splitlines() if name in line)


def put(node):
    return node.ayni("put", "person", "--space", SPACE, "surname_1=Vela", "given_names=Ana")["id"]


def a_member(fed, name):
    """One whose program is ours to write: it is a member, and a reader of the space."""
    member = SecondNode(name, fed.steering.ayni("ticket")["ticket"])
    fed.steering.ayni("member", "add", member.card())
    fed.steering.ayni("space", "grant", SPACE, name, "reader")
    return member


def greet(member, node):
    """Connected, and heard."""
    member.connect(node)
    member.peer.hear_type(HELLO)
    return member.peer


class Rest:
    """Two honest members: what one writes the other gets, whatever a third does."""

    def __init__(self, a, b):
        self.a, self.b = a, b

    def goes_on(self):
        record = put(self.a)
        until(lambda: self.b.run("get", record).returncode == 0, 60, f"a record of {self.a.name} at {self.b.name}")


def lies_about_heads(member, midis, rest):
    """Heads of a feed that is its own and has no entries: asked for, and not believed when nothing comes."""
    peer = greet(member, midis)
    before = entries(midis)
    for seq in (1, 2**31, 2**63):
        feed = Feed(member.keys, member.root)
        head = feed.head()
        head[1] = seq
        peer.tell(NOTE, 0, 0, [head])
        until(lambda f=feed: f.id[:16] in peer.hear_type(WANT), 30, "that it is asked for")  # as it may be for another again
        peer.tell(BATCH, feed.id[:16], 0, 0, b"")
    until(lambda: said_of(midis, "liar")["withheld"] >= 3, 30, "that it has nothing of it")
    said = said_of(midis, "liar")
    assert not said["in_sync"] and "never gave" in said["message"] and said["hint"], said
    assert "never gave" in shown(midis, "liar", "en") and "nunca las entregó" in shown(midis, "liar", "es")
    assert entries(midis) == before
    rest.goes_on()
    member.close()


def claims_the_absurd(member, midis, rest):
    """Thousands of feeds of nobody, heads without end, acknowledgements of what was never said."""
    peer = greet(member, midis)
    before = entries(midis)
    registry = member.registry
    for _ in range(20):
        heads = []
        for _ in range(100):
            feed = Feed(member.keys, member.root, entries=1, lane=rng.randrange(256))
            head = feed.head()
            head[1] = rng.choice((2**62, 2**64 - 1))
            heads.append(head)
        peer.tell(NOTE, 2**62, 2**63, heads)
    peer.tell(ACK, 2**64 - 1, 2**64 - 1)
    names = sorted(rng.randbytes(16) for _ in range(1000))
    peer.tell(RANGES, registry, b"", [[b"", [part for name in names for part in (name, 2**64 - 1, rng.randbytes(16))]]])
    until(lambda: said_of(midis, "boaster")["ignored"] > 0, 30, "what was ignored")
    assert not said_of(midis, "boaster")["in_sync"]
    rest.goes_on()
    assert entries(midis) == before
    member.close()


def replays(member, midis, rest):
    """A batch, once asked for, and then again and again; it isn't taken twice, nor by another feed's name."""
    peer = greet(member, midis)
    before = entries(midis)
    feed, other = (Feed(member.keys, member.root, kind=UNREAD) for _ in range(2))
    peer.tell(NOTE, 0, 0, [feed.head()])
    peer.hear_type(WANT)
    batch = [BATCH, feed.id[:16], 0, feed.seq, stored_frame(feed.run())]
    peer.tell(*batch)
    until(lambda: entries(midis) == before + feed.seq, 30, "the batch that was asked for")
    ignored = said_of(midis, "replayer")["ignored"]
    for _ in range(200):
        peer.tell(*batch)
        peer.tell(NOTE, 0, 0, [feed.head()])
        peer.tell(BATCH, other.id[:16], 0, feed.seq, stored_frame(feed.run()))
    until(lambda: said_of(midis, "replayer")["ignored"] >= ignored + 200, 30, "what was ignored")
    rest.goes_on()
    assert entries(midis) == before + feed.seq
    assert midis.ayni("verify", "--full")["ok"]
    member.close()


def withholds(member, midis, loreto):
    """It has what an honest member wrote, says so, and doesn't give it: that comes from the other."""
    member.connect(loreto)
    member.agree()
    midis.stop()
    records = [put(loreto) for _ in range(5)]
    member.agree()
    member.close()
    loreto.stop()
    midis.start()
    peer = greet(member, midis)
    held = [feed for feed in member.feeds.values() if feed.space == member.space_named(SPACE)]
    peer.tell(NOTE, 0, 0, [feed.head() for feed in held])
    peer.hear_type(WANT)
    different = until(lambda: [d for d in midis.ayni("status")["differences"] if d["space"] == SPACE], 30, "what is missing")
    assert [(d["missing_here"], d["missing_there"]) for d in different] == [(5, 0)], different
    assert said_of(midis, "keeper")["missing_here"] == 5 and not said_of(midis, "keeper")["in_sync"]
    assert midis.sync(seconds=1, code=1)["in_sync"] is False
    loreto.start()
    for record in records:
        until(lambda r=record: midis.run("get", r).returncode == 0, 90, "what was withheld")
    member.close()
    assert midis.sync()["in_sync"]


def vouches_for_a_stranger(member, midis):
    """It has what somebody wrote whom nobody knows: that isn't taken, and who asks why they aren't in sync is told."""
    peer = greet(member, midis)
    feed = Feed(Keys(), member.root, entries=3, space=member.space_named(SPACE))
    peer.tell(NOTE, 0, 0, [feed.head(feed.run())])
    said = until(lambda: [d for d in midis.ayni("status")["differences"] if d["not_taken"]], 30, "what isn't taken")
    assert [(d["space"], d["missing_here"], d["not_taken"]) for d in said] == [(SPACE, 0, 3)], said
    assert "3 entries that it holds aren't taken here" in midis.run("status").stdout
    assert "no se toman aquí 3 entradas" in midis.run("--lang", "es", "status").stdout
    member.close()


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space(SPACE, "loreto")
    rest = Rest(loreto, midis)
    rest.goes_on()
    liar, boaster, replayer, keeper = (a_member(fed, name) for name in ("liar", "boaster", "replayer", "keeper"))
    loreto.sync()
    lies_about_heads(liar, midis, rest)
    claims_the_absurd(boaster, midis, rest)
    replays(replayer, midis, rest)
    withholds(keeper, midis, loreto)
    vouches_for_a_stranger(keeper, midis)
    assert midis.ayni("problems") == []
