#!/usr/bin/env python3
"""docs/catalogue.md lists every rule of the first edition, with its level, and every name that expressions may use."""

import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE  # noqa: E402

page = (SOURCE / "docs" / "catalogue.md").read_text(encoding="utf-8")
edition = json.loads((SOURCE / "daemon" / "records" / "catalogue" / "ecd_1.json").read_text(encoding="utf-8"))

table = page.split("**The rules of the first edition**", 1)[1].split("\n\n", 2)[1]
listed = set()
for line in table.splitlines()[2:]:
    name, rules = (cell.strip() for cell in line.strip("| ").split("|"))
    for part in rules.split(" · "):
        level = {"R": "reject", "W": "warn"}[part[0]]
        listed |= {(name.strip("`"), level, rule) for rule in re.findall("`([a-z0-9_]+)`", part)}
there = {("events", rule["level"], rule["name"]) for rule in edition["event_block"]["rules"]}
there |= {(of["name"], rule["level"], rule["name"]) for of in edition["types"] for rule in of.get("rules", ())}
assert listed == there, (listed - there, there - listed)

names = set(re.findall("`([a-z0-9_]+)`", page))
for source in ("check_others.c", "check_rules.c"):
    text = (SOURCE / "daemon" / "records" / "rules" / source).read_text(encoding="utf-8")
    used = set(re.findall(r'^    \{ "([a-z0-9_]+)", answer_|^    \[EXTRA_[^"]*"([a-z0-9_]+)"', text, re.MULTILINE))
    used = {a or b for a, b in used}
    assert used and used <= names, used - names
