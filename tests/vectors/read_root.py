from ayni import array, cose, decode, need, number, octets, points, verify_statement


def read_item(item, root):
    payload, signature = cose(item)
    verify_statement(payload, signature, root)
    domain, n, steering, cut = array(decode(payload), 4)
    need(domain == "ayni-root-1")
    return number(n, 1), octets(steering, 32), None if cut is None else points(cut)


def check(case):
    n, steering, cut = read_item(decode(bytes.fromhex(case["bytes"])), bytes.fromhex(case["root"]))
    assert (n, steering.hex(), cut) == (case["number"], case["steering"], case["cut"])
