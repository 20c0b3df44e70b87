from ayni import array, decode, entry_name, need, number


def check(case):
    orders, state, backup = array(decode(bytes.fromhex(case["bytes"])), 3)
    orders = [entry_name(one) for one in orders]
    keys = [(one["feed"], one["seq"], one["chain"]) for one in orders]
    need(0 < len(orders) and all(a < b for a, b in zip(keys, keys[1:])))
    need(state in (1, 2))
    if backup is not None:
        number(backup, -(2**63), 2**63 - 1)
    assert (orders, state, backup) == (case["orders"], case["state"], case["backup_day"])
