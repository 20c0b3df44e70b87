#!/usr/bin/env python3
"""Rows of pregnant women: of HIS, whose file says little, and of a register whose map makes the woman and her pregnancy."""

import collections
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import Federation  # noqa: E402

HIS = ("anio,mes,fecha_atencion,ubigeo,renaes,lote,pagina,registro,item,tipo_doc,num_doc,genero,edad,tipo_edad,peso_kg,talla_cm,"
       "codigo_item,tipo_diagnostico,valor_lab,fecha_ultima_regla,semanas_gestacion").split(",")
# What a register of prenatal care may look like: it says who the woman is, and how far she was.
REGISTER = "dni,apellido,nombres,fecha,semanas,parto,control"
MAP = {"name": "prenatal", "origin": "other", "dates": "DD/MM/YYYY", "records": [
    {"name": "woman", "type": "person", "identifiers": {"dni": "dni"},
     "fields": {"surname_1": "apellido", "given_names": "nombres", "sex": {"constant": "f"}}},
    {"name": "pregnancy", "type": "pregnancy",
     "lasts": {"of": "woman", "from": "last_menstrual_period", "to": "ended_on", "days": 320, "on": "fecha"},
     "fields": {"woman": {"record": "woman"}, "ended_on": "parto",
                "last_menstrual_period": {"column": "fecha", "weeks_before": "semanas", "once": True}}},
    {"name": "visit", "type": "prenatal_visit", "main": True, "with": "pregnancy",
     "fields": {"subject": {"record": "pregnancy"}, "date": "fecha", "number": "control", "weeks": "semanas",
                "source": {"constant": "other"}, "source_id": {"columns": ["dni", "fecha"], "join": "-"}}}]}

with Federation("midis") as fed:
    midis = fed["midis"]
    fed.space("s")
    rows = 0

    def his(number, date, code, lab="", regla="", weeks="", gender="F", document="1", kilograms=""):
        global rows
        rows += 1
        return dict(zip(HIS, ["2026", "9", date, "", "99160101", "L", "1", rows, "1", document, number, gender, "25", "A", kilograms, "",
                              code, "D", lab, regla, weeks]))

    def load(text, *how):
        """Counts, and the reason of each row that was rejected."""
        rejects = fed.folder / "rejects.csv"
        rejects.unlink(missing_ok=True)
        run = midis.run("--json", "import", "-", "--space", "s", "--rejects", rejects, *how, stdin=text)
        assert run.stdout, run
        answer = json.loads(run.stdout)
        reasons = [line.split(",")[-2] for line in rejects.read_text().splitlines()[1:]] if rejects.exists() else []
        return answer, collections.Counter(reasons)

    def load_his(*lines, header=HIS):
        text = [header, *([str(line[name]) for name in header] for line in lines)]
        return load("".join(",".join(cells) + "\n" for cells in text), "--map", "his")

    def pregnancies():
        return sorted((row["last_menstrual_period"], row["woman"]) for row in midis.ayni("list", "pregnancy"))

    def subjects(kind):
        return [row["subject"] for row in midis.ayni("list", kind, "--order-by", "date")]

    def woman(number, *more):
        return midis.ayni("put", "person", "--space", "s", f"dni={99000000 + number}", "surname_1=Vela", "given_names=Rosa", "sex=f",
                          "birth_date=2000-02-29", *more)["id"]

    rosa, eva = woman(1), woman(2)
    child = midis.ayni("put", "child", "--space", "s", "dni=99000003", "surname_1=Vela", "given_names=Ana", "birth_date=2025-02-28", "sex=f",
                       "ubigeo=160101", "state=active")["id"]
    old, late = (midis.ayni("put", "pregnancy", "--space", "s", f"woman={rosa}", f"last_menstrual_period={day}", *more)["id"] for day, *more in (
        ("2024-01-10", "ended_on=2024-10-12"), ("2026-01-05",)))

    # Her pregnancy is the one that the day falls into, also of what isn't a prenatal visit; a child on file, nobody, and a woman of whom
    # no pregnancy is known and the row doesn't say enough are no subject. Other events of hers are about herself.
    counts, reasons = load_his(
        his("99000001", "2026-03-02", "Z3491", 1), his("99000001", "2024-05-02", "Z3592", 3), his("99000001", "2026-05-02", "99199.26", 2),
        his("99000001", "2026-05-02", "85018.01", "11.2", kilograms="61.5"), his("99000001", "2026-06-02", "O990"),
        his("99000001", "2023-06-02", "Z3491", 1), his("99000001", "2025-06-02", "85018", "12.0"),
        his("99000002", "2026-03-02", "Z3491", 1), his("99000003", "2026-03-02", "Z3491", 1), his("99000009", "2026-03-02", "Z3491", 1),
        his("99000003", "2026-03-02", "Z3491", 1, gender="M"), his("990000", "2026-03-02", "Z3491", 1), his("99000001", "2026-03-02", "99382", 1),
        his("99000001", "2026-06-02", "J069"), his("99000001", "2024-12-02", "J069"), header=HIS[:-2])
    assert reasons == {"unknown_subject": 6, "code_not_for_sex": 1, "bad_document": 1}, reasons
    assert counts["created"] == 7 and counts["rejected"] == 8, counts
    assert subjects("prenatal_visit") == [old, late], subjects("prenatal_visit")
    assert subjects("hb_test") == [rosa, late] and subjects("supplement") == [late] and subjects("diagnosis") == [late] * 2
    assert not midis.ayni("list", "growth") and len(pregnancies()) == 2

    # What says when it began, or how far it is, makes it: once, however the weeks of later visits are rounded; and twice changes nothing.
    made = (his("99000002", "2026-03-02", "Z3491", 1, weeks="8"), his("99000002", "2026-03-31", "Z3491", 2, weeks="12"),
            his("99000002", "2026-03-31", "85018.01", "11.2"), his("99000001", "2022-08-01", "Z3491", 1, regla="2022-06-06"))
    counts, reasons = load_his(*made)
    assert counts["created"] == 4 and not reasons, (counts, reasons)
    assert pregnancies() == sorted([("2024-01-10", rosa), ("2026-01-05", rosa), ("2022-06-06", rosa), ("2026-01-05", eva)]), pregnancies()
    assert len(set(subjects("prenatal_visit"))) == 4
    counts, _ = load_his(*made)
    assert counts["unchanged"] == 4, counts
    counts, reasons = load_his(his("99000002", "2026-03-02", "Z3491", 1, weeks="x"), his("99000002", "2026-03-02", "Z3491", 1, weeks="45"),
                               his("99000002", "2026-04-15", "Z3491", 1, weeks="20"))
    assert reasons == {"out_of_range": 2, "weeks_differ": 1}, reasons

    # A map of one's own that says who she is makes her too; a later birth ends it, and what comes after is another pregnancy.
    own = fed.folder / "prenatal.json"
    own.write_text(json.dumps(MAP), encoding="utf-8")
    register = REGISTER + "\n" + "".join(f"{line}\n" for line in (
        "99000011,Ríos,Luz,02/03/2025,8,,1", "99000011,Ríos,Luz,30/03/2025,11,,2", "99000011,Ríos,Luz,10/10/2025,40,12/10/2025,3",
        "99000011,Ríos,Luz,01/03/2026,9,,1", "99000012,Ríos,Sol,01/03/2026,,,1"))
    for times in range(2):
        counts, reasons = load(register, "--map", own)
        assert (counts["created"], counts["unchanged"]) == ((5, 0), (0, 5))[times] and not reasons, (counts, reasons)
    luz = midis.ayni("get", "dni:99000011")["id"]
    assert [day for day, whose in pregnancies() if whose == luz] == ["2025-01-05", "2025-12-28"], pregnancies()
    assert midis.ayni("get", "dni:99000012")["fields"]["given_names"] == "Sol"
