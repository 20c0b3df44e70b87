#!/usr/bin/env python3
"""What a terminal gets and a file doesn't: colours, a pager, and word of what takes long."""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, SOURCE, Federation, frozen, until  # noqa: E402
from terminal import Terminal, need_terminal  # noqa: E402

need_terminal()
for variable in ("NO_COLOR", "AYNI_PAGER", "PAGER", "LESS"):
    os.environ.pop(variable, None)

ESCAPE = "\x1b"

with Federation("midis") as fed:
    midis = fed["midis"]

    def at_terminal(*arguments, **variables):
        return Terminal(midis, *arguments, **{"AYNI_PAGER": "", **variables}).rest()

    # Colours on a terminal that has them, for who wants them; the same words without.
    plain = midis.run("member", "list").stdout
    coloured = at_terminal("member", "list")
    assert ESCAPE in coloured and ESCAPE not in plain and "steering" in coloured, coloured
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert at_terminal("member", "list", **variables) == plain, variables

    # What is long goes through the pager that was chosen, and so does help; JSON, and what one value answers, doesn't.
    pager = "sed 's/^/| /'"
    for arguments in (("member", "list"), ("types",), ("help",), ("types", "--help")):
        paged = at_terminal(*arguments, AYNI_PAGER=pager, NO_COLOR="1")
        assert paged and all(line.startswith("| ") for line in paged.splitlines()), paged
        assert "| " not in midis.run(*arguments).stdout
    assert at_terminal("member", "list", PAGER="false", AYNI_PAGER=pager, NO_COLOR="1").startswith("| ")
    for arguments in (("member", "list", "--json"), ("ticket",)):
        assert "| " not in at_terminal(*arguments, AYNI_PAGER=pager)
    # A pager that ends before it has read all is no failure.
    assert at_terminal("types", AYNI_PAGER="head -n 1", NO_COLOR="1").count("\n") == 1

    # What the daemon knows is offered to the shell; where there is none, nothing is, and nothing is said.
    fed.space("loreto/children", **{"class": "sensitive"})

    def offered(*words):
        run = subprocess.run([BIN / "ayni", "--complete", *map(str, words)], capture_output=True, text=True, timeout=60)
        assert run.returncode == 0 and run.stderr == "", run
        return run.stdout.split()

    # A shell waits half a second and no longer, which may be too short for a machine that does much else: it asks again.
    here = ("--home", midis.home)
    for words, wanted in ((("put", "child", "--space", "lor"), ["loreto/children"]), (("put", "child", "sex="), ["sex=f", "sex=m"]),
                          (("query", "@late-h"), ["@late-hb-tests"]), (("types", "hb"), ["hb_test"]),
                          (("space", "grant", "x", "mi"), ["midis"]), (("list", "child", "--columns", "surname_1"), ["surname_1"])):
        until(lambda words=words, wanted=wanted: offered(*here, *words) == wanted, 60, f"{wanted} for {words}")
    assert offered("--home", fed.folder / "nowhere", "types", "") == [] == offered(*here, "get", "")
    maps = {path.stem for path in (SOURCE / "daemon/records/import/maps").glob("*.json")}
    tables = {"his-codes", "indicators", "products", "schedule-rules", "ubigeo"}  # `ayni reference import` reads these
    assert set(offered(*here, "import", "file.csv", "--map", "")) == maps - tables
    assert offered(*here, "import", "file.csv", "--map", "kob") == ["kobo-home-visits"]
    assert set(offered(*here, "quality", "")) == {row["word"] for row in midis.ayni("quality")}
    with frozen(midis):
        assert offered(*here, "types", "") == []

    # A daemon that takes its time: that is said after a second, and is gone when the answer comes.
    with frozen(midis):
        waiting = Terminal(midis, "member", "list", "--json")
        waiting.read("still at work: ")
    answer = waiting.rest()
    assert f"\r{ESCAPE}[K[{{" in answer, answer
