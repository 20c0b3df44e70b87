"""A node that keeps no rule: it has a member's keys, or none, and says what it likes.

It shares nothing with our programs but tests/vectors/ayni.py, which was written from docs/protocol.md.
"""

import base64
import pathlib
import sys
import time

from federation import SOURCE, skip, until

sys.path.insert(0, str(SOURCE / "tests" / "vectors"))

try:
    import nacl.bindings
    import nacl.signing
    import zmq
    import zmq.utils.z85
    from ayni import H, chain_start, encode, feed_id, follow, payload_hash, seal_payload
except ImportError as missing:
    skip(f"python3 lacks {missing.name}")

HELLO, NOTE, ACK, RANGES, ASK, WANT, BATCH, FORK, TRACE = range(9)


def stored_frame(data):
    """A Zstandard frame (RFC 8878) of one block that isn't compressed."""
    size = bytes([0x20, len(data)]) if len(data) < 256 else b"\x60" + (len(data) - 256).to_bytes(2, "little")
    return b"\x28\xb5\x2f\xfd" + size + (len(data) << 3 | 1).to_bytes(3, "little") + data


def root_of(node):
    """The root key as the founder's paper says it."""
    for line in (node.home / "root.key").read_text().splitlines():
        if line.startswith("root "):
            text = line.split()[1].upper()
            return base64.b32decode(text + "=" * (-len(text) % 8))
    raise AssertionError("no root key")


class Keys:
    """Of a home that `ayni init` has made, or of nobody."""

    def __init__(self, home=None):
        seed, self.transport = nacl.bindings.randombytes(32), nacl.bindings.randombytes(32)
        if home is not None:
            words = (pathlib.Path(home) / "node.key").read_text().split()
            assert words[0] == "ayni-node-key-1"
            seed, self.transport = bytes.fromhex(words[2]), bytes.fromhex(words[4])
        self.signing = nacl.signing.SigningKey(seed)
        self.node = bytes(self.signing.verify_key)
        self.transport_public = nacl.bindings.crypto_scalarmult_base(self.transport)

    def new_transport(self):
        self.transport = nacl.bindings.randombytes(32)
        self.transport_public = nacl.bindings.crypto_scalarmult_base(self.transport)

    def sign(self, payload):
        return self.signing.sign(encode(["Signature1", b"\xa1\x01\x27", b"", payload])).signature


class Feed:
    """A feed made by hand, of one run; in the registry, where every member may write what nobody need believe.

    `after` is another history of the same feed: this one goes on where that one ended; `same` are entries of another
    one that it begins with, too."""

    def __init__(self, keys, root, entries=3, space=None, lane=1, kind=1, after=None, payloads=None, same=()):
        self.keys, self.root = keys, root
        if after is None:
            space = space or H("ayni-registry-1", root)[:16]
            self.descriptor = [keys.node, space, lane, nacl.bindings.randombytes(16)]
            self.id = feed_id(root, self.descriptor)
            self.start, before = 0, chain_start(self.id)
        else:
            self.descriptor, self.id = after.descriptor, after.id
            self.start, before = after.seq, after.chain
        now = int(time.time() * 1000)
        if payloads is None:
            payloads = [nacl.bindings.randombytes(100) for _ in range(entries)]
        self.entries = [*same, *([kind, now, payload] for payload in payloads)]
        self.before = before
        self.headers = [[kind, at, len(payload), payload_hash(payload)] for kind, at, payload in self.entries]
        self.seq = self.start + len(self.entries)
        self.chain = follow(before, self.headers)
        self.signature = keys.sign(seal_payload(self.id, self.seq, self.chain))

    def run(self, bad_bit=None):
        run = bytearray(encode([self.entries, self.signature]))
        if bad_bit is not None:
            run[bad_bit // 8] ^= 1 << bad_bit % 8
        return bytes(run)

    def head(self, runs=None):
        said = [self.id[:16], self.seq, self.chain[:16], self.descriptor]
        return said if runs is None else [*said, self.start, runs]

    def proof_against(self, other):
        """That both are histories of one feed."""
        sides = [[one.headers, one.signature] for one in (self, other)]
        sides.sort(key=lambda side: follow(self.before, side[0][:1]))
        return encode([self.root, self.descriptor, self.start + 1, self.before, *sides])


class Peer:
    """One connection to a node."""

    def __init__(self, keys, to, root, routing_id=None):
        self.keys, self.root = keys, root
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.curve_publickey = zmq.utils.z85.encode(keys.transport_public)
        self.socket.curve_secretkey = zmq.utils.z85.encode(keys.transport)
        self.socket.curve_serverkey = zmq.utils.z85.encode(Keys(to.home).transport_public)
        if routing_id is not None:
            self.socket.routing_id = routing_id
        self.socket.connect(f"tcp://127.0.0.1:{to.port}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.context.term()

    def say(self, *frames):
        """False where the connection takes no more."""
        try:
            self.socket.send_multipart(frames, flags=zmq.NOBLOCK)
            return True
        except zmq.Again:
            return False

    def tell(self, *message):
        return self.say(encode(list(message)))

    def hello(self, major=1, root=None, asks=True):
        nothing = bytes(16)
        return self.tell(HELLO, major, 0, asks, root or self.root, b"\x07" * 16, 1, nothing, 0, nothing, nothing)

    def hear(self, seconds=0.0):
        """The next message as it came, or None."""
        return self.socket.recv() if self.socket.poll(int(seconds * 1000)) else None

    def hear_type(self, number, seconds=20):
        """The next message of a type, whatever comes before it."""

        def one():
            message = self.hear(0.1)
            return message if message is not None and message[1] == number else None

        return until(one, seconds, f"a message of type {number}")

    def drain(self):
        """Until nothing more comes."""
        while self.hear(0.3) is not None:
            pass

    def hears_nothing(self, seconds):
        return self.hear(seconds) is None
