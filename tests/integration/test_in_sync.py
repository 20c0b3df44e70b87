#!/usr/bin/env python3
"""Nodes say that they are in sync when they are, and else how much is missing, by space and peer."""

import errno
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from disk import Disk  # noqa: E402
from federation import Federation, until  # noqa: E402

SPACE, OTHER = "visits", "closed"


def put(node, space=SPACE):
    node.ayni("put", "person", "--space", space, "surname_1=Vela", "given_names=Ana")


def missing(node, peer, space=SPACE):
    """What `status` says is missing of a space between the two: here and there; None where nothing differs."""
    of = {p["name"]: p["node"] for p in node.ayni("peer", "list")}
    for one in node.ayni("status")["differences"]:
        if one["space"] == space and one["node"] == of.get(peer.name):
            assert one["not_taken"] == 0 and "message" not in one, one
            return one["missing_here"], one["missing_there"]
    return None


def peer_of(node, peer):
    return next(p for p in node.ayni("peer", "list") if p["name"] == peer.name)


def agrees(node, peer, space=SPACE):
    said = {s["space"]: s for s in node.ayni("status")["spaces"]}[space]
    return peer_of(node, peer)["node"] in said["in_sync_with"]


with Federation("midis", "loreto", "cusco") as fed:
    midis, loreto, cusco = fed["midis"], fed["loreto"], fed["cusco"]
    fed.space(SPACE, "loreto")
    fed.space(OTHER)
    put(midis)
    for node in (midis, loreto, cusco):
        answer = node.sync()
        connected = [p for p in answer["peers"] if p["state"] == "connected"]
        assert answer["in_sync"] and connected and all(p["in_sync"] and p["behind"] == 0 for p in connected), answer

    # Who has no right in a space is behind in nothing, whatever is in it.
    put(midis, OTHER)
    assert cusco.sync()["in_sync"] and midis.sync()["in_sync"]
    assert not {SPACE, OTHER} & {s["space"] for s in cusco.ayni("status")["spaces"]}

    # One that can't store what comes: both say how many entries, and of which space.
    loreto.stop()
    disk = Disk(fed.folder / "disk", loreto.home)
    loreto.start(disk=disk)
    loreto.sync()
    disk.fail("write", errno.ENOSPC)
    for _ in range(5):
        put(midis)
    until(lambda: missing(loreto, midis) == (5, 0), 60, "what is missing, at loreto")
    until(lambda: missing(midis, loreto) == (0, 5), 60, "what is missing, at midis")
    assert not peer_of(midis, loreto)["in_sync"] and peer_of(midis, loreto)["behind"] == 5
    assert missing(midis, cusco) is None and not agrees(midis, loreto) and not agrees(loreto, midis)
    answer = midis.sync(seconds=2, code=1)
    assert not answer["in_sync"], answer
    shown = midis.run("--lang", "es", "status").stdout
    assert "lo que falta" in shown and "faltan allá" in shown, shown
    disk.heal()
    assert loreto.sync()["in_sync"] and midis.sync()["in_sync"]
    until(lambda: agrees(midis, loreto) and agrees(loreto, midis), 60, "agreement")
    until(lambda: missing(midis, loreto) is None and missing(loreto, midis) is None, 60, "nothing missing")

    # Nobody can be reached: that is no agreement; and a link that was cut says nothing of being in sync.
    loreto.stop()
    cusco.stop()
    put(midis)
    until(lambda: all(p["state"] != "connected" for p in midis.ayni("peer", "list")), 60, "the cut")
    answer = midis.sync(seconds=1, code=1)
    assert not answer["in_sync"] and not any(p["in_sync"] for p in answer["peers"]), answer
    assert all(p["missing_here"] is None and p["missing_there"] is None for p in answer["peers"]), answer
    assert midis.ayni("sync")["in_sync"] is False
    loreto.start()
    assert loreto.sync()["in_sync"]
    assert len(loreto.ayni("list", "person")) == 7
    cusco.start()
