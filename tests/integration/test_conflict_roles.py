#!/usr/bin/env python3
"""What a steward's role lets her settle: the table of docs/conflicts.md, tried with each command."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402
from other_user import USER, OtherUser  # noqa: E402

her = OtherUser()

# Who may do what, as docs/conflicts.md has it.
ALL = {"reader", "auditor", "editor", "reviewer", "admin"}
WRITERS = {"editor", "reviewer", "admin"}
SETTLERS = {"reviewer", "admin"}
CHILD = ("birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active")


with Federation("midis") as fed:
    midis = fed["midis"]
    fed.folder.chmod(0o711)
    fed.space("s", **{"class": "sensitive"})

    # Of each child a file says another surname than who entered her.
    made = 0

    def contested(count=1):
        global made
        children, lines = [], ["dni,surname_1,given_names"]
        for made in range(made + 1, made + count + 1):
            children.append(midis.ayni("put", "child", "--space", "s", f"dni=99{made:06}", "surname_1=Vela", "given_names=Ana", *CHILD)["id"])
            lines.append(f"99{made:06},Vila,Ana")
        assert midis.ayni("import", "child", "-", "--space", "s", stdin="\n".join(lines))["conflicts"] == count
        return children

    def is_contested(child):
        return "surname_1" in midis.ayni("get", child)["contested"]

    settled, open_one, deleted, put_over = contested(4)
    midis.ayni("resolve", settled, "surname_1@1")
    commands = [
        (ALL, ("conflicts",)),
        (ALL, ("conflicts", "--merged")),
        (ALL, ("conflicts", "show", open_one)),
        (ALL, ("log", open_one)),
        (SETTLERS, ("resolve", "--prefer", "latest", "--dry-run")),
        (WRITERS, ("set", open_one, "surname_2=Ríos")),
        (SETTLERS, ("set", open_one, "surname_1=Vega")),
        (SETTLERS, ("put", "child", "--space", "s", f"dni=99{made:06}", "surname_1=Vega")),
        (SETTLERS, ("delete", deleted, "--reason", "entered twice")),
        (SETTLERS, ("unresolve", settled)),
        (SETTLERS, ("resolve", settled, "surname_1@1")),
        (SETTLERS, ("resolve", "--prefer", "latest")),
    ]
    for role in ("reader", "auditor", "editor", "reviewer", "admin"):
        midis.ayni("steward", "add", USER, "--role", role)
        for may, command in commands:
            if role in may:
                her.done(midis, *command)
            else:
                error = her.refused(midis, *command)
                assert error["hint"] and (role in error["message"] or "contested" in error["message"]), error
        if role == "editor":
            assert all(map(is_contested, (open_one, deleted, put_over))), "an editor has settled something"
            # What she says through a file stands beside what others said.
            table = fed.folder / "hers.csv"
            table.write_text(f"dni,surname_1\n99{made:06},Vidal\n")
            table.chmod(0o644)
            her.done(midis, "import", "child", str(table), "--space", "s")
            assert is_contested(put_over)
            # A review tells her so, and goes on asking.
            run = her.run(midis, "review", stdin="1\nq\n", json_answer=False)
            assert run.returncode == 0 and "settled: 0" in run.stdout and role in run.stderr, run
        if role == "reviewer":
            assert not midis.ayni("conflicts")
            open_one, deleted, put_over = contested(3)
            commands = [(may, tuple({"Vega": "Vidal"}.get(word, word) for word in command)) for may, command in commands]
            commands = [(may, command) for may, command in commands if command[0] not in ("set", "put", "delete")]
            commands += [(SETTLERS, ("set", open_one, "surname_1=Vidal"))]
    assert {v["steward"] for v in midis.ayni("log", settled)[:2]} == {USER}
    assert [v["act"] for v in midis.ayni("log", settled)][:2] == ["resolution", "withdrawal"]
