"""A child is erased: everywhere, also where a node was away, wrote meanwhile, joined later, or came back from an older backup.

What was erased must be in no file of any node in the end, nor in a backup made then; what was entered anew knowing of it must be.
"""

import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
os.environ["AYNI_STORE_SCRUB_AFTER"] = "1s"
from answers import answers, differences  # noqa: E402
from control_client import Control  # noqa: E402
from federation import BIN, Federation, Node, files_with, until  # noqa: E402

SECRETS = [b"Zurdokan", b"99000001", b"Yupanquilate"]  # of the child, its number, and of a late edit
KEPT = b"Mamanibis"

CHILD = ("given_names=Ana", "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active")


def holds(folder, secret):
    """Which files have it anywhere, free pages included."""
    return [str(path) for path in files_with(folder, secret)]


def backup_holds(backup, secret):
    """A backup is compressed: what it holds is in the files of a home that is made of it."""
    home = backup.with_suffix(".home")
    subprocess.run([BIN / "ayni", "--home", home, "restore", backup], check=True, capture_output=True, timeout=60)
    found = holds(home, secret)
    shutil.rmtree(home)
    return found


def is_erased(node, child):
    answer = node.run("--json", "get", child)
    return answer.returncode == 1 and '"erased"' in answer.stdout


def states(node, child):
    names = {m["node"]: m["name"] for m in node.ayni("member", "list")}
    return {names[s["node"]]: s["state"] for s in node.ayni("erase", "status", child) if s["id"] == child}


def own_status(node, child):
    """What a node has confirmed itself."""
    own = node.ayni("status")["node"]
    return next(s for s in node.ayni("erase", "status", child) if s["id"] == child and s["node"] == own)


def all_scrubbed(node, child, *expected):
    seen = states(node, child)
    return set(seen) == set(expected) and set(seen.values()) == {"scrubbed"}


def write_what_will_be_erased(fed):
    child = fed["loreto"].ayni("put", "child", "--space", "visits", "dni=99000001", "surname_1=Zurdokan", *CHILD)["id"]
    test = fed["innova"].ayni("put", "hb_test", "--space", "visits", f"subject={child}", "date=2026-03-01", "hb=10.5",
                              "source=manual", "source_id=z1")["id"]
    other = fed["loreto"].ayni("put", "child", "--space", "visits", "dni=99000002", "surname_1=Mamanibis", *CHILD)["id"]
    for node in fed.nodes.values():
        for record in (child, test, other):
            until(lambda n=node, r=record: n.run("get", r).returncode == 0, 30, f"{record} at {node.name}")
    return child, test, other


def write_while_apart(fed, child):
    """Care has heard of nothing and edits; nobody hears of that before the child is erased."""
    for name in ("midis", "loreto", "innova"):
        fed[name].stop()
    fed["care"].ayni("set", child, "surname_1=Yupanquilate")
    fed["care"].stop()
    for name in ("midis", "loreto", "innova"):
        fed[name].start()


def erase_and_confirm(fed, child, test):
    erased = fed["midis"].ayni("erase", child, "--reason", "the mother asked for it")
    assert erased["done"] and erased["records"] >= 3 and erased["kept"] == 0, erased
    assert is_erased(fed["midis"], child), "it is read where it was erased"
    for name in ("loreto", "innova"):
        until(lambda n=name: is_erased(fed[n], child) and is_erased(fed[n], test), 30, f"the order at {name}")
    until(lambda: {n: s for n, s in states(fed["midis"], child).items() if n != "care"} ==
          {"midis": "scrubbed", "loreto": "scrubbed", "innova": "scrubbed"}, 60, "scrubbed")
    assert states(fed["midis"], child)["care"] == "pending"
    assert own_status(fed["loreto"], child)["oldest_backup"] is not None, "an older backup has it"
    assert own_status(fed["innova"], child)["oldest_backup"] is None
    for name in ("midis", "loreto", "innova"):
        for secret in SECRETS:
            assert not holds(fed[name].home, secret), f"{secret} is at {name}: {holds(fed[name].home, secret)}"


def care_comes_back(fed, child):
    fed["care"].start()
    until(lambda: is_erased(fed["care"], child), 30, "the order at care")
    until(lambda: any(p["reason"] == "erased" and p["id"] == child for p in fed["care"].ayni("problems")), 30,
          "the late edit among the problems")


def tumbes_joins(fed, child):
    fed.nodes["tumbes"] = Node(fed.folder, "tumbes")
    fed.add(fed["tumbes"])
    fed["midis"].ayni("space", "grant", "visits", "tumbes", "reader")
    until(lambda: any(s["space"] == "visits" for s in fed["tumbes"].ayni("space", "list")), 30, "the space at tumbes")
    fed["tumbes"].sync()
    until(lambda: is_erased(fed["tumbes"], child), 30, "the order at tumbes")


def loreto_returns_from_an_older_backup(fed, child, backup):
    loreto = fed["loreto"]
    before = own_status(loreto, child)
    loreto.stop()
    shutil.rmtree(loreto.home)
    loreto.run("restore", backup)
    loreto.start()
    until(lambda: is_erased(loreto, child), 60, "the order at loreto, restored")
    until(lambda: not any(holds(loreto.home, secret) for secret in SECRETS), 60, "loreto to have scrubbed again")
    until(lambda: all_heard(fed, before), 60, "all to have heard that loreto has scrubbed again")
    assert own_status(loreto, child)["oldest_backup"] == before["oldest_backup"], "it doesn't know of what it came from"


def all_heard(fed, before):
    """Everywhere the same is said of every record: all have scrubbed, and the one that was restored did so since."""
    said, *others = [node.ayni("erase", "status") for node in fed.nodes.values()]
    return (all(other == said for other in others) and all(s["state"] == "scrubbed" for s in said) and
            all(s["time"] > before["time"] for s in said if s["node"] == before["node"]))


def no_trace(fed):
    """A late edit may be on its way still: then it is dropped and scrubbed once more."""
    for node in fed.nodes.values():
        for secret in SECRETS:
            until(lambda n=node, s=secret: not holds(n.home, s), 60, f"{secret} to be gone from {node.name}")
        assert holds(node.home, KEPT), f"{node.name} lost what nobody erased"


def all_answers(control):
    """Of who has scrubbed all it says nothing more."""
    return {**answers(control), "erase.status": control.raw("erase.status")}


def check_rebuild(node):
    with Control(node.home) as control:
        before = all_answers(control)
        control.one("rebuild")
        after = all_answers(control)
    assert before == after, f"{node.name} answers otherwise after a rebuild:\n{differences(before, after)}"


def enters_it_anew(fed, child):
    again = fed["care"].ayni("put", "child", "--space", "visits", "dni=99000001", "surname_1=Flores", *CHILD)["id"]
    assert again == child, "the same number is the same record"
    for node in fed.nodes.values():
        until(lambda n=node: n.run("get", child).returncode == 0, 30, f"what was entered anew at {node.name}")
        assert node.ayni("get", child)["fields"]["surname_1"] == "Flores"
    until(lambda: not any(p["reason"] == "erased" and p["id"] == child for p in fed["care"].ayni("problems")), 30,
          "the problem to end")


def the_past_says_what_is_missing(fed, child, written):
    """What was erased isn't shown as of then, and that there was more is told."""
    for name in ("midis", "innova"):
        answer = fed[name].run("--json", "get", child, "--as-of", written)
        assert answer.returncode == 1 and "erased" in answer.stdout, answer
        assert fed[name].ayni("get", child, "--as-of", "2100-01-01")["erased"] >= 1
        assert "erased" not in fed[name].ayni("get", child)
        for asked in (("list", "child"), ("export", "child"), ("query", "SELECT 1 FROM child"), ("view",)):
            then, now = fed[name].run("--json", *asked, "--as-of", "2100-01-01"), fed[name].run("--json", *asked)
            assert then.returncode == 0 and "were erased since" in then.stderr and "warnings" not in then.stdout, (asked, then)
            assert "erased" not in now.stderr, (asked, now)
        assert "erased" not in fed[name].run("list", "household", "--as-of", "2100-01-01").stderr
        assert "fueron borradas después" in fed[name].run("--lang", "es", "list", "child", "--as-of", "2100-01-01").stderr


def imports_never_do(fed, child, folder):
    file = folder / "again.csv"
    file.write_text("dni,surname_1,given_names,birth_date,sex,ubigeo,state\n"
                    "99000001,Zurdokan,Ana,2024-02-29,f,160101,active\n")
    counts = fed["innova"].ayni("import", "child", file, "--space", "visits", "--rejects", folder / "rejects.csv",
                                 code=3)
    assert counts["rejected"] == 1 and counts["created"] == 0, counts
    assert "erased" in (folder / "rejects.csv").read_text()


def main():
    with Federation("midis", "loreto", "innova", "care") as fed:
        everybody = ("midis", "loreto", "innova", "care", "tumbes")
        fed.space("visits", "loreto", "innova", "care")
        child, test, other = write_what_will_be_erased(fed)
        written = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
        old = fed.folder / "old-backup"
        fed["loreto"].ayni("backup", old)
        assert backup_holds(old, SECRETS[0]), "this test shows nothing"
        write_while_apart(fed, child)
        erase_and_confirm(fed, child, test)
        imports_never_do(fed, child, fed.folder)
        (fed.folder / "again.csv").unlink()
        (fed.folder / "rejects.csv").unlink()
        care_comes_back(fed, child)
        tumbes_joins(fed, child)
        until(lambda: all_scrubbed(fed["midis"], child, *everybody), 60, "all to have scrubbed")
        no_trace(fed)
        new = fed.folder / "new-backup"
        fed["loreto"].ayni("backup", new)
        assert not any(backup_holds(new, secret) for secret in SECRETS), "a backup made after it has it"
        assert backup_holds(new, KEPT)
        loreto_returns_from_an_older_backup(fed, child, old)
        no_trace(fed)
        for node in fed.nodes.values():
            assert node.ayni("verify", "--full")["ok"], f"{node.name} doesn't verify"
            check_rebuild(node)
            assert [c["_id"] for c in node.ayni("list", "child")] == [other]
        enters_it_anew(fed, child)
        the_past_says_what_is_missing(fed, child, written)


main()
