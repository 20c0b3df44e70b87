import read_card
import read_root
from ayni import armor, array, decode, encode, need, octets, text


def check(case):
    bytes_ = bytes.fromhex(case["bytes"])
    need(len(bytes_) <= 4096, "limit")
    domain, federation, root, statements, card = array(decode(bytes_), 5)
    need(domain == "ayni-ticket-1" and isinstance(statements, (list, tuple)))
    octets(root, 32), text(federation)
    read = [read_root.read_item(one, root) for one in statements]
    need(read and all(a[0] < b[0] for a, b in zip(read, read[1:])), "invalid")
    node = read_card.read(encode(card))[2]
    need(node == read[-1][1], "invalid")

    assert armor("ayni-ticket-1", bytes_) == case["line"]
    assert (federation, root.hex()) == (case["federation"], case["root"])
    assert (read[-1][0], node.hex()) == (case["number"], case["steering"])
