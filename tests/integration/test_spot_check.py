#!/usr/bin/env python3
"""A random sample to be verified in the field: drawn as docs/quality.md says, the same on two nodes; its form filled in and loaded;
what the answers come to in `quality`. AYNI_SEED chooses the records."""

import csv
import datetime
import hashlib
import io
import os
import pathlib
import random
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402

SEED = int(os.environ.get("AYNI_SEED", random.SystemRandom().randrange(10**9)))
DISTRICTS = ("160101", "160102", "250101")
NUMBERS = {"growth": 203, "hb_test": 208}


def head(major, value):
    """The head of an item of CBOR."""
    for size, mark in ((1, 24), (2, 25), (4, 26)):
        if value < (24 if size == 1 else 0):
            return bytes([major << 5 | value])
        if value < 1 << 8 * size:
            return bytes([major << 5 | mark]) + value.to_bytes(size, "big")
    raise ValueError(value)


def lot(seed, number, record):
    """H("ayni-sample-1", seed, type, record id)"""
    items = [head(3, 13) + b"ayni-sample-1", head(3, len(seed)) + seed.encode(), head(0, number),
             head(2, 16) + uuid.UUID(record).bytes]
    return hashlib.blake2b(head(4, 4) + b"".join(items), digest_size=32).digest()


def drawn(node, *options):
    run = node.run("spot-check", *options)
    assert run.returncode == 0, run
    return list(csv.DictReader(io.StringIO(run.stdout))), run.stderr


with Federation("midis", "partner") as fed:
    midis, partner = fed["midis"], fed["partner"]
    rng = random.Random(SEED)
    fed.space("registers", "partner")
    fed.space("visits", "partner")
    today = datetime.date.today()
    for i, district in enumerate(DISTRICTS):
        midis.ayni("put", "child", "--space", "registers", f"dni={99000001 + i}", "surname_1=Ríos", f"given_names=Ana {'ABC'[i]}",
                   "birth_date=2025-01-01", "sex=f", f"ubigeo={district}", "state=active")
    services, path = [], fed.folder / "rows.csv"
    for node, kind, field in ((midis, "growth", "weight_g"), (partner, "hb_test", "hb")):
        rows = []
        for i in range(40):
            child = rng.randrange(3)
            rows.append({"subject": f"dni:{99000001 + child}", "date": f"2026-0{rng.choice((3, 4))}-11", "source": "kobo",
                         "source_id": f"{kind}{i}", field: 12})
            rows[-1][field] = 9000 + i if field == "weight_g" else 11.5
        with open(path, "w", newline="") as file:
            table = csv.DictWriter(file, rows[0])
            table.writeheader()
            table.writerows(rows)
        assert midis.sync() and partner.sync()
        node.ayni("import", kind, path, "--space", "visits")
    midis.sync()
    partner.sync()
    places = {midis.ayni("get", f"dni:{99000001 + i}")["id"]: d for i, d in enumerate(DISTRICTS)}
    author = {n: n.ayni("card")["node"] for n in (midis, partner)}
    for kind in NUMBERS:
        for row in midis.ayni("list", kind):
            services.append({"id": row["_id"], "kind": kind, "place": places[row["subject"]], "month": row["date"][:7],
                             "node": row["_node"]})
    assert len(services) == 80

    # Whoever holds the same draws the same: the lowest lots. Filters make another population of it.
    for options, keep in (((), lambda s: True), (("--type", "growth"), lambda s: s["kind"] == "growth"),
                          (("--territory", "1601"), lambda s: s["place"].startswith("1601")),
                          (("--period", "2026-03"), lambda s: s["month"] == "2026-03"),
                          (("--node", "partner", "--territory", "25"),
                           lambda s: s["node"] == author[partner] and s["place"].startswith("25"))):
        seed = f"{rng.getrandbits(64):x}"
        population = [s for s in services if keep(s)]
        expected = [s["id"] for s in sorted(population, key=lambda s: lot(seed, NUMBERS[s["kind"]], s["id"]))][:12]
        for node in (midis, partner):
            form, told = drawn(node, "--sample", 12, "--seed", seed, *options)
            assert [r["record"] for r in form] == expected, (SEED, options, seed)
            assert {r["_of"] for r in form} == {str(len(population))} and seed in told, (told, form)

    # Without a seed nobody can foresee it, and what is printed draws it again.
    form, told = drawn(midis, "--sample", 30, "--type", "growth")
    seed = form[0]["_seed"]
    assert len(form) == 30 and len(seed) == 32 and seed in told
    assert seed != drawn(midis, "--sample", 1)[0][0]["_seed"]
    assert drawn(partner, "--sample", 30, "--type", "growth", "--seed", seed)[0] == form
    assert all(r["_who"].startswith("Ana ") and "weight_g=" in r["_says"] and r["chosen"] == "random" for r in form), form[0]

    # The form is filled in, not everywhere and not always rightly, and comes back.
    found = [rng.choice(("true", "false", "partly", "absent")) for _ in range(20)]
    for row, word in zip(form, found):
        row.update(found=word, date=today.isoformat())
    form[20].update(found="perhaps", date=today.isoformat())
    form[21].update(found="true", date="yesterday")
    form[22].update(found="true", date=today.isoformat(), reason="")
    form[23].update(found="true", date=today.isoformat(), record="nobody")
    answers, rejects = fed.folder / "answers.csv", fed.folder / "rejects.csv"
    with open(answers, "w", newline="") as file:
        table = csv.DictWriter(file, form[0])
        table.writeheader()
        table.writerows(form)
    load = ("spot-check", "--answers", answers, "--space", "visits", "--rejects", rejects)
    tried = partner.ayni(*load, "--dry-run")
    assert (tried["read"], tried["created"], tried["rejected"]) == (30, 21, 9), tried
    assert partner.ayni("list", "spot_check") == []
    counts = partner.ayni(*load)
    assert (counts["created"], counts["rejected"], counts["warnings"]) == (21, 9, 1), counts
    with open(rejects, newline="") as file:
        left = list(csv.reader(file))[1:]
    assert sorted((row[-4], row[-2]) for row in left) == \
        sorted([("22", "unknown_code"), ("23", "bad_date"), ("25", "bad_reference")] + [(str(n), "missing") for n in range(26, 32)]), left
    again = partner.ayni(*load)
    assert (again["created"], again["unchanged"], again["rejected"]) == (0, 21, 9), again

    # What is left is checked later, from the rejects; the seed stays with it.
    with open(rejects, newline="") as file:
        table = list(csv.reader(file))
    names = table[0]
    for row in table[1:]:
        row[names.index("found")], row[names.index("date")] = "absent", today.isoformat()
        if row[names.index("record")] == "nobody":
            row[names.index("record")] = form[29]["record"]
    with open(answers, "w", newline="") as file:
        csv.writer(file).writerows([names, *table[1:-1]])
    counts = partner.ayni("spot-check", "--answers", answers, "--space", "visits")
    assert (counts["created"], counts["rejected"]) == (8, 0), counts

    # Accuracy is of who wrote what was checked, whoever went there.
    checks = partner.ayni("list", "spot_check")
    assert len(checks) == 29 and all(c["chosen"] == "random" for c in checks)
    true = sum(word == "true" for word in found) + 1
    row, = [r for r in partner.ayni("quality", "accuracy", "--by", "source") if r["of"] == "random"]
    assert (row["numerator"], row["denominator"], row["node"]) == (true, 29, author[midis]), (SEED, row, true)

    # Who only reads may draw and not answer; nothing is drawn of nothing; what is mixed up is refused.
    assert midis.run("spot-check", "--sample", 3, "--period", "2020-01").returncode == 1
    for options in ((), ("--sample", 0), ("--sample", 10001), ("--sample", 3, "--seed", "a b"), ("--sample", 3, "--dry-run"),
                    ("--answers", answers, "--sample", 3), ("--answers", answers)):
        assert midis.run("spot-check", *options).returncode == 2, options
