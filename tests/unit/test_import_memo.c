/* What references were found to mean is remembered for all that read the same text alike. */
#include "daemon/records/import/import_memo.h"

#include <stdio.h>

#include "daemon/records/catalogue_file.h"
#include "daemon/records/import/import_map.h"
#include "daemon/records/import/import_maps.h"
#include "tests/support/suite.h"

static struct catalogue_file file;
static struct import_map map;
static struct import_plan plan;

/* The map of HIS: each item of a visit is a record, and all of them name its facility. */
static void make_plan(void)
{
    static const char *const header[] = {
        "anio",     "mes",       "fecha_atencion", "ubigeo",   "renaes",      "lote",
        "pagina",   "registro",  "item",           "tipo_doc", "num_doc",     "genero",
        "edad",     "tipo_edad", "peso_kg",        "talla_cm", "codigo_item", "tipo_diagnostico",
        "valor_lab"
    };
    struct complaint complaint = { 0 };
    char why[IMPORT_MAP_WHY_SIZE], error[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(catalogue_file_read(catalogue_file_first_edition(), NULL, &file, error),
                     AYNI_OK);
    ck_assert_int_eq(import_map_read(import_map_text("his"), &map, why), AYNI_OK);
    ck_assert_int_eq(import_plan_make(&map, file.catalogue, header,
                                      sizeof(header) / sizeof(header[0]), &plan, &complaint),
                     AYNI_OK);
}

static void free_plan(void)
{
    import_plan_free(&plan);
    import_map_free(&map);
    catalogue_file_free(&file);
}

static const struct plan_field *field_of(const char *record, const char *name)
{
    for (size_t i = 0; i < plan.record_count; i++)
        for (size_t j = 0; j < plan.records[i].field_count; j++)
            if (strcmp(plan.records[i].from->name, record) == 0 &&
                strcmp(plan.records[i].fields[j].field->name, name) == 0)
                return &plan.records[i].fields[j];
    ck_abort_msg("%s has no %s", record, name);
    return NULL;
}

START_TEST(references_to_the_same_types_read_alike)
{
    const struct plan_field *check = field_of("cred_check", "facility");
    const struct plan_field *test = field_of("hb_test", "facility");

    ck_assert_ptr_ne(check, test);
    ck_assert_ptr_nonnull(check->reads_as);
    ck_assert_ptr_eq(check->reads_as, test->reads_as);
    ck_assert_ptr_ne(check->reads_as, field_of("cred_check", "subject")->reads_as);
    ck_assert_ptr_null(field_of("cred_check", "date")->reads_as);
}
END_TEST

START_TEST(what_one_record_of_a_row_asks_the_others_know)
{
    static struct import_memo memo;
    SCOPED_BUFFER cbor = { 0 };
    const struct ayni_bytes text = TEST_BYTES("renaes:99160001"), value = TEST_BYTES("P0123456789");

    import_memo_keep(&memo, field_of("cred_check", "facility"), text, value);
    ck_assert(import_memo_find(&memo, field_of("hb_test", "facility"), text, &cbor));
    ck_assert(ayni_bytes_equal(ayni_buffer_bytes(&cbor), value));
    ck_assert(!import_memo_find(&memo, field_of("cred_check", "subject"), text, &cbor));
    ck_assert(!import_memo_find(&memo, field_of("hb_test", "facility"),
                                TEST_BYTES("renaes:99160002"), &cbor));
    ck_assert_uint_eq(cbor.size, value.size);
}
END_TEST

/* As many facilities as a register of a region has: nearly all are still known. */
START_TEST(some_hundred_texts_are_remembered)
{
    enum { FACILITIES = 300 };
    static struct import_memo memo;
    const struct plan_field *field = field_of("hb_test", "facility");
    char text[32];
    size_t known = 0;

    for (unsigned i = 0; i < FACILITIES; i++) {
        snprintf(text, sizeof(text), "renaes:9916%04u", i);
        import_memo_keep(&memo, field, ayni_bytes_of_text(text), ayni_bytes_of_text(text));
    }
    for (unsigned i = 0; i < FACILITIES; i++) {
        SCOPED_BUFFER cbor = { 0 };
        snprintf(text, sizeof(text), "renaes:9916%04u", i);
        known += import_memo_find(&memo, field, ayni_bytes_of_text(text), &cbor);
        ck_assert(cbor.size == 0 ||
                  ayni_bytes_equal(ayni_buffer_bytes(&cbor), ayni_bytes_of_text(text)));
    }
    ck_assert_uint_gt(known, FACILITIES * 3 / 4);
}
END_TEST

START_TEST(what_is_too_large_is_not_remembered)
{
    static struct import_memo memo;
    SCOPED_BUFFER cbor = { 0 };
    const struct plan_field *field = field_of("hb_test", "facility");
    uint8_t bytes[IMPORT_MEMO_TEXT_SIZE + 1] = { 'a' };
    const struct ayni_bytes text = TEST_BYTES("renaes:1");

    import_memo_keep(&memo, field, (struct ayni_bytes){ bytes, sizeof(bytes) }, text);
    import_memo_keep(&memo, field, text, (struct ayni_bytes){ bytes, IMPORT_MEMO_VALUE_SIZE + 1 });
    import_memo_keep(&memo, field, text, (struct ayni_bytes){ bytes, 0 });
    ck_assert(!import_memo_find(&memo, field, (struct ayni_bytes){ bytes, sizeof(bytes) }, &cbor));
    ck_assert(!import_memo_find(&memo, field, text, &cbor));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import_memo");
    TCase *memo = tcase_create("memo");

    tcase_add_checked_fixture(memo, make_plan, free_plan);
    tcase_add_test(memo, references_to_the_same_types_read_alike);
    tcase_add_test(memo, what_one_record_of_a_row_asks_the_others_know);
    tcase_add_test(memo, some_hundred_texts_are_remembered);
    tcase_add_test(memo, what_is_too_large_is_not_remembered);
    suite_add_tcase(suite, memo);
    return test_run(suite);
}
