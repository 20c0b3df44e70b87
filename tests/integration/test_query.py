#!/usr/bin/env python3
"""Questions in SQL through the command: their answers, their forms, what is refused and in which words, and their end."""

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from control_client import Control, marked  # noqa: E402
from federation import BIN, Federation, until  # noqa: E402

CHILD = ("put", "child", "--space", "s")
ENDLESS = "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n"


def refused(node, *arguments, code):
    run = node.run("--json", *arguments)
    assert run.returncode == code, run
    return json.loads(run.stdout)["error"]


def cpu(process):
    """Seconds that it has used."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_busy(process):
    before = cpu(process)
    time.sleep(0.2)
    return cpu(process) - before > 0.05


with Federation("midis", "ngo") as fed:
    midis, ngo = fed["midis"], fed["ngo"]
    fed.space("s", "ngo")
    vela = midis.ayni(*CHILD, "dni=99000001", "surname_1=Muñoz", "given_names=José", "birth_date=2025-03-01", "sex=m",
                      "ubigeo=080101", "insurance=sis,essalud", "state=active")["id"]
    rosas = midis.ayni(*CHILD, "dni=99000002", "surname_1=Rosas", "given_names=Ana", "birth_date=2026-01-15", "sex=f",
                       "ubigeo=160101", "state=active")["id"]
    for day, hb in (("2026-02-01", "10.5"), ("2026-03-01", "11.0")):
        midis.ayni("put", "hb_test", "--space", "s", "subject=dni:99000001", f"date={day}", f"hb={hb}", "source=his",
                   f"source_id={day}")

    # The values of a row are those of `list`, and columns as they are come out typed.
    rows = midis.ayni("query", "SELECT * FROM child ORDER BY surname_1")
    listed = sorted(midis.ayni("list", "child"), key=lambda row: row["surname_1"])
    assert rows == [{k: v for k, v in row.items() if v != []} for row in listed], (rows, listed)
    assert midis.ayni("query", "SELECT hb, avg(hb) OVER () AS mean FROM hb_test ORDER BY date") == [
        {"hb": 10.5, "mean": 10.75}, {"hb": 11.0, "mean": 10.75}]
    assert '"hb":11.0' in midis.run("--json", "query", "SELECT hb FROM hb_test WHERE hb > 10.9").stdout
    joined = midis.ayni("query", "SELECT c._id, count(*) AS n, max(h.date) AS last FROM child c JOIN hb_test h "
                                 "ON h.subject = c._id GROUP BY c._id")
    assert joined == [{"_id": vela, "n": 2, "last": "2026-03-01"}], joined
    plan = midis.run("query", "EXPLAIN QUERY PLAN SELECT * FROM child c JOIN hb_test h ON h.subject = c._id").stdout
    assert "by _id" in plan or "by subject" in plan, plan

    # What is computed: haemoglobin by both rule sets, in grams and as a class at the age of the day.
    midis.ayni("put", "hb_test", "--space", "s", "subject=dni:99000001", "date=2025-12-01", "hb=14.0", "altitude_m=3827",
               "source=his", "source_id=high")
    assert midis.ayni("query", "SELECT adjusted_2017, adjusted_2024, class_2017, class_2024 FROM hb_test "
                               "WHERE source_id = 'high'") == [
        {"adjusted_2017": 10.9, "adjusted_2024": 11.4, "class_2017": "mild", "class_2024": "normal"}]
    assert midis.ayni("query", "SELECT adjusted_2017 FROM hb_test WHERE altitude_m IS NULL LIMIT 1") == [{}]
    assert "adjusted_2017" not in midis.ayni("query", "SELECT * FROM hb_test WHERE source_id = 'high'")[0]
    assert len(midis.ayni("list", "hb_test", "--where", "class_2017 = 'mild'")) == 1
    midis.ayni("delete", midis.ayni("query", "SELECT _id FROM hb_test WHERE source_id = 'high'")[0]["_id"], "--reason", "tried")

    # Labels in both languages, whoever asks in which.
    said = {lang: midis.run("--lang", lang, "query", "SELECT label(sex) AS l FROM child WHERE sex = 'm'").stdout.split()[1]
            for lang in ("es", "en")}
    both = midis.ayni("query", "SELECT label('m', 'child.sex', 'es') AS es, label('m', 'child.sex', 'en') AS en")[0]
    assert said == both and both["es"] != both["en"] and "m" not in both.values(), (said, both)

    # Forms: a table, CSV, JSON.
    sql = "SELECT surname_1, insurance FROM child ORDER BY 1"
    assert list(csv.reader(io.StringIO(midis.run("query", sql, "--format", "csv").stdout))) == [
        ["surname_1", "insurance"], ["Muñoz", "essalud,sis"], ["Rosas", ""]]
    assert [json.loads(line) for line in midis.run("query", sql, "--format", "json").stdout.splitlines()] == [
        {"surname_1": "Muñoz", "insurance": ["essalud", "sis"]}, {"surname_1": "Rosas"}]
    assert midis.run("query", sql, "--format", "table").stdout.splitlines()[0].split() == ["surname_1", "insurance"]

    # A parameter is a value.
    assert midis.ayni("query", "SELECT count(*) AS n FROM child WHERE ubigeo = :u", "u=080101") == [{"n": 1}]
    assert "u=VALUE" in refused(midis, "query", "SELECT :u", code=2)["hint"]

    # What is refused, in both languages and with what to do.
    assert refused(midis, "query", "DELETE FROM child", code=3)["code"] == "not_a_select"
    assert "child" in refused(midis, "query", "SELECT * FROM chld", code=2)["hint"]
    assert "surname_1" in refused(midis, "query", "SELECT surname1 FROM child", code=2)["hint"]
    refused(midis, "query", "SELECT load_extension('x')", code=3)
    assert "un SELECT" in midis.run("--lang", "es", "query", "PRAGMA user_version").stderr
    assert "ninguna columna" in midis.run("--lang", "es", "query", "SELECT x FROM child").stderr

    # --where goes by the same columns and functions.
    found = midis.ayni("list", "child", "--where", "unaccent(surname_1) LIKE unaccent('%MUNOZ%')")
    assert [row["_id"] for row in found] == [vela], found
    assert found[0]["_contested"] == []
    ordered = midis.ayni("list", "hb_test", "--where", "hb > 5", "--order-by", "date desc", "--limit", "1")
    assert [row["date"] for row in ordered] == ["2026-03-01"], ordered
    assert midis.ayni("list", "child", "--where", "sex = 'f' -- ends", "--space", "s", "--columns", "sex") == [{"sex": "f"}]
    assert midis.ayni("list", "child", "--where", "0") == []
    assert "sex" in refused(midis, "list", "child", "--where", "sx = 'f'", code=2)["hint"]
    refused(midis, "list", "child", "--where", "sex = ", code=2)
    refused(midis, "list", "child", "--where", "1); DELETE FROM child; --", code=3)
    # Who closes the bracket selects what is no key, and gets nothing of it.
    assert midis.ayni("list", "child", "--where", "0) UNION SELECT surname_1 FROM child WHERE (1") == []
    exported = midis.run("export", "child", "--where", "ubigeo LIKE '16%'").stdout.splitlines()
    assert len(exported) == 2 and "99000002" in exported[1], exported

    # As it was known here.
    until(lambda: len(midis.ayni("list", "hb_test")) == 2)
    then = midis.ayni("query", "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS t")[0]["t"]
    time.sleep(0.01)
    midis.ayni("set", vela, "surname_1=Muñiz")
    midis.ayni("put", "hb_test", "--space", "s", "subject=dni:99000001", "date=2026-04-01", "hb=9.9", "source=his",
               "source_id=3")
    for where in ((), ("--where", "1"), ("--order-by", "surname_1")):
        names = [row["surname_1"] for row in midis.ayni("list", "child", *where, "--as-of", then)]
        assert sorted(names) == ["Muñoz", "Rosas"], (where, names)
    assert midis.ayni("query", "SELECT count(*) AS n FROM hb_test", "--as-of", then) == [{"n": 2}]
    assert midis.ayni("query", "SELECT count(*) AS n FROM hb_test") == [{"n": 3}]
    assert len(midis.run("export", "hb_test", "--as-of", then).stdout.splitlines()) == 3

    # Queries that have a name: each that comes with the program answers, and the home adds its own.
    saved = midis.ayni("queries")
    assert {"late-hb-tests", "contested", "not-reported"} <= {query["name"] for query in saved}, saved
    for query in saved:
        midis.ayni("query", "@" + query["name"])
    assert [row["_id"] for row in midis.ayni("query", "@late-hb-tests", "territory=16")] in ([], [rosas])
    assert {row["_id"] for row in midis.ayni("query", "@incomplete-children")} == {vela, rosas}
    changed = midis.ayni("query", "@who-changed-what", "since=2026-01-01")
    assert {"child", "hb_test", "identifier"} == {row["type"] for row in changed}, changed
    (midis.home / "queries").mkdir()
    (midis.home / "queries" / "mine.sql").write_text("-- en: Mine\n-- :n = 1\nSELECT :n AS n, count(*) AS all_of_them FROM child\n")
    (midis.home / "queries" / "bad.sql").write_text("DELETE FROM child")
    assert midis.ayni("query", "@mine", "n=5") == [{"n": "5", "all_of_them": 2}]
    assert {"name": "mine", "title": "Mine", "parameters": ["n"], "from": "home"} in midis.ayni("queries")
    refused(midis, "query", "@bad", code=3)
    assert "late-hb-tests" in refused(midis, "query", "@late-hb-test", code=2)["hint"]
    refused(midis, "query", "@../node.key", code=2)

    # Many conflicts are settled by a rule, those that an expression chooses.
    midis.sync()
    midis.stop()
    ngo.ayni("set", vela, "surname_2=Ríos")
    ngo.stop()
    midis.start()
    midis.ayni("set", vela, "surname_2=Rivas")
    ngo.start()
    until(lambda: midis.run("sync", "--wait", "--timeout", "60").returncode == 0, 120, "both in sync")
    contested = midis.ayni("query", "SELECT _id, _contested FROM child WHERE _contested IS NOT NULL")
    refused(midis, "resolve", "--prefer", "latest", "--where", "sex = 'm'", code=2)
    assert midis.ayni("resolve", "--prefer", "latest", "--type", "child", "--where", "0") == []
    settled = midis.ayni("resolve", "--prefer", "latest", "--type", "child", "--where", "_contested IS NOT NULL")
    assert [row["id"] for row in settled] == [vela] == [row["_id"] for row in contested], (settled, contested)

    # Ctrl-C ends it, here and in the daemon.
    before = cpu(midis.process)
    asking = subprocess.Popen([BIN / "ayni", "--home", midis.home, "query", ENDLESS], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    until(lambda: cpu(midis.process) - before > 0.3, 60, "a question that takes long")  # however little of the machine it gets
    asking.send_signal(signal.SIGINT)
    asking.communicate(timeout=60)
    until(lambda: not is_busy(midis.process), 60, "an end of it")

    # Limits, in words.
    def limit(text):
        midis.stop()
        (midis.home / "aynid.conf").write_text(f"[query]\n{text}\n")
        midis.start()

    limit("time = 1s")
    assert "too long" in refused(midis, "query", ENDLESS, code=3)["message"]
    # What others don't read takes room, until they go; then there is some again.
    limit("memory = 2M")
    large = "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {}) SELECT hex(randomblob(5000)) AS b FROM n"
    silent = Control(midis.home)
    silent.send(["ayni-control-1", "query", marked({"sql": large.format(150)})])
    run = until(lambda: (r := midis.run("query", large.format(80))).returncode != 0 and r, 60, "no room")
    assert "leave no room" in run.stderr and "have been read" in run.stderr, run
    assert midis.ayni("query", "SELECT count(*) AS n FROM child") == [{"n": 2}], "a small answer"
    silent.close()
    until(lambda: midis.run("query", large.format(80)).returncode == 0, 60, "room again")
    assert "too large" in refused(midis, "query", large.format(300), code=3)["message"]

    limit("rows = 2\nmemory = 2M")
    assert len(midis.ayni("query", "SELECT * FROM child")) == 2
    assert "LIMIT" in refused(midis, "query", "SELECT 1 FROM hb_test", code=3)["hint"]
    assert len(midis.ayni("list", "hb_test", "--where", "1")) == 3
    many = "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) SELECT randomblob(100000) AS b FROM n ORDER BY b"
    assert "memory" in refused(midis, "query", many, code=3)["message"]
    assert midis.ayni("query", "SELECT count(*) AS n FROM child") == [{"n": 2}]
