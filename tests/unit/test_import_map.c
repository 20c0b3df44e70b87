/* Maps: what is read of them, and what is refused with its place. */
#include "daemon/records/import/import_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/import/import_cell.h"
#include "daemon/records/import/import_maps.h"
#include "tests/support/suite.h"

static char why[IMPORT_MAP_WHY_SIZE];

static enum ayni_status read_text(const char *text, struct import_map *map)
{
    return import_map_read(ayni_bytes_of_text(text), map, why);
}

/* --- the maps that come with the program --- */

START_TEST(those_of_the_program_are_read)
{
    SCOPED_IMPORT_MAP map;

    ck_assert_int_eq(import_map_read(import_map_text(import_map_names[_i]), &map, why), AYNI_OK);
    ck_assert_str_eq(map.name, import_map_names[_i]);
    ck_assert_uint_gt(map.source_id.column_count, 0);
    ck_assert(!map.restates);
}
END_TEST

START_TEST(there_is_no_other)
{
    ck_assert_uint_eq(import_map_text("padro").size, 0);
    ck_assert_uint_eq(import_map_text("").size, 0);
}
END_TEST

/* A child, her three numbers, the mother, her number, the link. */
START_TEST(an_identifier_is_a_record_of_its_own)
{
    static const char *const types[] = { "child",  "identifier", "identifier",   "identifier",
                                         "person", "identifier", "guardian_link" };
    SCOPED_IMPORT_MAP map;

    ck_assert_int_eq(import_map_read(import_map_text("padron"), &map, why), AYNI_OK);
    ck_assert_uint_eq(map.record_count, 7);
    for (size_t i = 0; i < 7; i++)
        ck_assert_str_eq(map.records[i].type, types[i]);
    ck_assert_str_eq(map.records[0].identifiers[0].name, "dni");
    ck_assert_str_eq(map.records[0].identifiers[2].name, "padron");
    ck_assert_str_eq(map.records[1].holder, "child");
    ck_assert_uint_eq(map.records[1].field_count, 5);
    ck_assert_uint_eq(map.records[2].field_count, 4);
}
END_TEST

/* Cut anywhere, it is none. */
START_TEST(a_part_of_a_map_is_refused)
{
    struct ayni_bytes whole = import_map_text("ubigeo");
    SCOPED_IMPORT_MAP map = { 0 };

    for (size_t size = 0; size + 2 < whole.size; size++) {
        import_map_free(&map);
        ck_assert_int_eq(import_map_read((struct ayni_bytes){ whole.data, size }, &map, why),
                         AYNI_E_INVALID);
        ck_assert_uint_gt(strlen(why), 0);
    }
}
END_TEST

/* --- what is wrong with a map --- */

#define MAP(records) "{\"name\":\"m\",\"origin\":\"o\",\"records\":" records "}"
#define FIELD(source) MAP("[{\"name\":\"a\",\"type\":\"child\",\"fields\":{\"sex\":" source "}}]")

static const struct {
    const char *map, *says;
} wrong[] = {
    { "", "" },
    { "[]", "object" },
    { "{}", "\"records\" is missing" },
    { MAP("[]"), "1 to 16" },
    { MAP("{}"), "1 to 16" },
    { MAP("[{}]"), "\"name\" is missing" },
    { MAP("[{\"name\":\"a\"}]"), "\"type\" is missing" },
    { MAP("[{\"name\":\"a\",\"type\":\"\"}]"), "empty" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"feilds\":{}}]"), "\"feilds\" is not known" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"identifiers\":{\"dnl\":\"x\"}}]"), "\"dnl\"" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"identifiers\":{\"dni\":{\"constant\":\"1\"}}}]"),
      "one column" },
    { "{\"name\":\"m\",\"origin\":\"manual\",\"records\":[]}", "people" },
    { "{\"name\":\"m\",\"name\":\"n\",\"origin\":\"o\",\"records\":[]}", "" },
    { "{\"name\":\"m\",\"origin\":\"o\",\"dates\":\"YYYY/DD/MM\",\"records\":[]}", "DD/MM/YYYY" },
    { FIELD("{}"), "one of column" },
    { FIELD("1"), "" },
    { FIELD("{\"column\":\"a\",\"constant\":\"b\"}"), "one of column" },
    { FIELD("{\"column\":\"a\",\"times\":7}"), "10, 100" },
    { FIELD("{\"column\":\"a\",\"times\":0}"), "times" },
    { FIELD("{\"column\":\"a\",\"first\":0}"), "first" },
    { FIELD("{\"columns\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]}"), "at most 8" },
    { FIELD("[]"), "" },
    { FIELD("{\"columns\":[1]}"), "text" },
    { FIELD("{\"column\":\"a\",\"values\":{\"F\":1}}"), "text" },
    { FIELD("{\"column\":\"a\",\"vallues\":{}}"), "vallues" },
    { FIELD("{\"column\":\"a\",\"decimals\":\";\"}"), "decimals" },
    { FIELD("{\"column\":\"a\",\"dates\":\"DD.MM.YYYY\"}"), "dates" },
    { FIELD("{\"column\":\"a\",\"when\":{\"b\":[]}}"), "a word" },
    { FIELD("{\"column\":\"a\",\"when\":{\"b\":{}}}"), "a text" },
    { FIELD("{\"column\":\"a\",\"when\":\"\"}"), "empty" },
    { FIELD("[\"a\",{}]"), "one of column" },
    { FIELD("[[\"a\"]]"), "" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"shared\":\"b\"}]"), "shares nothing" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"existing\":true}]"), "identifiers" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"existing\":true,\"main\":true,"
          "\"identifiers\":{\"dni\":\"b\"}}]"),
      "counted" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"rules\":[{\"name\":\"b\"}]}]"),
      "\"level\" is missing" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"rules\":[{\"name\":\"b\",\"level\":\"no\","
          "\"expression\":\"1\",\"es\":\"c\",\"en\":\"d\"}]}]"),
      "reject or warn" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"rules\":[{\"name\":\"b\",\"level\":"
          "\"warn\",\"es\":\"c\",\"en\":\"d\"}]}]"),
      "an expression" },
    { FIELD("{\"constant\":\"a\",\"weeks_before\":\"b\"}"), "one column" },
    { FIELD("{\"column\":\"a\",\"once\":1}"), "once" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"instead_of\":\"b\"}]"), "must exist" },
    { MAP("[{\"name\":\"a\",\"type\":\"pregnancy\",\"lasts\":{}}]"), "is missing" },
    { MAP("[{\"name\":\"a\",\"type\":\"pregnancy\",\"lasts\":{\"of\":\"b\",\"from\":\"c\","
          "\"to\":\"d\",\"days\":0,\"on\":\"e\"}}]"),
      "days" },
    { MAP("[{\"name\":\"a\",\"type\":\"pregnancy\",\"lasts\":{\"of\":\"b\",\"from\":\"c\","
          "\"to\":\"d\",\"days\":9,\"on\":{\"constant\":\"e\"}}}]"),
      "one column" },
    { MAP("[{\"name\":\"a\",\"type\":\"child\",\"existing\":true,\"identifiers\":{\"dni\":\"b\"},"
          "\"lasts\":{\"of\":\"b\",\"from\":\"c\",\"to\":\"d\",\"days\":9,\"on\":\"e\"}}]"),
      "must exist" },
    { "{\"name\":\"m\",\"origin\":\"o\",\"source_id\":{\"constant\":\"a\"},\"records\":[{"
      "\"name\":\"a\",\"type\":\"child\"}]}",
      "read from columns" },
};

START_TEST(a_wrong_map_is_refused_with_the_place)
{
    SCOPED_IMPORT_MAP map;

    why[0] = 0;
    ck_assert_int_eq(read_text(wrong[_i].map, &map), AYNI_E_INVALID);
    if (strstr(why, wrong[_i].says) == NULL)
        ck_abort_msg("%s: says %s", wrong[_i].map, why);
}
END_TEST

/* --- headers --- */

START_TEST(a_header_names_fields)
{
    static const char *const header[] = { "_id", "cnv", "_time", "dni", "surname_1" };
    SCOPED_IMPORT_MAP map;

    ck_assert_int_eq(import_map_of_header("child", true, header, 5, &map), AYNI_OK);
    ck_assert(map.restates);
    ck_assert_str_eq(map.records[0].id, "_id");
    ck_assert_uint_eq(map.records[0].field_count, 1);
    ck_assert_uint_eq(map.records[0].identifier_count, 2);
    ck_assert_str_eq(map.records[0].identifiers[0].name, "dni");
    ck_assert_uint_eq(map.record_count, 3);
}
END_TEST

START_TEST(only_children_and_persons_have_identifiers)
{
    static const char *const header[] = { "code", "name" };
    SCOPED_IMPORT_MAP map;

    ck_assert_int_eq(import_map_of_header("facility", false, header, 2, &map), AYNI_OK);
    ck_assert_uint_eq(map.record_count, 1);
    ck_assert_uint_eq(map.records[0].field_count, 2);
}
END_TEST

/* --- cells --- */

static const struct {
    enum ayni_kind_type kind;
    struct import_source source;
    const char *cells[2];
    const char *value; /* as hexadecimal CBOR; NULL: refused; "": says nothing */
} cells[] = {
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_ISO }, { "1970-01-11" }, "0a" },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_ISO }, { "  1970-01-11\t" }, "0a" },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_ISO }, { "11/01/1970" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_DAY_FIRST }, { "11/01/1970" }, "0a" },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_DAY_FIRST }, { "1970-01-11" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_DAY_FIRST }, { "01/13/1970" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_DAY_FIRST }, { "1/1/1970" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_DAY_FIRST }, { "31/02/2025" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_DAY_FIRST }, { "" }, "" },
    { AYNI_KIND_INT, { .shift = 3 }, { "0.02" }, "14" },
    { AYNI_KIND_INT, { .shift = 3 }, { "7.35" }, "191cb6" },
    { AYNI_KIND_INT, { .shift = 3 }, { "7" }, "191b58" },
    { AYNI_KIND_INT, { .shift = 3 }, { "-0.005" }, "24" },
    { AYNI_KIND_INT, { .shift = 1 }, { "1.5000" }, "0f" },
    { AYNI_KIND_INT, { .shift = 1 }, { "1.55" }, NULL },
    { AYNI_KIND_INT, { .shift = 3 }, { "7,35" }, "191cb6" },
    { AYNI_KIND_INT, { .shift = 3, .decimals = IMPORT_DECIMALS_COMMA }, { "7,35" }, "191cb6" },
    { AYNI_KIND_INT, { .shift = 3, .decimals = IMPORT_DECIMALS_COMMA }, { "7.35" }, NULL },
    { AYNI_KIND_INT, { .shift = 3, .decimals = IMPORT_DECIMALS_POINT }, { "7,35" }, NULL },
    { AYNI_KIND_INT, { .shift = 3 }, { "12,,4" }, NULL },
    { AYNI_KIND_INT, { .shift = 3 }, { "1,234.5" }, NULL },
    { AYNI_KIND_INT, { .shift = 3 }, { "1,2,3" }, NULL },
    { AYNI_KIND_INT, { .shift = 3 }, { "," }, NULL },
    { AYNI_KIND_INT, { .shift = 3 }, { "." }, NULL },
    { AYNI_KIND_INT, { .shift = 3 }, { "-" }, NULL },
    { AYNI_KIND_INT, { .shift = 9 }, { "99999999999999999999" }, NULL },
    { AYNI_KIND_TEXT, { .first = 2 }, { "160101" }, "623136" },
    { AYNI_KIND_TEXT, { .first = 1 }, { "Ñahui" }, "62c391" },
    { AYNI_KIND_TEXT, { .first = 9 }, { "16" }, "623136" },
    { AYNI_KIND_TEXT, { .column_count = 2 }, { "a", "b" }, "63612062" },
    { AYNI_KIND_TEXT, { .column_count = 2 }, { "", "b" }, "6162" },
    { AYNI_KIND_TEXT, { .column_count = 2 }, { " ", "" }, "" },
    { AYNI_KIND_TEXT, { .column_count = 2, .join = "-" }, { "a", "b" }, "63612d62" },
    { AYNI_KIND_TEXT, { .column_count = 2, .join = "-" }, { "", "b" }, "622d62" },
    { AYNI_KIND_TEXT, { .column_count = 2, .join = "-" }, { "", " " }, "" },
    { AYNI_KIND_TEXT, { .prefix = "r:" }, { "7" }, "63723a37" },
    { AYNI_KIND_TEXT, { .prefix = "r:" }, { " " }, "" },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_MONTH_FIRST }, { "01/11/1970" }, "0a" },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_MONTH_FIRST }, { "13/01/1970" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_MONTH_FIRST }, { "1970-01-11" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_FOUND }, { "1970-01-11" }, "0a" },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_FOUND }, { "11/01/1970" }, "0a" },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_FOUND }, { "1970/01/11" }, NULL },
    { AYNI_KIND_DATE, { .dates = IMPORT_DATES_FOUND }, { "31/02/2026" }, NULL },
    { AYNI_KIND_SET, { .split = " " }, { "b  a" }, "8261616162" },
    { AYNI_KIND_SET,
      { .split = " ",
        .words = (const struct import_word[]){ { "madre", "b" }, { "padre", "a" } },
        .word_count = 2 },
      { "madre padre" },
      "8261616162" },
    { AYNI_KIND_SET,
      { .split = " ", .words = (const struct import_word[]){ { "madre", "b" } }, .word_count = 1 },
      { "madre tía" },
      NULL },
    { AYNI_KIND_TEXT,
      { .words = (const struct import_word[]){ { "F", "f" } }, .word_count = 1 },
      { "F" },
      "6166" },
    { AYNI_KIND_TEXT,
      { .words = (const struct import_word[]){ { "F", "f" } }, .word_count = 1 },
      { "f" },
      NULL },
};

START_TEST(a_cell_becomes_a_value)
{
    struct ayni_catalogue_field field = { .name = "f", .unit = "", .pattern = "" };
    struct import_source source = cells[_i].source;
    struct plan_field plan = { .field = &field, .source = &source, .columns = { 0, 1 } };
    struct ayni_bytes row[2] = { { NULL, 0 }, { NULL, 0 } };
    struct ayni_value_context context = { 0 };
    struct ayni_reason reason;
    SCOPED_BUFFER text = { 0 }, cbor = { 0 };
    char hex[64] = "";

    field.kind.type = cells[_i].kind;
    field.kind.size = 80;
    if (source.column_count == 0)
        source.column_count = 1;
    for (size_t i = 0; i < 2 && cells[_i].cells[i] != NULL; i++)
        row[i] = ayni_bytes_of_text(cells[_i].cells[i]);
    import_cell_text(&plan, row, &text);
    if (text.size == 0) {
        ck_assert_str_eq(cells[_i].value, "");
        return;
    }
    enum ayni_status status =
        import_cell_value(&context, &plan, ayni_buffer_bytes(&text), &cbor, &reason);
    ck_assert_int_eq(status, cells[_i].value == NULL ? AYNI_E_INVALID : AYNI_OK);
    if (status != AYNI_OK)
        return;
    ayni_hex_text(ayni_buffer_bytes(&cbor), hex);
    ck_assert_str_eq(hex, cells[_i].value);
}
END_TEST

/* --- what is declared of a file --- */

#define TWO_FIELDS                                                                                 \
    "{\"name\":\"m\",\"origin\":\"o\",\"dates\":\"found\",\"source_day\":\"day\",\"records\":"     \
    "[{\"name\":\"r\",\"type\":\"growth\",\"fields\":{\"date\":\"a\",\"measured_on\":"             \
    "{\"column\":\"b\",\"dates\":\"YYYY-MM-DD\",\"decimals\":\".\"}}}]}"

START_TEST(a_declared_form_stands_for_the_maps_own_and_not_for_that_of_a_field)
{
    SCOPED_IMPORT_MAP map;
    const char *word = NULL;

    ck_assert_int_eq(read_text(TWO_FIELDS, &map), AYNI_OK);
    ck_assert_int_eq(import_map_declare(&map, "MM/DD/YYYY", ",", &word), AYNI_OK);
    const struct import_map_field *fields = map.records[0].fields;
    ck_assert_int_eq(fields[0].source.dates, IMPORT_DATES_MONTH_FIRST);
    ck_assert_int_eq(fields[0].source.decimals, IMPORT_DECIMALS_COMMA);
    ck_assert_int_eq(fields[1].source.dates, IMPORT_DATES_ISO);
    ck_assert_int_eq(fields[1].source.decimals, IMPORT_DECIMALS_POINT);
    ck_assert_int_eq(map.source_day.dates, IMPORT_DATES_MONTH_FIRST);
}
END_TEST

START_TEST(a_form_that_is_none_is_told_by_its_word)
{
    SCOPED_IMPORT_MAP map;
    const char *word = NULL;

    ck_assert_int_eq(read_text(TWO_FIELDS, &map), AYNI_OK);
    ck_assert_int_eq(import_map_declare(&map, "DD.MM.YYYY", NULL, &word), AYNI_E_USAGE);
    ck_assert_str_eq(word, "DD.MM.YYYY");
    ck_assert_int_eq(import_map_declare(&map, NULL, "", &word), AYNI_E_USAGE);
    ck_assert_str_eq(word, "");
    ck_assert_int_eq(import_map_declare(&map, NULL, NULL, &word), AYNI_OK);
    ck_assert_int_eq(map.records[0].fields[0].source.dates, IMPORT_DATES_FOUND);
}
END_TEST

/* --- words of conditions --- */

static const struct {
    const char *word, *text;
    bool fits;
} words[] = {
    { "", "", true },           { "", "a", false },       { "a", "", false },
    { "a", "a", true },         { "a", "A", false },      { "a", "ab", false },
    { "*", "", true },          { "*", "abc", true },     { "90*", "90", true },
    { "90*", "9", false },      { "*.*", "1.2", true },   { "*.*", "12", false },
    { "a*b*c", "aXbYc", true }, { "a*bc", "abbc", true }, { "a*bc", "abcb", false },
    { "**a**", "a", true },     { "*a", "aaab", false },
};

START_TEST(a_star_in_a_word_is_any_text)
{
    ck_assert(import_word_fits(words[_i].word, ayni_bytes_of_text(words[_i].text)) ==
              words[_i].fits);
}
END_TEST

/* It takes as long as the word times the text, not as long as there are ways to part it. */
START_TEST(many_stars_take_no_time)
{
    char word[2001] = "", text[20001] = "";

    for (int i = 0; i < 1000; i++)
        memcpy(word + 2 * i, "a*", 3);
    memset(text, 'a', 20000);
    word[1999] = 'b';
    ck_assert(!import_word_fits(word, ayni_bytes_of_text(text)));
}
END_TEST

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

int main(void)
{
    Suite *suite = suite_create("import_map");
    TCase *maps = tcase_create("maps");

    tcase_add_loop_test(maps, those_of_the_program_are_read, 0, 6);
    tcase_add_test(maps, there_is_no_other);
    tcase_add_test(maps, an_identifier_is_a_record_of_its_own);
    tcase_add_test(maps, a_part_of_a_map_is_refused);
    tcase_add_loop_test(maps, a_wrong_map_is_refused_with_the_place, 0, COUNT_OF(wrong));
    tcase_add_test(maps, a_header_names_fields);
    tcase_add_test(maps, only_children_and_persons_have_identifiers);
    tcase_add_loop_test(maps, a_cell_becomes_a_value, 0, COUNT_OF(cells));
    tcase_add_test(maps, a_declared_form_stands_for_the_maps_own_and_not_for_that_of_a_field);
    tcase_add_test(maps, a_form_that_is_none_is_told_by_its_word);
    tcase_add_loop_test(maps, a_star_in_a_word_is_any_text, 0, COUNT_OF(words));
    tcase_add_test(maps, many_stars_take_no_time);
    suite_add_tcase(suite, maps);
    return test_run(suite);
}
