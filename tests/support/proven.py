"""What a proof of a record's newest version holds (docs/protocol.md, sections 3.5 and 4.8), read with nothing of ours."""

import base64


def item(data, at=0):
    """One item of CBOR and where it ends: of what proofs and payloads have, lists, bytes, texts and unsigned numbers."""
    major, size = data[at] >> 5, data[at] & 31
    at += 1
    if size >= 24:
        width = 1 << (size - 24)
        size = int.from_bytes(data[at:at + width], "big")
        at += width
    if major in (2, 3):
        return bytes(data[at:at + size]), at + size
    if major == 4:
        items = []
        for _ in range(size):
            one, at = item(data, at)
            items.append(one)
        return items, at
    if major == 6:
        return item(data, at)
    if major == 5:
        for _ in range(2 * size):
            _, at = item(data, at)
        return {}, at
    return (size if major == 0 else -1 - size), at


def proven_payload(node, record):
    """{"epoch", "nonce", "ciphertext"} of the newest version, as the node has it in a confidential space."""
    line = node.ayni("proof", record)["proof"].upper()
    proof, _ = item(base64.b32decode(line + "=" * (-len(line) % 8)))
    entry = proof[2][0][3]
    parts, _ = item(entry[2])
    assert len(parts) == 3, "it isn't encrypted"
    return dict(zip(("epoch", "nonce", "ciphertext"), parts))
