#!/usr/bin/env python3
"""Files of visits, of HIS and of measurements by the maps that ship, against a second judgement by the written rules:
the samples where they are, and files made here, with faults by chance, in other encodings and forms."""

import collections
import csv
import datetime
import json
import os
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation  # noqa: E402

SHARED = pathlib.Path(os.environ.get("AYNI_SHARED", SOURCE.parent / "shared"))
SAMPLES = SHARED / "samples"
SEED = int(os.environ.get("AYNI_SEED", "20261005"))
COUNTS = ("read", "created", "updated", "unchanged", "rejected")
TODAY = datetime.date.today()
chance = random.Random(SEED)


def day(text):
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            if len(text) == 10:
                return datetime.datetime.strptime(text, form).date()
        except ValueError:
            pass
    return None


def number(text):
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d+([.,]\d+)?", text) else None


def outside(text, least, most):
    return text != "" and number(text) is not None and not least <= number(text) <= most


class Register:
    """Who is on file, and which places there are."""

    def __init__(self, children, districts):
        self.districts = districts
        self.by_number = {(s, row[s]): row for row in children for s in ("dni", "cnv") if row[s]}

    def known(self, scheme, value):
        return self.by_number.get((scheme, value))


def born(child):
    return day(child["fecha_nacimiento"])


def wrong_event(date, child, district, today, register):
    """The rules that all events have."""
    if day(date) is None:
        return "bad_date"
    if day(date) > today:
        return "date_in_future"
    if child and day(date) < born(child):
        return "date_before_birth"
    return None if district == "" or district in register.districts else "unknown_district"


def wrong_kobo(row, register):
    child = register.known("dni", row["nino/dni"]) or register.known("cnv", row["nino/cnv"])
    if child is None:
        document = row["nino/dni"] or row["nino/cnv"]
        fits = re.fullmatch(r"\d{8}" if row["nino/dni"] else r"\d{6,15}", document)
        return "unknown_subject" if fits or not document else "bad_document"
    if row["visita/minutos"] == "" and row["visita/resultado"] == "realizada":
        return "minutes_missing"
    if outside(row["visita/minutos"], 1, 480):
        return "minutes_out_of_range"
    return wrong_event(row["visita/fecha"], child, row["visita/ubigeo"], day(row["_submission_time"][:10]), register)


def wrong_his(row, register):
    child = register.known({"1": "dni", "6": "cnv"}.get(row["tipo_doc"]), row["num_doc"])
    code, lab = row["codigo_item"], row["valor_lab"]
    if child is None:
        return "unknown_subject" if re.fullmatch({"1": r"\d{8}", "6": r"\d{6,15}"}[row["tipo_doc"]], row["num_doc"]) else "bad_document"
    if code in ("85018", "85018.01") and lab == "":
        return "hb_without_value"
    if code in ("85018", "85018.01", "85031") and outside(lab, 2, 25):
        return "hb_out_of_range"
    if code == "C0011" and row["tipo_diagnostico"] == "R":
        return "home_visit_typed_r"
    if code == "99199.17" and lab != "TA" and lab not in "1 2 3 4 5 6 7".split():
        return "delivery_number_out_of_range"
    if code[:4] in ("Z349", "Z359") and row["genero"] == "M":
        return "code_not_for_sex"
    if row["peso_kg"] != "" and number(row["peso_kg"]) is None:
        return "weight_not_a_number"
    if outside(row["peso_kg"], 0.5, 60):
        return "weight_out_of_range"
    if outside(row["talla_cm"], 30, 140):
        return "length_out_of_range"
    return wrong_event(row["fecha_atencion"], child, row["ubigeo"], TODAY, register)


MEASURES = ("peso_kg", "talla_cm", "perimetro_cefalico_cm", "perimetro_braquial_cm")


def wrong_growth(row, register):
    if not re.fullmatch(r"\d{8}", row["dni"]):
        return "bad_document"
    if not any(row[c] for c in MEASURES):
        return "nothing_measured"
    if row["peso_kg"] != "" and number(row["peso_kg"]) is None:
        return "weight_not_a_number"
    for column, least, most, reason in (("peso_kg", 0.5, 60, "weight_out_of_range"), ("talla_cm", 30, 140, "length_out_of_range"),
                                        ("hb_g_dl", 2, 25, "hb_out_of_range"), ("altitud_m", -50, 5500, "altitude_out_of_range")):
        if outside(row[column], least, most):
            return reason
    return wrong_event(row["fecha"], row, row["ubigeo"], TODAY, register)


class Kind:
    """A file of one map: its rows, its id, how it is judged, and where days and decimals stand."""

    def __init__(self, name, wrong, ids, sample, delimiter, days, decimals, faults):
        self.name, self.wrong, self.ids, self.sample, self.delimiter = name, wrong, ids, sample, delimiter
        self.days, self.decimals, self.faults = days, decimals, faults

    def judge(self, rows, register):
        seen, found = set(), []
        for row in rows:
            key = "-".join(row[c] for c in self.ids)
            found.append("duplicate_source_id" if key in seen else self.wrong(row, register))
            seen.add(key)
        return found


def on(column, *values):
    return lambda row: row.update({column: chance.choice(values)})


BAD_DAYS = ("2026-13-05", "20260230", "0000-00-00", "31/02/2026", "05-2026", "2026/08", "ayer", "2026-09-31", "")
KOBO = Kind("kobo-home-visits", wrong_kobo, ["meta/instanceID"], "home_visits_red_innova.csv", ";", ["visita/fecha", "visita/proxima_fecha"], [],
            [on("visita/fecha", *BAD_DAYS), on("visita/fecha", "2031-01-01"), on("visita/fecha", "2001-05-05"),
             on("visita/ubigeo", "990101", "160199", ""), on("visita/minutos", "0", "481", "-7"),
             lambda row: row.update({"visita/minutos": "", "visita/resultado": "realizada"}),
             lambda row: row.update({"nino/dni": "98000001", "nino/cnv": ""}), lambda row: row.update({"nino/dni": "9912E45", "nino/cnv": ""})])


def odk_name(column):
    """How ODK Central calls a column of KoboToolbox."""
    return {"_submission_time": "SubmissionDate", "meta/instanceID": "KEY"}.get(column, column.replace("/", "-"))


KOBO_COLUMNS = ("nino/dni", "nino/cnv", "visita/minutos", "visita/resultado", "visita/fecha", "visita/ubigeo", "_submission_time")


def wrong_odk(row, register):
    return wrong_kobo({column: row[odk_name(column)] for column in KOBO_COLUMNS}, register)


ODK = Kind("odk-home-visits", wrong_odk, ["KEY"], None, ",", ["visita-fecha", "visita-proxima_fecha"], [],
           [on("visita-fecha", *BAD_DAYS), on("visita-fecha", "2031-01-01"), on("visita-ubigeo", "990101", ""), on("visita-minutos", "0", "481"),
            lambda row: row.update({"visita-minutos": "", "visita-resultado": "realizada"}),
            lambda row: row.update({"nino-dni": "98000001", "nino-cnv": ""})])
HIS = Kind("his", wrong_his, ["renaes", "anio", "mes", "lote", "pagina", "registro", "item"], "his_loreto_2026_09.csv", ",",
           ["fecha_atencion"], ["peso_kg", "talla_cm"],
           [on("fecha_atencion", *BAD_DAYS), on("fecha_atencion", "2031-01-01"), on("fecha_atencion", "2002-05-05"),
            on("ubigeo", "990101", "160199"), on("num_doc", "98000001"), on("num_doc", "99 12345", "9912E456", "998"),
            lambda row: row.update(codigo_item="85018", valor_lab=""), lambda row: row.update(codigo_item="85018.01", valor_lab="110"),
            lambda row: row.update(codigo_item="85031", valor_lab="1.9"), lambda row: row.update(codigo_item="C0011", tipo_diagnostico="R"),
            lambda row: row.update(codigo_item="99199.17", valor_lab=chance.choice(["0", "8", "12", "15", "X", ""])),
            on("peso_kg", "12,,4", "doce"), on("peso_kg", "12300", "0.2"), on("talla_cm", "0.9", "870")])
GROWTH = Kind("growth", wrong_growth, ["codigo"], "growth_huancavelica.csv", ",", ["fecha", "fecha_nacimiento"], [*MEASURES, "hb_g_dl"],
              [on("fecha", *BAD_DAYS), on("fecha", "2031-01-01"), on("fecha", "2003-05-05"), on("ubigeo", "990101"), on("dni", "998", "9912E456"),
               on("peso_kg", "12,,4", "-"), on("peso_kg", "12300", "0.2"), on("talla_cm", "0.9", "870"), on("hb_g_dl", "110", "1.9"),
               on("altitud_m", "9999", "-51"), lambda row: row.update({c: "" for c in MEASURES})])


# --- files made here ---

def child_of(i, districts):
    date = datetime.date(2023, 1, 1) + datetime.timedelta(days=7 * i)
    dni, cnv = (f"99{i:06}", f"9940{i:06}") if i % 3 else ("", f"9940{i:06}")
    return {"codigo_padron": f"99{i:06}", "dni": dni, "cnv": cnv, "apellido_paterno": "Ñahui", "apellido_materno": "Peña",
            "nombres": "María José", "fecha_nacimiento": date.isoformat(), "sexo": "FM"[i % 2], "ubigeo": districts[i % len(districts)]}


def kobo_row(i, child):
    return {"start": "", "visita/fecha": "2026-08-20", "visita/ubigeo": child["ubigeo"], "visita/comunidad": "San José",
            "visita/programa": "parents_plus", "visita/resultado": chance.choice(["realizada", "no_encontrada", "rechazada", "se_mudo"]),
            "nino/dni": child["dni"], "nino/cnv": child["cnv"] if not child["dni"] or i % 2 else "", "visita/minutos": "45",
            "visita/presentes": chance.choice(["", "madre", "abuela padre", "madre hermano"]), "visita/tema": chance.choice(["", "lectura", "apego"]),
            "visita/materiales": chance.choice(["", "libro juguete"]), "visita/puntaje_practica": chance.choice(["", "0", "20"]),
            "visita/proxima_fecha": chance.choice(["", "2026-08-27"]), "visita/ubicacion": chance.choice(["", "-3.748332 -73.268369 163.0 29.3"]),
            "visita/dispositivo": "movil", "observaciones": chance.choice(["", 'dijo: "otra vez"; y más', "La mamá está bien"]),
            "_submission_time": "2026-08-20T16:24:32", "meta/instanceID": f"uuid:{i:08}"}


def odk_row(i, child):
    row = {odk_name(column): value for column, value in kobo_row(i, child).items()}
    parts = ("Latitude", "Longitude", "Altitude", "Accuracy")
    point = (row.pop("visita-ubicacion") or "   ").split(" ")
    return {"SubmissionDate": "", **row, **{f"visita-ubicacion-{part}": text for part, text in zip(parts, point)}, "KEY": f"uuid:odk-{i}",
            "visita-presentes/madre": str(int("madre" in row["visita-presentes"])), "meta-instanceID": f"uuid:odk-{i}", "SubmitterID": "17",
            "SubmitterName": "movil-03", "AttachmentsPresent": "0", "ReviewState": "", "Edits": "0", "FormVersion": "2026070101"}


ITEMS = (("99382", "D", "3"), ("99381", "D", ""), ("99383", "P", "5"), ("Z001", "D", "1"), ("85018.01", "D", "11.3"), ("85018", "D", "25"),
         ("99199.17", "D", "7"), ("99199.17", "D", "TA"), ("99199.19", "D", "2"), ("99199.27", "D", "1"), ("90707", "D", "1"), ("90633.01", "D", "1"),
         ("C0011", "D", "2"), ("99502", "R", "1"), ("D509", "D", ""), ("J00X", "P", ""))


def his_row(i, child):
    code, kind, lab = ITEMS[i % len(ITEMS)]
    return {"anio": "2026", "mes": "9", "fecha_atencion": f"2026-09-{1 + i // 198:02}", "ubigeo": child["ubigeo"], "renaes": "99160301", "lote": "L00",
            "pagina": f"{i // 40:03}", "registro": f"{i // 2:03}", "item": str(1 + i % 2), "tipo_doc": "1" if child["dni"] else "6",
            "num_doc": child["dni"] or child["cnv"], "genero": child["sexo"], "edad": str((datetime.date(2026, 9, 7) - born(child)).days // 365),
            "tipo_edad": "A", "peso_kg": ("10.860", "7.5", "")[i // 2 % 3], "talla_cm": ("93.0", "74.3")[i // 2 % 2],
            "codigo_item": code, "tipo_diagnostico": kind, "valor_lab": lab}


def growth_row(i, child):
    return {"codigo": f"M{i:05}", "dni": f"98{i // 2:06}", "apellido_paterno": "Ñahui", "apellido_materno": "Peña", "nombres": "Ana María",
            "fecha_nacimiento": child["fecha_nacimiento"], "sexo": child["sexo"], "lengua": "que", "ubigeo": child["ubigeo"], "renaes": "99090413",
            "altitud_m": "229", "fecha": ("2026-03-04", "2026-09-04")[i % 2], "peso_kg": "7.853", "talla_cm": "74.1", "posicion": "LH"[i % 2],
            "perimetro_cefalico_cm": "44.9", "perimetro_braquial_cm": "", "edema": "NS"[i % 7 == 0], "hb_g_dl": chance.choice(["", "13.3"])}


def made(kind, children, make, count):
    """Rows of which every fourth has one fault; and, at the end, some ids for a second time."""
    right = [make(i, children[(i // 2) % len(children)]) for i in range(count)]
    rows = [dict(row) for row in right]
    for i in range(0, count, 4):
        kind.faults[i // 4 % len(kind.faults)](rows[i])
    again = [dict(right[i]) for i in range(1, count, 40)]
    return rows + again, right + again


def write(path, rows, delimiter, encoding="utf-8", kind=None, day_first=False, comma=False):
    """The same rows as another program would write them."""
    with open(path, "w", encoding=encoding, newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
        out.writeheader()
        for row in rows:
            row = dict(row)
            for column in kind.days if day_first else ():
                if re.fullmatch(r"\d{4}-\d\d-\d\d", row[column]):
                    row[column] = "/".join(reversed(row[column].split("-")))
            for column in kind.decimals if comma else ():
                row[column] = row[column].replace(".", ",") if number(row[column]) is not None else row[column]
            out.writerow(row)


def read_sample(kind):
    with open(SAMPLES / kind.sample, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=kind.delimiter))


def reasons(path, delimiter):
    with open(path, encoding="utf-8", newline="") as file:
        return {int(row["line"]): row["reason"] for row in csv.DictReader(file, delimiter=delimiter)}


def load(fed, space, path, kind, *more):
    answer = fed.steering.ayni("import", path, "--map", kind.name, "--space", space, "--rejects", fed.folder / "rejects.csv", *more)
    return tuple(answer[c] for c in COUNTS)


def agree(fed, space, path, kind, rows, register, delimiter):
    """Dry, for good and again: the counts and reasons of the second judgement."""
    expected = {line: reason for line, reason in enumerate(kind.judge(rows, register), 2) if reason}
    right = len(rows) - len(expected)
    dry = load(fed, space, path, kind, "--dry-run")
    for turn, counts in (("first", (len(rows), right, 0, 0)), ("second", (len(rows), 0, 0, right))):
        done = load(fed, space, path, kind)
        found = reasons(fed.folder / "rejects.csv", delimiter)
        differ = {line: (expected.get(line), found.get(line)) for line in {*expected, *found} if expected.get(line) != found.get(line)}
        assert not differ, (kind.name, turn, SEED, differ)
        assert done == (*counts, len(expected)), (kind.name, turn, done, counts)
        if turn == "first":
            assert done == dry, (kind.name, dry, done)
    return expected


FORMS = {"kobo-home-visits": ("\t", "utf-8-sig", True, False), "odk-home-visits": (",", "utf-8", False, False),
         "his": (";", "latin-1", True, True), "growth": ("|", "cp1252", False, True)}

with Federation("midis") as fed:
    midis = fed.steering
    midis.ayni("reference", "import", "ubigeo", SOURCE / "tests" / "demo" / "ubigeo_loreto.csv")
    with open(SOURCE / "tests" / "demo" / "ubigeo_loreto.csv", encoding="utf-8") as file:
        districts = [row["ubigeo"] for row in csv.DictReader(file)]
    fed.space("own", **{"class": "sensitive"})
    children = [child_of(i, districts) for i in range(1, 100)]
    write(fed.folder / "children.csv", children, ",")
    midis.ayni("import", fed.folder / "children.csv", "--map", "padron", "--space", "own")
    register = Register(children, set(districts))

    for kind, make in ((KOBO, kobo_row), (ODK, odk_row), (HIS, his_row), (GROWTH, growth_row)):
        delimiter, encoding, day_first, comma = FORMS[kind.name]
        rows, right = made(kind, children, make, 400)
        path = fed.folder / f"{kind.name}.csv"
        write(path, rows, delimiter, encoding, kind, day_first, comma)
        expected = agree(fed, "own", path, kind, rows, register, delimiter)
        told = midis.run("--json", "import", path, "--map", kind.name, "--space", "own", "--dry-run")
        answer = json.loads(told.stdout)
        assert ("dates" in answer, "decimals" in answer) == (day_first, comma), answer
        is_latin = not encoding.startswith("utf") and not path.read_bytes().isascii()
        is_plain = not is_latin and delimiter == ","
        assert is_plain or f"read as {'Latin-1' if is_latin else 'UTF-8'}, between cells:" in told.stderr, told.stderr[:200]
        assert is_plain == ("between cells:" not in told.stderr) and "nothing is read" not in told.stderr, told.stderr
        print(kind.name, collections.Counter(expected.values()))

        # What was rejected is corrected in its own file, and loaded; ids that came twice are there already.
        with open(fed.folder / "rejects.csv", encoding="utf-8", newline="") as file:
            rejected = list(csv.DictReader(file, delimiter=delimiter))
        write(path, [{**row, **right[int(row["line"]) - 2]} for row in rejected], delimiter)
        twice = sum(1 for reason in expected.values() if reason == "duplicate_source_id")
        assert load(fed, "own", path, kind) == (len(rejected), len(rejected) - twice, 0, twice, 0), kind.name

    def guess(*arguments, code=0):
        run = midis.run("import", "--guess", *arguments)
        assert run.returncode == code, run.stderr
        return run.stdout

    # A map drafted for such a file is the one that ships; for other rows of a type it is drafted by their columns.
    for kind in (KOBO, ODK, HIS, GROWTH):
        (fed.folder / "draft.json").write_text(guess(fed.folder / f"{kind.name}.csv"), encoding="utf-8")
        answer = midis.ayni("import", fed.folder / f"{kind.name}.csv", "--map", fed.folder / "draft.json", "--space", "own", "--dry-run")
        assert answer["rejected"] == 0 and answer["unchanged"] == answer["read"], answer
    other = fed.folder / "other.csv"
    other.write_text("subject;date;source id;weight_gr;talla_cm;\"a \"\"b\"\"\"\ndni:99000001;07/09/2026;x1;7350;74,1;z\n", encoding="utf-8")
    assert "TYPE" in midis.run("import", "--guess", other).stderr
    draft = json.loads(guess("growth", other))
    assert draft["records"][0]["fields"] == {"subject": "subject", "date": "date", "source_id": "source id", "weight_g": "weight_gr",
                                             "length_mm": {"column": "talla_cm", "times": 10}, "source": {"constant": "other"}}, draft
    (fed.folder / "draft.json").write_text(json.dumps(draft), encoding="utf-8")
    assert midis.ayni("import", other, "--map", fed.folder / "draft.json", "--space", "own")["created"] == 1
    drafted = next(g for g in midis.ayni("list", "growth") if g["source_id"] == "x1")
    assert (drafted["date"], drafted["weight_g"], drafted["length_mm"]) == ("2026-09-07", 7350, 741), drafted
    few = fed.folder / "few.csv"
    few.write_text("dni,apellido_paterno,fecha_nacimiento,sexo\n", encoding="utf-8")
    draft = json.loads(guess("child", few))
    assert draft["records"][0]["identifiers"] == {"dni": "dni"} and "given_names, ubigeo" in draft["about"], draft
    assert draft["records"][0]["fields"]["sex"] == {"column": "sexo", "values": {"F": "f", "M": "m"}}, draft

    # A place too far from its district's capital is stored, with a warning; both sides of 200 km are tried.
    rows = [{**kobo_row(9000 + i, children[0]), "visita/ubigeo": "160101", "visita/ubicacion": point}
            for i, point in enumerate(("-3.74806 -73.24417 100 5", "-5.53 -73.24417 100 5", "-5.56 -73.24417 100 5", "-73.24417 -3.74806 100 5"))]
    write(fed.folder / "far.csv", rows, ";")
    run = midis.run("--json", "import", fed.folder / "far.csv", "--map", "kobo-home-visits", "--space", "own")
    assert json.loads(run.stdout)["created"] == 4 and run.stderr.count("200 km") == 2, run

    # What a row says is where it belongs.
    visit = next(v for v in midis.ayni("list", "home_visit") if v["source_id"] == "uuid:00000001")
    row = kobo_row(1, children[0])
    assert (visit["source"], visit["date"], visit["programme"], visit["device"]) == ("kobo", "2026-08-20", "parents_plus", "mobile")
    points = collections.defaultdict(set)
    for visit in midis.ayni("list", "home_visit"):
        if "point" in visit and visit["source_id"][:5] == "uuid:" and "uuid:0000900" not in visit["source_id"]:
            points[visit["source"]].add(visit["point"])
    assert points == {"kobo": {"-3.748332 -73.268369 163 29"}, "odk": {"-3.748332 -73.268369 163 29"}}, points
    test = next(t for t in midis.ayni("list", "hb_test") if t.get("method") == "haemoglobinometer")
    assert (test["hb"], test["source"]) == (11.3, "his"), test
    given = [s for s in midis.ayni("list", "supplement") if s.get("finished")]
    assert given and all("number" not in s and s["purpose"] == "treatment" for s in given)
    growth = next(g for g in midis.ayni("list", "growth") if g["source_id"] == "M00001")
    assert (growth["weight_g"], growth["length_mm"], growth["head_mm"], growth["position"]) == (7853, 741, 449, "standing"), growth
    his = [g for g in midis.ayni("list", "growth") if g["source"] == "his"]
    assert len({g["source_id"] for g in his}) == len(his) == 200, len(his)

    if not (SAMPLES / KOBO.sample).exists() or TODAY < datetime.date(2026, 10, 5):
        print("the samples are not here (AYNI_SHARED says where): files made here alone")
        sys.exit(0)
    midis.ayni("reference", "import", "ubigeo", SHARED / "reference" / "ubigeo.csv")
    with open(SHARED / "reference" / "ubigeo.csv", encoding="utf-8") as file:
        districts = {row["ubigeo"] for row in csv.DictReader(file)}
    with open(SAMPLES / "padron_loreto.csv", encoding="utf-8") as file:
        register = Register(list(csv.DictReader(file)), districts)
    fed.space("samples", **{"class": "sensitive"})
    midis.ayni("import", SAMPLES / "padron_loreto.csv", "--map", "padron", "--space", "samples", "--rejects", fed.folder / "rejects.csv")
    for kind in (KOBO, HIS, GROWTH):
        expected = agree(fed, "samples", SAMPLES / kind.sample, kind, read_sample(kind), register, kind.delimiter)
        print(kind.sample, collections.Counter(expected.values()))
