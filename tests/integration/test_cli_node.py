#!/usr/bin/env python3
"""What a person and a script meet on one node: forms of values, languages, errors, exit codes, proofs, the way out and back."""

import json
import pathlib
import select
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Failed, Federation  # noqa: E402

CHILD = ("surname_1=Ñahui", "given_names=Ana Lucía", "birth_date=2024-03-01", "sex=f", "ubigeo=160101", "state=active")


def refused(node, *arguments, code):
    """The error object; its words are on standard error too."""
    run = node.run("--json", *arguments)
    assert run.returncode == code, (arguments, run)
    error = json.loads(run.stdout)["error"]
    assert set(error) == {"code", "message", "hint"}, error
    assert error["message"] in run.stderr, run
    return error


with Federation("midis") as fed:
    midis = fed["midis"]
    space = "loreto/padron"
    midis.ayni("space", "create", space)
    put = ("put", "child", "--space", space)

    # What creates answers an id, what changes an id and fields; for people the id alone.
    made = midis.ayni(*put, "dni=99000001", *CHILD)
    assert set(made) == {"id"} and str(uuid.UUID(made["id"])) == made["id"], made
    again = midis.run(*put, "dni=99000001", "surname_2=Vela")
    assert again.stdout == made["id"] + "\n" and again.returncode == 0, again
    assert midis.ayni("set", "dni:99000001", "surname_2=")["changed"] == ["surname_2"]
    assert midis.ayni("set", made["id"][:8], "insurance=sis,other")["changed"] == ["insurance"]

    # Values have the forms of the contract.
    shown = midis.ayni("get", "dni:99000001")
    assert shown["fields"]["birth_date"] == "2024-03-01" and shown["fields"]["given_names"] == "Ana Lucía", shown
    assert sorted(shown["fields"]["insurance"]) == ["other", "sis"] and "surname_2" not in shown["fields"], shown
    assert shown["contested"] == {} and shown["type"] == "child" and shown["space"] == space, shown
    test = midis.ayni("put", "hb_test", "--space", space, f"subject={made['id']}", "date=2026-01-01", "hb=10.0")["id"]
    line = midis.run("--json", "list", "hb_test").stdout
    assert '"hb":10.0' in line and len(line.splitlines()) == 1, line
    row = json.loads(line)
    node = midis.ayni("card")["node"]
    assert row["_node"] == node and len(node) == 52 and row["_id"] == test and row["subject"] == made["id"], row
    assert "altitude_m" not in row and row["_contested"] == [], row
    assert row["_time"].endswith("Z") and len(row["_time"]) == 24, row
    assert [set(r) for r in midis.ayni("list", "child", "--columns", "_id,sex", "--limit", "1")] == [{"_id", "sex"}]
    assert midis.ayni("conflicts") == []

    # One document, or one object a line; nothing else on standard output.
    for command in (["status"], ["types"], ["types", "child"], ["member", "list"], ["space", "list"], ["steward", "list"],
                    ["peer", "list"], ["log", "dni:99000001"], ["problems"], ["verify"], ["conflicts"], ["rebuild"],
                    ["conflicts", "show", "dni:99000001"]):
        run = midis.run("--json", *command)
        assert run.returncode == 0 and run.stderr == "", run
        json.loads(run.stdout)

    # Wrong names have the nearest; wrong values are refused; what isn't there is a no.
    assert "child" in refused(midis, "types", "chld", code=2)["hint"]
    assert "surname_1" in refused(midis, *put, "surnme_1=x", code=2)["hint"]
    refused(midis, "put", "child", "--space", "nowhere", *CHILD, code=2)
    assert space in refused(midis, "put", "child", "--space", space[:-1], *CHILD, code=2)["hint"]
    assert space in refused(midis, "space", "grant", space + "s", "midis", "reader", code=1)["hint"]
    assert "midis" in refused(midis, "space", "grant", space, "mdis", "reader", code=1)["hint"]
    assert refused(midis, "get", "dnx:99000001", code=1)["hint"] == "did you mean dni?"
    assert "dni, cnv" in refused(midis, "get", "pasaporte:99000001", code=1)["hint"]
    assert refused(midis, "set", "dni:99000001", "sex=female", code=3)["message"].endswith(": f m")
    refused(midis, *put, "dni=99000002", "surname_1=X", code=3)
    refused(midis, *put, "dni=99000002", *CHILD, "birth_date=2024-13-01", code=2)
    refused(midis, "set", "dni:99000001", "birth_date=2024-13-01", code=3)
    refused(midis, "set", "dni:99000001", "sex=x", code=3)
    refused(midis, "get", "dni:99999999", code=1)
    assert "6" in refused(midis, "get", made["id"][:5], code=1)["hint"]
    refused(midis, "unresolve", "dni:99000001", code=1)
    refused(midis, "get", "dni:99000001", "--space", "nowhere", code=2)

    # Errors speak the language that was asked for; JSON keys and codes don't change.
    spanish = midis.run("--json", "--lang", "es", "get", "dni:99999999")
    assert "ningún registro" in json.loads(spanish.stdout)["error"]["message"], spanish
    assert json.loads(spanish.stdout)["error"]["code"] == "not_found", spanish
    assert "clase" in midis.run("--lang", "es", "space", "list").stdout

    # The way out and back changes nothing, also through Excel's guard; rows that fail come back with reasons.
    out = fed.folder / "children.csv"
    for more in ([], ["--excel"]):
        out.write_text(midis.run("export", "child", *more).stdout)
        back = midis.ayni("import", "child", out, "--space", space)
        assert (back["read"], back["unchanged"], back["rejected"]) == (1, 1, 0), back
    assert midis.ayni("import", "child", "-", "--space", space, stdin=out.read_text())["unchanged"] == 1
    bad, rejects = fed.folder / "bad.csv", fed.folder / "bad.rejects.csv"
    (fed.folder / "here").mkdir()
    bad.write_text("dni;surname_1;given_names;birth_date;sex;ubigeo;state\n"
                   "99000007;Uno;Ana;2024-01-01;f;160101;active\n"
                   "99000008;Dos;Ana;2024-01-32;f;160101;active\n")
    done = midis.ayni("import", "child", bad, "--space", space, "--rejects", rejects)
    assert (done["read"], done["created"], done["rejected"]) == (2, 1, 1), done
    assert rejects.stat().st_mode & 0o077 == 0, rejects.stat()  # children are in it
    run = midis.run("import", "child", bad, "--space", space, "--rejects", "/dev/full")
    assert run.returncode == 0 and "/dev/full" in run.stderr, run
    lines = rejects.read_text().splitlines()
    assert lines[0].endswith("state;line;column;reason;message"), lines
    assert lines[1].split(";")[7:10] == ["3", "birth_date", "bad_date"], lines
    rejects.write_text(rejects.read_text().replace("2024-01-32", "2024-01-01"))
    done = midis.ayni("import", "child", rejects, "--space", space)
    assert (done["created"], done["rejected"]) == (1, 0), done
    bad.write_text("dni,surname_1\n1,2\n")
    assert midis.ayni("import", "child", bad, "--space", space, "--dry-run", code=3)["rejected"] == 1

    # Where nobody says where rejects go, those of an earlier time, perhaps half corrected, are left alone.
    for name in ("bad.rejects.csv", "bad.rejects.2.csv", "bad.rejects.3.csv"):
        assert not (fed.folder / "here" / name).exists(), name
        run = midis.run("import", "child", bad, "--space", space, folder=fed.folder / "here")
        assert run.returncode == 3 and name in run.stderr, run
        assert "line" in (fed.folder / "here" / name).read_text()
        (fed.folder / "here" / name).write_text("line corrected")
    assert (fed.folder / "here" / "bad.rejects.csv").read_text() == "line corrected"

    # A proof is checked without a daemon, from text or JSON; one changed character is a no.
    proof = fed.folder / "child.proof"
    proof.write_text(midis.run("proof", "dni:99000001").stdout)
    checked = midis.ayni("verify", "--proof", proof)
    assert checked["ok"] and {e["id"] for e in checked["entries"]} == {made["id"]}, checked
    assert {e["node"] for e in checked["entries"]} == {node}, checked
    text = proof.read_text()
    proof.write_text(midis.run("--json", "proof", "dni:99000001").stdout)
    assert midis.ayni("verify", "--proof", proof)["ok"]
    middle = len(text) // 2
    proof.write_text(text[:middle] + ("a" if text[middle] != "a" else "b") + text[middle + 1:])
    refused(midis, "verify", "--proof", proof, code=1)

    # Changes are told as they come. The watcher begins at some moment, so one change after the other is made.
    watching = subprocess.Popen([BIN / "ayni", "--home", midis.home, "--json", "watch"], stdout=subprocess.PIPE, text=True)
    try:
        for attempt in range(50):
            midis.ayni("set", "dni:99000001", f"address=Jr. {attempt}")
            if select.select([watching.stdout], [], [], 0.2)[0]:
                break
        change = json.loads(watching.stdout.readline())
        assert change["id"] == made["id"] and change["fields"] == ["address"] and change["node"] == node, change
    finally:
        watching.terminate()
        watching.wait(10)

    # What can't be written to standard output is told, and ends what would go on.
    for command in (["list", "child"], ["--json", "status"], ["watch", "--since", "0"], ["export", "child"], ["--help"]):
        with open("/dev/full", "w") as full:
            run = subprocess.run([BIN / "ayni", "--home", midis.home, "--lang", "es", *command], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        assert run.returncode == 5 and "salida estándar" in run.stderr, (command, run)

    # Deleted is not gone.
    midis.ayni("delete", "dni:99000001", "--reason", "entered twice")
    assert midis.ayni("get", "dni:99000001")["deleted"] is True
    assert [r["given_names"] for r in midis.ayni("list", "child")] == ["Ana", "Ana"]

    # What was begun and isn't a home is told; the key of another federation is not touched.
    home = fed.folder / "unfinished"
    home.mkdir()
    (home / "root.key").write_text("of another federation")
    half = [BIN / "ayni", "--home", home, "--json", "init", "--name", "x"]
    run = subprocess.run(half + ["--steering", "--federation", "F"], stdout=subprocess.PIPE, text=True)
    assert run.returncode == 3 and [f.name for f in home.iterdir()] == ["root.key"], run
    (home / "log").write_text("")
    run = subprocess.run(half, stdout=subprocess.PIPE, text=True)
    assert run.returncode == 5 and str(home) in json.loads(run.stdout)["error"]["hint"], run

    # A daemon that went away is told as such.
    midis.stop()
    assert refused(midis, "status", code=4)["code"] == "no_daemon"
    try:
        midis.ayni("verify", "--proof", fed.folder / "none.proof")
        raise AssertionError("a proof that isn't there was checked")
    except Failed as failed:
        assert failed.code == 2, failed
