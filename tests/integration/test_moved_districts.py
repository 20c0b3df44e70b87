#!/usr/bin/env python3
"""Districts whose codes have moved: what files, commands, queries and lists of problems make of an old code on a new day
and of a new one on an old day."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation  # noqa: E402

MOVED = """ubigeo,department,province,district,valid_from,valid_to,successors
160109,Loreto,Maynas,Putumayo,1900-01-01,2014-05-14,160801
160801,Loreto,Putumayo,Putumayo,2014-05-15,,
160115,Loreto,Maynas,Viejo,1900-01-01,2020-12-31,160116|160117
160116,Loreto,Maynas,Uno,2021-01-01,,
160117,Loreto,Maynas,Dos,2021-01-01,,
160118,Loreto,Maynas,Antes,1900-01-01,2010-12-31,160109
160119,Loreto,Maynas,Ido,1900-01-01,2010-12-31,
"""
CHILDREN = "dni,surname_1,given_names,birth_date,sex,state,ubigeo\n"
EVENTS = "subject,date,weight_g,source,source_id,ubigeo\n"


def child(number, ubigeo, year=2024):
    return f"{99000000 + number},{'Vela' * number},Ana,{year}-02-{number:02},f,active,{ubigeo}\n"


def event(number, date, ubigeo):
    return f"dni:99000020,{date},20000,other,m{number},{ubigeo}\n"


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("s")

    def load(kind, text, *more):
        """Counts, how many places were found under another code, and the rejects."""
        rejects = fed.folder / "rejects.csv"
        rejects.unlink(missing_ok=True)
        run = midis.run("--json", "import", kind, "-", "--space", "s", "--rejects", rejects, *more, stdin=text)
        assert run.returncode in (0, 1, 3), run
        return json.loads(run.stdout), run.stderr.count("has another code now"), rejects.read_text() if rejects.exists() else ""

    def places(kind="child"):
        return sorted(row["ubigeo"] for row in midis.ayni("list", kind))

    # Before there is a table every well-formed code goes, and this one was a district when she was entered.
    midis.ayni("import", "child", "-", "--space", "s", stdin=CHILDREN + child(1, "160109"))
    midis.ayni("reference", "import", "ubigeo", SOURCE / "tests/demo/ubigeo_loreto.csv")
    moved = fed.folder / "moved.csv"
    moved.write_text(MOVED.replace("160801,Loreto,Putumayo,Putumayo,2014-05-15,,\n", ""))
    assert midis.ayni("reference", "import", "ubigeo", moved)["rejected"] == 0
    again = midis.ayni("reference", "import", "ubigeo", moved)
    assert again["unchanged"] == again["read"], again

    # One successor, also by way of another: it is stored, with a warning. Several, none, and what never was a place: rejected.
    text = CHILDREN + "".join(child(2 + i, code) for i, code in enumerate(("160109", "160118", "160115", "160119", "169999", "160801")))
    counts, moves, rejects = load("child", text)
    assert (counts["created"], counts["rejected"], moves) == (3, 3, 2), (counts, moves)
    assert places() == ["160109", "160801", "160801", "160801"], places()
    assert rejects.count("unknown_district") == 3 and "160116, 160117" in rejects, rejects
    # The same file again changes nothing; nor does the one of her who stands under the old code, nor what was exported.
    counts, _, _ = load("child", text)
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (0, 0, 3), counts
    counts, moves, _ = load("child", CHILDREN + child(1, "160109"))
    assert counts["unchanged"] == 1 and moves == 0, (counts, moves)
    exported = midis.run("export", "child", "--format", "csv").stdout
    counts, _, _ = load("child", exported)
    assert counts["unchanged"] == 4 and counts["rejected"] == counts["conflicts"] == 0, counts

    midis.ayni("import", "child", "-", "--space", "s", stdin=CHILDREN + child(20, "160101", 2008))

    # Of an event its own day counts: the old code before, the new one since.
    counts, moves, rejects = load("growth", EVENTS + event(1, "2014-05-14", "160109") + event(2, "2014-05-15", "160109") +
                              event(3, "2014-05-15", "160801") + event(4, "2014-01-01", "160118"))
    assert (counts["created"], counts["rejected"], moves) == (4, 0, 2), (counts, moves, rejects)
    assert places("growth") == ["160109", "160109", "160801", "160801"], places("growth")

    # A person is told what it became, and decides.
    run = midis.run("put", "child", "--space", "s", "dni=99000050", "surname_1=Vela", "given_names=Eva",
                    "birth_date=2024-02-29", "sex=f", "state=active", "ubigeo=160115")
    assert run.returncode == 3 and "it became 160116, 160117" in run.stderr, run
    names = midis.ayni("query", "SELECT ubigeo_name('160109') AS old, ubigeo_name('160801') AS new")
    assert names == [{"old": "Putumayo", "new": "Putumayo"}], names
    listed = [p for p in midis.ayni("problems") if p.get("reason") == "unknown_district"]
    assert len(listed) == 1, midis.ayni("problems")

    # History counts in the territory of its time, and is shown in today's for who asks.
    def counted(*how):
        return {row["territory"]: row["value"] for row in midis.ayni("view", "children", "--period", "2026-03", *how)}

    assert counted("--level", "district") == {"160109": 1, "160801": 3}, counted("--level", "district")
    for how in ((), ("--by", "sex"), ("--by", "sex,language"), ("--as-of", "2999-01-01")):
        assert counted("--level", "district", "--successors", *how) == {"160801": 4}, how
    assert counted("--level", "province", "--successors") == {"1608": 4}
    assert counted("--territory", "1601") == {"1601": 1} and counted("--territory", "1601", "--successors") == {}
    assert len(midis.ayni("view", "children", "--period", "2026-03", "--territory", "160801", "--successors", "--trace")) == 4
    midis.ayni("view", "--successors", code=2)
