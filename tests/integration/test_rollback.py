#!/usr/bin/env python3
"""Machines that are rolled back to a snapshot of their disk, and write before they hear of anybody: a partner's, and the steering node's.

What the machine wrote since the snapshot, others hold; so it writes a second history of the same feeds, in all honesty. The snapshot is of
a daemon that runs and is written to; what is restored is the content of its files, in place. What isn't: the memory of the process.
"""

import os
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
os.environ["AYNI_NET_DIAL_INTERVAL_MIN"] = "200ms"
from copies import SPACE, Hands, clone, roll_back, snapshot, told  # noqa: E402
from federation import Federation, until  # noqa: E402


def snapshot_while_writing(hands, node, folder):
    """Of what is acknowledged meanwhile, some is in it and some isn't."""
    writer = threading.Thread(target=hands.put, args=(node, 6))
    writer.start()
    snapshot(node, folder)
    writer.join()


def spaces(node):
    return {space["space"] for space in node.ayni("space", "list")}


def roll_back_alone(fed, hands, node, others, key):
    """It goes back, and writes while nobody is there; then the others come."""
    folder = fed.folder / f"{node.name} snapshot"
    snapshot_while_writing(hands, node, folder)
    node.ayni("space", "create", f"{node.name}-before")
    hands.put(node, 2)
    hands.held_by(*others)
    until(lambda: all(f"{node.name}-before" in spaces(other) for other in others), 60, "the space everywhere")
    for other in others:
        assert other.stop() == 0
    node.kill()
    roll_back(node, folder)
    node.start()
    assert f"{node.name}-before" not in spaces(node) and len(Hands.names(node)) < len(hands.written)
    hands.put(node, 3)
    node.ayni("space", "create", f"{node.name}-after")
    for other in others:
        other.start()
    hands.put(others[0])
    hands.held_by(node, *others)
    for one in (node, *others):
        until(lambda n=one: {f"{node.name}-before", f"{node.name}-after"} <= spaces(n), 60, f"both spaces at {one.name}")
        until(lambda n=one: "forked" in told(n, key), 60, f"{one.name} is told of the fork")
    assert "home_elsewhere" not in node.log(1000), "it didn't notice by itself"
    until(lambda: "written_elsewhere" in node.log(2000), 30, "that it was told")


def forks(node):
    return {(p["feed"], p["seq"]) for p in node.ayni("problems") if p["reason"] == "forked"}


def in_sync(*nodes):
    until(lambda: all(node.run("sync", "--wait", "--timeout", 1).returncode == 0 for node in nodes), 90, "agreement")


with Federation("midis", "loreto", "ucayali") as fed:
    midis, loreto, ucayali = nodes = [fed[name] for name in ("midis", "loreto", "ucayali")]
    fed.space(SPACE, "loreto", "ucayali")
    hands = Hands()
    for node in nodes:
        hands.put(node)
    hands.held_by(*nodes)
    keys = {n.name: n.ayni("card")["node"] for n in nodes}

    roll_back_alone(fed, hands, ucayali, [midis, loreto], keys["ucayali"])
    roll_back_alone(fed, hands, midis, [loreto, ucayali], keys["midis"])

    # Both go on in feeds of their own: what is written now is no third history.
    in_sync(*nodes)
    until(lambda: len({frozenset(forks(node)) for node in nodes}) == 1, 60, "all to know the same forks")
    forked = forks(midis)
    for node in nodes:
        hands.put(node, 2)
    hands.held_by(*nodes)
    in_sync(*nodes)

    # The steering node runs on and is copied while it runs; the copy writes before it hears of anybody, too, and both steer.
    snapshot_while_writing(hands, midis, fed.folder / "midis running")
    second = clone(fed, midis, fed.folder / "midis running")
    for node in nodes:
        assert node.stop() == 0
    second.start()
    hands.put(second, 2)
    second.ayni("space", "create", "second")
    for node in nodes:
        node.start()
    hands.put(midis, 2)
    midis.ayni("space", "create", "first")
    hands.held_by(second, *nodes)
    for node in (second, *nodes):
        until(lambda n=node: {"first", "second"} <= spaces(n), 60, f"both spaces at {node.home.name}")
    until(lambda: "runs_twice" in told(loreto, keys["midis"]), 60, "loreto is told")
    assert second.stop() == 0
    midis.ayni("space", "grant", "first", "ucayali", "writer")
    until(lambda: any(s["space"] == "first" and s["role"] == "writer" for s in ucayali.ayni("space", "list")), 60, "the grant")
    in_sync(*nodes)
    assert all(forks(node) == forked for node in nodes), (forked, [forks(node) for node in nodes])
