"""A second implementation of a node, written from docs/protocol.md: it joins, pulls, verifies, folds, writes and hands on.

It shares nothing with our programs but the document. What it leaves out is what a node may leave out: it keeps its
log in memory, pulls from one peer, and reads of the registry what it needs.
"""

import base64
import collections
import sys
import time

from federation import SOURCE, skip, until
from hostile_peer import ACK, ASK, BATCH, HELLO, NOTE, RANGES, WANT, Keys, Peer

sys.path.insert(0, str(SOURCE / "tests" / "vectors"))

try:
    import nacl.bindings
    import zstandard
except ImportError as missing:
    skip(f"python3 lacks {missing.name}")

import cbor2  # noqa: E402
import read_card  # noqa: E402
import read_fold  # noqa: E402
import read_payload  # noqa: E402
import read_ticket  # noqa: E402
import read_value  # noqa: E402
from ayni import (H, armor, blake2b, chain_start, decode, decode_front, descriptor, encode, entry, feed_id,  # noqa: E402
                  follow, need, payload_hash, seal_payload, verify_seal)

ROOT_STATEMENT, CARD, MEMBER, SPACE, GRANT, WRAPPED_KEY, FIELD = 13, 1, 2, 4, 5, 7, 10
VERSION = 1
NOTHING = bytes(16)
CREDIT = 256 * 1024
POLICY_OF_UNKNOWN = "review"


def is_encrypted(payload):
    return len(decode(payload)) == 3


def payload_key(key, nonce):
    return blake2b(encode(["ayni-payload-key-1", nonce]), key=key)


def opened(key, place, nonce, cipher):
    padded = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(cipher, place, nonce, payload_key(key, nonce))
    plain = padded.rstrip(b"\0")
    need(plain[-1:] == b"\x80" and len(padded) % 64 == 0 and len(padded) - len(plain) < 64)
    return plain[:-1]


class Feed:
    """What is held of one feed (section 3), whole runs from its first entry."""

    def __init__(self, root, described):
        self.descriptor = descriptor(described)
        self.node, self.space = self.descriptor[0], self.descriptor[1]
        self.id = feed_id(root, self.descriptor)
        self.chains = [chain_start(self.id)]
        self.headers, self.payloads, self.versions = [], [], []
        self.runs = []  # of each the first seq less one, the last seq, the bytes

    @property
    def seq(self):
        return len(self.headers)

    def mark(self, seq):
        return self.chains[seq][:16]

    def head(self):
        return [self.id[:16], self.seq, self.mark(self.seq), list(self.descriptor)]

    def take(self, run, bytes_):
        """One run that continues the feed, or nothing of it (section 3.4)."""
        entries, signature = run
        read = [entry(one) for one in entries]
        chains = [self.chains[-1]]
        for header, _, _ in read:
            chains.append(follow(chains[-1], [header]))
        times = [header[1] for header in self.headers[-1:]] + [header[1] for header, _, _ in read]
        need(times == sorted(times))
        verify_seal(self.id, self.seq + len(read), chains[-1], signature, self.node)
        self.runs.append((self.seq, self.seq + len(read), bytes_))
        self.chains += chains[1:]
        self.headers += [header for header, _, _ in read]
        self.payloads += [payload for _, payload, _ in read]
        self.versions += [read_payload.read(payload) if header[0] == VERSION and payload is not None
                          and not is_encrypted(payload) else None for header, payload, _ in read]

    def decrypt(self, keys):
        """What the keys open that wasn't read yet (section 4.8); keys by epoch."""
        for at, payload in enumerate(self.payloads):
            if self.headers[at][0] == VERSION and self.versions[at] is None and payload is not None:
                epoch, nonce, cipher = decode(payload)
                for key in keys.get(epoch, ()):
                    self.payloads[at] = opened(key, self.place(epoch), nonce, cipher)
                    self.versions[at] = read_payload.read(self.payloads[at])

    def encrypt(self, epoch, key, plain):
        nonce = nacl.bindings.randombytes(24)
        padded = plain + b"\x80" + bytes(-(len(plain) + 1) % 64)
        cipher = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            padded, self.place(epoch), nonce, payload_key(key, nonce))
        return encode([epoch, nonce, cipher])

    def place(self, epoch):
        return encode(["ayni-payload-data-1", self.space, epoch, self.id, VERSION])

    def take_sequence(self, start, data):
        """The runs of a batch or note whose first entry is start + 1."""
        while data:
            run, used = decode_front(data)
            if start == self.seq:
                self.take(run, data[:used])
            start += len(run[0])
            data = data[used:]

    def runs_after(self, seq):
        return b"".join(bytes_ for start, _, bytes_ in self.runs if start >= seq)


class SecondNode:
    def __init__(self, name, ticket):
        self.name, self.keys, self.serial = name, Keys(), 1
        domain, self.federation, self.root, statements, card = decode(unarmored("ayni-ticket-1", ticket))
        need(domain == "ayni-ticket-1")
        self.registry = H("ayni-registry-1", self.root)[:16]
        self.peer_node = read_card.read(encode(card))[2]
        self.instance = nacl.bindings.randombytes(16)
        self.feeds, self.peer = {}, None
        self.arrivals = 0
        self.heard = {"instance": NOTHING, "upto": 0, "stored": 0}
        self.equal = False

    def card_bytes(self):
        payload = encode(["ayni-card-1", self.serial, self.name, self.keys.node, self.keys.transport_public, []])
        return encode(cbor2.CBORTag(18, [b"\xa1\x01\x27", {}, payload, self.keys.sign(payload)]))

    def card(self):
        """The line that steering admits (section 2)."""
        return armor("ayni-card-1", self.card_bytes())

    def take_transport_key(self):
        """Another one, and the card says so (section 7.1, type 1), over the connection that was made with the one before."""
        self.serial += 1
        self.keys.new_transport()
        record = self.derived(CARD, [self.keys.node], key=self.root)
        self.write(self.registry, CARD, record, {1: self.keys.node, 2: self.serial, 3: self.card_bytes()})

    # --- what is held ---

    def feed_named(self, name):
        return next((feed for id_, feed in self.feeds.items() if id_[:16] == name), None)

    def versions(self, space):
        """(feed, seq, version) of all in the space that is readable."""
        keys = {} if space == self.registry else self.epoch_keys(space)
        for feed in self.feeds.values():
            if feed.space == space and keys:
                feed.decrypt(keys)
            if feed.space == space:
                yield from ((feed, seq, version) for seq, version in enumerate(feed.versions, 1) if version is not None)

    def registry_rows(self, type_):
        """{record: {field: value}}, the newest value of each field; the federation of a test has no contests there."""
        rows = {}
        said = [(feed.headers[seq - 1][1], feed.chains[seq], version)
                for feed, seq, version in self.versions(self.registry) if version["type"] == type_]
        for _, _, version in sorted(said, key=lambda one: one[:2]):
            rows.setdefault(version["record"], {}).update(version["fields"])
        return rows

    def spaces_of(self, node):
        owned = {id_ for id_, row in self.registry_rows(SPACE).items() if row.get(6, row[1]) == node}
        return owned | {row[1] for row in self.registry_rows(GRANT).values() if row[2] == node}

    def space_named(self, name):
        return next(id_ for id_, row in self.registry_rows(SPACE).items() if row[3] == name)

    def shared(self):
        return self.spaces_of(self.keys.node) & self.spaces_of(self.peer_node)

    def heads(self, space):
        return sorted((feed.id, feed.seq, feed.chains[-1]) for feed in self.feeds.values()
                      if feed.space == space and feed.seq)

    def fingerprints(self):
        """Of the registry and of what is shared (section 5.2)."""
        spaces = []
        for space in sorted(self.shared()):
            heads = self.heads(space)
            if heads:
                spaces += [space, fingerprint(heads)]
        return [fingerprint(self.heads(self.registry)), H("ayni-spaces-1", *spaces)[:16]]

    # --- gossip (section 5) ---

    def connect(self, node):
        self.peer = Peer(self.keys, node, self.root)
        self.say_hello(asks=True)

    def close(self):
        self.peer.__exit__()

    def say_hello(self, asks):
        self.peer.tell(HELLO, 1, 0, asks, self.root, self.instance, self.arrivals, self.heard["instance"],
                       self.heard["stored"], *self.fingerprints())

    def turn(self, seconds=0.1):
        """Hears one message, if there is one, and does what it asks."""
        data = self.peer.hear(seconds)
        if data is None:
            return False
        number, *elements = decode(data)
        handler = {HELLO: self.on_hello, NOTE: self.on_note, RANGES: self.on_ranges, ASK: self.on_ask, WANT: self.on_want,
                   BATCH: self.on_batch}.get(number)
        if handler is not None:
            handler(*elements)
        return True

    def agree(self, seconds=30):
        """Until fingerprints are equal; asked again whenever it has been quiet."""

        def quiet_and_equal():
            while self.turn():
                pass
            if not self.equal:
                self.say_hello(asks=True)
            return self.equal

        self.equal = False
        self.say_hello(asks=True)
        until(quiet_and_equal, seconds, "equal fingerprints")

    def on_hello(self, major, _minor, asks, root, instance, arrival, _acked_instance, _acked, *prints):
        need(major == 1 and root == self.root)
        if instance != self.heard["instance"]:
            self.heard = {"instance": instance, "upto": 0, "stored": 0}
        self.equal = list(prints[:2]) == self.fingerprints()
        if self.equal:
            self.heard.update(upto=arrival, stored=arrival)
        if asks:
            self.say_hello(asks=False)

    def on_note(self, since, upto, heads):
        asked, wanted = [], []
        for name, seq, _mark, *more in heads:
            described, start, runs = (more + [None] * 3)[:3]
            feed = self.feed_named(name)
            if feed is None and described is not None:
                feed = Feed(self.root, described)
                need(feed.id[:16] == name)
                self.feeds[feed.id] = feed
            if feed is None:
                asked.append(name)
                continue
            if runs and start == feed.seq:
                self.store(feed, start, runs)
            if seq > feed.seq:
                wanted.append(feed)
        if asked:
            self.peer.tell(ASK, asked)
        self.want(wanted)
        if upto and since <= self.heard["upto"]:
            self.heard["upto"] = max(self.heard["upto"], upto)
            self.peer.tell(ACK, self.heard["upto"], self.heard["stored"])

    def want(self, feeds):
        wants = [[feed.id[:16], feed.seq, feed.mark(feed.seq), CREDIT, self.arrivals] for feed in feeds]
        for at in range(0, len(wants), 64):
            self.peer.tell(WANT, wants[at:at + 64])

    def on_batch(self, name, start, to, packed, *_):
        feed = self.feed_named(name)
        if feed is None or to == start:
            return
        self.store(feed, start, zstandard.ZstdDecompressor().decompress(packed, max_output_size=512 * 1024))
        self.want([feed])  # a batch with nothing in it says that there is no more

    def store(self, feed, start, data):
        feed.take_sequence(start, data)
        self.arrivals += 1

    def on_ask(self, names):
        known = [feed for feed in map(self.feed_named, names) if feed is not None and feed.seq]
        self.peer.tell(NOTE, 0, 0, [feed.head() for feed in known])

    def on_ranges(self, space, lower, ranges):
        """Each range is answered with all heads in it: few are held (section 5.5)."""
        line, told, asked, wanted = [], [], [], []
        for upper, *said in ranges:
            mine = [head for head in self.heads(space) if lower <= head[0][:16] and (not upper or head[0][:16] < upper)]
            lower = upper
            if not said or (isinstance(said[0], bytes) and said[0] == fingerprint(mine)):
                line.append([upper])
            elif isinstance(said[0], bytes):
                line.append([upper, [part for id_, seq, chain in mine for part in (id_[:16], seq, chain[:16])]])
            else:
                line.append([upper])
                theirs = dict(zip(said[0][::3], said[0][1::3]))
                told += [self.feeds[id_].head() for id_, seq, _ in mine if seq > theirs.get(id_[:16], 0)]
                asked += [name for name in theirs if self.feed_named(name) is None]
                wanted += [feed for name, seq in theirs.items() if (feed := self.feed_named(name)) and seq > feed.seq]
        if any(len(one) > 1 for one in line):
            self.peer.tell(RANGES, space, b"", line)
        if told:
            self.peer.tell(NOTE, 0, 0, told)
        if asked:
            self.peer.tell(ASK, asked)
        self.want(wanted)

    def on_want(self, wants):
        for name, start, mark, *_ in wants:
            feed = self.feed_named(name)
            runs = b"" if feed is None or feed.mark(start) != mark else feed.runs_after(start)
            packed = zstandard.ZstdCompressor().compress(runs) if runs else b""
            self.peer.tell(BATCH, name, start, feed.seq if runs else start, packed)

    # --- records (section 4) ---

    def wrapped_keys(self, purpose):
        """Those for this node (section 7.1, type 7): (row, key)."""
        public = nacl.bindings.crypto_sign_ed25519_pk_to_curve25519(self.keys.node)
        secret = nacl.bindings.crypto_sign_ed25519_sk_to_curve25519(bytes(self.keys.signing) + self.keys.node)
        return [(row, nacl.bindings.crypto_box_seal_open(row[5], public, secret))
                for row in self.registry_rows(WRAPPED_KEY).values() if row[1] == purpose and row[4] == self.keys.node]

    def identity_key(self):
        return self.wrapped_keys("identity")[0][1]

    def epoch_keys(self, space):
        """{epoch: [key]} of a confidential space."""
        return {row[3]: [key] for row, key in self.wrapped_keys("space") if row[2] == space}

    def newest_epoch(self, space):
        """Of those that somebody was given, the one whose first key is the youngest (section 4.8); in a test all are clean."""
        said = sorted((feed.headers[seq - 1][1], seq, feed.chains[seq], version["fields"][3])
                      for feed, seq, version in self.versions(self.registry)
                      if version["type"] == WRAPPED_KEY and version["fields"].get(2) == space)
        first = {}
        for *_, epoch in said:
            first.setdefault(epoch, len(first))
        return max(first, key=first.get)

    def derived(self, type_, values, key=None):
        id_ = bytearray(blake2b(encode(["ayni-id-1", type_, values]), 16, key or self.identity_key()))
        id_[6], id_[8] = id_[6] & 0x0F | 0x80, id_[8] & 0x3F | 0x80
        return bytes(id_)

    def type_number(self, name):
        return next(row[1] for row in self.registry_rows(9).values() if row[2] == name)

    def fields_of(self, type_):
        """{number: row} of the catalogue."""
        return {row[2]: row for row in self.registry_rows(FIELD).values() if row[1] == type_}

    def record(self, space, type_, record):
        """Folded by the second reader of tests/vectors; everybody who wrote here has a right without an end."""
        told = []
        for feed, seq, version in self.versions(space):
            mine = version["record"] == record and version["type"] == type_
            told.append({"feed": feed.id.hex(), "seq": seq, "chain": feed.chains[seq].hex(),
                         "before": feed.chains[seq - 1].hex(), "time": feed.headers[seq - 1][1],
                         "payload": feed.payloads[seq - 1].hex() if mine else "of another record"})
        rules = collections.defaultdict(lambda: POLICY_OF_UNKNOWN)
        rules.update({str(number): row.get(9) or POLICY_OF_UNKNOWN for number, row in self.fields_of(type_).items()})
        standing = {one["chain"]: {"valid": True, "roles": []} for one in told}
        return read_fold.Record({"entries": told, "standing": standing, "rules": rules})

    def records(self, space, type_):
        return sorted({version["record"] for _, _, version in self.versions(space) if version["type"] == type_})

    def write(self, space, type_, record, fields, act=None):
        """One version under a seal of its own, having seen all that is held of the record."""
        feed = next((feed for feed in self.feeds.values() if feed.node == self.keys.node and feed.space == space), None)
        if feed is None:
            feed = Feed(self.root, [self.keys.node, space, 1, nacl.bindings.randombytes(16)])
            self.feeds[feed.id] = feed
        context = decode(self.record(space, type_, record).context(feed.id))
        meta = {1: "outsider"} if act is None else {1: "outsider", 4: act}
        payload = encode([nacl.bindings.randombytes(16), record, type_, context, fields, meta])
        keys = self.epoch_keys(space)
        if keys:
            epoch = self.newest_epoch(space)
            payload = feed.encrypt(epoch, keys[epoch][0], payload)
        now = max([int(time.time() * 1000)] + [header[1] for header in feed.headers[-1:]])
        chain = follow(feed.chains[-1], [[VERSION, now, len(payload), payload_hash(payload)]])
        signature = self.keys.sign(seal_payload(feed.id, feed.seq + 1, chain))
        run = [[[VERSION, now, payload]], signature]
        start = feed.seq
        feed.take(run, encode(run))
        self.arrivals += 1
        self.peer.tell(NOTE, self.arrivals - 1, self.arrivals, [feed.head() + [start, encode(run)]])

    def shown(self, space, type_, record):
        """As `ayni get` says it: {field: text}, and {contested field: [texts by number]}."""
        rows, fields, contested = self.fields_of(type_), {}, {}
        for field in self.record(space, type_, record).state()["fields"]:
            row = rows.get(field["number"])
            if row is None:
                continue  # of a later catalogue
            fields[row[3]] = as_text(row[4], decode(bytes.fromhex(field["shown"])))
            if field["contested"]:
                contested[row[3]] = [as_text(row[4], decode(bytes.fromhex(one["value"]))) for one in field["alternatives"]]
        return fields, contested


def as_text(kind, value):
    """A value as text (section 4.5); any word of a code, for what is written here is what was read."""
    kind, _, argument = kind.partition(" ")
    if kind == "set":
        return ",".join(sorted(value))
    return value if kind == "code" else read_value.show(kind, argument, (), value)


def fingerprint(heads):
    return H("ayni-heads-1", *(part for head in heads for part in head))[:16]


def unarmored(prefix, line):
    said, _, text = line.strip().partition(":")
    need(said == prefix)
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))

