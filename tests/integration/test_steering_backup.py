#!/usr/bin/env python3
"""The steering node comes back from a backup that knows nobody else: made before anyone had joined."""

import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, Node, until  # noqa: E402

SPACE = "visits"


def put(node, name):
    return node.ayni("put", "person", "--space", SPACE, "surname_1=Vela", f"given_names={name}")["id"]


def names(node):
    return sorted(row["given_names"] for row in node.ayni("list", "person"))


def roles(node):
    return {s["space"]: s["role"] for s in node.ayni("space", "list")}


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space(SPACE)
    ana = put(midis, "Ana")
    folder = fed.folder / "backup of midis"
    midis.ayni("backup", folder)

    # Everybody joins, gets rights and writes; a record is erased. Then the machine is gone.
    for name in ("loreto", "ucayali"):
        fed.nodes[name] = Node(fed.folder, name)
        fed.add(fed.nodes[name])
        midis.ayni("space", "grant", SPACE, name, "writer")
    loreto, ucayali = fed["loreto"], fed["ucayali"]
    for node in (loreto, ucayali):
        until(lambda n=node: roles(n).get(SPACE) == "writer", 30, f"the right of {node.name}")
        put(node, node.name)
    written = ["Ana", "loreto", "ucayali"]
    for node in fed.nodes.values():
        until(lambda n=node: names(n) == written, 60, f"all at {node.name}")
    midis.ayni("erase", ana, "--only", "--space", SPACE, "--reason", "asked for")
    written.remove("Ana")
    for node in fed.nodes.values():
        until(lambda n=node: names(n) == written, 60, f"the erasure at {node.name}")
    midis.kill()
    shutil.rmtree(midis.home)

    # It knows nobody, and admits nobody, until it is told of one member again; all else it hears of that one.
    midis.ayni("restore", folder)
    midis.start()
    assert [m["name"] for m in midis.ayni("member", "list")] == ["midis"]
    put(midis, "Bea")
    until(lambda: midis.ayni("status")["refused"]["strangers"] > 0, 60, "a member that is a stranger here")
    midis.ayni("member", "add", loreto.ayni("card")["card"])
    written = sorted([*written, "Bea"])
    for node in fed.nodes.values():
        until(lambda n=node: names(n) == written, 90, f"all at {node.name}")
        until(lambda n=node: len(n.ayni("member", "list")) == 3, 60, f"all members at {node.name}")
        until(lambda n=node: n.ayni("sync", "--wait", "--timeout", 60)["in_sync"], 60, f"{node.name} in sync")
        assert node.ayni("verify", "--full")["ok"]
        assert not any(p["reason"] == "forked" for p in node.ayni("problems"))

    # And steers: who joins now gets all of it.
    tumbes = fed.nodes["tumbes"] = Node(fed.folder, "tumbes")
    fed.add(tumbes)
    midis.ayni("space", "grant", SPACE, "tumbes", "reader")
    until(lambda: names(tumbes) == written, 60, "all at tumbes")
