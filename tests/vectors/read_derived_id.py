import re
import unicodedata

from ayni import blake2b, decode, encode
from read_ids import SPACES


def keyed(value):
    """A text in the form of keys; anything else as it is."""
    if not isinstance(value, str):
        return value
    return re.sub(SPACES, " ", unicodedata.normalize("NFC", value)).strip(" ")


def check(case):
    values = [keyed(decode(bytes.fromhex(item["value"]))) for item in case["values"]]
    encoded = encode(["ayni-id-1", case["type"], values])
    record = bytearray(blake2b(encoded, 16, bytes.fromhex(case["key"])))
    record[6] = record[6] & 0x0F | 0x80
    record[8] = record[8] & 0x3F | 0x80
    assert record.hex() == case["record"]
