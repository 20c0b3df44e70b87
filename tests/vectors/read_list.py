"""Ordered lists of children, their hashes and sketches, from docs/protocol.md, section 4.9."""

from ayni import H, decode

PARTS, PART_CELLS = 4, 24


def digest_of(*shown):
    maps = ({number: value for number, value in decode(one).items() if value is not None} for one in shown)
    return H("ayni-listed-1", 101, *maps)[:16]


def root_of(name, place, month, children):
    root = H("ayni-list-1", name, place, month)
    for child, digest in sorted(children):
        root = H("ayni-list-1", root, child, digest)
    return root


def sketch_of(children):
    cells = [[0, bytes(40)] for _ in range(PARTS * PART_CELLS)]
    for child, digest in children:
        check = H("ayni-sketch-1", child, digest)
        added = child + digest + check[:8]
        for part in range(PARTS):
            cell = cells[part * PART_CELLS + check[8 + part] % PART_CELLS]
            cell[0] += 1
            cell[1] = bytes(a ^ b for a, b in zip(cell[1], added))
    return b"".join(count.to_bytes(4, "big") + xor for count, xor in cells)


def check(case):
    if "children" not in case:  # one child, of two records
        assert digest_of(*(bytes.fromhex(one["map"]) for one in case["shown"])).hex() == case["digest"]
        return
    children = []
    for child in case["children"]:
        digest = digest_of(bytes.fromhex(child["shown"]))
        assert digest.hex() == child["digest"]
        children.append((bytes.fromhex(child["id"]), digest))
    assert root_of(case["name_hashed"], case["place"], case["month"], children).hex() == case["root"]
    assert sketch_of(children).hex() == case["sketch"]
