"""Homes that exist twice, or that are put back to what they were; and who wrote what meanwhile."""

import os
import pathlib
import shutil
import signal

from federation import Node, until

SPACE = "visits"
FILES = ("log/data.mdb", "views/data.mdb", "node.key", "aynid.conf")


class Hands:
    """What everybody wrote, each under a name of its own."""

    def __init__(self):
        self.written = []

    def put(self, node, count=1):
        for _ in range(count):
            name = f"N{''.join(chr(ord('a') + int(d)) for d in str(len(self.written)))}"
            node.ayni("put", "person", "--space", SPACE, "surname_1=Vela", f"given_names={name}")
            self.written.append(name)

    def held_by(self, *nodes, seconds=90):
        for node in nodes:
            until(lambda n=node: sorted(self.names(n)) == sorted(self.written), seconds,
                  f"all that was written at {node.home.name}")
            assert node.ayni("verify", "--full")["ok"]

    @staticmethod
    def names(node):
        return [row["given_names"] for row in node.ayni("list", "person")]


def told(node, of):
    """What `problems` says of the home of a node, by reason; each with what to do."""
    said = [p for p in node.ayni("problems") if p["reason"] in ("began_anew", "runs_twice", "forked") and p["node"] == of]
    assert all(p["message"] and p["hint"] for p in said), said
    return {p["reason"] for p in said}


def clone(fed, node, home=None):
    """Its home on another machine: all files are others there."""
    other = Node(fed.folder, node.name)
    other.home = fed.folder / f"{node.name} elsewhere"
    other.log_path = fed.folder / f"{node.name} elsewhere.log"
    shutil.copytree(home or node.home, other.home, ignore=shutil.ignore_patterns("control.sock"))
    fed.nodes[other.home.name] = other
    return other


def stopped(process):
    stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"


def snapshot(node, folder):
    """The files of its home as they are at one instant, whatever it is at: no thread of it runs while they are copied."""
    node.process.send_signal(signal.SIGSTOP)
    try:
        until(lambda: stopped(node.process), 30, f"{node.name} to stand still")
        shutil.copytree(node.home, folder, ignore=shutil.ignore_patterns("control.sock"))
    finally:
        node.process.send_signal(signal.SIGCONT)


def roll_back(node, folder):
    """The files of a home at rest are those of a snapshot again, and where they were: the same inodes, which is what a machine sees
    whose disk was rolled back under it. Its memory isn't: the daemon starts anew."""
    inode = (node.home / "node.key").stat().st_ino
    for path in FILES:
        if not (folder / path).exists():
            continue
        with open(node.home / path, "r+b") as file:
            file.write((folder / path).read_bytes())
            file.truncate()
            os.fsync(file.fileno())
    assert (node.home / "node.key").stat().st_ino == inode
