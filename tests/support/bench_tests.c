#include <stdio.h>

#include "tests/support/bench_register.h"
#include "tests/support/random.h"

enum { CHILDREN = 125000, FACILITIES = 300, NOTE_WORDS = 8 };

static const char *const words[64] = {
    "control",    "madre",       "refiere",   "consume",   "hierro",  "polimaltosado",
    "gotas",      "diario",      "ayunas",    "tolera",    "bien",    "estreñimiento",
    "suspendido", "semana",      "visita",    "domicilio", "sulfato", "ferroso",
    "jarabe",     "sangrecita",  "hígado",    "bazo",      "pescado", "menestras",
    "cítricos",   "consejería",  "lactancia", "exclusiva", "anemia",  "leve",
    "moderada",   "tratamiento", "mes",       "segundo",   "tercero", "recuperada",
    "reevaluar",  "derivada",    "centro",    "salud",     "posta",   "promotora",
    "comunal",    "padre",       "abuela",    "cuidadora", "niña",    "niño",
    "prematuro",  "peso",        "talla",     "adecuada",  "riesgo",  "agua",
    "clorada",    "lavado",      "manos",     "cocina",    "leña",    "desparasitado",
    "albendazol", "vitamina",    "vacunas",   "completas",
};

/* An id that looks like one of version 7, the same for the same number. */
static void put_id(char *to, size_t size, uint64_t number)
{
    struct test_random random = { number };
    uint64_t high = test_random_next(&random);
    uint64_t low = test_random_next(&random);

    snprintf(to, size, "%08x-%04x-7%03x-8%03x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff), (unsigned)(low >> 52),
             (unsigned long long)(low & 0xffffffffffff));
}

static void put_note(char *to, size_t size, struct test_random *random)
{
    size_t used = 0;

    for (size_t i = 0; i < NOTE_WORDS; i++)
        used += (size_t)snprintf(to + used, size - used, "%s%s", i == 0 ? "" : " ",
                                 words[test_random_below(random, 64)]);
}

static void make_row(uint64_t number, struct bench_row *row)
{
    struct test_random random = { number * UINT64_C(0x9E3779B97F4A7C15) + 1 };
    unsigned facility = (unsigned)test_random_below(&random, FACILITIES);
    unsigned hb = 80 + (unsigned)test_random_below(&random, 60);
    size_t size = BENCH_CELL_SIZE;

    put_id(row->cells[0], size, 1 + test_random_below(&random, CHILDREN));
    snprintf(row->cells[1], size, "2026-%02u-%02u", 1 + (unsigned)(number / 20000 % 9),
             1 + (unsigned)test_random_below(&random, 28));
    put_id(row->cells[2], size, (uint64_t)1000000 + facility);
    snprintf(row->cells[3], size, "his-2026-%09llu", (unsigned long long)number);
    snprintf(row->cells[4], size, "his");
    snprintf(row->cells[5], size, "1601%02u", 1 + facility % 13);
    put_note(row->cells[6], size, &random);
    snprintf(row->cells[7], size, "%u.%u", hb / 10, hb % 10);
    snprintf(row->cells[8], size, "%u", 90 + facility * 13);
    snprintf(row->cells[9], size, "facility");
    snprintf(row->cells[10], size, "haemoglobinometer");
}

const struct bench_register bench_tests = {
    .type = "hb_test",
    .column_count = 11,
    .columns = { "subject", "date", "facility", "source_id", "source", "ubigeo", "note", "hb",
                 "altitude_m", "altitude_of", "method" },
    .row = make_row,
};
