#!/usr/bin/env python3
"""A file that is loaded again says the same of each row, whatever it made the first time; and a row that is wrong is
rejected also where what it says would not be written."""

import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from federation import SOURCE, Federation  # noqa: E402

COUNTS = ("read", "created", "updated", "unchanged", "rejected")
CHILD = {"codigo_padron": "99000001", "dni": "99000001", "apellido_paterno": "Vela", "nombres": "Luz",
         "fecha_nacimiento": "2025-03-14", "sexo": "F", "ubigeo": "160101"}
ITEM = {"anio": "2025", "mes": "3", "fecha_atencion": "2025-03-20", "ubigeo": "160101", "renaes": "99160101", "lote": "L01",
        "pagina": "1", "registro": "1", "item": "1", "tipo_doc": "1", "num_doc": "99000001", "genero": "F",
        "codigo_item": "99381.01", "tipo_diagnostico": "D", "valor_lab": "1", "peso_kg": ""}
MEASURED = {"codigo": "M-1", "dni": "", "apellido_paterno": "Paz", "nombres": "Ana", "fecha_nacimiento": "2025-03-15",
            "sexo": "F", "ubigeo": "160101", "renaes": "99160101", "altitud_m": "120", "fecha": "2026-03-04",
            "peso_kg": "7.853", "talla_cm": "74.1", "posicion": "L", "hb_g_dl": "11.2"}


with Federation("midis") as fed:
    midis = fed.steering
    fed.space("r")
    midis.ayni("reference", "import", "ubigeo", SOURCE / "tests" / "demo" / "ubigeo_loreto.csv")

    def load(map_name, *rows):
        """What it says, and why rows were rejected, of two loads: of the second it must be the same."""
        path, rejects = fed.folder / "file.csv", fed.folder / "rejects.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        answers = []
        for _ in range(2):
            answer = midis.ayni("import", path, "--space", "r", "--map", map_name, "--rejects", rejects)
            with open(rejects, encoding="utf-8", newline="") as file:
                why = [(row["line"], row["column"], row["reason"]) for row in csv.DictReader(file)]
            answers.append((tuple(answer[c] for c in COUNTS), why))
        (first, why), (second, again) = answers
        assert again == why, answers
        assert second == (first[0], 0, 0, first[0] - first[4], first[4]), answers
        return first, why

    # An earlier row stands, and the later one has to be right all the same.
    answer = load("padron", CHILD, {**CHILD, "codigo_padron": "99000002", "fecha_nacimiento": "2999-01-01"},
                  {**CHILD, "codigo_padron": "99000003", "ubigeo": "999999"},
                  {**CHILD, "codigo_padron": "99000004", "ubigeo": "160102"})
    assert answer == ((4, 1, 1, 0, 2), [("3", "fecha_nacimiento", "date_in_future"), ("4", "ubigeo", "unknown_district")]), answer

    # A row without its day is rejected, also where the record that it is about is there.
    answer = load("his", ITEM, {**ITEM, "registro": "2", "fecha_atencion": ""}, {**ITEM, "registro": "3", "tipo_diagnostico": "X"},
                  {**ITEM, "registro": "4", "codigo_item": "?"}, {**ITEM, "registro": "5", "codigo_item": "C0011", "tipo_diagnostico": "R"})
    assert answer == ((5, 1, 0, 0, 4), [("3", "fecha_atencion", "bad_date"), ("4", "tipo_diagnostico", "bad_diagnosis_kind"),
                                        ("5", "codigo_item", "bad_code"), ("6", "codigo_item", "home_visit_typed_r")]), answer

    # A child of whom no number is given is found by the measurement that the file made of it.
    children = len(midis.ayni("list", "child"))
    answer = load("growth", MEASURED, {**MEASURED, "codigo": "M-2", "nombres": "Eva", "hb_g_dl": ""},
                  {**MEASURED, "codigo": "M-3", "fecha": "ayer"})
    assert answer == ((3, 2, 0, 0, 1), [("4", "fecha", "bad_date")]), answer
    assert len(midis.ayni("list", "child")) == children + 2
    (ana,) = midis.ayni("list", "child", "--where", "given_names = 'Ana'")
    assert [row["subject"] for kind in ("growth", "hb_test") for row in midis.ayni("list", kind, "--where", "source_id = 'M-1'")] \
        == [ana["_id"]] * 2

    # What is wrong is said in the words and the unit of the file.
    load("growth", MEASURED, {**MEASURED, "codigo": "M-4", "sexo": "X"}, {**MEASURED, "codigo": "M-5", "peso_kg": "ocho"},
         {**MEASURED, "codigo": "M-6", "talla_cm": "74.15"})
    with open(fed.folder / "rejects.csv", encoding="utf-8", newline="") as file:
        said = [row["message"] for row in csv.DictReader(file)]
    assert said == ["'X' is none of the words of the map: F M", "'ocho' is not a number, or has too many decimals",
                    "'74.15' is not a number, or has too many decimals"], said
