#!/usr/bin/env python3
"""A node of the next minor version is a member like any other, and what ours don't know of it is kept and handed on
unread; one of another major version is told on both sides."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from apart import carry, heads  # noqa: E402
from federation import Federation, Node, free_port, until  # noqa: E402
from newer_node import LATER_KIND, LATER_LANE, NewerNode  # noqa: E402  (skips where it must)
from second_node import SecondNode  # noqa: E402
import zmq  # noqa: E402
import zmq.utils.z85  # noqa: E402
from ayni import decode, encode  # noqa: E402
from hostile_peer import HELLO, Peer  # noqa: E402

SPACE = "children"


def holds(node, feeds):
    """Of a node that is at rest: whether it has these feeds up to their ends."""
    held = heads(node)
    return all(held.get(feed.id.hex()) == (feed.seq, feed.chains[-1].hex()) for feed in feeds)


def entries(node):
    return next(s["entries"] for s in node.ayni("status")["spaces"] if s["space"] == SPACE)


def peer_named(node, name):
    return next((p for p in node.ayni("peer", "list") if p["name"] == name), None)


def said_of(node, name, lang):
    lines = node.run("--lang", lang, "peer", "list").stdout.splitlines()
    return next(line for line in lines if name in line)


class OtherMajor:
    """Of a member, as a server: it answers each HELLO with one of version 2."""

    def __init__(self, keys, root, port):
        self.root, self.context = root, zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.linger = 0
        self.socket.curve_server = True
        self.socket.curve_secretkey = zmq.utils.z85.encode(keys.transport)
        self.socket.bind(f"tcp://127.0.0.1:{port}")

    def answer(self):
        """What was said to it, if anything was."""
        if not self.socket.poll(100):
            return None
        route, message = self.socket.recv_multipart()
        nothing = bytes(16)
        self.socket.send_multipart([route, encode([HELLO, 2, 0, False, self.root, nothing, 0, nothing, 0, nothing, nothing])])
        return decode(message)

    def close(self):
        self.socket.close()
        self.context.term()


with Federation("midis", "loreto", "cusco") as fed:
    midis, loreto, cusco = fed["midis"], fed["loreto"], fed["cusco"]
    fed.space(SPACE, "loreto", "cusco")
    cusco.sync()
    cusco.stop()
    newer = NewerNode("newer", midis.ayni("ticket")["ticket"])
    midis.ayni("member", "add", newer.card())
    midis.ayni("space", "grant", SPACE, "newer", "writer")
    newer.connect(midis)
    newer.agree()
    space = newer.space_named(SPACE)

    # What ours write is there; what it writes is here, with all that ours don't know.
    mine = midis.ayni("put", "person", "--space", SPACE, "surname_1=Vela", "given_names=Ana")["id"]
    newer.agree()
    person = newer.type_number("person")
    assert [r.hex() for r in newer.records(space, person)] == [mine.replace("-", "")]
    fields = {row[3]: number for number, row in newer.fields_of(person).items()}
    record = bytes(range(16))
    before = entries(midis)
    written = [newer.write_version(space, person, record, {fields["surname_1"]: "Ríos", fields["given_names"]: "Luz"}),
               newer.write_later(space, 1, LATER_KIND, b"nobody reads this"),
               newer.write_later(space, 0, LATER_KIND + 1, bytes(5000)),
               newer.write_later(space, LATER_LANE, LATER_KIND, bytes(range(256)) * 200)]
    newer.agree()
    assert entries(midis) == before + len(written)

    # They come to the next node by ours, and every chain verifies.
    until(lambda: entries(loreto) == entries(midis), 60, "what the newer node wrote, at loreto")
    for node in midis, loreto:
        node.sync()
        assert node.ayni("verify", "--full")["ok"]
        rows = node.ayni("list", "person")
        assert {row["surname_1"] for row in rows} == {"Vela", "Ríos"}, rows
        before = node.ayni("list", "person"), node.ayni("problems")
        node.ayni("rebuild")
        assert (node.ayni("list", "person"), node.ayni("problems")) == before
    changed = next(row["_id"] for row in loreto.ayni("list", "person") if row["surname_1"] == "Ríos")
    loreto.ayni("set", changed, "given_names=Luz María")
    loreto.sync()
    newer.agree()
    assert newer.shown(space, person, record)[0]["given_names"] == "Luz María"
    until(lambda: peer_named(midis, "newer")["in_sync"], 30, "what midis says of the newer node")
    assert peer_named(midis, "newer")["refused"] == 0

    # A node of ours from afar, a backup and a bundle have them, too.
    older = SecondNode("older", midis.ayni("ticket")["ticket"])
    midis.ayni("member", "add", older.card())
    midis.ayni("space", "grant", SPACE, "older", "reader")
    loreto.sync()
    newer.close()
    older.connect(loreto)
    older.agree()
    assert all(older.feeds[feed.id].payloads == feed.payloads for feed in written)
    older.close()
    loreto.ayni("backup", fed.folder / "backup")
    midis.stop()
    made = fed.folder / "for cusco.ayni"
    loreto.ayni("bundle", "export", "--for", "cusco", made)
    loreto.stop()
    assert holds(loreto, written)
    cusco.start(listen=False)
    cusco.ayni("bundle", "import", made)
    until(lambda: len(cusco.ayni("list", "person")) == 2, 60, "the bundle at cusco")
    assert cusco.ayni("verify", "--full")["ok"]
    cusco.stop()
    assert holds(cusco, written)
    again = Node(fed.folder, "again")
    again.ayni("restore", fed.folder / "backup")
    assert holds(again, written)

    # Another major version, as it dials: it hears ours and nothing else, and both know why.
    midis.start()
    with Peer(newer.keys, midis, newer.root) as peer:
        peer.hello(major=2)
        said = decode(peer.hear_type(HELLO))
        assert said[:3] == [HELLO, 1, 0], said
        assert peer.hears_nothing(0.5)
    refused = until(lambda: (p := peer_named(midis, "newer")) and p["refused"] > 0 and p, 30, "the refusal")
    assert refused["reason"] == "version" and "version" in refused["message"] and refused["hint"], refused
    assert "another version" in said_of(midis, "newer", "en") and "otra versión" in said_of(midis, "newer", "es")
    check = next(c for c in midis.ayni("doctor", code=1) if c["check"] == "version")
    assert not check["ok"] and "version" in check["message"] and check["hint"], check

    # And as it is dialled.
    port = free_port()
    other = OtherMajor(older.keys, older.root, port)
    midis.ayni("peer", "add", f"tcp://127.0.0.1:{port}", "older")
    heard = until(other.answer, 30, "a HELLO of midis")
    assert heard[:3] == [HELLO, 1, 0], heard
    until(lambda: peer_named(midis, "older")["reason"] == "version", 30, "the refusal of who was dialled")
    other.close()
