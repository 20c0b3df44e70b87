#!/usr/bin/env python3
"""A fork that only a bundle shows: proven where it is taken in, told to all, and both histories are held."""

import os
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
os.environ["AYNI_NET_DIAL_INTERVAL_MIN"] = "200ms"
from apart import export, inbox  # noqa: E402
from federation import Federation, Node, until  # noqa: E402
from hostile_peer import HELLO, NOTE, Feed, Keys, Peer, root_of  # noqa: E402  (skips where it must)

UNREAD = 99  # a kind that nobody reads: stored and handed on


def entries(node):
    return sum(space["entries"] for space in node.ayni("status")["spaces"])


def forks(node):
    return {p["feed"]: p["seq"] for p in node.ayni("problems") if p["reason"] == "forked"}


def hand(keys, node, *runs):
    """Each run to that node alone, as its author's own note."""
    with Peer(keys, node, root) as peer:
        peer.hello()
        peer.hear_type(HELLO)
        for run in runs:
            before = entries(node)
            peer.tell(NOTE, 0, 0, [run.head(run.run())])
            until(lambda: entries(node) > before, 30, f"a run at {node.name}")


def in_sync(nodes):
    until(lambda: all(node.run("sync", "--wait", "--timeout", 1).returncode == 0 for node in nodes), 60, "agreement")


def histories():
    """Of three feeds: what both begin with, and how each goes on. They part after a run, within one, and at the first entry."""
    begun = Feed(keys, root, space=space, kind=UNREAD)
    yield begun, Feed(keys, root, kind=UNREAD, after=begun, entries=2), Feed(keys, root, kind=UNREAD, after=begun, entries=4)
    begun = Feed(keys, root, space=space, kind=UNREAD)
    one = Feed(keys, root, kind=UNREAD, after=begun, entries=3)
    yield begun, one, Feed(keys, root, kind=UNREAD, after=begun, entries=2, same=one.entries[:1])
    empty = Feed(keys, root, space=space, kind=UNREAD, payloads=[])
    yield empty, Feed(keys, root, kind=UNREAD, after=empty, entries=1), Feed(keys, root, kind=UNREAD, after=empty, entries=2)


with Federation("midis", "loreto", "care") as fed:
    nodes = midis, loreto, care = [fed[name] for name in ("midis", "loreto", "care")]
    root = root_of(midis)
    space = uuid.UUID(midis.ayni("space", "create", "visits")["id"]).bytes
    bad = Node(fed.folder, "bad")
    fed.nodes["bad"] = bad
    fed.add(bad, "--org", "mala")
    for name in ("loreto", "care", "bad"):
        midis.ayni("space", "grant", "visits", name, "writer")
    until(lambda: bad.ayni("space", "list")[0]["role"] == "writer", 30, "the grant")
    bad.stop()
    keys = Keys(bad.home)
    in_sync(nodes)
    care.stop()
    loreto.stop()

    # One history of each feed to one node, another to the other, which never meet.
    made = list(histories())
    hand(keys, midis, *[run for begun, one, _ in made for run in (begun, one) if run.entries])
    midis.stop()
    loreto.start()
    hand(keys, loreto, *[run for begun, _, other in made for run in (begun, other) if run.entries])
    file = fed.folder / "to midis.ayni"
    export(loreto, midis, file)
    loreto.stop()

    # What the bundle brings of the other histories is stored, and the forks are proven by that.
    parted = {begun.id.hex(): begun.seq + 1 for begun, _, _ in made}
    parted[made[1][0].id.hex()] += 1
    midis.start()
    taken = midis.ayni("bundle", "import", file)
    assert taken["refused"] == taken["waiting"] == 0 and inbox(midis) == [], taken
    assert taken["stored"] >= 4 + 2 + 2, taken
    assert forks(midis) == parted, (forks(midis), parted)
    assert midis.ayni("bundle", "import", file)["stored"] == 0
    assert midis.ayni("verify", "--full")["ok"]
    for problem in midis.ayni("problems"):
        if problem["reason"] == "forked":
            path = fed.folder / "fork.proof"
            path.write_text('{"proof": "%s"}' % problem["proof"])
            assert Node(fed.folder, "nobody").ayni("verify", "--proof", path)["ok"]

    # Who was away hears of it from the entries, and who had the other histories gets these.
    care.start()
    until(lambda: forks(care) == parted, 60, "the forks at care")
    loreto.start()
    until(lambda: all(forks(node) == parted for node in nodes), 60, "the forks everywhere")
    in_sync(nodes)
    until(lambda: len({entries(node) for node in nodes}) == 1, 30, "as many entries everywhere")
    assert all(node.ayni("verify", "--full")["ok"] for node in nodes)
