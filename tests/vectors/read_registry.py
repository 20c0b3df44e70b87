"""Records of the registry, from docs/protocol.md section 7.1."""

import read_card
import read_payload
import read_root
from ayni import H, blake2b, decode, encode, need, octets, text

NODE, ID, FLAG, WHOLE, TEXT, BYTES = "node", "id", "flag", "whole", "text", "bytes"
WORDS = "words"

FIELDS = {
    1: {1: NODE, 2: WHOLE, 3: BYTES},
    2: {1: NODE, 2: TEXT, 3: ID, 4: BYTES, 5: FLAG},
    3: {1: NODE, 2: TEXT},
    4: {1: NODE, 2: ID, 3: TEXT, 4: TEXT, 5: FLAG, 6: NODE},
    5: {1: ID, 2: NODE, 3: TEXT},
    6: {1: ID, 2: TEXT},
    7: {1: TEXT, 2: ID, 3: ID, 4: NODE, 5: BYTES},
    8: {1: NODE, 2: TEXT, 3: TEXT, 4: NODE, 5: FLAG},
    9: {1: WHOLE, 2: TEXT, 3: TEXT, 4: TEXT, 5: WORDS, 6: TEXT, 7: TEXT, 8: FLAG, 9: TEXT},
    10: {1: WHOLE, 2: WHOLE, 3: TEXT, 4: TEXT, 5: TEXT, 6: WHOLE, 7: WHOLE, 8: FLAG, 9: TEXT,
         10: TEXT, 11: TEXT, 12: TEXT, 13: TEXT, 14: TEXT, 15: TEXT, 16: FLAG},
    11: {1: WHOLE, 2: WHOLE, 3: TEXT, 4: TEXT, 5: TEXT, 6: FLAG},
    12: {1: WHOLE, 2: TEXT, 3: TEXT, 4: TEXT, 5: TEXT, 6: TEXT, 7: FLAG},
    13: {1: WHOLE, 2: BYTES},
    704: {1: TEXT, 2: TEXT, 3: TEXT, 4: WORDS},
}
KEYS = {1: [1], 2: [1], 3: [1], 6: [1], 7: [1, 2, 3, 4], 8: [1, 2], 9: [1], 10: [1, 2],
        11: [1, 2, 3], 12: [1, 2], 13: [1], 704: [1]}
CODES = {
    (2, 2): {"partner", "government", "relay", "steering"},
    (4, 4): {"public", "personal", "sensitive", "sealed"},
    (5, 3): {"reader", "writer", "relay"},
    (7, 1): {"identity", "space"},
    (8, 3): {"reader", "editor", "reviewer", "admin", "auditor"},
    (12, 3): {"reject", "warn"},
}


def check_kind(kind, value):
    if kind in (NODE, ID, BYTES):
        octets(value, {NODE: 32, ID: 16, BYTES: None}[kind])
    elif kind == FLAG:
        need(isinstance(value, bool))
    elif kind == WHOLE:
        need(isinstance(value, int) and not isinstance(value, bool))
    elif kind == WORDS:
        need(list(value) == sorted(text(word) for word in value))
    else:
        text(value)


def derived(root, type_, values):
    id_ = bytearray(blake2b(encode(["ayni-id-1", type_, values]), 16, root))
    id_[6], id_[8] = id_[6] & 0x0F | 0x80, id_[8] & 0x3F | 0x80
    return bytes(id_)


def check_signed(type_, fields, root):
    """The statements inside are signed by whom they name."""
    if type_ == 1:
        serial, _, node, _, _ = read_card.read(fields[3])
        assert (serial, node) == (fields[2], fields[1])
    elif type_ == 2 and 4 in fields:
        assert read_card.read(fields[4])[2] == fields[1]
    elif type_ == 13:
        assert read_root.read_item(decode(fields[2]), root)[0] == fields[1]


def check(case):
    root, type_ = bytes.fromhex(case["root"]), case["type"]
    version = read_payload.read(bytes.fromhex(case["bytes"]))
    fields = version["fields"]
    assert version["type"] == type_ and version["record"].hex() == case["record"]
    for number, value in fields.items():
        if value is not None:
            check_kind(FIELDS[type_][number], value)
            assert value in CODES.get((type_, number), {value} if isinstance(value, str) else [value])
    key = KEYS.get(type_, [])
    if key and all(number in fields for number in key):
        made = derived(root, type_, [fields[number] for number in key])
        assert made == version["record"]
    if type_ == 4 and 2 in fields:
        assert H("ayni-space-1", root, fields[1], fields[2])[:16] == version["record"]
    check_signed(type_, fields, root)
