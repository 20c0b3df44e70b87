from ayni import (array, cose, decode, descriptor, encode, entry, feed_id, follow, need, octets,
                  seal_payload, verify_seal)


def check(case):
    described = descriptor(decode(bytes.fromhex(case["descriptor"])))
    feed = feed_id(bytes.fromhex(case["root"]), described)
    entries, signature = array(decode(bytes.fromhex(case["bytes"])), 2)
    need(0 < len(entries) <= 256)
    read = [entry(one) for one in entries]
    times = [header[1] for header, _, _ in read]
    need(times == sorted(times), "invalid")
    chains, chain = [], bytes.fromhex(case["after_chain"])
    for header, _, _ in read:
        chain = follow(chain, [header])
        chains.append(chain)
    seq = case["after_seq"] + len(read)
    verify_seal(feed, seq, chain, octets(signature, 64), described[0])

    for (header, payload, hollow), chain_n, told in zip(read, chains, case["entries"], strict=True):
        assert header[:3] == [told["kind"], told["time"], told["payload_size"]]
        assert hollow == told["hollow"] and (payload or b"").hex() == told["payload"]
        assert header[3].hex() == told["payload_hash"]
        assert encode(header).hex() == told["header"] and chain_n.hex() == told["chain"]
    sealed, signed = cose(decode(bytes.fromhex(case["seal"])))
    assert sealed == seal_payload(feed, seq, chain) and signed == signature
