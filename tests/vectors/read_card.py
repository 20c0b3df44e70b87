import re

from ayni import armor, array, cose, decode, need, number, octets, text, verify_statement

ENDPOINT = re.compile(r"tcp://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]{0,4}")


def read(bytes_):
    """Name and keys of a card that its node signed."""
    need(len(bytes_) <= 1024, "limit")
    payload, signature = cose(decode(bytes_))
    domain, serial, name, node, transport_key, endpoints = array(decode(payload), 6)
    need(domain == "ayni-card-1" and isinstance(endpoints, (list, tuple)))
    octets(node, 32), octets(transport_key, 32), number(serial), text(name)
    verify_statement(payload, signature, node)
    need(serial > 0 and 0 < len(name.encode()) <= 120, "invalid")
    need(not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in name), "invalid")
    need(len(endpoints) <= 8, "limit")
    need(all(ENDPOINT.fullmatch(text(one)) for one in endpoints), "invalid")
    return serial, name, node, transport_key, endpoints


def check(case):
    bytes_ = bytes.fromhex(case["bytes"])
    serial, name, node, transport_key, endpoints = read(bytes_)
    assert armor("ayni-card-1", bytes_) == case["line"]
    assert (serial, name, node.hex()) == (case["serial"], case["node_name"], case["node"])
    assert transport_key.hex() == case["transport_key"]
    assert list(endpoints) == case["endpoints"]
