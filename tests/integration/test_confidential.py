"""A sealed space: its owner, a writer and a reader who comes late meet at a relay alone, which stores and forwards what it can't read.

Nothing of what is written is in any file of the relay, only its ciphertext, and that goes when it is erased; who loses the right to
read hasn't got the key of what is written after that.
"""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "vectors"))
os.environ["AYNI_STORE_SCRUB_AFTER"] = "1s"
from federation import Federation, Node, files_with, until  # noqa: E402
from proven import proven_payload  # noqa: E402

SPACE = "proteccion"
SECRETS = [b"Zurdokan", b"Yupanquilate", b"Mamanibis"]
CHILD = ("given_names=Ana", "birth_date=2024-02-29", "sex=f", "ubigeo=160101", "state=active")


def holds(node, what):
    """Which files of its home have it anywhere, free pages included."""
    return [str(path) for path in files_with(node.home, what)]


def put_child(node, surname, number, space=SPACE):
    return node.ayni("put", "child", "--space", space, f"dni={number}", f"surname_1={surname}", *CHILD)["id"]


def has(node, record, field="surname_1", value=None):
    answer = node.run("--json", "get", record)
    return answer.returncode == 0 and (value is None or f'"{field}":"{value}"' in answer.stdout.replace(": ", ":"))


def wait_for(nodes, record, value):
    for node in nodes:
        until(lambda n=node: has(n, record, value=value), 60, f"{value} of {record} at {node.name}")


def listed(node, space=SPACE):
    return next((s for s in node.ayni("space", "list") if s["space"] == space), {})


def entries_at(node, space):
    return next((s["entries"] for s in node.ayni("status")["spaces"] if s["space"] == space), 0)


def put_apart(fed):
    """The relay alone listens; the others know nobody else's address."""
    relay = fed["relay"]
    for node in (fed["midis"], fed["writer"], fed["reader"]):
        assert node.stop() == 0
        node.start(listen=False)
        node.ayni("peer", "add", f"tcp://127.0.0.1:{relay.port}", relay.ayni("status")["node"])


def check_relay(relay, record):
    """It counts what it has, and says that it can't read it."""
    assert listed(relay)["role"] == "relay" and listed(relay)["records"] == 0
    assert entries_at(relay, SPACE) > 0
    refused = relay.run("list", "child", "--space", SPACE)
    assert refused.returncode == 3 and "only relays" in refused.stderr, refused.stderr
    refused = relay.run("get", record)
    assert refused.returncode == 1 and "relays" in refused.stderr, refused.stderr
    assert not [p for p in relay.ayni("problems") if p["space"] == SPACE], relay.ayni("problems")
    for secret in SECRETS:
        assert not holds(relay, secret), (secret, holds(relay, secret))


def check_refusals(fed):
    """The relay can't write; no class but the space's own decides; steering gives itself no right in another's space."""
    refused = fed["relay"].run("put", "child", "--space", SPACE, "surname_1=Vela", *CHILD)
    assert refused.returncode == 3, refused
    fed["writer"].ayni("space", "create", "ajeno", "--confidential")
    until(lambda: any(s["space"] == "ajeno" for s in fed["midis"].ayni("space", "list")), 30, "the other space")
    refused = fed["midis"].run("space", "grant", "ajeno", "midis", "reader")
    assert refused.returncode == 3 and "only its owner" in refused.stderr, refused.stderr


def granted_by_steering(fed):
    """Who has a right and no key says so, until the owner's node has heard of it and gives the key unasked."""
    owner, relay, reader = fed["writer"], fed["relay"], fed["reader"]
    fed["midis"].ayni("space", "grant", "ajeno", "relay", "relay")
    child = put_child(owner, "Mamanibis", 99000003, "ajeno")
    until(lambda: entries_at(relay, "ajeno") > 0, 30, "the other space at the relay")
    assert owner.stop() == 0
    fed["midis"].ayni("space", "grant", "ajeno", "reader", "reader")
    until(lambda: [p for p in reader.ayni("problems", "--space", "ajeno") if p["reason"] == "no_key"], 30, "no_key at the reader")
    assert listed(reader, "ajeno")["awaits_key"]
    assert next(s for s in reader.ayni("status")["spaces"] if s["space"] == "ajeno")["awaits_key"]
    refused = reader.run("list", "child", "--space", "ajeno")
    assert refused.returncode == 3 and "key" in refused.stderr, refused.stderr
    owner.start(listen=False)
    wait_for([reader], child, "Mamanibis")
    assert "awaits_key" not in listed(reader, "ajeno")
    assert not [p for p in reader.ayni("problems") if p["space"] == "ajeno"]


def late_reader(fed, child):
    """Gets the keys unasked, of what was written before it came, too."""
    fed["midis"].ayni("space", "grant", SPACE, "reader", "reader")
    wait_for([fed["reader"]], child, "Yupanquilate")
    assert "awaits_key" not in listed(fed["reader"])
    assert fed["reader"].ayni("verify", "--full")["ok"]


def rotation(fed, before):
    """Who may not read any more hasn't got the key of what is written once the owner's node has made another."""
    fed["midis"].ayni("space", "ungrant", SPACE, "reader")
    tried = []

    def under_another_key():
        tried.append(put_child(fed["writer"], "Mamanibis", 99000100 + len(tried)))
        return proven_payload(fed["writer"], tried[-1])["epoch"] != before

    until(under_another_key, 60, "another epoch at the writer")
    wait_for([fed["midis"]], tried[-1], "Mamanibis")
    assert not has(fed["reader"], tried[-1])
    return tried[-1]


def erasure(fed, child):
    """Reaches the relay by its ranges, and its files."""
    cipher = proven_payload(fed["writer"], child)["ciphertext"][-48:]
    until(lambda: holds(fed["relay"], cipher), 30, "the ciphertext at the relay")
    fed["midis"].ayni("erase", child, "--reason", "asked for")
    until(lambda: not holds(fed["relay"], cipher), 60, "the ciphertext gone from the relay")
    until(lambda: fed["writer"].run("get", child).returncode == 1, 60, "the child gone at the writer")
    relay = fed["relay"].ayni("status")["node"]
    until(lambda: any(s["node"] == relay and s["state"] == "scrubbed" for s in fed["midis"].ayni("erase", "status", child)),
          60, "the relay's receipt")


def carried(fed):
    """To the relay by a stick, while no connection is; what it got it hands on."""
    owner, relay, writer = fed["midis"], fed["relay"], fed["writer"]
    relay.stop()
    child = put_child(owner, "Quispetupa", 99000002)
    owner.ayni("bundle", "export", "--for", "relay", fed.folder / "stick")
    owner.stop()
    relay.start()
    assert relay.ayni("bundle", "import", fed.folder / "stick")["stored"] > 0
    wait_for([writer], child, "Quispetupa")
    assert not holds(relay, b"Quispetupa")
    owner.start(listen=False)


def restored(fed, kept):
    """From a backup the owner reads all, and another epoch can begin."""
    owner = fed["midis"]
    owner.ayni("backup", fed.folder / "backup")
    owner.stop()
    shutil.rmtree(owner.home)
    owner.run("restore", fed.folder / "backup", "--alone")
    owner.start(listen=False)
    assert has(owner, kept)
    before = proven_payload(owner, kept)["epoch"]
    owner.ayni("space", "ungrant", SPACE, "writer")

    def under_another_key():
        owner.ayni("set", kept, "surname_2=Vela" if "Vela" not in owner.run("get", kept).stdout else "surname_2=Rojas")
        return proven_payload(owner, kept)["epoch"] != before

    until(under_another_key, 60, "another epoch at the owner")


def orphaned(fed):
    """Who revokes an owner hears of its spaces. What is there stays readable; nobody gets a right that no key would follow."""
    midis, reader = fed["midis"], fed["reader"]
    there = [p["_id"] for p in reader.ayni("list", "child", "--space", "ajeno", "--columns", "_id")]
    warnings = midis.ayni("member", "revoke", "writer", "--reason", "lost")["warnings"]
    assert [w["code"] for w in warnings] == ["orphaned"] and "ajeno" in warnings[0]["message"], warnings
    for node in (midis, reader):
        until(lambda n=node: listed(n, "ajeno").get("orphaned"), 60, f"the end of the owner at {node.name}")
    assert "orphaned" not in listed(midis, SPACE)
    refused = midis.run("space", "grant", "ajeno", "relay", "reader")
    assert refused.returncode == 3 and "revoked" in refused.stderr and "space create" in refused.stderr, refused.stderr
    assert there and all(has(reader, child) for child in there)


def main():
    with Federation("midis", "writer", "reader") as fed:
        relay = fed.nodes["relay"] = Node(fed.folder, "relay")
        fed.add(relay, "--role", "relay")
        fed.space(SPACE, "writer", **{"class": "sealed"})
        fed["midis"].ayni("space", "grant", SPACE, "relay", "relay")
        put_apart(fed)
        child = put_child(fed["writer"], "Zurdokan", 99000001)
        wait_for([fed["midis"]], child, "Zurdokan")
        fed["midis"].ayni("set", child, "surname_1=Yupanquilate", "--reason", "heard")
        wait_for([fed["writer"]], child, "Yupanquilate")
        check_relay(relay, child)
        check_refusals(fed)
        granted_by_steering(fed)
        relay.kill()
        relay.start()
        late_reader(fed, child)
        first = proven_payload(fed["writer"], child)
        fed["reader"].kill()
        fed["reader"].start(listen=False)
        assert has(fed["reader"], child)
        kept = rotation(fed, first["epoch"])
        erasure(fed, child)
        fed["midis"].ayni("rebuild")
        assert has(fed["midis"], kept) and fed["midis"].run("get", child).returncode == 1
        check_relay(relay, kept)
        carried(fed)
        restored(fed, kept)
        orphaned(fed)


main()
