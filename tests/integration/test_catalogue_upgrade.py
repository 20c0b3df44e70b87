#!/usr/bin/env python3
"""A federation that was founded earlier gets what a newer edition of the catalogue has; what steering said itself stays."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation, until  # noqa: E402

LABELS = ("label_es=es", "label_en=en")
CHILD = ("surname_1=Vela", "birth_date=2025-03-01", "sex=f", "ubigeo=160101", "state=active")


def type_named(edition, name):
    return next(t for t in edition["types"] if t["name"] == name)


def newer_edition():
    edition = json.loads((SOURCE / "daemon/records/catalogue/ecd_1.json").read_text())
    edition["edition"] = "ecd_2"
    edition["lists"]["language"]["xxx"] = ["otra", "another"]
    child = type_named(edition, "child")
    child["es"], child["en"] = "Niña, niño", "Girl or boy"
    child["rules"].append({"name": "name_too_long", "level": "reject", "expression": "length(given_names) < 12",
                           "es": "El nombre es largo", "en": "The name is long"})
    child["fields"].append({"number": 800, "name": "shoe_size", "kind": "int", "min": 10, "max": 50, "merge": "review",
                            "read": "personal", "es": "talla de zapato", "en": "shoe size"})
    loan = {"number": 950, "name": "toy_loan", "es": "Prestamo", "en": "Loan", "subjects": ["child"], "key": [], "class": "personal",
            "fields": [{"number": 1, "name": "child", "kind": "ref", "targets": ["child"], "required": True, "merge": "review",
                        "read": "personal", "es": "Nina", "en": "Child"}]}
    edition["types"].append(loan)
    return edition


def upgrade(node, *more, code=0):
    rows = node.ayni("catalogue", "upgrade", *more, code=code)
    return {(r["type"], r["name"], r["state"]): r["fields"] for r in rows} if code == 0 else rows


def check(node):
    """What doctor says of the catalogue; of a steering node other things may not be in order."""
    found = json.loads(node.run("--json", "doctor").stdout)
    return next(c for c in found if c["check"] == "catalogue")


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("visits", "loreto")
    newer = fed.folder / "ecd_2.json"
    newer.write_text(json.dumps(newer_edition(), ensure_ascii=False))
    assert upgrade(midis) == {} and upgrade(midis, "--dry-run") == {}
    assert check(midis)["ok"] and check(loreto)["ok"]

    # What steering has said itself.
    midis.ayni("put", "type", "--space", "registry", "number=101", "label_en=Little one")
    midis.ayni("put", "rule", "--space", "registry", "type=101", "name=six_or_older", "retired=true")
    midis.ayni("put", "type", "--space", "registry", "number=1500", "name=toy_loan", *LABELS, "subjects=child", "class=personal")

    kept = {("type", "child", "kept"): ["label_en"], ("rule", "child.six_or_older", "kept"): ["retired"],
            ("type", "toy_loan", "taken"): ["number", "name", "label_es", "label_en", "subjects", "class", "edition"],
            ("field", "toy_loan.child", "taken"): ["type", "number", "name", "kind", "required", "merge", "read", "targets",
                                                   "label_es", "label_en"]}
    written = {("type", "child", "changed"): ["label_es"], ("rule", "child.name_too_long", "new"): None,
               ("field", "child.shoe_size", "new"): None, ("code_list", "@language=xxx", "new"): None}
    before = midis.ayni("query", "SELECT count(*) AS n FROM rule")
    for more in ((newer, "--dry-run"), (newer, "--dry-run"), (newer,)):
        assert midis.ayni("query", "SELECT count(*) AS n FROM rule") == before
        found = upgrade(midis, *more)
        assert found.keys() == kept.keys() | written.keys(), found
        assert all(found[k] == v for k, v in {**kept, **written}.items() if v), found
    assert upgrade(midis, newer) == kept, "the same again finds nothing to write"

    # All nodes have it, and what is wanted of new records.
    loreto.sync()
    put = ("put", "child", "--space", "visits")
    assert loreto.ayni(*put, "given_names=Maria Fernanda", *CHILD, code=3)["error"]["code"] == "name_too_long"
    loreto.ayni(*put, "given_names=Ana", "shoe_size=23", "language=xxx", *CHILD)
    assert loreto.ayni(*put, "given_names=Eva", "shoe_size=5", *CHILD, code=3)["error"]["code"] == "out_of_range"
    row = next(r for r in midis.ayni("types") if r["type"] == "child")
    assert "Little one" in json.dumps(row), row
    assert loreto.ayni("problems") == []

    # An older edition takes nothing back, and doctor asks for nothing.
    assert upgrade(midis) == {k: v for k, v in kept.items() if "toy_loan" not in k[1]}
    assert check(midis)["ok"]

    # Who may not, and what is none: nothing of it is written.
    assert loreto.ayni("catalogue", "upgrade", newer, code=3)["error"]["code"] == "right"
    bad = newer_edition()
    type_named(bad, "child")["rules"].append({"name": "nonsense", "level": "warn", "expression": "moon_phase > 3", "es": "x", "en": "x"})
    for text in (json.dumps(bad), "{", "[]", json.dumps({**newer_edition(), "more": 1})):
        newer.write_text(text)
        assert upgrade(midis, newer, code=3)["error"]["code"] == "invalid", text
    assert midis.run("catalogue", "upgrade", fed.folder / "none.json").returncode != 0
    assert upgrade(midis).keys() == {k for k in kept if "toy_loan" not in k[1]}
