#!/usr/bin/env python3
"""Strangers who connect in crowds and say nothing: the node keeps its descriptors, answers, and hears its peers."""

import os
import pathlib
import resource
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, skip, until  # noqa: E402

DESCRIPTORS = 256  # what the node may have; as many strangers come at once, twice
ROUNDS = 4
MOST = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
if MOST != resource.RLIM_INFINITY and MOST < ROUNDS * 2 * DESCRIPTORS + 100:
    skip(f"a process may have {MOST} descriptors here, and the strangers need more")


def crowd(port):
    """Connections that are open on our side; some the node has ended already, or never took."""
    sockets = []
    for _ in range(2 * DESCRIPTORS):
        stranger = socket.socket()
        stranger.setblocking(False)
        try:
            stranger.connect(("127.0.0.1", port))
        except BlockingIOError:
            pass
        sockets.append(stranger)
    return sockets


def descriptors(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    quiet = descriptors(midis)
    resource.prlimit(midis.process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST, MOST))

    strangers = []
    for count in range(1, ROUNDS + 1):
        strangers += crowd(midis.port)
        assert midis.state() == "member"
        loreto.stop()
        loreto.start()
        loreto.ayni("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")
        until(lambda: len(midis.ayni("list", "person")) == count, 60, f"person {count} at a crowded node")
    assert descriptors(midis) < DESCRIPTORS, f"{descriptors(midis)} descriptors are open"
    assert midis.ayni("status")["refused"]["strangers"] > 0
    assert "connections_crowded" in midis.log(4000)

    for stranger in strangers:
        stranger.close()
    until(lambda: descriptors(midis) <= quiet + 8, 60, "the strangers' descriptors back")
