#!/usr/bin/env python3
"""What a bundle is: for whom, of what, whole or not, in volumes; who gets none, and a disk without room."""

import errno
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from apart import Apart, export, flipped, refused  # noqa: E402
from disk import Disk  # noqa: E402
from federation import BIN  # noqa: E402

SPACE = "visits"


with Apart("midis", "loreto", "ucayali") as fed:
    midis, loreto, ucayali = fed["midis"], fed["loreto"], fed["ucayali"]
    midis.ayni("space", "create", SPACE)
    midis.ayni("space", "create", "other")
    midis.ayni("space", "grant", SPACE, "loreto", "writer")
    file = fed.folder / "to loreto.ayni"

    # What was written, for whom, and what of it others may see.
    made = export(midis, loreto, file)
    assert made["volumes"] == 1 and made["bytes"] == file.stat().st_size, made
    assert {space["space"] for space in made["spaces"]} == {"registry", SPACE}, made
    assert made["receiver"] == "loreto", made
    shown = loreto.ayni("bundle", "show", file)
    assert shown["readable"] and shown["entries"] == made["entries"] and shown["bundle"] == made["bundle"], shown
    outside = ucayali.ayni("bundle", "show", file)
    assert not outside["readable"] and "entries" not in outside and "spaces" not in outside, outside
    assert outside["for"] == shown["for"] == made["for"] and outside["from"] == shown["from"], outside

    own = midis.ayni("bundle", "show", file)
    assert (own["receiver"], own["sender"]) == ("loreto", "midis") and not own["readable"], own

    # A file that was changed anywhere, ends too early, or is something else.
    size = file.stat().st_size
    for at in (0, 40, 200, size // 2, size - 1):
        code = 3 if at == 0 else 1
        for node in (loreto, ucayali):
            refused(node, "bundle", "show", flipped(file, at), code=code)
    cut = fed.folder / "cut.ayni"
    for length in (3, 100, size // 2, size - 1):
        cut.write_bytes(file.read_bytes()[:length])
        assert refused(loreto, "bundle", "show", cut, code=1)["code"] == "damaged"
    cut.write_bytes(b"")
    refused(loreto, "bundle", "show", cut, code=3)
    refused(loreto, "bundle", "show", fed.folder / "nothing", code=2)

    # Volumes of the size that was asked for, each the sender's and whole.
    parts = fed.folder / "parts.ayni"
    refused(midis, "bundle", "export", "--for", "loreto", "--volume-size", "10K", parts, code=2)
    refused(midis, "bundle", "export", "--for", "loreto", "--volume-size", "big", parts, code=2)
    made = export(midis, loreto, parts, "--volume-size", "256K")
    files = sorted(fed.folder.glob("parts.ayni.*"))
    assert len(files) == made["volumes"] and sum(f.stat().st_size for f in files) == made["bytes"], files
    for number, one in enumerate(files, 1):
        shown = loreto.ayni("bundle", "show", one)
        assert (shown["volume"], shown["volumes"]) == (number, len(files)), shown
        assert one.stat().st_size <= 256 * 1024
    assert loreto.ayni("bundle", "show", parts)["volume"] == 1

    # Nobody gets one who isn't a member, or is none any more; nor does the node itself.
    refused(midis, "bundle", "export", "--for", "cusco", fed.folder / "x", code=1)
    refused(midis, "bundle", "export", "--for", "midis", fed.folder / "x", code=3)
    midis.ayni("member", "revoke", "ucayali", "--reason", "a test")
    refused(midis, "bundle", "export", "--for", "ucayali", fed.folder / "x", code=3)
    refused(midis, "bundle", "export", "--for", "loreto", fed.folder / "no folder" / "x", code=5)

    # A disk without room leaves what was there, and nothing besides.
    before = file.read_bytes()
    disk = Disk(fed.folder / "disk", fed.folder)
    disk.fail("write", errno.ENOSPC, skip=1)
    run = subprocess.run([BIN / "ayni", "--home", midis.home, "--lang", "en", "bundle", "export", "--for", "loreto", file],
                         capture_output=True, text=True, timeout=120, env={"PATH": "/usr/bin", **disk.environment()})
    assert run.returncode == 5 and "No space left" in run.stderr, run
    assert file.read_bytes() == before and not list(fed.folder.glob("*.partial")), list(fed.folder.iterdir())
