#!/usr/bin/env python3
"""A node of somebody else's, made from docs/protocol.md alone, is a member like any other: it joins, gets all that it
may have, shows what our nodes show, and what it writes and settles counts everywhere."""

import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation, until  # noqa: E402
from second_node import SecondNode  # noqa: E402  (skips where it must)

RESOLUTION = 1


def put_child(node, dni, space="children", **fields):
    told = {"surname_1": "Vela", "given_names": "Rosa", "birth_date": "2025-03-01", "sex": "f", "ubigeo": "160101",
            "state": "active", "insurance": "sis,private", **fields}
    return node.ayni("put", "child", "--space", space, f"dni={dni}", *(f"{k}={v}" for k, v in told.items()))["id"]


def same_as_ours(second, node, space, type_name):
    """Every record, field by field, and the alternatives of what is contested."""
    type_ = second.type_number(type_name)
    records = second.records(space, type_)
    assert records, f"no {type_name} arrived"
    for record in records:
        ours = node.ayni("get", str(uuid.UUID(bytes=record)))
        fields, contested = second.shown(space, type_, record)
        plain = {name: text(value) for name, value in ours["fields"].items()}
        assert {name: value for name, value in fields.items() if value} == plain, (fields, plain)
        alternatives = {name: [text(one["value"]) for one in said] for name, said in ours["contested"].items()}
        assert contested == alternatives, (contested, alternatives)
    return len(records)


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(sorted(value)) if isinstance(value, list) else str(value)


with Federation("midis", "loreto") as fed:
    midis, loreto = fed["midis"], fed["loreto"]
    fed.space("children", "loreto")
    fed.space("closed")
    for n in range(20):
        put_child(midis, f"990000{n:02}")
    put_child(midis, "99000050")
    put_child(midis, "99000099", space="closed")

    # It joins by ticket and card.
    second = SecondNode("outsider", midis.ayni("ticket")["ticket"])
    midis.ayni("member", "add", second.card())
    midis.ayni("space", "grant", "children", "outsider", "writer")
    second.connect(midis)
    second.agree()
    assert any(row[1] == second.keys.node for row in second.registry_rows(2).values()), "it is no member"
    assert second.root and second.federation == "Primera Infancia"

    # It gets its spaces whole and no other, each run verified, and shows what ours show.
    space = second.space_named("children")
    assert {feed.space for feed in second.feeds.values()} <= {second.registry, space}, "it got what isn't its own"
    assert same_as_ours(second, midis, space, "child") == 21
    assert same_as_ours(second, midis, space, "identifier") == 21

    # What it writes is a record like any other, under the id that everybody derives from the identifier.
    child = second.type_number("child")
    fields = {row[3]: number for number, row in second.fields_of(child).items()}
    identifier = second.type_number("identifier")
    of_identifier = {row[3]: number for number, row in second.fields_of(identifier).items()}
    record = second.derived(child, ["dni", "99000077"])
    second.write(space, child, record, {fields["surname_1"]: "Ríos", fields["given_names"]: "Inés",
                                        fields["birth_date"]: 20148, fields["sex"]: "f",
                                        fields["ubigeo"]: "160101", fields["state"]: "active"})
    second.write(space, identifier, second.derived(identifier, ["dni", "99000077"]),
                 {of_identifier["scheme"]: "dni", of_identifier["value"]: "99000077", of_identifier["holder"]: record,
                  of_identifier["state"]: "valid"})
    second.agree()
    for node in midis, loreto:
        got = until(lambda n=node: (run := n.run("--json", "get", "dni:99000077")).returncode == 0 and run.stdout,
                    30, f"its record at {node.name}")
        assert str(uuid.UUID(bytes=record)) in got and "Ríos" in got, got

    # Two who haven't seen each other: contested there and here; what it settles is settled everywhere.
    disputed = put_child(midis, "99000050")
    second.agree()
    disputed_bytes = uuid.UUID(disputed).bytes
    loreto.sync()
    loreto.stop()
    second.write(space, child, disputed_bytes, {fields["given_names"]: "Rosa María"})
    second.agree()
    midis.stop()
    second.close()
    loreto.start()
    loreto.ayni("set", disputed, "given_names=Rosa Elena")
    midis.start()
    loreto.sync()
    second.connect(midis)
    second.agree()
    assert len(second.shown(space, child, disputed_bytes)[1]["given_names"]) == 2
    same_as_ours(second, midis, space, "child")
    second.write(space, child, disputed_bytes, {fields["given_names"]: "Rosa María"}, act=RESOLUTION)
    second.agree()
    loreto.sync()
    for node in midis, loreto:
        got = node.ayni("get", disputed)
        assert not got["contested"] and got["fields"]["given_names"] == "Rosa María", got
        assert node.ayni("conflicts") == []
        assert node.ayni("verify", "--full")["ok"]
        assert node.ayni("problems") == []
    assert same_as_ours(second, loreto, space, "child") == 22

    # In a confidential space it reads what was written before it came, and all read what it writes.
    fed.space("sealed", "loreto", **{"class": "sealed"})
    put_child(loreto, "99000088", space="sealed", surname_1="Zurdokan")
    loreto.sync()
    midis.ayni("space", "grant", "sealed", "outsider", "writer")
    second.agree()
    sealed = second.space_named("sealed")
    assert same_as_ours(second, midis, sealed, "child") == 1
    hidden = second.derived(child, ["dni", "99000089"])
    second.write(sealed, child, hidden, {fields["surname_1"]: "Yupanqui", fields["given_names"]: "Inés",
                                         fields["birth_date"]: 20148, fields["sex"]: "f",
                                         fields["ubigeo"]: "160101", fields["state"]: "active"})
    assert not any("Yupanqui".encode() in bytes_ for feed in second.feeds.values() for *_, bytes_ in feed.runs)
    second.agree()
    for node in midis, loreto:
        got = until(lambda n=node: (run := n.run("--json", "get", str(uuid.UUID(bytes=hidden)))).returncode == 0 and run.stdout,
                    30, f"its sealed record at {node.name}")
        assert "Yupanqui" in got, got
    assert same_as_ours(second, loreto, sealed, "child") == 2
    until(lambda: {peer["name"]: peer["behind"] for peer in midis.ayni("peer", "list")}["outsider"] == 0, 30, "that it lacks nothing")

    # It takes another transport key: whoever comes with the older one isn't heard any more, and under the new one it goes on.
    older = second.peer
    second.take_transport_key()
    until(lambda: "reason=new_key" in midis.log(200), 30, "the older connection to be cut")
    older.drain()
    second.say_hello(asks=True)
    assert older.hears_nothing(1), "it was heard with the older key"
    older.__exit__()
    second.connect(midis)
    second.agree()
    second.close()
