#!/usr/bin/env python3
"""The same child twice: what is proposed, with what reasons, for whom; what is decided is proposed no more."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402


def pairs(answer):
    return {frozenset((row["a"], row["b"])): (tuple(row["reasons"]), row["verdict"]) for row in answer}


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("visits")
    fed.space("care")

    def put(names, date, *more, space="visits", sex="f", ubigeo="160101"):
        surname_1, surname_2, given = names.split("/")
        return midis.ayni("put", "child", "--space", space, f"surname_1={surname_1}", f"surname_2={surname_2}",
                          f"given_names={given}", f"birth_date={date}", f"sex={sex}", f"ubigeo={ubigeo}", "state=active",
                          *more)["id"]

    def mother_of(number, *children):
        person = midis.ayni("put", "person", "--space", "visits", f"dni={number}", "surname_1=Vela", "given_names=Luz")["id"]
        for child in children:
            midis.ayni("put", "guardian_link", "--space", "visits", f"child={child}", f"person={person}", "role=mother")

    assert midis.ayni("duplicates") == []
    first = put("Núñez/García/Ana María", "2024-03-05", "dni=99000001")
    again = put("NUNEZ/Garcia/ana  maria", "2024-03-05", "cnv=1234567", space="care", ubigeo="160102")
    swapped = put("Rojas/Díaz/José", "2024-05-03", "dni=99000002", sex="m")
    swapped_too = put("Rojas/Diaz/Jose", "2024-03-05", "cnv=1234568", sex="m")
    typed = put("Quispe/Mamani/Rosa", "2023-01-01", "cnv=1234569")
    mistyped = put("Quispe/Mamany/Rosa", "2023-01-01", "dni=99000003")
    luz = put("Vela/Soto/Luz", "2022-06-01", "dni=99000004")
    liz = put("Vela/Soto/Liz", "2022-06-01", "dni=99000005")
    ines = put("Paz/Ríos/Inés", "2021-02-10", "dni=99000006", ubigeo="250101")
    other = put("Paz/Ríos/Carmen", "2021-02-12", "cnv=1234570", ubigeo="250101")
    mother_of("88000001", luz, liz)
    mother_of("88000002", ines, other)
    put("Otra/Niña/Eva", "2024-03-05", "dni=99000007")

    expected = {
        frozenset((first, again)): (("same_names",), "same"),
        frozenset((swapped, swapped_too)): (("near_date",), "same"),
        frozenset((typed, mistyped)): (("near_names",), "same"),
        frozenset((luz, liz)): (("same_mother", "near_names"), "twins"),
        frozenset((ines, other)): (("same_mother",), "undecided"),
    }
    found = midis.ayni("duplicates", "child")
    assert pairs(found) == expected, found
    assert all(row["a"] < row["b"] for row in found)
    scores = [row["score"] for row in found]
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 100 for score in scores), scores
    names = {row["a_names"] for row in found} | {row["b_names"] for row in found}
    assert {"Núñez García Ana María", "NUNEZ Garcia ana maria"} <= {" ".join(n.split()) for n in names}, names

    # For whom, how strong, by which key, how many.
    def of(*arguments):
        return set(pairs(midis.ayni("duplicates", *arguments)))

    assert of("--space", "care") == {frozenset((first, again))}
    assert of("--territory", "25") == of("--territory", "250101") == {frozenset((ines, other))}
    assert of("--territory", "160102") == {frozenset((first, again))}
    assert of("--key", "near_date") == {frozenset((swapped, swapped_too))}
    assert of("--min-score", "70") == {frozenset((first, again))}
    assert pairs(midis.ayni("duplicates", "--limit", "2")) == pairs(found[:2])
    for wrong in (("person",), ("--territory", "1"), ("--min-score", "101"), ("--key", "same"), ("--space", "nowhere")):
        midis.ayni("duplicates", *wrong, code=2)
    for language, word in (("en", "twins"), ("es", "mellizos")):
        assert word in midis.run("--lang", language, "duplicates").stdout

    # What is decided isn't proposed; what is taken back is; who is one with another by a third isn't either.
    midis.ayni("distinct", luz, liz, "--verdict", "twins")
    midis.ayni("link", first, again, "--reason", "same_names")
    assert of() == set(expected) - {frozenset((luz, liz)), frozenset((first, again))}
    third = put("Núñez/García/Ana María", "2024-03-05", "code=17")
    assert of("--key", "same_names") == {frozenset((first, third)), frozenset((again, third))}
    midis.ayni("link", again, third, "--reason", "visit")
    assert of("--key", "same_names") == set()
    midis.ayni("unlink", first, again)
    assert of("--key", "same_names") == {frozenset((first, again)), frozenset((first, third))}

    # What was corrected, deleted or erased is no reason any more.
    midis.ayni("set", mistyped, "given_names=Elena")
    midis.ayni("delete", swapped_too, "--reason", "entered twice")
    midis.ayni("erase", other, "--reason", "asked for")
    assert of() == {frozenset((first, again)), frozenset((first, third))}

    # Who enters a child hears who is here already; what is written is written all the same.
    luz_again = midis.ayni("put", "child", "--space", "visits", "surname_1=Mora", "surname_2=Gil", "given_names=Sol",
                           "birth_date=2022-07-01", "sex=f", "ubigeo=160101", "state=active", "dni=99000011")
    assert "alike" not in luz_again and "warnings" not in luz_again, luz_again
    entered = midis.ayni("put", "child", "--space", "care", "surname_1=MORA", "surname_2=Gil", "given_names=Sol",
                         "birth_date=2022-07-03", "sex=f", "ubigeo=160101", "state=active", "cnv=1234580")
    assert entered["alike"] == [{"id": luz_again["id"], "score": 60, "reasons": ["near_date"], "verdict": "same"}], entered
    assert [w["code"] for w in entered["warnings"]] == ["possible_same_child"], entered
    assert luz_again["id"] in entered["warnings"][0]["message"] and "link" in entered["warnings"][0]["hint"], entered
    assert "alike" not in midis.ayni("set", entered["id"], "address=Jr. Inventado 1")
    assert midis.ayni("set", entered["id"], "birth_date=2022-07-01")["alike"][0]["reasons"] == ["same_names"]
    run = midis.run("put", "child", "--space", "visits", "surname_1=Mora", "surname_2=Gil", "given_names=Sal",
                    "birth_date=2022-07-01", "sex=f", "ubigeo=160101", "state=active", "dni=99000012")
    assert run.returncode == 0 and "may be a twin of" in run.stderr and len(run.stdout.split()) == 1, run
    # A number that another child has, a mother that another child has.
    number = midis.ayni("put", "identifier", "--space", "visits", f"holder={entered['id']}", "scheme=cui", "value=99000011",
                        "state=valid")
    assert number["alike"][0]["reasons"] == ["same_id", "same_names"], number
    # Numbers are looked up before a child is made: this is that child.
    assert midis.ayni("put", "child", "--space", "care", "cnv=1234580", "sex=f")["id"] == entered["id"]

    # An import counts them, and says of each which line it was.
    register = fed.folder / "register.csv"
    register.write_text("dni,surname_1,surname_2,given_names,birth_date,sex,ubigeo,state\n"
                        "99000021,Mora,Gil,Sól,2022-07-01,f,160101,active\n"
                        "99000022,Nadie,Otra,Eva,2023-01-01,f,160101,active\n"
                        "99000011,Mora,Gil,Sol,2022-07-01,f,160101,active\n")
    dry = midis.run("--json", "import", "child", register, "--space", "visits", "--dry-run")
    assert '"duplicates"' not in dry.stdout, dry
    run = midis.run("--json", "import", "child", register, "--space", "visits")
    assert '"duplicates":1' in run.stdout and "line 2: this child may be" in run.stderr, run
    assert "line 3" not in run.stderr and "line 4" not in run.stderr, run
    assert '"duplicates"' not in midis.run("--json", "import", "child", register, "--space", "visits").stdout

    # Where too many are alike few are compared, and that is counted.
    register.write_text("dni,surname_1,given_names,birth_date,sex,ubigeo,state\n" +
                        "".join(f"990001{i:02},NN,NN,2022-08-01,f,160101,active\n" for i in range(20)))
    run = midis.run("--json", "import", "child", register, "--space", "visits")
    assert '"duplicates":20' in run.stdout and '"crowded":20' in run.stdout, run
print("ok")
