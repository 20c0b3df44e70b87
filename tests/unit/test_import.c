/* What rows write: by origin, all or nothing, and nothing twice. */
#include "daemon/records/import.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/import_file.h"
#include "tests/support/node_pair.h"

enum { SURNAME_1 = 1, SURNAME_2 = 2, STATE = 16, HOLDER = 1 };

/* Of the small catalogue of tests: a child, her numbers, the mother and the link. */
#define MAP(origin)                                                                                \
    "{\"name\":\"m\",\"origin\":\"" origin "\",\"source_id\":\"row\",\"records\":["                \
    "{\"name\":\"child\",\"type\":\"child\","                                                      \
    "\"identifiers\":{\"dni\":\"dni\",\"cnv\":\"cnv\"},\"fields\":{"                               \
    "\"surname_1\":\"surname\",\"surname_2\":\"second\",\"given_names\":\"names\","                \
    "\"birth_date\":\"born\",\"sex\":{\"column\":\"sex\",\"values\":{\"F\":\"f\",\"M\":\"m\"}},"   \
    "\"ubigeo\":{\"constant\":\"160101\"},\"state\":{\"initial\":\"active\"}}},"                   \
    "{\"name\":\"mother\",\"type\":\"person\",\"when\":\"mdni\",\"identifiers\":{\"dni\":"         \
    "\"mdni\"},\"fields\":{\"surname_1\":\"msurname\",\"given_names\":\"mnames\"}},"               \
    "{\"name\":\"link\",\"type\":\"guardian_link\",\"when\":\"mdni\",\"fields\":{"                 \
    "\"child\":{\"record\":\"child\"},\"person\":{\"record\":\"mother\"},"                         \
    "\"role\":{\"constant\":\"mother\"}}}]}"
#define HEADER "row;dni;cnv;surname;second;names;born;sex;mdni;msurname;mnames\n"
#define ANA HEADER "1;99000001;;Vela;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n"

static struct test_imported imported;
static struct complaint complaint;

static enum ayni_status load_as(struct test_node *node, const char *map, const char *text)
{
    const struct test_import how = { .map = map, .space = "visits" };

    return test_import(node, &how, text, &imported, &complaint);
}

#define LOAD(text) test_must(load_as(&test_midis, MAP("padron"), text), "import")

static void counts(uint64_t created, uint64_t updated, uint64_t unchanged, uint64_t rejected)
{
    const struct import_counts *c = &imported.counts;

    if (c->created != created || c->updated != updated || c->unchanged != unchanged ||
        c->rejected != rejected)
        ck_abort_msg("created %u, updated %u, unchanged %u, rejected %u: %s", (unsigned)c->created,
                     (unsigned)c->updated, (unsigned)c->unchanged, (unsigned)c->rejected,
                     imported.findings);
    ck_assert_uint_eq(c->read, created + updated + unchanged + rejected);
}

static uint64_t written(struct test_node *node)
{
    return test_entries(node, "visits", AYNI_LANE_CURRENT);
}

static struct record_key key_of(struct test_node *node, const char *type, const char *scheme,
                                const char *value)
{
    SCOPED_CHARTER charter = standing_hold(node->records.standing);
    struct identifier identifier = { .scheme = scheme };
    struct record_key key = { .space = test_visits };

    snprintf(identifier.value, sizeof(identifier.value), "%s", value);
    key.type = ayni_catalogue_type_named(charter->catalogue, ayni_bytes_of_text(type))->number;
    test_must(identifier_id(charter, key.type, &identifier, &key.record), "id");
    return key;
}

static void shows(struct test_node *node, const char *type, const char *dni, uint32_t field,
                  const char *expected)
{
    struct record_key key = key_of(node, type, "dni", dni);
    char text[128];

    test_shown(node, &key, field, text);
    ck_assert_str_eq(text, expected);
}

/* --- what a row makes --- */

START_TEST(a_row_makes_a_child_the_mother_their_numbers_and_the_link)
{
    LOAD(ANA);
    counts(1, 0, 0, 0);
    ck_assert_str_eq(imported.findings, "");
    ck_assert_uint_eq(written(&test_midis), 5);
    shows(&test_midis, "child", "99000001", SURNAME_1, "Vela");
    shows(&test_midis, "child", "99000001", STATE, "active");
    shows(&test_midis, "person", "99000100", SURNAME_1, "Ríos");
    ck_assert_uint_eq(test_problems(&test_midis), 0);
}
END_TEST

START_TEST(without_a_mother_there_is_none)
{
    LOAD(HEADER "1;99000001;;Vela;;Ana;2025-05-27;F; ;;\n");
    counts(1, 0, 0, 0);
    ck_assert_uint_eq(written(&test_midis), 2);
}
END_TEST

START_TEST(a_dry_run_says_the_same_and_writes_nothing)
{
    const struct test_import dry = { .map = MAP("padron"), .space = "visits", .dry_run = true };
    struct test_imported told;

    test_must(test_import(&test_midis, &dry, ANA "1;;;;;;;;;;\n2;99000001;;Vega;;Ana;;F;;;\n",
                          &told, &complaint),
              "dry run");
    ck_assert_uint_eq(written(&test_midis), 0);
    LOAD(ANA "1;;;;;;;;;;\n2;99000001;;Vega;;Ana;;F;;;\n");
    ck_assert_str_eq(told.findings, imported.findings);
    ck_assert_mem_eq(&told.counts, &imported.counts, sizeof(told.counts));
}
END_TEST

/* --- again --- */

START_TEST(the_same_again_writes_nothing)
{
    LOAD(ANA);
    LOAD(ANA);
    counts(0, 0, 1, 0);
    ck_assert_uint_eq(written(&test_midis), 5);
}
END_TEST

START_TEST(what_a_person_corrected_stays_so)
{
    struct record_key child;

    LOAD(ANA);
    child = key_of(&test_midis, "child", "dni", "99000001");
    test_set(&test_midis, &child, "surname_1=Vera", NULL);
    LOAD(ANA);
    counts(0, 0, 1, 0);
    shows(&test_midis, "child", "99000001", SURNAME_1, "Vera");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    /* The file says something new now: that is no longer what was corrected. */
    LOAD(HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    counts(0, 1, 0, 0);
    ck_assert_uint_eq(imported.counts.conflicts, 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

START_TEST(what_a_person_set_first_is_not_replaced)
{
    (void)test_put_child(&test_midis, "99000001", "Vera");
    LOAD(ANA);
    counts(0, 1, 0, 0);
    ck_assert_uint_eq(imported.counts.conflicts, 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
    LOAD(ANA);
    counts(0, 0, 1, 0);
}
END_TEST

START_TEST(the_same_origin_replaces_its_own_value)
{
    LOAD(ANA);
    LOAD(HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    counts(0, 1, 0, 0);
    ck_assert_uint_eq(written(&test_midis), 6);
    shows(&test_midis, "child", "99000001", SURNAME_1, "Vila");
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    LOAD(ANA); /* and back */
    counts(0, 1, 0, 0);
    shows(&test_midis, "child", "99000001", SURNAME_1, "Vela");
}
END_TEST

START_TEST(another_origin_replaces_nothing)
{
    LOAD(ANA);
    test_must(load_as(&test_midis, MAP("ngo"),
                      HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n"),
              "import");
    counts(0, 1, 0, 0);
    ck_assert_uint_eq(imported.counts.conflicts, 1);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

START_TEST(an_empty_cell_says_nothing)
{
    LOAD(ANA);
    LOAD(HEADER "1;99000001;;;;;;;;;\n");
    counts(0, 0, 1, 0);
    shows(&test_midis, "child", "99000001", SURNAME_2, "Ríos");
}
END_TEST

START_TEST(what_is_for_new_records_leaves_old_ones)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Vela");

    test_set(&test_midis, &child, "state=dead", NULL);
    LOAD(ANA);
    shows(&test_midis, "child", "99000001", STATE, "dead");
    ck_assert_uint_eq(test_alternatives(&test_midis, &child, STATE), 1);
}
END_TEST

/* --- which record --- */

START_TEST(a_child_is_found_by_a_number_it_had_before)
{
    LOAD(HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n");
    counts(1, 0, 0, 0);
    LOAD(HEADER "1;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n");
    counts(0, 1, 0, 0);
    ck_assert_uint_eq(written(&test_midis), 3);
    LOAD(HEADER "1;99000001;;Vela;;Ana;2025-05-27;F;;;\n");
    counts(0, 0, 1, 0);
}
END_TEST

/* Also by rows that nobody has followed yet. */
START_TEST(a_later_row_finds_the_child_of_an_earlier_one)
{
    LOAD(HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n"
                "2;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n"
                "3;99000001;;Vela;Ríos;;;;;;\n");
    counts(1, 2, 0, 0);
    ck_assert_uint_eq(written(&test_midis), 4);
}
END_TEST

/* Apart, one child got two ids; each node goes on with its own. */
START_TEST(of_two_holders_the_one_that_this_origin_wrote)
{
    test_must(load_as(&test_midis, MAP("padron"),
                      HEADER "1;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "midis");
    test_must(load_as(&test_innova, MAP("ngo"), HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "innova");
    test_node_exchange(&test_midis, &test_innova);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1); /* one number, two holders */
    test_must(load_as(&test_midis, MAP("padron"),
                      HEADER "1;99000001;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "midis");
    counts(0, 0, 1, 0);
    test_must(load_as(&test_innova, MAP("ngo"), HEADER "1;;9900000001;Vela;;Ana;2025-05-27;F;;;\n"),
              "innova");
    counts(0, 0, 1, 0);
    ck_assert_str_eq(imported.findings, "");
}
END_TEST

START_TEST(where_this_origin_wrote_none_the_shown_holder_is_taken_with_a_warning)
{
    (void)test_put(&test_midis, "visits", "child", "cnv=9900000001", "surname_1=Vela",
                   "given_names=Ana", "birth_date=2025-05-27", "sex=f", "ubigeo=160101",
                   "state=active", NULL);
    (void)test_put(&test_innova, "visits", "child", "dni=99000001", "cnv=9900000001",
                   "surname_1=Vela", "given_names=Ana", "birth_date=2025-05-27", "sex=f",
                   "ubigeo=160101", "state=active", NULL);
    test_node_exchange(&test_midis, &test_innova);
    LOAD(HEADER "1;99000002;9900000001;Vela;;Ana;2025-05-27;F;;;\n");
    counts(0, 1, 0, 0);
    ck_assert_str_eq(imported.findings, "!2 - several_holders/");
    ck_assert_uint_eq(imported.counts.warnings, 1);
}
END_TEST

/* --- deleted --- */

START_TEST(what_was_deleted_stays_so_until_the_file_says_something_new)
{
    struct edit_request request = { .steward = "maria", .reason = "twice" };
    struct edit_result result;
    struct record_key child;
    char id[AYNI_RECORD_TEXT_SIZE];

    LOAD(ANA);
    child = key_of(&test_midis, "child", "dni", "99000001");
    ayni_record_text(&child.record, id);
    request.id = id;
    test_must(edit_delete(&test_midis.records, &request, &result, &complaint), "delete");
    LOAD(ANA);
    counts(0, 0, 1, 0);
    ck_assert_uint_eq(written(&test_midis), 6);
    ck_assert_uint_eq(test_conflicts(&test_midis), 0);
    LOAD(HEADER "1;99000001;;Vila;Ríos;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

/* --- wrong rows --- */

static const struct {
    const char *row, *finding;
} wrong[] = {
    { "1;99000001;;Vela;;Ana;2025-05-27;F;99000100;Ríos", "2 - wrong_cell_count/" },
    { "1;99000001;;Vela;;Ana;2025-05-27;F;99000100;Ríos;Rosa;x", "2 - wrong_cell_count/" },
    { "1;99000001;;Vela;;Ana;27/05/2025;F;;;", "2 born bad_date/" },
    { "1;99000001;;Vela;;Ana;2199-05-27;F;;;", "2 born date_in_future/" },
    { "1;99000001;;Vela;;Ana;2025-05-27;X;;;", "2 sex unknown_code/" },
    { "1;99000001;;;;Ana;2025-05-27;F;;;", "2 surname missing/" },
    { "1;99000001;;Vela;;Ana;2025-05-27;F;99000100;;Rosa", "2 msurname missing/" },
    { "1;990000010000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "000000;;Vela;;Ana;2025-05-27;F;;;",
      "2 dni bad_document/" },
    { "1;;;;;;;;;;", "2 surname missing/" },
};

START_TEST(a_wrong_row_writes_nothing_and_the_next_goes_on)
{
    char text[1024];

    snprintf(text, sizeof(text), HEADER "%s\n2;99000002;;Vela;;Eva;2025-05-27;F;;;\n",
             wrong[_i].row);
    LOAD(text);
    ck_assert_str_eq(imported.findings, wrong[_i].finding);
    counts(1, 0, 0, 1);
    ck_assert_uint_eq(written(&test_midis), 2);
}
END_TEST

START_TEST(an_id_counts_once_in_a_file_whatever_the_row_says)
{
    LOAD(ANA "1;99000002;;Vela;;Eva;2025-05-27;F;;;\n 1 ;99000001;;Vela;Ríos;Ana;2025-05-27;F;"
             "99000100;Ríos;Rosa\n");
    ck_assert_str_eq(imported.findings, "3 row duplicate_source_id/4 row duplicate_source_id/");
    counts(1, 0, 0, 2);
}
END_TEST

/* Else each import would overwrite the one value with the other. */
START_TEST(of_rows_that_contradict_each_other_the_first_stands)
{
    static const char twins[] = ANA "2;99000002;;Vela;Ríos;Eva;2025-05-27;F;99000100;Rios;Rosa\n";

    LOAD(twins);
    counts(2, 0, 0, 0);
    ck_assert_str_eq(imported.findings, "!3 - disputed_in_file/");
    shows(&test_midis, "person", "99000100", SURNAME_1, "Ríos");
    LOAD(twins);
    counts(0, 0, 2, 0);
}
END_TEST

START_TEST(a_second_surname_that_is_not_the_mothers_is_worth_a_warning)
{
    LOAD(HEADER "1;99000001;;Vela;Soto;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    counts(1, 0, 0, 0);
    ck_assert_str_eq(imported.findings, "!2 second surname_2_not_mothers/");
    LOAD(HEADER "1;99000001;;Vela;Soto;Ana;2025-05-27;F;99000100;Ríos;Rosa\n");
    ck_assert_str_eq(imported.findings, "");
}
END_TEST

/* --- the day of the row --- */

#define DATED_MAP                                                                                  \
    "{\"name\":\"m\",\"origin\":\"padron\",\"dates\":\"DD/MM/"                                     \
    "YYYY\",\"source_day\":\"day\",\"records\":["                                                  \
    "{\"name\":\"child\",\"type\":\"child\",\"identifiers\":{\"dni\":\"dni\"},\"fields\":{"        \
    "\"surname_1\":\"surname\",\"given_names\":\"surname\",\"birth_date\":\"born\","               \
    "\"sex\":{\"constant\":\"f\"},\"ubigeo\":{\"constant\":\"160101\"},"                           \
    "\"state\":{\"initial\":\"active\"}}}]}"

START_TEST(the_day_of_a_row_is_today_for_its_rules_and_goes_with_it)
{
    SCOPED_READER *reader = NULL;
    SCOPED_STATE state = { 0 };
    struct record_key child = key_of(&test_midis, "child", "dni", "99000002");

    test_must(load_as(&test_midis, DATED_MAP,
                      "dni;surname;born;day\n99000001;Vela;02/01/1991;01/01/1991\n"
                      "99000002;Vela;01/01/1991;01/01/1991\n99000003;Vela;01/01/1991;1991\n"
                      "99000004;Vela;01/01/1991;\n"),
              "import");
    ck_assert_str_eq(imported.findings, "2 born date_in_future/4 day bad_date/");
    counts(2, 0, 0, 2);
    test_must(reader_begin(&test_midis.records, &reader), "reader");
    test_must(reader_fold(reader, &child, &state), "fold");
    ck_assert(state.versions[0].version.has_source_day);
    ck_assert_int_eq(state.versions[0].version.source_day, 7670);
    ck_assert(ayni_bytes_equal(state.versions[0].version.origin, TEST_BYTES("padron")));
    ck_assert(ayni_bytes_equal(state.versions[0].version.steward, TEST_BYTES("maria")));
}
END_TEST

/* --- without a map --- */

static void load_fields(const char *type, const char *text)
{
    const struct test_import how = { .type = type, .space = "visits" };

    test_must(test_import(&test_midis, &how, text, &imported, &complaint), "import");
}

START_TEST(a_header_of_fields_makes_records_by_their_key)
{
    static const char rows[] = "subject;date;source;source_id;weight_g\n"
                               "dni:99000001;2025-06-01;kobo;a;5000\n"
                               "dni:99000001;2025-06-02;kobo;b;5100\n"
                               "dni:99000001;2025-06-03;kobo;a;5200\n"
                               "dni:99000001;2025-06-03;kobo;c;much\n";

    load_fields("growth", rows);
    counts(2, 0, 0, 2);
    ck_assert_str_eq(imported.findings, "4 - duplicate_source_id/5 weight_g bad_number/");
    load_fields("growth", rows);
    counts(0, 0, 2, 2);
}
END_TEST

START_TEST(what_is_shown_already_is_not_stated_anew)
{
    (void)test_put_child(&test_midis, "99000001", "Vela");
    uint64_t before = written(&test_midis);
    load_fields("child", "dni;surname_1\n99000001;Vela\n");
    counts(0, 0, 1, 0);
    ck_assert_uint_eq(written(&test_midis), before);
    load_fields("child", "dni;surname_1\n99000001;Vila\n");
    counts(0, 1, 0, 0);
    ck_assert_uint_eq(test_conflicts(&test_midis), 1);
}
END_TEST

START_TEST(an_id_column_says_which_record)
{
    struct record_key child = test_put_child(&test_midis, "99000001", "Vela");
    char id[AYNI_RECORD_TEXT_SIZE], text[256];

    ayni_record_text(&child.record, id);
    snprintf(text, sizeof(text), "_id;surname_2\n%s;Ríos\nabc;Ríos\n", id);
    load_fields("child", text);
    counts(0, 1, 0, 1);
    ck_assert_str_eq(imported.findings, "3 _id bad_reference/");
    shows(&test_midis, "child", "99000001", SURNAME_2, "Ríos");
}
END_TEST

/* --- files that are refused whole --- */

static const struct {
    const char *map, *type, *space, *text;
    enum ayni_status status;
} refused[] = {
    { NULL, "chid", "visits", "surname_1\n", AYNI_E_USAGE },
    { NULL, "child", "visits", "surname_l\n", AYNI_E_USAGE },
    { NULL, "child", "visits", "surname_1;surname_1\n", AYNI_E_INVALID },
    { NULL, "child", "open", "surname_1\n", AYNI_E_RIGHT },
    { MAP("padron"), NULL, "open", HEADER, AYNI_E_RIGHT },
    { MAP("padron"), NULL, "visits", "row;dni\n", AYNI_E_INVALID },
    { MAP("padron"), NULL, "visits", "dni;" HEADER, AYNI_E_INVALID },
    { MAP("padron"), "person", "visits", HEADER, AYNI_E_USAGE },
    { "{", NULL, "visits", HEADER, AYNI_E_INVALID },
};

START_TEST(a_file_of_no_use_is_refused_before_the_first_row)
{
    const struct test_import how = { .map = refused[_i].map,
                                     .type = refused[_i].type,
                                     .space = refused[_i].space };

    (void)test_node_space(&test_midis, "open", AYNI_CLASS_PUBLIC);
    ck_assert_int_eq(test_import(&test_midis, &how, refused[_i].text, &imported, &complaint),
                     refused[_i].status);
    ck_assert_ptr_nonnull(complaint.text);
    ck_assert_uint_eq(written(&test_midis), 0);
}
END_TEST

START_TEST(who_may_not_write_there_imports_nothing)
{
    (void)test_node_space(&test_midis, "midis only", AYNI_CLASS_SENSITIVE);
    test_node_exchange(&test_midis, &test_innova);
    const struct test_import how = { .map = MAP("ngo"), .space = "midis only" };
    ck_assert_int_eq(test_import(&test_innova, &how, ANA, &imported, &complaint), AYNI_E_RIGHT);
}
END_TEST

/* --- large files --- */

START_TEST(a_file_of_over_1024_rows_goes_to_the_bulk_lane)
{
    enum { ROWS = 1100 };
    struct test_import how = { .map = MAP("padron"), .space = "visits" };
    SCOPED_BUFFER text = { 0 };
    char line[128];

    ayni_buffer_append_text(&text, HEADER);
    for (int i = 0; i < ROWS; i++) {
        snprintf(line, sizeof(line), "%d;%d;;Vela;;Ana;2025-05-27;F;;;\n", i, 99000000 + i);
        ayni_buffer_append_text(&text, line);
    }
    ayni_buffer_append_byte(&text, 0);
    how.rows = _i == 0 ? ROWS : 0; /* known before, or found on the way */
    test_must(test_import(&test_midis, &how, (const char *)text.data, &imported, &complaint),
              "import");
    counts(ROWS, 0, 0, 0);
    uint64_t bulk = test_entries(&test_midis, "visits", AYNI_LANE_BULK);
    ck_assert_uint_eq(bulk + written(&test_midis), 2 * ROWS);
    ck_assert_uint_eq(bulk, _i == 0 ? 2 * ROWS : 200);
    test_must(test_import(&test_midis, &how, (const char *)text.data, &imported, &complaint),
              "again");
    counts(0, 0, ROWS, 0);
}
END_TEST

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

int main(void)
{
    Suite *suite = suite_create("import");
    TCase *rows = tcase_create("rows");

    tcase_add_checked_fixture(rows, test_two_open, test_two_close);
    tcase_set_timeout(rows, 60);
    tcase_add_test(rows, a_row_makes_a_child_the_mother_their_numbers_and_the_link);
    tcase_add_test(rows, without_a_mother_there_is_none);
    tcase_add_test(rows, a_dry_run_says_the_same_and_writes_nothing);
    tcase_add_test(rows, the_same_again_writes_nothing);
    tcase_add_test(rows, what_a_person_corrected_stays_so);
    tcase_add_test(rows, what_a_person_set_first_is_not_replaced);
    tcase_add_test(rows, the_same_origin_replaces_its_own_value);
    tcase_add_test(rows, another_origin_replaces_nothing);
    tcase_add_test(rows, an_empty_cell_says_nothing);
    tcase_add_test(rows, what_is_for_new_records_leaves_old_ones);
    tcase_add_test(rows, a_child_is_found_by_a_number_it_had_before);
    tcase_add_test(rows, a_later_row_finds_the_child_of_an_earlier_one);
    tcase_add_test(rows, of_two_holders_the_one_that_this_origin_wrote);
    tcase_add_test(rows, where_this_origin_wrote_none_the_shown_holder_is_taken_with_a_warning);
    tcase_add_test(rows, what_was_deleted_stays_so_until_the_file_says_something_new);
    tcase_add_loop_test(rows, a_wrong_row_writes_nothing_and_the_next_goes_on, 0, COUNT_OF(wrong));
    tcase_add_test(rows, an_id_counts_once_in_a_file_whatever_the_row_says);
    tcase_add_test(rows, of_rows_that_contradict_each_other_the_first_stands);
    tcase_add_test(rows, a_second_surname_that_is_not_the_mothers_is_worth_a_warning);
    tcase_add_test(rows, the_day_of_a_row_is_today_for_its_rules_and_goes_with_it);
    tcase_add_test(rows, a_header_of_fields_makes_records_by_their_key);
    tcase_add_test(rows, what_is_shown_already_is_not_stated_anew);
    tcase_add_test(rows, an_id_column_says_which_record);
    tcase_add_loop_test(rows, a_file_of_no_use_is_refused_before_the_first_row, 0,
                        COUNT_OF(refused));
    tcase_add_test(rows, who_may_not_write_there_imports_nothing);
    tcase_add_loop_test(rows, a_file_of_over_1024_rows_goes_to_the_bulk_lane, 0, 2);
    suite_add_tcase(suite, rows);
    return test_run(suite);
}
