from ayni import array, decode, entry_name, need, number, octets, text


def read_range(item):
    feed, start, end, prefix = array(item, 4)
    number(start, 1)
    number(end, start)
    return octets(feed, 32), start, end, octets(prefix, 8)


def check(case):
    ranges, order = array(decode(bytes.fromhex(case["bytes"])), 2)
    ranges = [read_range(one) for one in ranges]
    need(all(a < b for a, b in zip(ranges, ranges[1:])))
    salt, record, type_, meta = array(decode(octets(order)), 4)
    octets(salt, 16), octets(record, 16), number(type_, 0, 2**32 - 1)
    need(isinstance(meta, dict) and all(isinstance(key, int) and key >= 1 for key in meta))
    need(all(key in (1, 3, 6) or key > 7 for key in meta))

    assert case["ranges"] == [
        {"feed": feed.hex(), "from": start, "to": end, "chain": prefix.hex()}
        for feed, start, end, prefix in ranges
    ]
    assert (salt.hex(), record.hex(), type_) == (case["salt"], case["record"], case["type"])
    assert text(meta.get(1, "")) == case["steward"] and text(meta.get(3, "")) == case["reason"]
    assert (entry_name(meta[6]) if 6 in meta else None) == case.get("earlier")
