#!/usr/bin/env python3
"""Stewards: local users do what their role allows, and their names stand in what they write."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402
from other_user import USER, OtherUser  # noqa: E402

her = OtherUser()
refused, done = her.refused, her.done

with Federation("midis") as fed:
    midis = fed["midis"]
    fed.folder.chmod(0o711)
    fed.space("visits")
    person = ("put", "person", "--space", "visits", "surname_1=Vela", "given_names=Ana")

    # Her home is nobody's to look into; whose daemon it is anybody may ask.
    assert midis.home.stat().st_mode & 0o777 == 0o711 and (midis.home / "log").stat().st_mode & 0o777 == 0o700
    assert done(midis, "status")["name"] == "midis"
    error = refused(midis, "types")
    assert USER in error["message"] and f"steward add {USER}" in error["hint"], error

    # Each role may do what it is for, at once; what she writes names her.
    allowed = {
        "reader": ["types"],
        "auditor": ["types", "problems"],
        "editor": ["types", person],
        "reviewer": ["types", person, ("resolve", "--prefer", "latest")],
        "admin": ["types", person, ("resolve", "--prefer", "latest"), ("space", "create", "made"), ("steward", "list")],
    }
    asked = ["types", person, ("resolve", "--prefer", "latest"), ("space", "create", "other")]
    for role, may in allowed.items():
        midis.ayni("steward", "add", USER, "--role", role)
        for command in may:
            done(midis, *([command] if isinstance(command, str) else command))
        for command in asked[len([c for c in may if c in asked]):-1]:
            error = refused(midis, *([command] if isinstance(command, str) else command))
            assert role in error["message"], error
    made = done(midis, *person)["id"]
    assert [v["steward"] for v in midis.ayni("log", made)] == [USER]

    # The registry is for admins: nobody gives herself a role, a right or another's place by writing its records.
    listed = midis.ayni("steward", "list")
    itself = midis.ayni("status")["node"]
    rules = midis.ayni("list", "rule_set", "--where", "name = 'MIDIS-DIT-2019'")[0]["_id"]
    table = fed.folder / "organisations.csv"
    table.write_text("code,name,kind,roles\neve,Eve,ngo,midis\n")
    table.chmod(0o644)
    for role in ("editor", "reviewer"):
        midis.ayni("steward", "add", USER, "--role", role)
        for command in (("put", "steward", "--space", "registry", f"node={itself}", f"name={USER}", "role=admin", "active=true"),
                        ("set", rules, "norm=hers"), ("delete", rules, "--reason", "hers"),
                        ("import", "organisation", str(table), "--space", "registry")):
            error = refused(midis, *command)
            assert "registry" in error["message"], error
    refused(midis, "resolve", rules, "norm=hers")
    done(midis, "resolve", "--prefer", "latest")
    assert [s for s in midis.ayni("steward", "list") if s["name"] != USER] == [s for s in listed if s["name"] != USER]
    midis.ayni("steward", "add", USER, "--role", "admin")
    done(midis, "set", rules, "norm=theirs")

    # A key is another steward than a user of that name; and what was given can be taken.
    midis.ayni("steward", "add", USER, "--role", "admin", "--key", "cd" * 32)
    refused(midis, "types")
    midis.ayni("steward", "add", USER, "--role", "reader")
    done(midis, "types")
    midis.ayni("steward", "remove", USER)
    refused(midis, "types")

    # Where she can't pass she is told what to do.
    fed.folder.chmod(0o700)
    error = refused(midis, "status", code=4)
    assert "chmod a+x" in error["hint"], error
