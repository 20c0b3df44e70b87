import re
import unicodedata
import uuid

from ayni import armor, base32

# Unicode's White_Space, spelled out: Python's own idea of it is wider.
SPACES = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"


def check(case):
    if "node" in case:
        assert base32(bytes.fromhex(case["node"])) == case["text"]
    elif "record" in case:
        assert str(uuid.UUID(hex=case["record"])) == case["text"]
        assert uuid.UUID(hex=case["record"]).variant == uuid.RFC_4122
    elif "line" in case:
        assert armor(case["prefix"], bytes.fromhex(case["bytes"])) == case["line"]
    else:
        spaced = re.sub(SPACES, " ", unicodedata.normalize("NFC", case["text"]))
        assert spaced.strip(" ") == case["key"]
