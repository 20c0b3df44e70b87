from ayni import (array, chain_start, decode, descriptor, feed_id, follow, header, need, number,
                  octets, verify_seal)


def read_side(item, seq, before):
    headers, signature = array(item, 2)
    need(isinstance(headers, (list, tuple)) and 0 < len(headers) <= 256)
    headers = [header(one) for one in headers]
    return {
        "chain": follow(before, headers[:1]),
        "end": follow(before, headers),
        "sealed_seq": seq + len(headers) - 1,
        "signature": octets(signature, 64),
    }


def check(case):
    root, described, seq, before, *sides = array(decode(bytes.fromhex(case["bytes"])), 6)
    described = descriptor(described)
    feed = feed_id(octets(root, 32), described)
    number(seq, 1)
    sides = [read_side(one, seq, octets(before, 32)) for one in sides]
    need(seq > 1 or before == chain_start(feed), "chain")
    need(sides[0]["chain"] < sides[1]["chain"], "invalid")
    for side in sides:
        verify_seal(feed, side["sealed_seq"], side["end"], side["signature"], described[0])

    assert (feed.hex(), seq) == (case["feed"], case["seq"])
    assert case["chains"] == [{"chain": side["chain"].hex(), "sealed_seq": side["sealed_seq"]}
                              for side in sides]
