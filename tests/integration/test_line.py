#!/usr/bin/env python3
"""Three nodes in a line: what comes to the middle one by sync or by a bundle goes on to the next as if it had been written there."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, Node, until  # noqa: E402

SPACE = "visits"


def put(node):
    return node.ayni("put", "person", "--space", SPACE, "surname_1=Vela", "given_names=Ana")["id"]


def comes(node, records):
    for record in records:
        until(lambda r=record: node.run("get", r).returncode == 0, 30, f"{record} at {node.name}")


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.LISTEN = False  # the ends only dial, and only the middle can be dialled
    for name in ("ucayali", "loreto"):
        fed.nodes[name] = Node(fed.folder, name)
        fed.add(fed.nodes[name])
    first, last = fed["ucayali"], fed["loreto"]
    fed.space(SPACE, "ucayali", "loreto")
    for node in (first, midis, last):
        node.sync()
    comes(last, [put(first) for _ in range(3)])
    comes(first, [put(last)])
    for end, other in ((first, "loreto"), (last, "ucayali")):
        assert all(p["state"] != "connected" for p in end.ayni("peer", "list") if p["name"] == other)

    # What a person carries to the middle, while the end that wrote it is cut off.
    midis.stop()
    written = [put(first) for _ in range(3)]
    file = fed.folder / "to midis.ayni"
    first.ayni("bundle", "export", "--for", "midis", file)
    first.stop()
    midis.start()
    last.sync()
    assert all(last.run("get", record).returncode == 1 for record in written)
    assert midis.ayni("bundle", "import", file)["stored"] >= len(written)
    comes(last, written)
    last.sync()

    # When the end is back it lacks nothing and nothing of it is wanted: what it was told by hand was enough.
    first.start(listen=False)
    first.sync()
    said = next(p for p in first.ayni("peer", "list") if p["name"] == "midis")
    assert said["in_sync"] and (said["missing_here"], said["missing_there"]) == (0, 0), said
