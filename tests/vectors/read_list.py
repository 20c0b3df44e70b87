"""Ordered lists of children and acts, their hashes and sketches, from docs/protocol.md, sections 4.9 and 4.10."""

from ayni import H, decode

PARTS, PART_CELLS = 4, 24


def digest_of(record_type, *shown):
    maps = ({number: value for number, value in decode(one).items() if value is not None} for one in shown)
    return H("ayni-listed-1", record_type, *maps)[:16]


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
    if "listed" not in case:  # one child, of two records
        assert digest_of(101, *(bytes.fromhex(one["map"]) for one in case["shown"])).hex() == case["digest"]
        return
    listed = []
    for one in case["listed"]:
        digest = digest_of(case["type"], bytes.fromhex(one["shown"]))
        assert digest.hex() == one["digest"]
        listed.append((bytes.fromhex(one["id"]), digest))
    assert root_of(case["of"], case["place"], case["month"], listed).hex() == case["root"]
    assert sketch_of(listed).hex() == case["sketch"]
