#!/usr/bin/env python3
"""A running federation gets types, fields, codes and rules without a new program; what is newer than a node is kept whole by it."""

import itertools
import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402
from second_node import SecondNode  # noqa: E402  (skips where it must)

LABELS = ("label_es=es", "label_en=en")
CHILD = ("surname_1=Vela", "given_names=Ana", "birth_date=2025-03-01", "sex=f", "ubigeo=160101", "state=active")


def declare(node, type_name, *fields, code=0):
    return node.ayni("put", type_name, "--space", "registry", *fields, code=code)


def refused(node, *arguments, code=3):
    """The word of a refusal."""
    run = node.run("--json", *arguments)
    assert run.returncode == code, run
    return json.loads(run.stdout)["error"]["code"]


def shows(node, type_name, field, what=None):
    """Waits until the node's catalogue has the field; of it, the value of `what`."""
    def found():
        run = node.run("--json", "types", type_name)
        rows = json.loads(run.stdout) if run.returncode == 0 else []
        return next((r for r in rows if r["field"] == field), None)
    row = until(found, 30, f"{type_name}.{field} at {node.name}")
    return row[what] if what else row


with Federation("midis", "loreto", "innova") as fed:
    midis, loreto, innova = fed["midis"], fed["loreto"], fed["innova"]
    fed.space("visits", "loreto", "innova")
    put = ("put", "child", "--space", "visits")
    midis.ayni(*put, "dni=99000001", *CHILD)

    # --- a node that is newer writes what the others have never heard of ---
    newer = SecondNode("newer", midis.ayni("ticket")["ticket"])
    midis.ayni("member", "add", newer.card())
    midis.ayni("space", "grant", "visits", "newer", "writer")
    newer.connect(midis)
    newer.agree()
    space, child = newer.space_named("visits"), newer.type_number("child")
    known = {row[3]: number for number, row in newer.fields_of(child).items()}
    record = newer.derived(child, ["dni", "99000077"])
    newer.write(space, child, record, {known["surname_1"]: "Ríos", known["given_names"]: "Inés", known["birth_date"]: 20148,
                                       known["sex"]: "f", known["ubigeo"]: "160101", known["state"]: "active", 1900: 23})
    loan = uuid.uuid4().bytes
    newer.write(space, 1500, loan, {1: record, 2: "doll", 9: [1, "two", b"three", None, True]})
    newer.agree()
    child_id, loan_id = str(uuid.UUID(bytes=record)), str(uuid.UUID(bytes=loan))
    proofs = set()
    for node in midis, loreto, innova:
        until(lambda n=node: n.run("get", loan_id).returncode == 0, 30, f"the record of an unknown type at {node.name}")
        raw = node.ayni("get", loan_id)
        assert raw["type"] == "1500" and raw["fields"]["2"] == b"\x64doll".hex(), raw
        assert raw["fields"]["9"] == "85016374776f457468726565f6f5", raw
        assert node.ayni("get", child_id)["fields"]["1900"] == "17", node.ayni("get", child_id)
        assert node.ayni("verify", "--full")["ok"] and node.ayni("problems") == []
        proofs.add(node.ayni("proof", loan_id)["proof"])
    assert len(proofs) == 1, "a node changed what it didn't understand"

    # Who knows less changes what it knows, and takes nothing away.
    loreto.ayni("set", child_id, "given_names=Inés María")
    loreto.sync()
    assert innova.ayni("get", child_id)["fields"]["1900"] == "17" and innova.ayni("conflicts") == []

    # --- steering declares it, and all show what they had all along ---
    innova.stop()
    declare(midis, "type", "number=1500", "name=toy_loan", *LABELS, "subjects=child", "class=personal")
    declare(midis, "field", "type=1500", "number=1", "name=child", "kind=ref", "targets=child", "required=true",
            "merge=review", "read=personal", *LABELS)
    declare(midis, "field", "type=1500", "number=2", "name=toy", "kind=code", "codes=doll ball", "merge=latest", "read=public", *LABELS)
    declare(midis, "field", "type=101", "number=1900", "name=shoe_size", "kind=int", "minimum=10", "maximum=50",
            "merge=review", "read=personal", *LABELS)
    shows(loreto, "toy_loan", "toy")
    shows(loreto, "child", "shoe_size")
    for node in midis, loreto:
        typed = node.ayni("get", loan_id)
        assert typed["type"] == "toy_loan" and typed["fields"]["toy"] == "doll" and typed["fields"]["child"] == child_id, typed
        assert typed["versions"] == 1 and node.ayni("get", child_id)["fields"]["shoe_size"] == 23
        assert [r["toy"] for r in node.ayni("list", "toy_loan")] == ["doll"]
        assert node.ayni("proof", loan_id)["proof"] in proofs
    loreto.ayni("put", "toy_loan", "--space", "visits", "child=dni:99000001", "toy=ball")
    assert refused(loreto, "put", "toy_loan", "--space", "visits", "child=dni:99000001", "toy=car") == "unknown_code"
    assert refused(loreto, "put", "toy_loan", "--space", "visits", "toy=ball") == "missing"
    assert refused(loreto, "set", "dni:99000001", "shoe_size=5") == "out_of_range"

    # One that was away has it when it is back, in the same moment as the records.
    innova.start()
    until(lambda: innova.run("list", "toy_loan").returncode == 0 and len(innova.ayni("list", "toy_loan")) == 2, 30, "the loans")
    out = fed.folder / "loans.csv"
    out.write_text(innova.run("export", "toy_loan").stdout)
    back = loreto.ayni("import", "toy_loan", out, "--space", "visits")
    assert (back["read"], back["unchanged"]) == (2, 2), back

    # --- codes, rules, what goes out of use ---
    declare(midis, "field", "type=1500", "number=2", "codes=doll ball car")
    until(lambda: "car" in shows(loreto, "toy_loan", "toy", "codes"), 30, "the code")
    loreto.ayni("put", "toy_loan", "--space", "visits", "child=dni:99000001", "toy=car")
    declare(midis, "code_list", "list=topic", "code=music", *LABELS, "valid_from=2026-01-01")
    until(lambda: "music" in shows(innova, "home_visit", "topic", "codes"), 30, "the member of the list")
    declare(midis, "rule", "type=1500", "name=no_ball", "level=reject", "expression=toy <> 'ball'",
            "message_es=Sin pelotas", "message_en=No balls")
    until(lambda: any(p["reason"] == "no_ball" for p in loreto.ayni("problems")), 30, "the rule")
    assert refused(loreto, "put", "toy_loan", "--space", "visits", "child=dni:99000001", "toy=ball") == "no_ball"
    declare(midis, "rule", "type=1500", "name=no_ball", "retired=true")
    until(lambda: not loreto.ayni("problems"), 30, "the end of the rule")
    declare(midis, "field", "type=101", "number=1900", "retired=true")
    sizes = itertools.cycle(range(20, 50))
    warned = until(lambda: json.loads(loreto.run("--json", "set", "dni:99000001", f"shoe_size={next(sizes)}").stdout)
                   .get("warnings"), 30, "the warning of a retired field")
    assert [w["code"] for w in warned] == ["retired_field"], warned
    assert loreto.ayni("get", child_id)["fields"]["shoe_size"] == 23

    # --- what every node would pass over is refused to who writes it ---
    wrong = {
        "no_expression": ["rule", "type=1500", "name=a", "level=warn", "expression=this is none", "message_es=x", "message_en=x"],
        "never_changes": ["type", "number=1500", "name=renamed"],
        "name_taken": ["type", "number=1501", "name=child", *LABELS, "class=public"],
        "unknown_type": ["field", "type=1777", "number=1", "name=a", "kind=int", "merge=latest", "read=public", *LABELS],
        "no_row": ["field", "type=1500", "number=3", "name=a", "kind=nonsense", "merge=latest", "read=public", *LABELS],
    }
    for word, fields in wrong.items():
        assert refused(midis, "put", fields[0], "--space", "registry", *fields[1:]) == word, word
    for fields in (["kind=int"], ["merge=union"], ["unit=g"], ["name=toys"]):
        assert refused(midis, "put", "field", "--space", "registry", "type=1500", "number=2", *fields) == "never_changes", fields
    for fields in (["name=Bad Name"], ["pattern=["], ["minimum=2", "maximum=1"], ["codes=a b,c"], ["merge=never"]):
        row = {f.split("=")[0]: f for f in ("name=a", "kind=text 9", "merge=latest", "read=public", *LABELS)}
        row.update({f.split("=")[0]: f for f in fields})
        assert refused(midis, "put", "field", "--space", "registry", "type=1500", "number=4", *row.values()) == "no_row", fields
    low = midis.run("--json", "put", "type", "--space", "registry", "number=950", "name=low", *LABELS, "class=public")
    assert [w["code"] for w in json.loads(low.stdout)["warnings"]] == ["number_of_editions"], low
    assert refused(loreto, "put", "type", "--space", "registry", "number=1600", "name=x", *LABELS, "class=public") == "right"
    until(lambda: midis.ayni("problems") == [] == innova.ayni("problems"), 30, "no problem at either")
    newer.close()
