#!/usr/bin/env python3
"""Makes the two invented registers of the demo, always the same from one seed.

No person, number or address is real: document numbers start with 99 and the
streets are "Jr. Inventado". Districts are real. Some children stand in both
registers, and there a few fields differ: those are the demo's conflicts.
"""

import csv
import datetime
import pathlib
import random

HERE = pathlib.Path(__file__).parent
RANDOM = random.Random(20261005)
AS_OF = datetime.date(2026, 10, 5)
MUNICIPAL, NGO, BOTH = 240, 90, 40

SURNAMES = "Tapullima Huayta Peña Arirama Saldaña Curitima Ñahui Isuiza Vela Shuña Ahuanari Pacaya Murayari Ríos".split()
GIRLS = "Dulce Lucía Belén Yesenia María Celeste Ángela Jazmín Lesly Rosa".split()
BOYS = "Álvaro Tomás Nicolás Kevin Héctor Fabián Elías Luis Jeremy José".split()
LANGUAGES = ["spa"] * 7 + ["cod", "tca", "ura", "hub"]
STREETS = ["Dos de Mayo", "Buen Pastor", "San José", "Puerto Alegría", "Nuevo Triunfo"]


def districts():
    with open(HERE / "ubigeo_loreto.csv", encoding="utf-8") as file:
        return [row["ubigeo"] for row in csv.DictReader(file)]


class Numbers:
    def __init__(self, first):
        self.next = first

    def take(self):
        self.next += RANDOM.randint(1, 400)
        return self.next


DNI, CNV = Numbers(99_100_000), Numbers(9_910_000_000)


def child(number, places):
    sex = RANDOM.choice("FM")
    born = AS_OF - datetime.timedelta(days=RANDOM.randint(20, 1500))
    issued = born + datetime.timedelta(days=RANDOM.choice([5, 12, 20, 28, 29, 31, 45, 58, 61, 90, 200]))
    has_dni = issued <= AS_OF and RANDOM.random() < 0.9
    mother = RANDOM.choice(SURNAMES)
    return {
        "codigo_padron": str(99_000_000 + number),
        "dni": str(DNI.take()) if has_dni else "",
        "fecha_emision_dni": issued.isoformat() if has_dni else "",
        "cnv": str(CNV.take()) if RANDOM.random() < 0.8 or not has_dni else "",
        "apellido_paterno": RANDOM.choice(SURNAMES),
        "apellido_materno": mother,
        "nombres": " ".join(RANDOM.sample(GIRLS if sex == "F" else BOYS, 2)),
        "fecha_nacimiento": born.isoformat(),
        "sexo": sex,
        "nacidos_en_parto": "1",
        "orden_nacimiento": "1",
        "lengua": RANDOM.choice(LANGUAGES),
        "ubigeo": RANDOM.choice(places),
        "direccion": f"Jr. Inventado {RANDOM.randint(100, 999)}, {RANDOM.choice(STREETS)}",
        "seguro": RANDOM.choice(["SIS", "SIS", "SIS", "ESSALUD", "NINGUNO"]),
        "madre_dni": str(DNI.take()),
        "madre_apellido_paterno": mother,
        "madre_apellido_materno": RANDOM.choice(SURNAMES),
        "madre_nombres": " ".join(RANDOM.sample(GIRLS, 2)),
        "madre_lengua": "spa",
    }


def seen_by_ngo(row, number, differs):
    """The same child as the NGO wrote it down: its own code and dates, no day of issue; every third one differs."""
    mine = {key: value for key, value in row.items() if key not in ("codigo_padron", "fecha_emision_dni")}
    if differs:
        field = ["nombres", "fecha_nacimiento", "lengua"][number % 3]
        if field == "nombres":
            mine["nombres"] = row["nombres"].split()[0]
        elif field == "fecha_nacimiento":
            mine["fecha_nacimiento"] = (datetime.date.fromisoformat(row["fecha_nacimiento"]) + datetime.timedelta(days=1)).isoformat()
        else:
            mine["lengua"] = "cod" if row["lengua"] != "cod" else "spa"
    year, month, day = mine["fecha_nacimiento"].split("-")
    mine["fecha_nacimiento"] = f"{day}/{month}/{year}"
    return {"codigo_ong": f"NGO-{number:04d}", **mine}


def write(name, rows, delimiter):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main():
    places = districts()
    municipal = [child(n + 1, places) for n in range(MUNICIPAL)]
    shared = RANDOM.sample([row for row in municipal if row["dni"]], BOTH)
    ngo = [seen_by_ngo(row, n + 1, n % 4 == 0) for n, row in enumerate(shared)]
    ngo += [seen_by_ngo(child(900 + n, places), BOTH + n + 1, False) for n in range(NGO - BOTH)]
    write("padron_municipal.csv", municipal, ",")
    write("padron_ong.csv", ngo, ";")


if __name__ == "__main__":
    main()
