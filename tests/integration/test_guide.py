#!/usr/bin/env python3
"""The steward's guide in both languages: each command of it is run, and prints what stands there.

    AYNI_GUIDE=write tests/integration/test_guide.py     writes what they print now into the pages"""

import os
import pathlib
import pty
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, SOURCE, Federation, skip  # noqa: E402
from guide import Runner, steps_of, what_is_said, with_outputs  # noqa: E402

GUIDE, DEMO = SOURCE / "docs" / "guide", SOURCE / "tests" / "demo"
FEDERATION = ("midis", "loreto", "innova", "salud")
FILES = [DEMO / "padron_municipal.csv", DEMO / "padron_ong.csv", *sorted(GUIDE.glob("*.csv"))]

try:
    for end in pty.openpty():
        os.close(end)
except OSError as none:
    skip(f"this system gives no pseudo-terminal: {none}")

pages = {language: (GUIDE / f"{language}.md").read_text(encoding="utf-8") for language in ("es", "en")}
asked = {language: [(step.node, step.command, step.keys) for step in steps_of(page)] for language, page in pages.items()}
assert len(asked["es"]) > 20 and len(asked["es"]) == len(asked["en"]), [len(a) for a in asked.values()]
for spanish, english in zip(asked["es"], asked["en"]):
    assert spanish[0] == english[0] and spanish[1].split()[:2] == english[1].split()[:2], (spanish, english)

# Who is what, as steering says it: cards are signed again with the organisation.
ORGANISATIONS = {"loreto": ["kind=municipality"], "innova": ["kind=ngo"], "salud": ["kind=authority", "roles=health"],
                 "midis": ["kind=ministry", "roles=midis"]}


def prepare(fed):
    """The federation that the guide begins with."""
    midis = fed["midis"]
    midis.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv")
    for name, kinds in ORGANISATIONS.items():
        midis.ayni("member", "add", fed[name].ayni("card")["card"], "--org", name)
        midis.ayni("set", f"organisation:{name}", *kinds)
    midis.ayni("put", "facility", "--space", "registry", "register=renaes", "code=00000113", "name=San Juan", "territory=160113",
               "active=true")
    fed.space("loreto/ninez", "loreto", "innova", "salud", **{"class": "sensitive"})
    fed.agree()


wrong = []
for language, page in pages.items():
    with Federation(*FEDERATION) as fed:
        prepare(fed)
        folder = fed.folder / "files"
        folder.mkdir()
        for file in FILES:
            shutil.copy(file, folder)
        runner, outputs = Runner(fed, folder, BIN, language), []
        for step in steps_of(page):
            printed = runner.step(step)
            here, there = what_is_said(step.output), what_is_said(printed)
            outputs.append(printed if here != there else step.output)
            if here != there:
                wrong.append(f"{language}.md:{step.line}: {step.node}$ {step.command}\n"
                             + "".join(f"  - {line}\n" for line in (here - there)) + "".join(f"  + {line}\n" for line in (there - here)))
    if os.environ.get("AYNI_GUIDE") == "write":
        (GUIDE / f"{language}.md").write_text(with_outputs(page, outputs), encoding="utf-8")
if os.environ.get("AYNI_GUIDE") == "write":
    wrong = []
assert not wrong, "the guide says what isn't so (- stands there, + is printed now):\n" + "\n".join(wrong)
