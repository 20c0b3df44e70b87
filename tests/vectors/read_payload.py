"""Payloads of versions, from docs/protocol.md section 4.1 and 4.2."""

from ayni import PAYLOAD_SIZE_MAX, array, decode, encode, entry_name, need, number, octets, text

UINT32_MAX = 2**32 - 1


def mapping(item, most=None):
    need(isinstance(item, dict))
    need(most is None or len(item) <= most, "limit")
    return item


def some(item):
    need(text(item) != "")
    return item


def ascending(items):
    need(all(a < b for a, b in zip(items, items[1:])))
    return items


def pairs(item):
    need(isinstance(item, (list, tuple)) and item and len(item) % 2 == 0)
    return ascending([(number(seq, 1), octets(chain, 8)) for seq, chain in zip(item[::2], item[1::2])])


def context(item):
    """[(0 or the prefix of a feed, seq, chain prefix), ...]"""
    read = []
    for feed, branches in mapping(item).items():
        if isinstance(feed, bytes):
            octets(feed, 16)
        else:
            number(feed, 0, 0)
        read += [(feed, seq, chain) for seq, chain in pairs(branches)]
    need(len(read) <= 1024, "limit")
    return read


def fields(item):
    for field, value in mapping(item, 256).items():
        number(field, 0, UINT32_MAX)
        need(field != 0 or value is True or value is None)
    return item


def erases(item):
    need(isinstance(item, (list, tuple)) and item)
    return ascending([octets(one, 8) for one in item])


def meta(item):
    """The known numbers by name, and the bytes of all others as they stand."""
    read, unknown = {}, b""
    for key, value in mapping(item).items():
        number(key, 1)
        if key == 1:
            read["steward"] = some(value)
        elif key == 2:
            organisation, name = array(value, 2)
            read["organisation"], read["origin"] = text(organisation), some(name)
        elif key == 3:
            read["reason"] = some(value)
        elif key == 4:
            read["act"] = number(value, 1)
        elif key == 5:
            read["source_day"] = number(value, -(2**63), 2**63 - 1)
        elif key == 6:
            read["withdraws"] = entry_name(value)
        elif key == 7:
            read["erases_seen"] = [one.hex() for one in erases(value)]
        else:
            unknown += encode(key) + encode(value)
    if unknown:
        read["unknown"] = unknown.hex()
    return read


def read(payload):
    need(len(payload) <= PAYLOAD_SIZE_MAX, "limit")
    salt, record, kind, seen, values, about = array(decode(payload), 6)
    version = {
        "salt": octets(salt, 16),
        "record": octets(record, 16),
        "type": number(kind, 0, UINT32_MAX),
        "context": context(seen),
        "fields": fields(values),
        "meta": meta(about),
    }
    act, withdraws = version["meta"].get("act", 0), "withdraws" in version["meta"]
    need(act > 1 or not withdraws)
    need(act != 2 or (withdraws and not values))
    return version


def check(case):
    version = read(bytes.fromhex(case["bytes"]))
    assert version["salt"].hex() == case["salt"] and version["record"].hex() == case["record"]
    assert version["type"] == case["type"] and version["meta"] == case["meta"]
    assert case["context"] == [{"feed": feed.hex() if feed else 0, "seq": seq, "chain": chain.hex()}
                               for feed, seq, chain in version["context"]]
    assert case["fields"] == [{"number": field, "value": encode(value).hex()}
                              for field, value in version["fields"].items()]
