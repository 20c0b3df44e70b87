#!/usr/bin/env python3
"""A rule that settles many conflicts and is cut off: some records are settled wholly, the others not at all, and it can be run again."""

import errno
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from disk import Disk  # noqa: E402
from federation import Federation, until  # noqa: E402

MANY = 700  # some batches of settle_many
FIELDS = 2  # of each that are contested
HEADER = "dni,surname_1,given_names,birth_date,sex,ubigeo,state"
MAP = {"name": "other", "origin": "other", "records": [{"name": "child", "type": "child", "identifiers": {"dni": "dni"}, "fields": {
    name: name for name in HEADER.split(",")[1:]}}]}
RESOLVE = ("--lang", "en", "resolve", "--prefer", "earliest")


def rows(surname, name):
    return "\n".join([HEADER, *(f"{99000000 + i},{surname},{name},2024-02-29,f,160101,active" for i in range(MANY))])


def open_fields(node):
    """Of each record that has any: a record is settled wholly or not."""
    fields = [c["fields"] for c in node.ayni("conflicts")]
    assert all(len(f) == FIELDS for f in fields), fields
    return len(fields)


def catch_up(node):
    """What was on disk by then can be read: a write answers when it itself can."""
    until(lambda: node.run("put", "person", "--space", "s", "surname_1=Vela", "given_names=Ana").returncode == 0, 60, "the views")


def said(run):
    """How many fields it says are settled, and that the rest can be."""
    assert "the same command settles the rest" in run.stderr, run
    return int(re.search(r"(\d+) fields or more", run.stderr)[1])


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("s")
    other = fed.folder / "other.json"
    other.write_text(json.dumps(MAP), encoding="utf-8")
    midis.stop()
    disk = Disk(fed.folder / "disk", midis.home)
    midis.start(disk=disk)
    midis.ayni("import", "child", "-", "--space", "s", stdin=rows("Vela", "Ana"))
    assert midis.ayni("import", "-", "--map", str(other), "--space", "s", stdin=rows("Vila", "Eva"))["conflicts"] == MANY
    assert open_fields(midis) == MANY

    # No room from some write on: later and later, until a part of it was on disk by then.
    left = MANY
    for writes in range(2, 200, 2):
        disk.fail("write", errno.ENOSPC, skip=writes)
        run = midis.run(*RESOLVE)
        disk.heal()
        catch_up(midis)
        left = open_fields(midis)
        assert run.returncode == 5 or left == 0, run
        if left < MANY:
            break
        assert "settles the rest" not in run.stderr, run
    assert 0 < left < MANY, f"{left} are open"
    assert run.returncode == 5, run
    # What wasn't told may be on disk: the answer can be what failed.
    assert "settles the rest" not in run.stderr or 0 < said(run) <= (MANY - left) * FIELDS, (left, run)
    shown = until(lambda: midis.run(*RESOLVE, "--dry-run").stdout, 30, "the preview of the rest")
    assert shown.count("surname_1") == left

    # Killed at some write: the same.
    before = left
    for writes in range(2, 200, 2):
        disk.kill_after(writes)
        run = midis.run(*RESOLVE)
        disk.kill_after(0)
        if run.returncode == 0:  # there were fewer writes; it may have died of one after the answer
            until(lambda: midis.process.poll() is not None or midis.run("status").returncode == 0, 30, "an answer, or its end")
            if midis.process.poll() is not None:
                midis.start(disk=disk)
            break
        assert run.returncode in (4, 5), run
        midis.process.wait(timeout=30)
        midis.start(disk=disk)
        catch_up(midis)
        left = open_fields(midis)
        if left < before:
            assert "settles the rest" not in run.stderr or said(run) <= (before - left) * FIELDS, (left, run)
            break
    if left > 0:
        until(lambda: midis.run(*RESOLVE).returncode == 0, 30, "the rest")
    assert open_fields(midis) == 0
    assert {(c["surname_1"], c["given_names"]) for c in midis.ayni("list", "child")} == {("Vela", "Ana")}
    assert midis.run("verify", "--full").returncode == 0
