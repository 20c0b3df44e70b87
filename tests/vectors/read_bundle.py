import nacl.bindings
import nacl.exceptions
import nacl.public
import nacl.signing

from ayni import (array, blake2b, cose, decode, decode_front, descriptor, entry, feed_id, follow,
                  need, number, octets, verify_seal, verify_statement)

MAGIC = b"ayni-bundle-1\n"


class Frames:
    """The frames of a volume, one after the other."""

    def __init__(self, data):
        need(data[:len(MAGIC)] == MAGIC, "version")
        self.data, self.at = data, len(MAGIC)

    def next(self):
        need(self.at + 4 <= len(self.data), "truncated")
        size = int.from_bytes(self.data[self.at:self.at + 4], "big")
        need(size <= 1114112, "limit")
        frame = self.data[self.at + 4:self.at + 4 + size]
        need(len(frame) == size, "truncated")
        self.at += 4 + size
        return frame


def unpack(frame):
    """A Zstandard frame whose blocks aren't compressed (RFC 8878), with a single segment."""
    assert frame[:4] == b"\x28\xb5\x2f\xfd" and frame[4] & 0x3F == 0x20
    width = {0: 1, 1: 2, 2: 4, 3: 8}[frame[4] >> 6]
    size = int.from_bytes(frame[5:5 + width], "little") + (256 if width == 2 else 0)
    need(size <= 1024 * 1024, "limit")
    at, plain, last = 5 + width, b"", False
    while not last:
        block = int.from_bytes(frame[at:at + 3], "little")
        last, kind, length = block & 1, block >> 1 & 3, block >> 3
        assert kind == 0
        plain += frame[at + 3:at + 3 + length]
        at += 3 + length
    need(len(plain) == size and at == len(frame))
    return plain


def open_key(head, seed):
    signing = nacl.signing.SigningKey(seed)
    assert bytes(signing.verify_key) == head[3]
    return octets(nacl.public.SealedBox(signing.to_curve25519_private_key()).decrypt(head[7]), 32)


def open_chunk(key, head_bytes, index, chunk):
    nonce = bytes(16) + index.to_bytes(8, "big")
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(chunk, head_bytes, nonce, key)
    except nacl.exceptions.CryptoError:
        need(False, "signature")


def read_items(plain):
    while plain:
        item, used = decode_front(plain)
        yield item
        plain = plain[used:]


def check_runs(root, item, told):
    _, feed, described, seq, chain, runs = item
    described = descriptor(described)
    assert octets(feed, 32) == feed_id(root, described) and feed.hex() == told["feed"]
    while runs:
        run, used = decode_front(runs)
        entries, signature = array(run, 2)
        chain = follow(chain, [entry(one)[0] for one in entries])
        seq += len(entries)
        verify_seal(feed, seq, chain, octets(signature, 64), described[0])
        runs = runs[used:]
    assert (seq, chain.hex()) == (told["to"], told["chain"])


def check_items(items, case, root):
    assert items[-1] == [42, 1]  # of a newer version: passed over
    if "runs" not in case:
        return
    contents, heads, runs = items[:3]
    assert contents[:2] == [0, case["entries"]] and sum(contents[2][1::2]) == case["entries"]
    assert contents[2][::2] == sorted(contents[2][::2])
    assert heads[0] == 1 and heads[1] == [bytes.fromhex(case["runs"]["feed"])[:16], case["runs"]["to"],
                                          bytes.fromhex(case["runs"]["chain"])[:16]]
    check_runs(root, runs, case["runs"])


def read_head(frame):
    head = array(decode(frame), 8)
    need(head[0] == "ayni-bundle-1")
    for key in head[1:4]:
        octets(key, 32)
    octets(head[4], 16), number(head[5]), number(head[6], 1, 65535), octets(head[7], 80)
    return head


def check(case):
    frames = Frames(bytes.fromhex(case["bytes"]))
    head_bytes = frames.next()
    head = read_head(head_bytes)
    key = open_key(head, bytes.fromhex(case["seed"]))
    total, items, index = blake2b(blake2b(MAGIC) + head_bytes), [], 0
    while chunk := frames.next():
        total, index = blake2b(total + chunk), index + 1
        items += read_items(unpack(open_chunk(key, head_bytes, index, chunk)))
    payload, signature = cose(decode(frames.next()))
    verify_statement(payload, signature, head[2])
    domain, end_sum, volumes = array(decode(payload), 3)
    need(domain == "ayni-bundle-end-1" and number(volumes, 1, 65535) >= head[6])
    need(end_sum == total, "chain")
    assert frames.at == len(frames.data)
    assert [one.hex() for one in head[1:5]] == [case[name] for name in ("root", "sender", "receiver", "bundle")]
    assert [head[5], head[6], volumes] == [case["time"], case["volume"], case["volumes"]]
    check_items(items, case, head[1])
