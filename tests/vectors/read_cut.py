from ayni import array, decode, octets, points


def check(case):
    ending, cut = array(decode(bytes.fromhex(case["bytes"])), 2)
    assert octets(ending, 16).hex() == case["ending"] and points(cut) == case["points"]
