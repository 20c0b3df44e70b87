"""Messages between nodes, from docs/protocol.md, section 5."""

from ayni import array, decode, descriptor, entry, need, number, octets


def least(item, size):
    """The elements that are known; those behind them are of a newer version."""
    need(isinstance(item, (list, tuple)) and len(item) >= size)
    return item[:size]


def listed(item):
    need(isinstance(item, (list, tuple)))
    return item


def boolean(item):
    need(isinstance(item, bool))
    return item


def bound(item):
    need(isinstance(item, bytes) and len(item) <= 16)
    return item


def hello(major, minor, asks, root, *rest):
    need(number(major) == 1, "version")
    number(minor), boolean(asks), octets(root, 32)
    instance, arrival, ack_instance, ack_arrival, registry, shared, *perhaps = rest
    number(arrival), number(ack_arrival)
    for item in (instance, ack_instance, registry, shared):
        octets(item, 16)
    for item in perhaps[:2]:
        boolean(item)
    for item in perhaps[2:]:
        number(item)


def noted(item):
    need(isinstance(item, (list, tuple)) and (len(item) in (3, 4) or len(item) >= 6))
    name, seq, mark = item[:3]
    octets(name, 16), number(seq, 1)
    need(mark is not None or len(item) >= 6)
    if mark is not None:
        octets(mark, 16)
    if len(item) > 3 and (item[3] is not None or len(item) == 4):
        descriptor(item[3])
    if len(item) >= 6:
        start, runs = item[4:6]
        need(number(start) < seq and 0 < len(octets(runs)))
        need(len(runs) <= 1024, "limit")
        entries, signature = array(decode(runs), 2)
        octets(signature, 64)
        assert len([entry(one) for one in entries]) == seq - start


def note(since, upto, heads):
    need(number(since) <= number(upto))
    for one in listed(heads):
        noted(one)


def ack(heard, stored):
    number(heard), number(stored)


def pad(prefix):
    return prefix.ljust(16, b"\0")


def ranges(space, lower, line):
    octets(space, 16)
    before = pad(bound(lower))
    for index, one in enumerate(listed(line)):
        need(isinstance(one, (list, tuple)) and one)
        upper = bound(one[0])
        need(before < pad(upper) or (index == len(line) - 1 and upper == b""))
        before = pad(upper)
        if len(one) > 1 and isinstance(one[1], bytes):
            octets(one[1], 16)
        elif len(one) > 1:
            triples(one[1])


def triples(items):
    need(len(listed(items)) % 3 == 0)
    for at in range(0, len(items), 3):
        octets(items[at], 16), number(items[at + 1]), octets(items[at + 2], 16)


def ask(names):
    for name in listed(names):
        octets(name, 16)


def want(wants):
    for one in listed(wants):
        name, start, mark, credit, turn = least(one, 5)
        octets(name, 16), number(start), octets(mark, 16), number(credit), number(turn)


def batch(name, start, end, packed, *later):
    octets(name, 16), octets(packed)
    need(number(start) < number(end) if packed else start == end)
    need(not packed or packed[:4] == b"\x28\xb5\x2f\xfd")
    for item in later:
        need(not packed)
        number(item)


def fork(name, points):
    octets(name, 16)
    need(len(listed(points)) % 2 == 0)
    need(len(points) <= 32, "limit")
    seqs = [number(seq, 1) for seq in points[::2]]
    need(all(a < b for a, b in zip(seqs, seqs[1:])))
    for mark in points[1::2]:
        octets(mark, 16)


def trace(name, low, high):
    octets(name, 16)
    need(number(low) < number(high))


# How many elements there are after the type, at least and at most.
FORMS = [(hello, 10, 14), (note, 3), (ack, 2), (ranges, 3), (ask, 1), (want, 1), (batch, 4, 5), (fork, 2),
         (trace, 3)]


def plain(item):
    """As JSON has it."""
    if isinstance(item, bytes):
        return item.hex()
    return [plain(one) for one in item] if isinstance(item, (list, tuple)) else item


def check(case):
    message = decode(bytes.fromhex(case["bytes"]))
    need(isinstance(message, (list, tuple)) and message)
    form, size, *most = FORMS[number(message[0])]
    need(len(message) >= 1 + size)
    elements = message[1:1 + max([size, *most])]
    form(*elements)
    assert message[0] == case["type"] and plain(elements) == case["says"]
