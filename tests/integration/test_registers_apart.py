#!/usr/bin/env python3
"""Two invented registers, imported apart and then together: what is contested, and what is merged, is exactly where they differ.

    AYNI_SEED=17   the registers of that seed
"""

import os
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402

SEED = int(os.environ.get("AYNI_SEED") or 1)
ANY = random.Random(SEED)
CHILDREN = 120

# What may stand in a column; an empty cell says nothing. The first three are required.
COLUMNS = {
    "surname_1": ["Huayta", "Ñahui", "Peña"],
    "given_names": ["Dulce María", "José", "Ana"],
    "birth_date": ["2024-02-29", "2023-12-31", "2025-01-01"],
    "sex": ["f", "m"],
    "ubigeo": ["160101", "160102"],
    "state": ["active", "not_found"],
    "surname_2": ["", "Ríos", "Vela"],
    "birth_plurality": ["", "1", "2"],
    "language": ["", "spa", "cod"],
    "address": ["", "Jr. Inventado 1", "Jr. Inventado 2"],
    "insurance": ["", "sis", "essalud"],
    "poverty": ["", "poor", "not_poor"],
}
# What these rules do waits for nobody; the steering node's organisation has the role midis, and nobody another one.
SETTLED = {"latest", "max", "min", "union", "authority:midis"}


def register(children):
    return {dni: {column: ANY.choice(values) for column, values in COLUMNS.items()} for dni in children}


def table(rows):
    return "\n".join([",".join(["dni", *COLUMNS])] + [",".join([dni, *row.values()]) for dni, row in rows.items()])


print(f"AYNI_SEED={SEED}")
numbers = [f"99{i:06}" for i in ANY.sample(range(1000), CHILDREN)]
first, second = register(numbers[: 2 * CHILDREN // 3]), register(numbers[CHILDREN // 3:])
differ = {(dni, column) for dni in first.keys() & second.keys() for column in COLUMNS
          if first[dni][column] and second[dni][column] and first[dni][column] != second[dni][column]}

with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("register", "loreto")
    loreto.stop()
    assert midis.ayni("import", "child", "-", "--space", "register", stdin=table(first))["created"] == len(first)
    midis.stop()
    loreto.start()
    assert loreto.ayni("import", "child", "-", "--space", "register", stdin=table(second))["created"] == len(second)
    midis.start()
    for node in (midis, loreto):
        until(lambda n=node: len(n.ayni("list", "child")) == CHILDREN, 60, f"all children at {node.name}")

    rules = {field["field"]: field["merge"] for field in midis.ayni("types", "child") if "field" in field}
    ids = {row["value"]: row["holder"] for row in midis.ayni("list", "identifier")}
    settled = {(ids[dni], column) for dni, column in differ if rules[column] in SETTLED}
    waiting = {(ids[dni], column) for dni, column in differ if rules[column] not in SETTLED}
    assert settled and waiting, "these registers hardly differ"
    for node in (midis, loreto):
        node.sync()  # the children that both registers have may come last
        assert {(c["id"], field) for c in node.ayni("conflicts") for field in c["fields"]} == waiting, node.name
        merged = node.ayni("conflicts", "--merged")
        assert {(m["id"], m["field"]) for m in merged} == settled, node.name
        assert all(m["rule"] == rules[m["field"]] and len(m["values"]) == 2 for m in merged), node.name

    # One rule gives it all to one register; its values stand, and so do those that it alone had.
    midis.ayni("resolve", "--prefer", "node:loreto", "--reason", "seen at the door")
    assert midis.ayni("conflicts") == []
    shown = {row["_id"]: row for row in midis.ayni("list", "child")}
    for one, column in waiting:
        dni = next(d for d, i in ids.items() if i == one)
        assert str(shown[one][column]) == second[dni][column], (one, column)
    assert {(m["id"], m["field"]) for m in midis.ayni("conflicts", "--merged")} == settled
