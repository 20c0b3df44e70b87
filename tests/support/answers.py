"""Everything that a node answers about records, so that two states of it can be compared."""

import json

from control_client import items_of

REGISTRY_TYPES = 100  # numbers below are the registry's own: their lists alone
MONTH = "2026-09"
BROKEN_DOWN = ({}, {"level": "district"}, {"by": ["sex"]}, {"level": "department", "by": ["language"]}, {"trace": True})


def of_records(control, types, sample):
    """Each list and each export; each record's state and history. With `sample`: the lists of the federation's own
    types alone, and about so many records of each."""
    said = {}
    for kind in types:
        name, own = kind["type"], kind["number"] >= REGISTRY_TYPES
        if sample is not None and not own:
            continue
        said["list " + name] = control.raw("list", type=name)
        if sample is None:
            said["export " + name] = control.raw("export", type=name)
        columns, *rows = said["list " + name]
        columns, rows = items_of([columns])[0], rows if own else []
        for row in items_of(rows[::1 if sample is None else len(rows) // sample + 1]):
            record, space = (row[columns.index(column)] for column in ("_id", "_space"))
            said[f"get {space} {record}"] = control.raw("get", id=record, space=space)
            said[f"log {space} {record}"] = control.raw("log", id=record, space=space)
    return said


def of_conflicts(control, spaces):
    said = {"problems": control.raw("problems")}
    for space in spaces:
        said["conflicts " + space] = control.raw("conflicts", space=space)
        for conflict in items_of(said["conflicts " + space]):
            said[f"conflict {space} {conflict['id']}"] = control.raw("conflicts.show", id=conflict["id"], space=space)
    return said


def of_view(control):
    said = {"view": control.raw("view", period=MONTH), "sources": control.raw("view.sources"),
            "acts": control.raw("act.list", period=MONTH)}
    for indicator in items_of(said["view"]):
        for how in BROKEN_DOWN:
            name = f"view {indicator['indicator']} {json.dumps(how)}"
            said[name] = control.raw("view", indicator=indicator["indicator"], period=MONTH, **how)
    return said


def of_federation(control):
    return {name: control.raw(name) for name in ("member.list", "space.list", "steward.list", "reference.list")}


def answers(control, sample=None):
    """By the name of what was asked, the items as they came: differences() makes words of them."""
    types = control.many("types")
    spaces = [space["space"] for space in control.many("space.list")]
    return {**of_records(control, types, sample), **of_conflicts(control, spaces), **of_view(control),
            **of_federation(control)}


def differences(before, after, most=3):
    """A few of the questions that are answered otherwise, in words: what is only here, what is only there."""
    lines = []
    for name in [name for name in {**before, **after} if before.get(name) != after.get(name)][:most]:
        one, other = before.get(name, []), after.get(name, [])
        lines += [name, f"  - {items_of(i for i in one if i not in other)}", f"  + {items_of(i for i in other if i not in one)}"]
    return "\n".join(lines)
