#!/usr/bin/env python3
"""`ayni review --duplicates` as a person has it: pairs decided one by one, taken back, left and taken up again."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402
from terminal import Terminal, need_terminal  # noqa: E402

ASK = "[y,d,t,s,h,u,q,?]"

need_terminal()

with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("s")
    quiet = Terminal(midis, "review", "--duplicates")
    quiet.read("no pair waits")
    quiet.end()

    def put(names, number, date="2024-03-05", ubigeo="160101"):
        return midis.ayni("put", "child", "--space", "s", number, f"surname_1={names[0]}", f"given_names={names[1]}",
                          f"birth_date={date}", "sex=f", f"ubigeo={ubigeo}", "state=active")["id"]

    for number, names in enumerate((("Vela", "Ana"), ("Ríos", "Luz"), ("Peña", "Eva"), ("Soto", "Inés"))):
        one, other = (put(names, f"dni=9900000{number}", ubigeo="160101" if number else "250101"),
                      put(names, f"cnv=123456{number}"))
        mother = midis.ayni("put", "person", "--space", "s", f"dni=8800000{number}", "surname_1=Mora", "given_names=Sol")["id"]
        midis.ayni("put", "guardian_link", "--space", "s", f"child={one}", f"person={mother}", "role=mother")
    waiting = [(row["a"], row["b"]) for row in midis.ayni("duplicates")]
    assert len(waiting) == 4, waiting

    def verdict(pair):
        found = midis.ayni("list", "link_decision")
        return [row["verdict"] for row in found if {row["a"], row["b"]} == set(pair)]

    # What they say is laid side by side; the keys; who says so; one child, and what was found is why.
    person = Terminal(midis, "review", "--duplicates")
    said = person.read(ASK)
    assert "pairs that wait: 4" in said and "pair 1/4, score 70: same names and birth date" in said, said
    assert "proposed: the same child" in said and "* numbers: " in said and "\n  given_names: " in said, said
    assert "Mora Sol" in said and "(no value)" in said, said
    person.type("what?")
    assert "quit; what is left waits" in person.read(ASK)
    person.type("h")
    said = person.read(ASK)
    assert said.count("midis") > 4 and "    1  " in said and "    2  " in said, said
    person.type("u")
    assert "nothing to take back" in person.read(ASK)
    person.type("y")
    assert "pair 2/4" in person.read(ASK)
    assert verdict(waiting[0]) == ["same"]
    assert midis.ayni("list", "link_decision")[0]["reason"] == ["same_names"]

    # Taken back it is asked again; two verdicts; then it is left.
    person.type("u")
    assert "pair 1/4" in person.read(ASK)
    assert verdict(waiting[0]) == ["undecided"]
    person.type("t")
    assert "pair 2/4" in person.read(ASK)
    person.type("d")
    assert "pair 3/4" in person.read(ASK)
    person.type("q")
    end = person.read("goes on with them")
    assert "decided: 2" in end and "not asked about: 2" in end, end
    person.end()
    assert verdict(waiting[0]) == ["twins"] and verdict(waiting[1]) == ["different"]

    # Taken up again, in Spanish; what somebody else decides meanwhile isn't asked about; skipped stays.
    again = Terminal(midis, "review", "--duplicates", language="es")
    assert "1/2" in again.read(ASK)
    midis.ayni("distinct", *waiting[3])
    again.type("s")
    assert "omitid" in again.read("\n\n") + again.read("\n"), "what is left is said"
    again.end()
    assert [(row["a"], row["b"]) for row in midis.ayni("duplicates")] == [waiting[2]]

    # A child that is gone meanwhile; the end of what is typed; only some of them; what it can't be.
    late = Terminal(midis, "review", "--duplicates")
    late.read(ASK)
    midis.ayni("delete", waiting[2][0], "--reason", "entered twice")
    late.type("h")
    late.read(ASK)
    late.type("u")
    late.read(ASK)
    late.type("s")
    late.read("decided: 0")
    late.end()
    midis.ayni("unlink", *waiting[0])
    midis.ayni("unlink", *waiting[1])
    run = midis.run("review", "--duplicates", "--territory", "16", stdin="")
    assert run.returncode == 0 and "pairs that wait: 2" in run.stdout and "not asked about: 2" in run.stdout, run
    assert "no pair waits" in midis.run("review", "--duplicates", "--territory", "24").stdout
    for wrong, word in ((("--json", "review", "--duplicates"), "duplicates"), (("review", "--territory", "25"), "--duplicates")):
        run = midis.run(*wrong)
        assert run.returncode == 2 and word in run.stderr, run
print("ok")
