from ayni import (array, chain_start, cose, decode, descriptor, entry, feed_id, follow, header, need,
                  number, octets, seal_payload, verify_statement)


def read_part(item, root):
    described, seq, before, wire, headers, seal = array(item, 6)
    described = descriptor(described)
    feed = feed_id(root, described)
    first, payload, _ = entry(wire)
    number(seq, 1)
    need(isinstance(headers, (list, tuple)) and len(headers) < 256)
    need(seq > 1 or before == chain_start(feed), "chain")
    chain = follow(octets(before, 32), [first])
    sealed_seq = seq + len(headers)
    end = follow(chain, [header(one) for one in headers])
    sealed, signature = cose(seal)
    need(sealed == seal_payload(feed, sealed_seq, end), "chain")
    verify_statement(sealed, signature, described[0])
    return {"feed": feed.hex(), "seq": seq, "chain": chain.hex(), "payload": (payload or b"").hex(),
            "sealed_seq": sealed_seq}


def check(case):
    domain, root, parts = array(decode(bytes.fromhex(case["bytes"])), 3)
    need(domain == "ayni-proof-1" and isinstance(parts, (list, tuple)) and parts)
    read = [read_part(one, octets(root, 32)) for one in parts]
    assert root.hex() == case["root"] and read == case["parts"]
