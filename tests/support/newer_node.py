"""A node of the next minor version: it says more than ours know, everywhere where a newer version may."""

import time

from hostile_peer import HELLO, NOTE, RANGES, WANT, Peer
from second_node import Feed, SecondNode, nacl
from ayni import encode, follow, payload_hash, seal_payload  # noqa: I001  (found by those above)

MORE = "of a later version"
LATER_MESSAGE, LATER_KIND, LATER_LANE = 77, 88, 99
LATER_FIELD, LATER_META = 4_000_000, 4_000_001


class NewerPeer(Peer):
    """Adds elements behind those that are known: to each message, and to the items of its lists."""

    def tell(self, number, *elements):
        elements = list(elements)
        if number == HELLO:
            elements[1] = 1  # the minor version
            elements += [False, False]
        if number == NOTE:
            elements[2] = [head + [MORE] if len(head) == 6 else head for head in elements[2]]
        if number == RANGES:
            elements[2] = [said + [MORE] if len(said) == 2 else said for said in elements[2]]
        if number == WANT:
            elements[0] = [want + [MORE, {1: 2}] for want in elements[0]]
        super().tell(LATER_MESSAGE, MORE, {1: [number]})
        return super().tell(number, *elements, MORE, [{1: b"x"}])


class NewerNode(SecondNode):
    def connect(self, node):
        self.peer = NewerPeer(self.keys, node, self.root)
        self.say_hello(asks=True)

    def write_later(self, space, lane, kind, payload):
        """An entry of any kind in a feed of its own, under a seal of its own, without a note of it."""
        feed = Feed(self.root, [self.keys.node, space, lane, nacl.bindings.randombytes(16)])
        self.feeds[feed.id] = feed
        now = int(time.time() * 1000)
        chain = follow(feed.chains[-1], [[kind, now, len(payload), payload_hash(payload)]])
        run = [[[kind, now, payload]], self.keys.sign(seal_payload(feed.id, 1, chain))]
        feed.take(run, encode(run))
        self.arrivals += 1
        return feed

    def write_version(self, space, type_, record, fields):
        """With a field and a meta that ours don't know."""
        return self.write_later(space, 1, 1, encode([nacl.bindings.randombytes(16), record, type_, {},
                                                     {**fields, LATER_FIELD: [1, {"a": None}]},
                                                     {1: "outsider", LATER_META: MORE}]))
