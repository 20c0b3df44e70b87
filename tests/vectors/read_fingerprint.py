"""Fingerprints of heads and of spaces, from docs/protocol.md, section 5.2."""

from ayni import H, decode


def print_of(heads):
    items = []
    for head in sorted(heads, key=lambda head: head["feed"]):
        feed = bytes.fromhex(head["feed"])
        if "branch_of" in head:  # the segment after a fork, by its first entry
            assert feed == H("ayni-branch-1", bytes.fromhex(head["branch_of"]), head["first_seq"],
                             bytes.fromhex(head["first_chain"]))
        items += [feed, head["seq"], bytes.fromhex(head["chain"])]
    return H("ayni-heads-1", *items)[:16]


def check(case):
    of = {}
    for head in case["heads"]:
        of.setdefault(head["space"], []).append(head)
    shared = []
    for space in sorted(case["shared"]):
        if space in of:
            shared += [bytes.fromhex(space), print_of(of[space])]
    registry = print_of(of.get(case["registry"], []))
    both = H("ayni-spaces-1", *shared)[:16]
    assert registry.hex() == case["registry_print"] and both.hex() == case["shared_print"]
    assert decode(bytes.fromhex(case["bytes"]))[9:11] == [registry, both]
