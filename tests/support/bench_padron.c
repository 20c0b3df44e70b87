#include <stdio.h>

#include "tests/support/bench_register.h"
#include "tests/support/random.h"

/* No person, number or address is real: document numbers begin with 99. */
enum {
    CODE,
    DNI,
    ISSUED,
    CNV,
    SURNAME_1,
    SURNAME_2,
    NAMES,
    BORN,
    SEX,
    PLURALITY,
    ORDER,
    LANGUAGE,
    UBIGEO,
    ADDRESS,
    INSURANCE,
    MOTHER_DNI,
    MOTHER_1,
    MOTHER_2,
    MOTHER_NAMES,
    MOTHER_LANGUAGE,
};

static const char *const surnames[] = { "Tapullima", "Huayta", "Peña",     "Arirama",
                                        "Saldaña",   "Ñahui",  "Murayari", "Ríos" };
static const char *const girls[] = { "Dulce", "Lucía",  "Belén", "Yesenia",
                                     "María", "Ángela", "Lesly", "Rosa" };
static const char *const boys[] = { "Álvaro", "Tomás", "Kevin", "Héctor",
                                    "Fabián", "Elías", "Luis",  "José" };
static const char *const insurances[] = { "SIS", "SIS", "ESSALUD", "NINGUNO" };

static const char *one_of(const char *const *names, size_t count, struct test_random *random)
{
    return names[test_random_below(random, count)];
}

#define put(row, column, ...) snprintf((row)->cells[column], BENCH_CELL_SIZE, __VA_ARGS__)
#define pick(names) one_of(names, sizeof(names) / sizeof((names)[0]), &random)

static void make_row(uint64_t number, struct bench_row *row)
{
    struct test_random random = { number * UINT64_C(0x9E3779B97F4A7C15) + 2 };
    bool girl = test_random_below(&random, 2) == 0;
    unsigned year = 2023 + (unsigned)test_random_below(&random, 3);
    unsigned month = 1 + (unsigned)test_random_below(&random, 11);
    unsigned day = 1 + (unsigned)test_random_below(&random, 28);

    put(row, CODE, "9%07llu", (unsigned long long)number);
    put(row, DNI, "99%06llu", (unsigned long long)(number * 2));
    put(row, ISSUED, "%u-%02u-%02u", year, month + 1, day);
    put(row, CNV, "99%08llu", (unsigned long long)number);
    put(row, SURNAME_1, "%s", pick(surnames));
    put(row, SURNAME_2, "%s", pick(surnames));
    put(row, NAMES, "%s %s", girl ? pick(girls) : pick(boys), girl ? pick(girls) : pick(boys));
    put(row, BORN, "%u-%02u-%02u", year, month, day);
    put(row, SEX, "%s", girl ? "F" : "M");
    put(row, PLURALITY, "1");
    put(row, ORDER, "1");
    put(row, LANGUAGE, "spa");
    put(row, UBIGEO, "1601%02u", 1 + (unsigned)test_random_below(&random, 13));
    put(row, ADDRESS, "Jr. Inventado %u, San José", (unsigned)test_random_below(&random, 999));
    put(row, INSURANCE, "%s", pick(insurances));
    put(row, MOTHER_DNI, "99%06llu", (unsigned long long)(number * 2 + 1));
    put(row, MOTHER_1, "%s", row->cells[SURNAME_2]);
    put(row, MOTHER_2, "%s", pick(surnames));
    put(row, MOTHER_NAMES, "%s %s", pick(girls), pick(girls));
    put(row, MOTHER_LANGUAGE, "spa");
}

const struct bench_register bench_padron = {
    .map = "padron",
    .column_count = 20,
    .columns = { "codigo_padron",
                 "dni",
                 "fecha_emision_dni",
                 "cnv",
                 "apellido_paterno",
                 "apellido_materno",
                 "nombres",
                 "fecha_nacimiento",
                 "sexo",
                 "nacidos_en_parto",
                 "orden_nacimiento",
                 "lengua",
                 "ubigeo",
                 "direccion",
                 "seguro",
                 "madre_dni",
                 "madre_apellido_paterno",
                 "madre_apellido_materno",
                 "madre_nombres",
                 "madre_lengua" },
    .row = make_row,
};

enum { ELSEWHERE_DNI, ELSEWHERE_SURNAME, ELSEWHERE_NAMES, ELSEWHERE_ADDRESS };

static void make_row_elsewhere(uint64_t number, struct bench_row *row)
{
    struct bench_row there;

    make_row(number, &there);
    put(row, ELSEWHERE_DNI, "%s", there.cells[DNI]);
    put(row, ELSEWHERE_SURNAME, "%.100s Elsewhere", there.cells[SURNAME_1]);
    put(row, ELSEWHERE_NAMES, "%s", there.cells[NAMES]);
    put(row, ELSEWHERE_ADDRESS, "Pje. Inventado %llu", (unsigned long long)number);
}

const struct bench_register bench_padron_elsewhere = {
    .type = "child",
    .column_count = 4,
    .columns = { "dni", "surname_1", "given_names", "address" },
    .row = make_row_elsewhere,
};
