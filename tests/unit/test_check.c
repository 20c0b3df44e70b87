#include "daemon/records/rules/check.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "proto/crypto.h"
#include "proto/instant.h"
#include "proto/value_parse.h"
#include "tests/support/suite.h"

static const uint8_t root_key[32] = { 7 };
static const uint8_t identity_key[32] = { 9 };
static struct catalogue_file file;
static struct check *checker;

enum { FIELDS_MAX = 32, VALUES_MAX = 64 };

/* A change put together from texts. */
struct draft {
    const struct ayni_catalogue_type *type;
    struct ayni_buffer values[VALUES_MAX];
    size_t value_count;
    struct ayni_field fields[FIELDS_MAX];
    size_t count;
    struct ayni_field before[FIELDS_MAX];
    size_t before_count;
    struct ayni_record record;
    enum ayni_class space_class;
    bool is_old;
};

static struct draft draft;
static struct check_lookups lookups;
static struct check_findings findings;

/* What the lookups answer, by fact. */
static struct sql_value facts[CHECK_FACTS_COUNT];
static int fact_count;

static void answer(void *context, enum check_fact fact, const struct ayni_record *record,
                   struct sql_value *value)
{
    (void)context, (void)record;
    fact_count++;
    *value = facts[fact];
}

static bool is_loreto(void *context, struct ayni_bytes ubigeo, int64_t day)
{
    (void)context, (void)day;
    return ubigeo.size >= 2 && memcmp(ubigeo.data, "16", 2) == 0;
}

static int64_t day(const char *text)
{
    int64_t found = 0;

    ck_assert_int_eq(ayni_day_parse(ayni_bytes_of_text(text), &found), AYNI_OK);
    return found;
}

static void set_up(void)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(ayni_crypto_init(), AYNI_OK);
    enum ayni_status status =
        catalogue_file_read(catalogue_file_first_edition(), root_key, &file, error);
    ck_assert_msg(status == AYNI_OK, "%s", error);
    ck_assert_int_eq(check_new(file.catalogue, &checker), AYNI_OK);
    memset(facts, 0, sizeof(facts));
    fact_count = 0;
    lookups = (struct check_lookups){ .fact = answer };
    draft.space_class = AYNI_CLASS_SENSITIVE;
}

static void tear_down(void)
{
    for (size_t i = 0; i < VALUES_MAX; i++)
        ayni_buffer_free(&draft.values[i]);
    memset(&draft, 0, sizeof(draft));
    check_free(checker);
    catalogue_file_free(&file);
}

static void start(const char *type)
{
    draft.type = ayni_catalogue_type_named(file.catalogue, ayni_bytes_of_text(type));
    ck_assert_ptr_nonnull(draft.type);
}

static int by_number(const void *a, const void *b)
{
    return (int)((const struct ayni_field *)a)->number -
           (int)((const struct ayni_field *)b)->number;
}

static void set(const char *name, const char *text)
{
    struct ayni_value_context context = { .catalogue = file.catalogue,
                                          .root_key = root_key,
                                          .identity_key = identity_key };
    const struct ayni_catalogue_field *field =
        ayni_catalogue_field_named(draft.type, ayni_bytes_of_text(name));
    struct ayni_reason reason;

    ck_assert_msg(field != NULL, "no field %s", name);
    struct ayni_buffer *value = &draft.values[draft.value_count++];
    ck_assert_msg(ayni_value_parse(&context, field, ayni_bytes_of_text(text), value, &reason) ==
                      AYNI_OK,
                  "%s=%s: %s", name, text, reason.code);
    draft.fields[draft.count].number = field->number;
    draft.fields[draft.count++].value = ayni_buffer_bytes(value);
    qsort(draft.fields, draft.count, sizeof(draft.fields[0]), by_number);
}

/* What was set so far is there already; what follows changes it. */
static void stored(void)
{
    memcpy(draft.before, draft.fields, sizeof(draft.before));
    draft.before_count = draft.count;
    draft.is_old = true;
    memset(draft.fields, 0, sizeof(draft.fields));
    draft.count = 0;
}

static void run(void)
{
    struct check_change change = {
        .type = draft.type,
        .record = &draft.record,
        .space_class = draft.space_class,
        .is_new = !draft.is_old,
        .before = draft.before,
        .before_count = draft.before_count,
        .changes = draft.fields,
        .change_count = draft.count,
        .today = day("2026-10-05"),
    };

    ck_assert_int_eq(check_run(checker, &change, &lookups, &findings), AYNI_OK);
}

static const struct check_finding *found(const char *code)
{
    for (size_t i = 0; i < findings.count; i++) {
        if (strcmp(findings.items[i].reason.code, code) == 0)
            return &findings.items[i];
    }
    return NULL;
}

/* Exactly this finding, or none for NULL. */
static void expect(const char *code, enum ayni_level level)
{
    run();
    for (size_t i = 0; i < findings.count; i++)
        ck_assert_msg(code != NULL && strcmp(findings.items[i].reason.code, code) == 0,
                      "%s, not %s", findings.items[i].reason.code, code == NULL ? "none" : code);
    if (code == NULL)
        return;
    ck_assert_msg(found(code) != NULL, "%s is not found", code);
    ck_assert_int_eq(found(code)->level, level);
    ck_assert_int_eq(findings.rejected, level == AYNI_LEVEL_REJECT);
}

static void a_child(void)
{
    start("child");
    set("surname_1", "Ñahui");
    set("given_names", "Jhon Kevin");
    set("birth_date", "2025-05-27");
    set("sex", "m");
    set("ubigeo", "160506");
    set("state", "active");
}

START_TEST(no_rule_of_the_first_edition_is_broken)
{
    ck_assert_ptr_null(check_broken_rule(checker, 0));
}
END_TEST

START_TEST(a_whole_child_is_accepted)
{
    a_child();
    set("surname_2", "Saldaña");
    set("insurance", "sis");
    expect(NULL, 0);
}
END_TEST

START_TEST(a_new_record_needs_its_required_fields)
{
    start("child");
    set("surname_1", "Ñahui");
    run();
    ck_assert(findings.rejected);
    ck_assert_uint_eq(findings.count, 5);
    ck_assert_str_eq(findings.items[0].reason.code, "missing");
    ck_assert_str_eq(findings.items[0].reason.args[0], "given_names");
}
END_TEST

START_TEST(taking_a_required_value_from_an_old_record_warns)
{
    a_child();
    stored();
    set("sex", "");
    expect("missing", AYNI_LEVEL_WARN);
}
END_TEST

START_TEST(an_old_lack_is_not_laid_at_the_door_of_another_edit)
{
    start("child");
    set("surname_1", "Ñahui");
    stored();
    set("given_names", "Jhon");
    expect(NULL, 0);
}
END_TEST

START_TEST(a_stricter_value_than_the_space_is_refused)
{
    draft.space_class = AYNI_CLASS_PERSONAL;
    a_child();
    set("language", "cod");
    expect("stricter_than_space", AYNI_LEVEL_REJECT);
    ck_assert_int_eq(found("stricter_than_space")->status, AYNI_E_RIGHT);
    ck_assert_uint_eq(found("stricter_than_space")->field, 9);
}
END_TEST

START_TEST(clearing_a_strict_value_is_allowed_anywhere)
{
    draft.space_class = AYNI_CLASS_PERSONAL;
    a_child();
    set("language", "");
    expect(NULL, 0);
}
END_TEST

static const struct {
    const char *field, *value, *code;
    enum ayni_level level;
} of_a_child[] = {
    { "birth_date", "2026-10-06", "date_in_future", AYNI_LEVEL_REJECT },
    { "birth_order", "0", "out_of_range", AYNI_LEVEL_REJECT },
    { "birth_date", "2020-10-05", "six_or_older", AYNI_LEVEL_WARN },
    { "birth_date", "2020-10-06", NULL, 0 },
    { "sex", "x", "unknown_code", AYNI_LEVEL_REJECT },
    { "surname_1", "R2D2", "bad_form", AYNI_LEVEL_REJECT },
    { "surname_1", "D'Angelo Ruiz-Ñato", NULL, 0 },
    { "ubigeo", "1605", "bad_form", AYNI_LEVEL_REJECT },
    { "ubigeo", "16050", "bad_ubigeo", AYNI_LEVEL_REJECT },
    { "ubigeo", "990101", "unknown_district", AYNI_LEVEL_REJECT },
    { "birth_plurality", "6", "out_of_range", AYNI_LEVEL_REJECT },
    { "insurance", "none,sis", "insurance_none_with_others", AYNI_LEVEL_REJECT },
    { "insurance", "essalud,sis", NULL, 0 },
    { "insurance", "none", NULL, 0 },
    { "language", "xxx", "unknown_code", AYNI_LEVEL_REJECT },
    { "home", "-3.749 -73.253", NULL, 0 },
    { "home", "-93.749 -73.253", "bad_point", AYNI_LEVEL_REJECT },
};

/* One field of a good child is set to another value. */
START_TEST(a_value_of_a_child)
{
    lookups.territory_known = is_loreto;
    a_child();
    for (size_t i = 0; i < draft.count; i++) {
        const struct ayni_catalogue_field *field =
            ayni_catalogue_field_named(draft.type, ayni_bytes_of_text(of_a_child[_i].field));
        if (draft.fields[i].number == field->number)
            draft.fields[i] = draft.fields[--draft.count];
    }
    set(of_a_child[_i].field, of_a_child[_i].value);
    expect(of_a_child[_i].code, of_a_child[_i].level);
}
END_TEST

/* Else a table could never be loaded in parts, the districts before their provinces. */
START_TEST(the_table_of_territories_is_not_asked_about_itself)
{
    lookups.territory_known = is_loreto;
    start("territory");
    set("code", "990101");
    set("name", "Nuevo");
    set("parent", "9901");
    set("valid_from", "2026-01-01");
    expect(NULL, 0);
}
END_TEST

START_TEST(a_rule_speaks_both_languages)
{
    a_child();
    set("birth_order", "2");
    set("birth_plurality", "1");
    expect("birth_order_over_plurality", AYNI_LEVEL_REJECT);
    ck_assert_ptr_nonnull(strstr(findings.items[0].message_es, "orden"));
    ck_assert_ptr_nonnull(strstr(findings.items[0].message_en, "order"));
}
END_TEST

START_TEST(the_mothers_surname_is_compared_without_accents)
{
    a_child();
    set("surname_2", "SALDANA");
    facts[CHECK_MOTHER_SURNAME_1] =
        (struct sql_value){ .type = SQL_TEXT, .bytes = ayni_bytes_of_text("Saldaña") };
    expect(NULL, 0);
    facts[CHECK_MOTHER_SURNAME_1].bytes = ayni_bytes_of_text("Quispe");
    expect("surname_2_not_mothers", AYNI_LEVEL_WARN);
}
END_TEST

static void a_visit(const char *date)
{
    start("home_visit");
    set("subject", "dni:99000001");
    set("date", date);
    set("source", "kobo");
    set("programme", "parents_plus");
    set("outcome", "done");
}

START_TEST(a_visit_that_was_done_needs_its_minutes)
{
    a_visit("2026-07-08");
    expect("minutes_missing", AYNI_LEVEL_REJECT);
    set("minutes", "40");
    expect(NULL, 0);
}
END_TEST

START_TEST(an_event_is_not_before_birth_nor_after_death_nor_in_the_future)
{
    a_visit("2026-07-08");
    set("minutes", "40");
    facts[CHECK_SUBJECT_BIRTH_DATE] =
        (struct sql_value){ .type = SQL_INTEGER, .integer = day("2026-07-09") };
    expect("date_before_birth", AYNI_LEVEL_REJECT);
    facts[CHECK_SUBJECT_BIRTH_DATE].integer = day("2026-07-08");
    expect(NULL, 0);
    facts[CHECK_SUBJECT_DEATH_DATE] =
        (struct sql_value){ .type = SQL_INTEGER, .integer = day("2026-07-07") };
    expect("date_after_death", AYNI_LEVEL_REJECT);
}
END_TEST

START_TEST(an_event_of_tomorrow_is_refused)
{
    a_visit("2026-10-06");
    set("minutes", "40");
    expect("date_in_future", AYNI_LEVEL_REJECT);
}
END_TEST

static const struct {
    const char *scheme, *value;
    bool good;
} documents[] = {
    { "dni", "99000001", true },   { "dni", "9900000", false },
    { "dni", "9900000a", false },  { "cnv", "9940853545", true },
    { "cnv", "99408", false },     { "padron", "99000001", true },
    { "padron", "99-000", false }, { "programme", "care:NGO-0001", true },
    { "passport", "AB123", true }, { "passport", "1234567890123456789012345678901", false },
};

START_TEST(a_document_fits_its_scheme)
{
    start("identifier");
    set("holder", "dni:99000001");
    set("scheme", documents[_i].scheme);
    set("value", documents[_i].value);
    set("state", "valid");
    expect(documents[_i].good ? NULL : "bad_document", AYNI_LEVEL_REJECT);
}
END_TEST

START_TEST(a_measurement_measures_something)
{
    start("growth");
    set("subject", "dni:99000001");
    set("date", "2026-07-08");
    expect("nothing_measured", AYNI_LEVEL_REJECT);
    set("weight_g", "499");
    expect("out_of_range", AYNI_LEVEL_REJECT);
}
END_TEST

START_TEST(only_facts_that_rules_name_are_looked_up)
{
    start("organisation");
    set("code", "red-innova");
    set("name", "Red Innova");
    set("kind", "ngo");
    expect(NULL, 0);
    ck_assert_int_eq(fact_count, 0);
}
END_TEST

START_TEST(a_rule_is_asked_only_by_who_touches_its_fields)
{
    a_visit("2026-07-08");
    stored();
    set("note", "Lluvia fuerte");
    expect(NULL, 0);
    set("outcome", "done");
    expect("minutes_missing", AYNI_LEVEL_REJECT);
}
END_TEST

START_TEST(a_deletion_needs_nothing)
{
    static const uint8_t yes[] = { 0xf5 };

    start("child");
    draft.fields[0] = (struct ayni_field){ 0, { yes, 1 } };
    draft.count = 1;
    expect(NULL, 0);
}
END_TEST

START_TEST(an_unknown_field_is_refused)
{
    static const uint8_t one[] = { 0x01 };

    a_child();
    draft.fields[draft.count++] = (struct ayni_field){ 999, { one, 1 } };
    expect("unknown_field", AYNI_LEVEL_REJECT);
}
END_TEST

START_TEST(bytes_that_are_no_value_are_refused)
{
    static const uint8_t cut[] = { 0x61 };

    a_child();
    draft.fields[0].value = (struct ayni_bytes){ cut, sizeof(cut) };
    expect("malformed", AYNI_LEVEL_REJECT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check");
    TCase *changes = tcase_create("changes");

    tcase_add_checked_fixture(changes, set_up, tear_down);
    tcase_add_test(changes, no_rule_of_the_first_edition_is_broken);
    tcase_add_test(changes, a_whole_child_is_accepted);
    tcase_add_test(changes, a_new_record_needs_its_required_fields);
    tcase_add_test(changes, taking_a_required_value_from_an_old_record_warns);
    tcase_add_test(changes, an_old_lack_is_not_laid_at_the_door_of_another_edit);
    tcase_add_test(changes, a_stricter_value_than_the_space_is_refused);
    tcase_add_test(changes, clearing_a_strict_value_is_allowed_anywhere);
    tcase_add_loop_test(changes, a_value_of_a_child, 0,
                        (int)(sizeof(of_a_child) / sizeof(of_a_child[0])));
    tcase_add_test(changes, the_table_of_territories_is_not_asked_about_itself);
    tcase_add_test(changes, a_rule_speaks_both_languages);
    tcase_add_test(changes, the_mothers_surname_is_compared_without_accents);
    tcase_add_test(changes, a_visit_that_was_done_needs_its_minutes);
    tcase_add_test(changes, an_event_is_not_before_birth_nor_after_death_nor_in_the_future);
    tcase_add_test(changes, an_event_of_tomorrow_is_refused);
    tcase_add_loop_test(changes, a_document_fits_its_scheme, 0,
                        (int)(sizeof(documents) / sizeof(documents[0])));
    tcase_add_test(changes, a_measurement_measures_something);
    tcase_add_test(changes, only_facts_that_rules_name_are_looked_up);
    tcase_add_test(changes, a_rule_is_asked_only_by_who_touches_its_fields);
    tcase_add_test(changes, a_deletion_needs_nothing);
    tcase_add_test(changes, an_unknown_field_is_refused);
    tcase_add_test(changes, bytes_that_are_no_value_are_refused);
    suite_add_tcase(suite, changes);
    return test_run(suite);
}
