#include <stdio.h>

#include "tests/support/bench_register.h"
#include "tests/support/random.h"

enum {
    YEAR,
    MONTH,
    DATE,
    UBIGEO,
    RENAES,
    LOT,
    PAGE,
    RECORD,
    ITEM,
    DOCUMENT,
    NUMBER,
    SEX,
    AGE,
    AGE_UNIT,
    WEIGHT,
    LENGTH,
    CODE,
    KIND,
    LAB,
};

/* What two rows of a visit are for. */
static const struct {
    const char *code, *lab;
} items[] = { { "99382", "3" },    { "85018.01", "11.3" }, { "99382", "4" },
              { "99199.17", "2" }, { "99382", "5" },       { "C0011", "1" } };

#define put(row, column, ...) snprintf((row)->cells[column], BENCH_CELL_SIZE, __VA_ARGS__)

static void make_row(uint64_t number, struct bench_row *row)
{
    unsigned long long visit = number / 2, child = visit * 7919 % BENCH_HIS_CHILDREN;
    struct test_random random = { child * UINT64_C(0x9E3779B97F4A7C15) + 2 }; /* bench_padron's */
    size_t item = (size_t)(number % (sizeof(items) / sizeof(items[0])));

    put(row, YEAR, "2026");
    put(row, MONTH, "9");
    put(row, DATE, "2026-09-%02llu", 1 + visit % 28);
    put(row, UBIGEO, "1601%02llu", 1 + visit % 13);
    put(row, RENAES, "9916%04llu", visit % 300);
    put(row, LOT, "L%02llu", visit / 100000);
    put(row, PAGE, "%03llu", visit / 100 % 1000);
    put(row, RECORD, "%02llu", visit % 100);
    put(row, ITEM, "%llu", 1 + (unsigned long long)number % 2);
    put(row, DOCUMENT, "1");
    put(row, NUMBER, "99%06llu", child * 2);
    put(row, SEX, "%s", test_random_below(&random, 2) == 0 ? "F" : "M");
    put(row, AGE, "2");
    put(row, AGE_UNIT, "A");
    put(row, WEIGHT, "%llu.%03llu", 7 + visit % 9, visit % 1000);
    put(row, LENGTH, "%llu.%llu", 70 + visit % 30, visit % 10);
    put(row, CODE, "%s", items[item].code);
    put(row, KIND, "D");
    put(row, LAB, "%s", items[item].lab);
}

const struct bench_register bench_his = {
    .map = "his",
    .column_count = 19,
    .columns = { "anio", "mes", "fecha_atencion", "ubigeo", "renaes", "lote", "pagina", "registro",
                 "item", "tipo_doc", "num_doc", "genero", "edad", "tipo_edad", "peso_kg",
                 "talla_cm", "codigo_item", "tipo_diagnostico", "valor_lab" },
    .row = make_row,
};
