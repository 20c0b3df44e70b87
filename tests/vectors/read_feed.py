from ayni import H, chain_start, decode, descriptor, feed_id


def check(case):
    given = {key: bytes.fromhex(value) for key, value in case.items()
             if isinstance(value, str) and key != "name"}
    if "descriptor" in given:
        described = descriptor(decode(given["descriptor"]))
        assert described == (given["node"], given["space"], case["lane"], given["incarnation"])
        assert feed_id(given["root"], described) == given["feed"]
        assert chain_start(given["feed"]) == given["chain_0"]
    elif "branch" in given:
        assert H("ayni-branch-1", given["feed"], case["seq"], given["chain"]) == given["branch"]
    elif "registry" in given:
        assert H("ayni-registry-1", given["root"])[:16] == given["registry"]
    else:
        space = H("ayni-space-1", given["root"], given["owner"], given["random"])[:16]
        assert space == given["space"]
