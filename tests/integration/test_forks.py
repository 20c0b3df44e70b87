#!/usr/bin/env python3
"""A member's key that writes two histories of one feed: found, proven, told to all, and nobody else is the worse."""

import base64
import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, Node, until  # noqa: E402
from hostile_peer import HELLO, NOTE, Feed, Keys, Peer, root_of  # noqa: E402  (skips where it must)

UNREAD = 99  # a kind that nobody reads: stored and handed on
PROOF = 4


def entries(node):
    return sum(space["entries"] for space in node.ayni("status")["spaces"])


def entries_in(node, name):
    return next(space["entries"] for space in node.ayni("status")["spaces"] if space["space"] == name)


def forks(node):
    return [p for p in node.ayni("problems") if p["reason"] == "forked"]


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


def proof_bytes(problem):
    text = problem["proof"].upper()
    return base64.b32decode(text + "=" * (-len(text) % 8))


def verified_offline(fed, problem):
    """By the command without a home; with a bit changed it isn't."""
    path = fed.folder / "fork.proof"
    path.write_text(json.dumps({"proof": problem["proof"]}))
    nobody = Node(fed.folder, "nobody")
    told = nobody.ayni("verify", "--proof", path)
    assert told["ok"] and told["reason"] == "forked"
    assert (told["feed"], told["seq"], told["node"]) == (problem["feed"], problem["seq"], problem["node"])
    changed = bytearray(proof_bytes(problem))
    changed[-1] ^= 1
    path.write_bytes(changed)
    nobody.ayni("verify", "--proof", path, code=1)


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

    # One history to one node, another to the other: both begin alike.
    common = Feed(keys, root, space=space, kind=UNREAD)
    one = Feed(keys, root, kind=UNREAD, after=common, entries=2)
    other = Feed(keys, root, kind=UNREAD, after=common, entries=4)
    care.stop()
    loreto.stop()
    hand(keys, midis, common, one)
    midis.stop()
    loreto.start()
    hand(keys, loreto, common, other)
    midis.start()
    for node in (midis, loreto):
        found = until(lambda: forks(node), 60, f"the fork at {node.name}")
        assert len(found) == 1
        fork = found[0]
        assert (fork["feed"], fork["seq"], fork["lane"]) == (common.id.hex(), common.seq + 1, 1)
        assert (fork["space"], fork["org"]) == ("visits", "mala")
        assert fork["incarnation"] == common.descriptor[3].hex() and fork["hint"] and fork["time"]
        assert fork["node"] == forks(midis)[0]["node"]
        verified_offline(fed, fork)

    # Who was away hears of it from the entry alone, and all agree.
    care.start()
    until(lambda: forks(care), 60, "the fork at care")
    in_sync(nodes)
    assert {f["feed"] for node in nodes for f in forks(node)} == {common.id.hex()}
    assert all(entries_in(node, "visits") >= 3 + 2 + 4 for node in nodes), "a history is missing"
    until(lambda: len({entries_in(node, "visits") for node in nodes}) == 1, 30, "as many entries everywhere")
    until(lambda: all(node.ayni("status")["problems"] == 1 for node in nodes), 30, "one problem everywhere")
    assert all(node.ayni("verify", "--full")["ok"] for node in nodes)
    assert "forked" in care.run("problems").stdout and proof_bytes(fork).hex() not in care.run("problems").stdout

    # Nobody says it again, also after restarts.
    said = [entries(node) for node in nodes]
    for node in nodes:
        node.stop()
        node.start()
    in_sync(nodes)
    assert [entries(node) for node in nodes] == said

    # What proves nothing is counted and stops nothing.
    lie = Feed(keys, root, entries=1, space=space)
    another = Feed(Keys(), root, after=lie, entries=1)
    flipped = bytearray(one.proof_against(other))
    flipped[-1] ^= 1
    false = [b"no proof", bytes(flipped), one.proof_against(one), lie.proof_against(another),
             Feed(Keys(), root, space=space).proof_against(one)]
    said = []
    for proof in false:
        after = said[-1] if said else None
        said.append(Feed(keys, root, space=space, lane=0, kind=PROOF, after=after, payloads=[proof]))
    hand(keys, midis, *said)
    until(lambda: all(n.ayni("status")["problems"] == 1 + len(false) for n in nodes), 60, "the false proofs")
    assert all(len(forks(node)) == 1 for node in nodes)
    until(lambda: all([p["reason"] for p in n.ayni("problems")].count("false_proof") == len(false) for n in nodes),
          30, "the list of false proofs")
    loreto.ayni("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")
    until(lambda: len(care.ayni("list", "person")) == 1, 60, "an honest record")
    in_sync(nodes)
