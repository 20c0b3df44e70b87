#!/usr/bin/env python3
"""The national view as it is asked for: totals, places, dimensions, the subjects behind a number; equal after a rebuild."""

import datetime
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation, not_at_midnight  # noqa: E402

DEMO = SOURCE / "tests" / "demo"
MONTH = "2026-09"


def total(rows, key):
    return sum(row[key] for row in rows)


def now():
    """A time between what was done and what will be."""
    time.sleep(0.005)
    text = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    time.sleep(0.005)
    return text


not_at_midnight()  # the month that ended last is asked for, and this one
with Federation("midis", "silent") as fed:
    midis = fed["midis"]

    # Nobody is here: the indicators are, without a value.
    empty = {i["indicator"]: i for i in midis.ayni("view", "--period", MONTH)}
    assert set(empty) == {"children", "i02a", "i02b"}, empty
    assert all(i["denominator"] == 0 and i["value"] is None for i in empty.values()), empty
    assert midis.ayni("view", "children", "--period", MONTH) == []

    founded = now()
    fed.space("registers", "silent")
    midis.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv")
    midis.ayni("import", DEMO / "padron_municipal.csv", "--space", "registers", "--map", "padron")
    whole = {i["indicator"]: i for i in midis.ayni("view", "--period", MONTH)}
    children = midis.ayni("list", "child")
    assert 0 < whole["children"]["value"] <= len(children), whole
    assert whole["children"]["value"] == whole["children"]["denominator"], whole
    assert 0 < whole["i02a"]["numerator"] <= whole["i02b"]["numerator"], whole
    assert whole["i02a"]["denominator"] > 0 and whole["i02a"]["period"] == MONTH, whole
    line = midis.run("--json", "view", "--period", MONTH).stdout
    assert f'"value":{100 * whole["i02a"]["numerator"] / whole["i02a"]["denominator"]:.2f}' in line, line
    assert '"target":95.00' in line, line

    # However it is broken down, it adds up.
    for indicator in whole:
        for more in ([], ["--level", "department"], ["--level", "province"], ["--level", "district"], ["--by", "sex"],
                     ["--by", "language"], ["--by", "sex,language"], ["--level", "district", "--by", "sex,language"],
                     ["--territory", "16"], ["--territory", "16", "--level", "province"]):
            rows = midis.ayni("view", indicator, "--period", MONTH, *more)
            for key in ("numerator", "denominator"):
                assert total(rows, key) == whole[indicator][key], (indicator, more, rows)
    rows = midis.ayni("view", "i02a", "--period", MONTH, "--level", "province", "--by", "sex")
    assert all(set(r) == {"territory", "name", "sex", "period", "numerator", "denominator", "excluded", "unknown", "value",
                          "contested"} for r in rows), rows
    assert {len(r["territory"]) for r in rows} == {4} and {r["sex"] for r in rows} == {"f", "m"}, rows
    assert all(r["name"] for r in rows), rows
    part = midis.ayni("view", "children", "--period", MONTH, "--territory", rows[0]["territory"])
    assert 0 < total(part, "value") < whole["children"]["value"], part

    # Months before the federation was founded are counted like others: a child from the month of its birth on.
    births = [c["birth_date"] for c in midis.ayni("list", "child")]
    for month in ("2021-06", "2023-12", "2025-12"):
        born = sum(b <= f"{month}-31" for b in births)
        assert total(midis.ayni("view", "children", "--period", month), "value") == born, (month, born)
    assert total(midis.ayni("view", "i02a", "--period", "2024-12"), "denominator") > 0
    assert min(births) > "2019-02" and midis.ayni("view", "children", "--period", "2019-01") == []

    # Languages are counted in the groups that the rule set names; steering changes them while everything runs.
    languages = {r["language"]: r["value"] for r in midis.ayni("view", "children", "--period", MONTH, "--by", "language")}
    assert {"spanish", "amazonian"} <= set(languages), languages
    rules = midis.ayni("list", "rule_set", "--where", "name = 'MIDIS-DIT-2019'")[0]
    parameters = json.loads(rules["parameters"])
    parameters["language"]["groups"] = {"here": ["spa"], "unknown": ["und"]}
    midis.ayni("set", rules["_id"], "parameters=" + json.dumps(parameters), "--reason", "another grouping")
    changed = {r["language"]: r["value"] for r in midis.ayni("view", "children", "--period", MONTH, "--by", "language")}
    assert changed["here"] == languages["spanish"] and sum(changed.values()) == sum(languages.values()), changed
    assert set(changed) <= {"here", "other", "unknown"}, changed

    # Behind a number are records that can be looked at.
    behind = midis.ayni("view", "i02a", "--period", MONTH, "--trace")
    assert len(behind) == whole["i02a"]["denominator"], len(behind)
    assert sum(r["counts"] == "numerator" for r in behind) == whole["i02a"]["numerator"]
    assert midis.ayni("get", behind[0]["id"])["type"] == "child"

    # A correction moves the number at once, and a rebuild moves nothing.
    imported = now()
    as_it_is = midis.ayni("view", "i02a", "--period", MONTH, "--level", "district", "--by", "sex,language")
    counted = next(r for r in behind if r["counts"] == "numerator")
    midis.ayni("set", counted["id"], "state=moved_abroad", "--reason", "the family has left")
    after = {i["indicator"]: i for i in midis.ayni("view", "--period", MONTH)}
    assert after["i02a"]["numerator"] == whole["i02a"]["numerator"] - 1, after
    assert after["children"]["value"] == whole["children"]["value"] - 1, after
    before = json.dumps([midis.ayni("view", i, "--period", MONTH, "--level", "district", "--by", "sex") for i in after])
    midis.ayni("rebuild")
    assert before == json.dumps([midis.ayni("view", i, "--period", MONTH, "--level", "district", "--by", "sex") for i in after])

    # As it was known at a time: in all that can be asked, and the same after the rebuild.
    then = ("--as-of", imported)
    assert {i["indicator"]: i for i in midis.ayni("view", "--period", MONTH, *then)} == whole
    assert midis.ayni("view", "i02a", "--period", MONTH, "--level", "district", "--by", "sex,language", *then) == as_it_is
    assert sorted(r["id"] for r in midis.ayni("view", "i02a", "--period", MONTH, "--trace", *then)) == \
        sorted(r["id"] for r in behind)
    assert total(midis.ayni("view", "children", "--period", MONTH, "--territory", "16", *then), "value") == \
        whole["children"]["value"]
    assert midis.ayni("view", "i02a", "--period", MONTH, "--as-of", founded) == []
    assert all(i["denominator"] == 0 for i in midis.ayni("view", "--as-of", founded)), founded
    assert {i["indicator"]: i for i in midis.ayni("view", "--period", MONTH, "--as-of", now())} == after
    assert {i["period"] for i in midis.ayni("view", "--as-of", "2026-03-15")} == {"2026-02"}
    midis.ayni("view", "i02a", "--as-of", "yesterday", code=2)
    midis.ayni("view", "--territory", "16", code=2)

    # What can't be asked is told, with what can.
    for wrong in (["i02"], ["i02a", "--territory", "1a"], ["i02a", "--territory", "160"], ["i02a", "--period", "2026-13"],
                  ["i02a", "--period", "2999-01"], ["i02a", "--by", "height"], ["i02a", "--level", "village"],
                  ["i02a", "--territory", "1601", "--level", "department"], ["i02a", "--rules", "none"]):
        midis.ayni("view", *wrong, code=2)

    # A second edition, by other rules, is computed beside the first; nobody is counted in both.
    same = midis.ayni("view", "children", "--period", MONTH)
    definition = next(i["definition"] for i in midis.ayni("list", "indicator") if i["code"] == "children")
    midis.ayni("put", "rule_set", "--space", "registry", "name=trial", "norm=trial", "valid_from=2022-01-01",
               "parameters=" + json.dumps(parameters), "confirmed=false")
    midis.ayni("put", "indicator", "--space", "registry", "code=children", "name=Niños", "definition=" + definition,
               "rule_set=trial:2022-01-01", "better=higher", "valid_from=2022-01-01")
    for rules in ([], ["--rules", "trial"]):
        assert midis.ayni("view", "children", "--period", MONTH, *rules) == same, rules
    assert midis.ayni("view", "children", "--period", "2021-06", "--rules", "trial") == []
    assert midis.ayni("view", "children", "--period", "2021-06", "--rules", "trial", "--trace") == []
    assert len(midis.ayni("view", "children", "--period", MONTH, "--trace")) == total(same, "value")

    # Who reports: nothing is expected of a month before somebody could; then silence shows.
    keys = {"node", "name", "org", "space", "expected", "received", "on_time", "completeness", "timeliness", "entries",
            "last_entry"}
    for more in ([], ["--period", datetime.date.today().isoformat()[:7]]):
        sources = midis.ayni("view", "sources", *more)
        assert all(set(s) == keys for s in sources), sources
        by_place = {(s["name"], s["space"]): s for s in sources}
        assert set(by_place) == {("midis", "registry"), ("midis", "registers"), ("silent", "registers")}, sources
        assert by_place["midis", "registry"]["completeness"] is None, sources
        own, silent = by_place["midis", "registers"], by_place["silent", "registers"]
        assert own["entries"] > 100 and own["last_entry"] > founded, own
        assert silent["entries"] == 0 and silent["last_entry"] is None, silent
        months = 1 if more else 0
        assert (own["expected"], own["received"], own["on_time"]) == (months,) * 3, own
        assert (silent["expected"], silent["received"], silent["on_time"]) == (months, 0, 0), silent
        assert (own["completeness"], own["timeliness"]) == ((100, 100) if more else (None, None)), own
        assert silent["timeliness"] == (0 if more else None), silent
    # Of a space that isn't read here nothing is known: neither a source, nor its silence.
    silent = fed["silent"]
    silent.ayni("space", "create", "closed")
    silent.ayni("space", "grant", "closed", "silent", "writer")
    silent.sync()
    assert "closed" in {s["space"] for s in midis.ayni("space", "list")}
    assert "closed" not in {s["space"] for s in midis.ayni("view", "sources", *more)}
    assert "closed" in {s["space"] for s in silent.ayni("view", "sources", *more)}

    assert '"completeness":100.00' in midis.run("--json", "view", "sources", *more).stdout
    before = midis.ayni("view", "sources", *more)
    midis.ayni("rebuild")
    assert midis.ayni("view", "sources", *more) == before
