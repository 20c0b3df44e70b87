#include "tests/support/bench_register.h"

#include <stdio.h>
#include <string.h>

#include "proto/text.h"
#include "tests/support/bench.h"
#include "tests/support/random.h"

enum { CHILDREN = 125000, FACILITIES = 300, NOTE_WORDS = 8, ROWS_PER_CHUNK = 1000 };
static const char type[] = "hb_test";

const char *const bench_register_fields[BENCH_REGISTER_FIELDS] = {
    "subject", "date", "facility",   "source_id",   "source", "ubigeo",
    "note",    "hb",   "altitude_m", "altitude_of", "method",
};

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

void bench_register_row(uint64_t number, struct bench_row *row)
{
    struct test_random random = { number * UINT64_C(0x9E3779B97F4A7C15) + 1 };
    unsigned facility = (unsigned)test_random_below(&random, FACILITIES);
    unsigned hb = 80 + (unsigned)test_random_below(&random, 60);
    size_t size = sizeof(row->values[0]);

    put_id(row->values[0], size, 1 + test_random_below(&random, CHILDREN));
    snprintf(row->values[1], size, "2026-%02u-%02u", 1 + (unsigned)(number / 20000 % 9),
             1 + (unsigned)test_random_below(&random, 28));
    put_id(row->values[2], size, (uint64_t)1000000 + facility);
    snprintf(row->values[3], size, "his-2026-%09llu", (unsigned long long)number);
    snprintf(row->values[4], size, "his");
    snprintf(row->values[5], size, "1601%02u", 1 + facility % 13);
    put_note(row->values[6], size, &random);
    snprintf(row->values[7], size, "%u.%u", hb / 10, hb % 10);
    snprintf(row->values[8], size, "%u", 90 + facility * 13);
    snprintf(row->values[9], size, "facility");
    snprintf(row->values[10], size, "haemoglobinometer");
}

/* --- into a node --- */

struct rows {
    uint64_t next, count;
};

static void put_rows(struct rows *rows, struct ayni_control_writer *to)
{
    struct bench_row row;

    ayni_control_open_array(to, NULL);
    for (size_t i = 0; i < ROWS_PER_CHUNK && rows->next < rows->count; i++, rows->next++) {
        bench_register_row(rows->next, &row);
        ayni_control_open_array(to, NULL);
        ayni_control_put_int(to, NULL, (int64_t)rows->next + 2);
        for (size_t j = 0; j < BENCH_REGISTER_FIELDS; j++)
            ayni_control_put_text(to, NULL, row.values[j]);
        ayni_control_close(to);
    }
    ayni_control_close(to);
}

static enum ayni_status next_rows(void *context, struct ayni_buffer *frame, struct failure *failure)
{
    struct rows *rows = context;
    struct ayni_control_writer writer = ayni_control_data_begin(frame);

    if (rows->next == rows->count)
        return ayni_control_data_end(frame);
    put_rows(rows, &writer);
    return frame->failed ? fail_memory(failure) : AYNI_OK;
}

void bench_register_import(struct bench_node *node, const char *space, uint64_t count)
{
    struct rows rows = { 0, count };
    struct ayni_control_value item, last = { 0 };
    struct ayni_control_writer writer = bench_node_request(node, "import");

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "space", space);
    ayni_control_put_text(&writer, "type", type);
    ayni_control_put_int(&writer, "rows", (int64_t)count);
    ayni_control_open_array(&writer, "header");
    for (size_t i = 0; i < BENCH_REGISTER_FIELDS; i++)
        ayni_control_put_text(&writer, NULL, bench_register_fields[i]);
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    bench_require(bench_node_upload(node, next_rows, &rows), "import", "not found");
    while (bench_node_item(node, &item))
        last = item;
    bench_require(bench_item_number(&last, "created") == count, "import", "not all were created");
}

void bench_register_put(struct bench_node *node, const char *space, uint64_t number,
                        struct ayni_record *id)
{
    struct ayni_control_writer writer = bench_node_request(node, "put");
    struct ayni_control_value item, value;
    struct bench_row row;

    bench_register_row(number, &row);
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "type", type);
    ayni_control_put_text(&writer, "space", space);
    ayni_control_open_array(&writer, "fields");
    for (size_t i = 0; i < BENCH_REGISTER_FIELDS; i++) {
        ayni_control_open_array(&writer, NULL);
        ayni_control_put_text(&writer, NULL, bench_register_fields[i]);
        ayni_control_put_text(&writer, NULL, row.values[i]);
        ayni_control_close(&writer);
    }
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    bench_require(bench_node_exchange(node) && bench_node_item(node, &item) &&
                      ayni_control_find(&item, "id", &value) && value.kind == AYNI_CONTROL_RECORD,
                  "put", "no id in the answer");
    *id = value.record;
}

bool bench_register_get(struct bench_node *node, const struct ayni_record *id)
{
    struct ayni_control_writer writer = bench_node_request(node, "get");
    char text[AYNI_RECORD_TEXT_SIZE];

    ayni_record_text(id, text);
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "id", text);
    ayni_control_close(&writer);
    return bench_node_exchange(node);
}

size_t bench_register_list(struct bench_node *node, const char *space, struct ayni_record *ids,
                           size_t max)
{
    struct ayni_control_writer writer = bench_node_request(node, "list");
    struct ayni_control_value item, id;
    size_t count = 0;

    ayni_control_open_object(&writer, NULL);
    ayni_control_put_text(&writer, "type", type);
    ayni_control_put_text(&writer, "space", space);
    ayni_control_put_int(&writer, "limit", (int64_t)max);
    ayni_control_open_array(&writer, "columns");
    ayni_control_put_text(&writer, NULL, "_id");
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    bench_require(bench_node_exchange(node) && bench_node_item(node, &item), "list", "no columns");
    while (count < max && bench_node_item(node, &item)) {
        struct ayni_control_cursor cursor = ayni_control_cursor(&item);
        bench_require(ayni_control_next(&cursor, NULL, &id) && id.kind == AYNI_CONTROL_RECORD,
                      "list", "no id");
        ids[count++] = id.record;
    }
    return count;
}
