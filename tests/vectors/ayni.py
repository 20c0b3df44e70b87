"""What all readers of vectors need, written from docs/protocol.md sections 1 to 3."""

import base64
import hashlib
import io

import cbor2
import nacl.exceptions
import nacl.signing

DEPTH_MAX = 12
COUNT_MAX = 65536
PAYLOAD_SIZE_MAX = 65536


class Refused(Exception):
    """Its text is the status by which our decoders refuse."""


def need(condition, status="malformed"):
    if not condition:
        raise Refused(status)


# --- section 1.1: CBOR ---


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << 8 * size:
            return bytes([major << 5 | code]) + value.to_bytes(size, "big")
    raise Refused("malformed")


def encode(item):
    """The one deterministic form of an item of the profile."""
    if item is None:
        return b"\xf6"
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        text = item.encode()
        return head(3, len(text)) + text
    if isinstance(item, (list, tuple)):
        return head(4, len(item)) + b"".join(encode(one) for one in item)
    if isinstance(item, dict):
        for key in item:
            need(isinstance(key, (int, bytes, str)) and not isinstance(key, bool))
        pairs = sorted((encode(key), encode(value)) for key, value in item.items())
        return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    if isinstance(item, cbor2.CBORTag):
        need(item.tag == 18)
        return head(6, 18) + encode(item.value)
    raise Refused("malformed")


def depth(item):
    if isinstance(item, (list, tuple)):
        need(len(item) <= COUNT_MAX, "limit")
        return 1 + max((depth(one) for one in item), default=0)
    if isinstance(item, dict):
        need(len(item) <= COUNT_MAX, "limit")
        return 1 + max((depth(one) for one in item.values()), default=0)
    if isinstance(item, cbor2.CBORTag):
        return 1 + depth(item.value)
    return 0


def decode_front(data):
    """The first item of the bytes, and how many it takes."""
    stream = io.BytesIO(data)
    try:
        item = cbor2.CBORDecoder(stream).decode()
    except Exception as error:  # cbor2 has many; to us they are one
        raise Refused("malformed") from error
    used = stream.tell()
    need(encode(item) == data[:used])
    need(depth(item) <= DEPTH_MAX, "limit")
    return item, used


def decode(data):
    item, used = decode_front(data)
    need(used == len(data))
    return item


def array(item, size):
    need(isinstance(item, (list, tuple)) and len(item) == size)
    return item


def octets(item, size=None):
    need(isinstance(item, bytes) and (size is None or len(item) == size))
    return item


def number(item, lowest=0, highest=2**64 - 1):
    need(isinstance(item, int) and not isinstance(item, bool) and lowest <= item <= highest)
    return item


def text(item):
    need(isinstance(item, str))
    return item


# --- sections 1.2 to 1.4: hashes and statements ---


def blake2b(data, size=32, key=b""):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def H(*items):
    return blake2b(encode(list(items)))


def verify(node, message, signature):
    try:
        nacl.signing.VerifyKey(node).verify(message, signature)
    except (nacl.exceptions.BadSignatureError, ValueError) as error:
        raise Refused("signature") from error


def verify_statement(payload, signature, node):
    verify(node, encode(["Signature1", b"\xa1\x01\x27", b"", payload]), signature)


def cose(item):
    """Payload and signature of a COSE_Sign1 item, unverified."""
    need(isinstance(item, cbor2.CBORTag) and item.tag == 18)
    protected, unprotected, payload, signature = array(item.value, 4)
    need(protected == b"\xa1\x01\x27" and unprotected == {})
    return octets(payload), octets(signature, 64)


# --- section 2: ids ---


def base32(data):
    return base64.b32encode(data).decode().rstrip("=").lower()


def armor(prefix, data):
    return f"{prefix}:{base32(data)}"


def entry_name(item):
    feed, seq, prefix = array(item, 3)
    return {
        "feed": octets(feed, 32).hex(),
        "seq": number(seq, 1),
        "chain": octets(prefix, 8).hex(),
    }


def points(item):
    """Where feeds are cut: [[feed, seq, chain], ...], ascending."""
    need(isinstance(item, (list, tuple)))
    read = [(octets(feed, 32), number(seq, 1), octets(chain, 32))
            for feed, seq, chain in (array(one, 3) for one in item)]
    need(all(a < b for a, b in zip(read, read[1:])))
    return [{"feed": feed.hex(), "seq": seq, "chain": chain.hex()} for feed, seq, chain in read]


# --- section 3: feeds, entries, seals ---


def descriptor(item):
    node, space, lane, incarnation = array(item, 4)
    return octets(node, 32), octets(space, 16), number(lane, 0, 255), octets(incarnation, 16)


def feed_id(root, described):
    node, space, lane, incarnation = described
    return H("ayni-feed-1", root, node, space, lane, incarnation)


def chain_start(feed):
    return H("ayni-chain-1", feed)


def header(item):
    kind, time, size, digest = array(item, 4)
    need(number(size) <= PAYLOAD_SIZE_MAX, "limit")
    return [number(kind), number(time), size, octets(digest, 32)]


def payload_hash(payload):
    return H("ayni-payload-1", payload)


def entry(item):
    """The header of an entry on the wire, its payload or None, and why it is hollow (0: it isn't)."""
    need(isinstance(item, (list, tuple)) and len(item) in (3, 5))
    if len(item) == 3:
        kind, time, payload = item
        octets(payload)
        return header([kind, time, len(payload), payload_hash(payload)]), payload, 0
    kind, time, size, digest, reason = item
    return header([kind, time, size, digest]), None, min(number(reason, 1), 3)


def follow(chain, headers):
    for one in headers:
        chain = H("ayni-chain-1", chain, one)
    return chain


def seal_payload(feed, seq, chain):
    return encode(["ayni-seal-1", feed, seq, chain])


def verify_seal(feed, seq, chain, signature, node):
    verify_statement(seal_payload(feed, seq, chain), signature, node)
