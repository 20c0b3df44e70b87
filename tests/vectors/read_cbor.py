from ayni import decode


def check(case):
    decode(bytes.fromhex(case["bytes"]))
