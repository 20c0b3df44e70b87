#!/usr/bin/env python3
"""Each command as its contract has it: what it answers, what it refuses and with which exit code, on three nodes."""

import json
import pathlib
import select
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, Federation, until  # noqa: E402

CHILD = ("surname_1=Ríos", "surname_2=Vela", "given_names=Ana", "birth_date=2024-03-01", "sex=f", "ubigeo=160101",
         "state=active")


def refused(node, *arguments, code):
    """The error object of a refusal, which says on standard error what is wrong."""
    run = node.run("--json", *arguments)
    assert run.returncode == code, (arguments, run)
    error = json.loads(run.stdout)["error"]
    assert set(error) == {"code", "message", "hint"} and error["message"] in run.stderr, run
    return error


def lines_of(node, last, *arguments):
    """What a command that doesn't end by itself prints, up to and with a change of that record, and a little while after it."""
    watching = subprocess.Popen([BIN / "ayni", "--home", node.home, "--json", *arguments], stdout=subprocess.PIPE, bufsize=0)
    try:
        lines = [json.loads(watching.stdout.readline())]
        while lines[-1]["id"] != last:
            lines.append(json.loads(watching.stdout.readline()))
        assert not select.select([watching.stdout], [], [], 0.5)[0] and watching.poll() is None, "it goes on, and ends with what there is"
    finally:
        watching.kill()
        watching.communicate()
    return lines


with Federation("midis", "loreto", "innova") as fed:
    midis, loreto, innova = fed["midis"], fed["loreto"], fed["innova"]
    late = type(midis)(fed.folder, "late")
    fed.nodes["late"] = late

    # --- node and federation ---
    assert refused(midis, "init", "--name", "x", code=3)["code"] == "exists"
    refused(midis, "init", "--name", "x", "--steering", code=2)
    assert set(midis.ayni("card")) == {"card", "node", "name"}
    assert midis.ayni("ticket")["ticket"].startswith("ayni-ticket-1:")
    assert midis.run("ticket").stdout.count("\n") == 1
    assert "█" in midis.run("card", "--qr").stdout
    assert loreto.ayni("join", midis.ayni("ticket")["ticket"]) == {"federation": "Primera Infancia", "state": "member"}
    refused(loreto, "join", midis.ayni("card")["card"], code=3)

    # A member that is added again keeps what isn't said anew.
    assert late.init()["federation"] is None
    late.start()
    for command in (["ticket"], ["space", "create", "x"], ["steward", "add", "x", "--role", "editor"]):
        assert "member" in refused(late, *command, code=3)["message"]
    assert late.state() == "alone" and late.ayni("member", "list") == [] and late.ayni("types") == []
    card = late.ayni("card")["card"]
    refused(loreto, "member", "add", card, code=3)
    refused(midis, "member", "add", card[:-3], code=3)
    refused(midis, "member", "add", card, "--role", "boss", code=2)
    added = midis.ayni("member", "add", card, "--role", "government", "--org", "drel", "--org-name", "DRE Loreto")
    assert (added["role"], added["org"], added["name"]) == ("government", "drel", "late"), added
    again = midis.ayni("member", "add", card)
    assert (again["role"], again["org"], again["id"]) == ("government", "drel", added["id"]), again
    assert midis.ayni("member", "add", card, "--org", "ugel")["role"] == "government"
    listed = {m["name"]: m for m in midis.ayni("member", "list")}
    assert set(listed["late"]) == {"node", "name", "role", "org", "state"}, listed
    assert (listed["late"]["role"], listed["late"]["org"], listed["late"]["state"]) == ("government", "ugel", "member")
    assert (listed["midis"]["role"], listed["loreto"]["role"]) == ("steering", "partner"), listed
    late.ayni("join", midis.ayni("ticket")["ticket"])
    fed.wait_for(late)
    refused(midis, "member", "revoke", "late", code=2)
    refused(midis, "member", "revoke", "nobody", "--reason", "x", code=1)
    refused(midis, "member", "revoke", "midis", "--reason", "x", code=3)
    refused(loreto, "member", "revoke", "late", "--reason", "x", code=3)
    assert midis.ayni("member", "revoke", late.ayni("card")["node"][:8], "--reason", "lost")["done"] is True
    until(lambda: late.state() == "revoked", 30, "revocation")
    refused(midis, "member", "add", card, code=3)
    late.stop()

    # --- spaces ---
    made = midis.ayni("space", "create", "loreto/visits")
    assert set(made) == {"id", "space"}, made
    assert refused(midis, "space", "create", "loreto/visits", code=3)["code"] == "exists"
    for name in ("a b", "", "registry", "-x", "x" * 81):
        refused(midis, "space", "create", "--", name, code=3)
    midis.ayni("space", "create", "open", "--class", "public")
    loreto.ayni("space", "create", "own")
    loreto.ayni("space", "create", "spare")
    until(lambda: "spare" in [s["space"] for s in midis.ayni("space", "list")], 30, "the space at the other node")
    row = next(s for s in midis.ayni("space", "list") if s["space"] == "loreto/visits")
    assert row == {"space": "loreto/visits", "class": "sensitive", "confidential": False,
                   "owner": midis.ayni("card")["node"], "role": "owner", "records": 0, "entries": 0}, row
    grant = midis.ayni("space", "grant", "loreto/visits", "loreto", "writer")
    assert set(grant) == {"id"} and midis.ayni("space", "grant", "loreto/visits", "loreto", "writer") == grant
    midis.ayni("space", "grant", "loreto/visits", "innova", "writer")
    midis.ayni("space", "grant", "spare", "midis", "writer")  # steering may, where it isn't confidential
    refused(midis, "space", "grant", "loreto/visits", "loreto", "owner", code=2)
    refused(midis, "space", "grant", "loreto/visits", "loreto", "relay", code=3)
    refused(midis, "space", "grant", "nowhere", "loreto", "reader", code=1)
    refused(midis, "space", "grant", "loreto/visits", "nobody", "reader", code=1)
    refused(innova, "space", "grant", "loreto/visits", "innova", "writer", code=3)
    assert "midis" in refused(midis, "space", "ungrant", "loreto/visits", "midis", code=1)["message"]
    midis.ayni("space", "grant", "open", "loreto", "reader")
    assert midis.ayni("space", "ungrant", "open", "loreto")["done"] is True
    assert midis.ayni("problems") == [], midis.ayni("problems")

    # --- stewards, peers ---
    rosa = midis.ayni("steward", "add", "rosa", "--role", "editor", "--key", "ab" * 32)
    assert set(rosa) == {"id"}, rosa
    stewards = {s["name"]: s for s in midis.ayni("steward", "list")}
    assert (stewards["rosa"]["role"], stewards["rosa"]["key"]) == ("editor", "ab" * 32), stewards
    assert midis.ayni("steward", "add", "rosa", "--role", "reviewer") == rosa
    rosa = next(s for s in midis.ayni("steward", "list") if s["name"] == "rosa")
    assert (rosa["role"], rosa["key"]) == ("reviewer", None), rosa
    refused(midis, "steward", "add", "rosa", code=2)
    refused(midis, "steward", "add", "rosa", "--role", "boss", code=2)
    refused(midis, "steward", "add", "rosa", "--role", "editor", "--key", "xyz", code=2)
    assert midis.ayni("steward", "remove", "rosa")["done"] is True
    refused(midis, "steward", "remove", "rosa", code=1)
    assert midis.ayni("peer", "add", f"tcp://127.0.0.1:{loreto.port}", "loreto") == {"done": True}
    refused(midis, "peer", "add", "udp://127.0.0.1:1", "loreto", code=2)
    refused(midis, "peer", "add", "tcp://127.0.0.1:1", "nobody", code=1)
    assert set(midis.ayni("peer", "list")[0]) == {"node", "name", "state", "rtt_ms", "sent_bytes", "received_bytes",
                                                  "sent_today", "received_today", "rate", "held_by", "held_until",
                                                  "behind", "missing_here", "missing_there", "in_sync", "last_seen", "refused", "withheld",
                                                  "ignored", "reason"}
    assert midis.ayni("peer", "remove", "loreto") == {"done": True}
    refused(midis, "peer", "remove", "loreto", code=1)

    # --- status, sync ---
    status = midis.ayni("status")
    assert {"node", "federation", "state", "peers", "spaces", "conflicts", "problems", "store"} <= set(status), status
    assert {"bytes", "free"} <= set(status["store"]), status
    assert set(status["spaces"][0]) == {"space", "entries", "in_sync_with", "behind", "over_quota"}, status
    assert midis.sync()["in_sync"] is True and set(midis.ayni("sync")) == {"in_sync", "peers"}
    refused(midis, "sync", "--wait", "--timeout", "soon", code=2)

    # --- records ---
    put = ("put", "child", "--space", "loreto/visits")
    made = loreto.ayni(*put, "dni=99000001", "cnv=1234567", "code=K-1", *CHILD)
    assert set(made) == {"id"} and loreto.ayni(*put, "dni=99000001", *CHILD) == {"id": made["id"], "changed": []}
    schemes = {(r["scheme"], r["value"]) for r in loreto.ayni("list", "identifier")}
    assert schemes == {("dni", "99000001"), ("cnv", "1234567"), ("programme", "loreto:K-1")}, schemes
    assert "dni=12" in refused(loreto, *put, "dni=12", *CHILD, code=3)["hint"]
    refused(loreto, *put, "dni=99000002", "dni=99000003", code=2)
    refused(loreto, *put, "dni=99000002", "surname_1", code=2)
    refused(loreto, "put", "child", "--space", "open", *CHILD, code=3)
    refused(loreto, "put", "child", *CHILD, code=2)
    for name in (made["id"], made["id"][:6], made["id"].upper(), "dni:99000001", "cnv:1234567", "child:dni:99000001"):
        assert loreto.ayni("get", name)["id"] == made["id"], name
    refused(loreto, "get", made["id"][:5], code=1)
    refused(loreto, "set", "dni:99000001", "sex=m", "--expect", "2", code=1)
    assert loreto.ayni("set", "dni:99000001", "address=Jr. 1", "--reason", "visit", "--expect", "0")["changed"] == ["address"]
    log = loreto.ayni("log", "dni:99000001")
    assert [v["reason"] for v in log] == ["visit", ""] and {v["origin"] for v in log} == {"manual"}, log
    assert log[0]["seen"] == [log[1]["entry"]] and log[0]["fields"] == {"address": "Jr. 1"}, log
    refused(loreto, "delete", "dni:99000001", code=2)
    refused(loreto, "list", "child", "--columns", "surnme_1", code=2)
    refused(loreto, "list", "child", "--order-by", "sex sideways", code=2)
    refused(loreto, "list", "child", "--limit", "-1", code=2)
    assert loreto.ayni("list", "child", "--limit", "0") == []
    refused(loreto, "get", "dni:99000001", "--as-of", "yesterday", code=2)
    assert refused(loreto, "get", "dni:99000001", "--as-of", "2020-01-01", code=1)["code"] == "not_found"

    # A record of two spaces is asked for with its space.
    loreto.ayni("put", "child", "--space", "own", "dni=99000001", *CHILD)
    for command in (["get"], ["log"], ["proof"], ["conflicts", "show"], ["unresolve"]):
        told = refused(loreto, *command, "dni:99000001", code=2)["message"]
        assert "own" in told and "loreto/visits" in told, told
    assert loreto.ayni("get", "dni:99000001", "--space", "own")["space"] == "own"

    # The change feed from its beginning, and from where somebody was.
    newest = loreto.ayni("put", "person", "--space", "own", "surname_1=Vela", "given_names=Eva")["id"]
    fed_changes = lines_of(loreto, newest, "watch", "--since", "0")
    assert len(fed_changes) > 4 and set(fed_changes[0]) == {"cursor", "time", "id", "type", "space", "node", "fields"}
    assert lines_of(loreto, newest, "watch", "--since", fed_changes[-3]["cursor"]) == fed_changes[-2:]
    refused(loreto, "watch", "--since", "1.2", code=2)

    # --- conflicts ---
    innova.sync()
    innova.stop()
    loreto.ayni("set", "dni:99000001", "sex=m", "surname_2=Uno", "--space", "loreto/visits")
    loreto.stop()
    midis.stop()
    innova.start()
    innova.ayni("set", "dni:99000001", "sex=f", "surname_2=Dos", "ubigeo=160102")
    midis.start()
    loreto.start()
    open_ones = until(lambda: midis.ayni("conflicts"), 60, "the conflict")
    assert set(open_ones[0]) == {"id", "type", "space", "fields", "since", "nodes"} and len(open_ones[0]["nodes"]) == 2, open_ones
    assert open_ones[0]["fields"] == ["surname_2"], open_ones  # sex=f says what was there: nothing was written
    whole = midis.ayni("conflicts", "show", "dni:99000001")
    child = midis.ayni("get", "dni:99000001")["fields"]
    assert whole["title"] == f"{child['surname_1']} {child['surname_2']} {child['given_names']}, {child['birth_date']}", whole["title"]
    # What happened to somebody is called by its day and who it is.
    test = midis.ayni("put", "hb_test", "--space", whole["space"], "subject=dni:99000001", "date=2026-09-01", "hb=11.0", "source=his",
                      "source_id=title")["id"]
    assert midis.ayni("conflicts", "show", test)["title"] == f"2026-09-01, {whole['title']}"
    midis.ayni("delete", test, "--reason", "tried")
    shown = whole["fields"]["surname_2"]
    assert [(a["n"], a["org"]) for a in shown] == [(1, "innova"), (2, "loreto")], shown
    assert all(set(a) == {"n", "value", "node", "org", "steward", "time", "seen"} and a["seen"] for a in shown), shown
    assert shown[0]["seen"][0] in midis.run("conflicts", "show", "dni:99000001").stdout
    assert midis.ayni("conflicts", "--mine") == []
    until(lambda: len(innova.ayni("conflicts", "--mine")) == 1, 60, "the conflict at innova")
    assert midis.ayni("conflicts", "--type", "growth") == [] == midis.ayni("conflicts", "--space", "open")

    # One is settled by its id, many by a rule; the options of the one aren't taken with the other.
    for wrong in ([], ["dni:99000001"], ["dni:99000001", "surname_2@1", "--dry-run"],
                  ["dni:99000001", "surname_2@1", "--type", "child"], ["dni:99000001", "--prefer", "latest"],
                  ["--prefer", "newest"], ["--prefer", "node:nobody"], ["dni:99000001", "surname_2@0"],
                  ["dni:99000001", "surname_2@3"], ["dni:99000001", "nothing@1"], ["--prefer", "latest", "sex=f"]):
        refused(midis, "resolve", *wrong, code=2)
    refused(midis, "resolve", "dni:99000001", "given_names@1", code=1)
    refused(midis, "resolve", "dni:99000001", "surname_2@1", "--expect", "3", code=1)
    listed = midis.ayni("resolve", "--prefer", "node:loreto", "--dry-run")
    assert [(r["field"], r["value"]) for r in listed] == [("surname_2", "Uno")] and len(midis.ayni("conflicts")) == 1
    done = midis.ayni("resolve", "dni:99000001", "surname_2@2", "--reason", "document seen", "--expect", "2")
    assert (done["changed"], done["values"]) == (["surname_2"], {"surname_2": "Uno"}), done
    assert midis.ayni("conflicts") == [] and midis.ayni("log", "dni:99000001")[0]["act"] == "resolution"
    assert midis.ayni("unresolve", "dni:99000001")["changed"] == ["surname_2"]
    assert len(midis.ayni("conflicts")) == 1
    refused(midis, "unresolve", "dni:99000001", code=1)
    assert [(r["field"], r["value"]) for r in midis.ayni("resolve", "--prefer", "latest", "--type", "child")] == \
        [("surname_2", "Dos")]
    assert midis.ayni("resolve", "--prefer", "oldest") == []

    # --- what has to be refused everywhere ---
    for node in (midis, loreto):
        for command in (["sttus"], ["status", "--foo"], ["status", "extra"], ["member"], ["member", "foo"], ["get"],
                        ["put", "child"], ["resolve", "--expect", "x"], ["--lang", "xx", "status"], ["export", "child", "--format", "xml"],
                        ["reference", "import", "ubigeo"], ["--node", "tcp://[::1", "status"]):
            refused(node, *command, code=2)
    nowhere = type(midis)(fed.folder, "nowhere")
    for command in (["status"], ["card"], ["put", "child", "--space", "x", "a=b"], ["verify"], ["view"], ["problems"]):
        assert refused(nowhere, *command, code=4)["code"] == "no_daemon"
