#!/usr/bin/env python3
"""Files that are wrong, in whole or in rows; rejects that are corrected; imports that are cut off or meet each other."""

import csv
import os
import pathlib
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import BIN, SOURCE, Failed, Federation, Node, until  # noqa: E402

DEMO = SOURCE / "tests" / "demo"
DATA = SOURCE / "tests" / "data"
HEADER = "codigo_padron,dni,fecha_emision_dni,cnv,apellido_paterno,apellido_materno,nombres,fecha_nacimiento,sexo," \
         "nacidos_en_parto,orden_nacimiento,lengua,ubigeo,direccion,seguro,madre_dni,madre_apellido_paterno," \
         "madre_apellido_materno,madre_nombres,madre_lengua"
COUNTS = ("read", "created", "updated", "unchanged", "rejected")


def counts(answer):
    return tuple(answer[c] for c in COUNTS)


with Federation("midis") as fed:
    midis = fed.steering
    fed.space("r", **{"class": "sensitive"})
    fed.space("open", **{"class": "personal"})
    midis.ayni("reference", "import", "ubigeo", DEMO / "ubigeo_loreto.csv")
    folder = fed.folder

    def load(text, *more, code=0, name="file.csv"):
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        rejects = folder / "rejects.csv"
        return midis.ayni("import", path, "--space", "r", "--map", "padron", "--rejects", rejects, *more, code=code)

    def reasons():
        with open(folder / "rejects.csv", encoding="utf-8", newline="") as file:
            return [(row["line"], row["column"], row["reason"]) for row in csv.DictReader(file)]

    # Each wrong row is rejected with its line and column; the others go on, and nothing of a wrong one is written.
    wrong = DATA / "padron_wrong.csv"
    expected = [tuple(line.split(",")) for line in (DATA / "padron_wrong.expected").read_text().splitlines()]
    done = midis.ayni("import", wrong, "--space", "r", "--map", "padron", "--rejects", folder / "rejects.csv")
    assert counts(done) == (16, 2, 0, 0, 14), (done, reasons())
    assert reasons() == expected, reasons()
    assert len(midis.ayni("list", "child")) == 2 and len(midis.ayni("list", "person")) == 2
    assert len(midis.ayni("list", "guardian_link")) == 2

    # What was rejected is corrected in its own file and loaded.
    with open(folder / "rejects.csv", encoding="utf-8", newline="") as file:
        rejected = list(csv.DictReader(file))
    for number, row in enumerate(rejected):
        if None in row or any(value is None for value in row.values()):
            continue
        row.update(codigo_padron=str(99500000 + number), dni=str(99600000 + number), cnv="", fecha_emision_dni="2026-01-15",
                   apellido_paterno="Vela", nombres="Luz", fecha_nacimiento="2026-01-10", sexo="F", ubigeo="160101",
                   orden_nacimiento="1", seguro="SIS", lengua="spa", madre_dni=str(99700000 + number))
    with open(folder / "corrected.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rejected[0]))
        writer.writeheader()
        writer.writerows(rejected)
    done = midis.ayni("import", folder / "corrected.csv", "--space", "r", "--map", "padron")
    assert counts(done) == (14, 14, 0, 0, 0), done

    # Files that are none.
    good = (DEMO / "padron_municipal.csv").read_text(encoding="utf-8").splitlines()
    assert counts(load(good[0] + "\n")) == (0, 0, 0, 0, 0)
    load("", code=3)
    for _ in range(8):
        load(os.urandom(50000), code=3)
    load(b"codigo_padron,d\x00ni\n1,2\n", code=3)
    load("a,b,c\n1,2,3\n", code=3)
    assert "two columns" in load(good[0] + ",dni\n" + good[1] + ",1\n", code=3)["error"]["message"]
    ragged = load("\n".join([good[0], good[1], good[2] + ",more", good[3].rsplit(",", 3)[0]]) + "\n")
    assert counts(ragged) == (3, 1, 0, 0, 2), ragged
    huge = good[1].replace("Jr. Inventado", "Jr. " + "x" * 1000000)
    done = load("\n".join([good[0], huge, good[2]]) + "\n")
    assert counts(done) == (2, 1, 0, 0, 1), done
    (folder / "wide.csv").write_text(good[0] + ",otra\n" + good[3] + ",7\n", encoding="utf-8")
    run = midis.run("import", folder / "wide.csv", "--space", "r", "--map", "padron")
    assert run.returncode == 0 and "otra" in run.stderr, run.stderr
    load(good[0].replace("nombres", "nombrs") + "\n" + good[4] + "\n", code=3)

    # Whom it may not touch.
    midis.ayni("import", DEMO / "padron_municipal.csv", "--space", "open", "--map", "padron", code=3)
    midis.ayni("import", DEMO / "padron_municipal.csv", "--space", "nowhere", "--map", "padron", code=2)
    midis.ayni("import", DEMO / "padron_municipal.csv", "--space", "r", "--map", "padro", code=2)
    midis.ayni("import", DEMO / "padron_municipal.csv", "--space", "r", code=2)

    # Without a map the header names fields; what is exported can be imported, and changes nothing.
    growth = ("import", "growth", DATA / "growth_fields.csv", "--space", "r", "--rejects", folder / "rejects.csv")
    assert counts(midis.ayni(*growth)) == (4, 2, 0, 0, 2)
    assert [reason for _, _, reason in reasons()] == ["duplicate_source_id", "nothing_measured"]
    assert counts(midis.ayni(*growth)) == (4, 0, 0, 2, 2)
    for kind in ("child", "person", "identifier", "guardian_link", "growth"):
        for form in ("csv", "json"):
            run = midis.run("export", kind, "--format", form)
            assert run.returncode == 0, run.stderr
            path = folder / f"{kind}.{form}"
            path.write_text(run.stdout)
            done = midis.ayni("import", kind, path, "--space", "r")
            assert done["read"] == done["unchanged"] > 0, (kind, done)
    midis.ayni("import", "child", DATA / "growth_fields.csv", "--space", "r", code=2)
    # Rows of JSON are told by their lines, and rejected ones can be corrected as those of any file.
    subject = midis.ayni("list", "child", "--limit", "1")[0]["_id"]
    (folder / "hb.json").write_text(f'{{"subject":"{subject}","date":"2026-01-20","hb":10.5}}\n'
                                    f'{{"subject":"{subject}","date":"2026-01-21","hb":99.9,"note":"=1,\\"2\\""}}\n')
    done = midis.ayni("import", "hb_test", folder / "hb.json", "--space", "r", "--rejects", folder / "rejects.csv")
    assert counts(done) == (2, 1, 0, 0, 1) and reasons() == [("2", "hb", "out_of_range")], (done, reasons())
    rejected = (folder / "rejects.csv").read_text(encoding="utf-8").replace("99.9", "9.9")
    (folder / "rejects.csv").write_text(rejected, encoding="utf-8")
    assert counts(midis.ayni("import", "hb_test", folder / "rejects.csv", "--space", "r")) == (1, 1, 0, 0, 0)
    assert {(row["hb"], row.get("note")) for row in midis.ayni("list", "hb_test")} >= {(10.5, None), (9.9, '=1,"2"')}
    (folder / "hb.json").write_text('[{"hb":1}]\n')
    midis.ayni("import", "hb_test", folder / "hb.json", "--space", "r", code=2)

    # A client that is killed on the way: what was stored stays, and importing again completes it.
    many = [good[0]]
    for n in range(6000):
        cells = good[1 + n % 240].split(",")
        cells[0], cells[1], cells[3] = str(98000000 + n), str(98100000 + n), str(9800000000 + n)
        many.append(",".join(cells))
    path = folder / "many.csv"
    path.write_text("\n".join(many) + "\n", encoding="utf-8")
    command = [BIN / "ayni", "--home", midis.home, "--json", "import", path, "--space", "r", "--map", "padron"]
    before = len(midis.ayni("list", "child"))
    client = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: len(midis.ayni("list", "child")) > before or client.poll() is not None, 60, "the first rows")
    client.send_signal(signal.SIGKILL)
    client.wait()
    # Two at once: both end, and the file is there once.
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(midis.ayni(*command[4:]))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(a["read"] == 6000 and a["rejected"] == 0 for a in answers), answers
    assert len(midis.ayni("list", "child")) == before + 6000
    assert counts(midis.ayni(*command[4:])) == (6000, 0, 0, 6000, 0)
    assert midis.ayni("conflicts") == []

    # Who isn't a member yet hasn't got what ids are made with.
    new = fed.nodes["new"] = Node(fed.folder, "new")
    new.init()
    new.start()
    new.ayni("join", midis.ayni("ticket")["ticket"])
    new.ayni("import", DEMO / "padron_municipal.csv", "--space", "r", "--map", "padron", code=2)
