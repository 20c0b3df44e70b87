#!/usr/bin/env python3
"""`ayni review` as a person has it: a pseudo-terminal, one question at a time; left and taken up again."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402
from terminal import Terminal, need_terminal  # noqa: E402

ASK = "[1-2,e,s,h,u,q,?]"

need_terminal()

with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("s", **{"class": "sensitive"})

    quiet = Terminal(midis, "review")
    quiet.read("no conflict waits")
    quiet.end()

    # Three children of whom a file says otherwise than who entered them, in one or two fields.
    children, lines = [], ["dni,surname_1,given_names"]
    for number, (entered, said) in enumerate(((("Vela", "Ana"), ("Vila", "Ana")), (("Ríos", "Luz"), ("Rios", "Lucía")), (("Peña", "Eva"), ("Pena", "Eva")))):
        dni = f"9900000{number}"
        made = midis.ayni("put", "child", "--space", "s", f"dni={dni}", f"surname_1={entered[0]}", f"given_names={entered[1]}",
                          "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active")
        children.append(made["id"])
        lines.append(",".join((dni, *said)))
    assert midis.ayni("import", "child", "-", "--space", "s", stdin="\n".join(lines))["conflicts"] == 3

    def contested(child):
        return midis.ayni("get", child)["contested"]

    def value(child, field="surname_1"):
        return midis.ayni("get", child)["fields"][field]

    assert sum(len(contested(child)) for child in children) == 4
    order = [c["id"] for c in midis.ayni("conflicts")]
    assert set(order) == set(children), order

    # A value by its number, one of one's own, the history, the keys; then it is left.
    person = Terminal(midis, "review", "--reason", "seen")
    assert "conflicts that wait: 3" in person.read(ASK)
    shown = [a["value"] for a in contested(order[0])["surname_1"]]
    person.type("x")
    assert "quit; what is left waits" in person.read(ASK)
    person.type("3")
    person.read(ASK)
    person.type("h")
    assert "surname_1 = " in person.read(ASK)
    person.type("2")
    person.read(ASK)
    assert value(order[0]) == shown[1]
    assert midis.ayni("log", order[0])[0]["reason"] == "seen"

    # Undo asks the same again, with the values there were.
    person.type("u")
    assert "conflict 1/3" in person.read(ASK)
    assert [a["value"] for a in contested(order[0])["surname_1"]] == shown
    person.type("u")
    assert "nothing to take back" in person.read(ASK)
    person.type("e")
    person.read("the right value")
    person.type("Vela Ñahui")
    person.read(ASK)
    assert value(order[0]) == "Vela Ñahui"
    person.type("q")
    left = person.read("goes on with them")
    assert "settled: 1" in left, left
    person.end()

    # Taken up again it begins with what is left; a value that is refused is asked for again; skipped stays.
    waiting = [(c["id"], field) for c in midis.ayni("conflicts") for field in c["fields"]]
    again = Terminal(midis, "review", language="es")
    again.read(ASK)
    again.type("e")
    again.read("valor")
    again.type("V3la")
    again.read(ASK)
    again.type("s")
    for _ in waiting[1:]:
        again.read(ASK)
        again.type("1")
    assert "omitidos: 1" in again.read("\n\n") + again.read("\n"), "what is left is said"
    again.end()
    still = [(c["id"], field) for c in midis.ayni("conflicts") for field in c["fields"]]
    assert still == waiting[:1], (still, waiting)

    # Who settles what somebody else settled meanwhile is told so; the end of what is typed ends it.
    late = Terminal(midis, "review")
    late.read(ASK)
    midis.ayni("resolve", still[0][0], f"{still[0][1]}@1")
    late.type("2")
    late.read("settled: 0")
    late.end()
    assert not midis.ayni("conflicts")
    midis.ayni("unresolve", still[0][0])
    run = midis.run("review", stdin="")
    assert run.returncode == 0 and "not asked about: 1" in run.stdout, run
    run = midis.run("review", "--json")
    assert run.returncode == 2 and "resolve" in run.stderr, run
