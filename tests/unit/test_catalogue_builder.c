#include "proto/catalogue_builder.h"

#include <stdio.h>
#include <string.h>

#include "proto/limits.h"
#include "tests/support/suite.h"

static struct ayni_catalogue_builder *builder;
static struct ayni_catalogue *catalogue;

static void set_up(void)
{
    builder = ayni_catalogue_builder_new();
    ck_assert_ptr_nonnull(builder);
}

static void tear_down(void)
{
    ayni_catalogue_builder_free(builder);
    ayni_catalogue_free(catalogue);
    catalogue = NULL;
}

static struct ayni_bytes text(const char *value)
{
    return ayni_bytes_of_text(value);
}

static struct ayni_catalogue_row type_row(uint32_t number, const char *name, const char *key)
{
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_TYPE };

    row.type.number = number;
    row.type.name = text(name);
    row.type.label_es = text("Cosa");
    row.type.key = text(key);
    row.type.class = text("personal");
    return row;
}

static struct ayni_catalogue_row field_row(uint32_t type, uint32_t number, const char *name,
                                           const char *kind, const char *merge)
{
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_FIELD };

    row.field.type = type;
    row.field.number = number;
    row.field.name = text(name);
    row.field.kind = text(kind);
    row.field.merge = text(merge);
    row.field.read = text("public");
    return row;
}

static struct ayni_catalogue_row code_row(uint32_t type, uint32_t field, const char *word,
                                          const char *label)
{
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_CODE };

    row.code.type = type;
    row.code.field = field;
    row.code.word = text(word);
    row.code.label_es = text(label);
    return row;
}

static struct ayni_catalogue_row list_row(const char *list, const char *code, const char *label,
                                          int64_t from)
{
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_LIST };

    row.list.list = text(list);
    row.list.code = text(code);
    row.list.label_es = text(label);
    row.list.has_valid_from = true;
    row.list.valid_from = from;
    return row;
}

static struct ayni_catalogue_row rule_row(uint32_t type, const char *name, const char *expression)
{
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_RULE };

    row.rule.type = type;
    row.rule.name = text(name);
    row.rule.level = text("warn");
    row.rule.expression = text(expression);
    return row;
}

static void add(struct ayni_catalogue_row row)
{
    ck_assert_int_eq(ayni_catalogue_builder_add(builder, &row), AYNI_OK);
}

static void refused(struct ayni_catalogue_row row)
{
    ck_assert_int_eq(ayni_catalogue_builder_add(builder, &row), AYNI_E_INVALID);
}

static void build(void)
{
    ck_assert_int_eq(ayni_catalogue_build(builder, &catalogue), AYNI_OK);
}

START_TEST(nothing_makes_an_empty_catalogue)
{
    build();
    ck_assert_uint_eq(catalogue->type_count, 0);
    ck_assert_ptr_null(ayni_catalogue_type(catalogue, 1));
    ck_assert_ptr_null(ayni_catalogue_type_named(catalogue, text("child")));
    ck_assert_ptr_null(ayni_catalogue_nearest_type(catalogue, text("child")));
    ck_assert_int_eq(ayni_catalogue_fold_rule(catalogue, 1, 1).merge, AYNI_MERGE_REVIEW);
}
END_TEST

START_TEST(rows_may_come_in_any_order)
{
    add(rule_row(1000, "r", "code > 1"));
    add(code_row(0, 0, "red", "rojo"));
    add(field_row(1000, 2, "b", "date", "min"));
    add(field_row(1000, 1, "a", "int", ""));
    add(type_row(1001, "other", ""));
    add(type_row(1000, "thing", "2,1"));
    build();
    const struct ayni_catalogue_type *type = ayni_catalogue_type(catalogue, 1000);
    ck_assert_str_eq(type->name, "thing");
    ck_assert_uint_eq(type->field_count, 2);
    ck_assert_str_eq(type->fields[0].name, "a");
    ck_assert_uint_eq(type->key_count, 2);
    ck_assert_uint_eq(type->key[0], 2);
    ck_assert_uint_eq(type->rule_count, 1);
    ck_assert_uint_eq(ayni_catalogue_type(catalogue, 1001)->field_count, 0);
    ck_assert_uint_eq(ayni_catalogue_type(catalogue, 1001)->rule_count, 0);
    ck_assert_int_eq(ayni_catalogue_fold_rule(catalogue, 1000, 2).merge, AYNI_MERGE_MIN);
    ck_assert_str_eq(ayni_catalogue_nearest_field(type, text("c")), "a");
}
END_TEST

START_TEST(fields_and_rules_without_their_type_are_left_out)
{
    add(field_row(999, 1, "a", "int", ""));
    add(field_row(1001, 1, "a", "int", ""));
    add(rule_row(1001, "r", "1"));
    add(type_row(1000, "thing", ""));
    build();
    ck_assert_uint_eq(catalogue->type_count, 1);
    ck_assert_uint_eq(catalogue->types[0].field_count, 0);
    ck_assert_uint_eq(catalogue->types[0].rule_count, 0);
}
END_TEST

/* The first decides what never changes; the last all else. */
START_TEST(kind_unit_merge_and_names_stay_as_they_were_first)
{
    struct ayni_catalogue_row first = field_row(1000, 1, "weight", "int", "max");
    struct ayni_catalogue_row last = field_row(1000, 1, "mass", "text 9", "latest");

    first.field.unit = text("g");
    first.field.label_es = text("Peso");
    last.field.unit = text("kg");
    last.field.label_es = text("Peso medido");
    last.field.required = true;
    last.field.read = text("sensitive");
    add(type_row(1000, "thing", ""));
    add(first);
    add(type_row(1000, "object", "1"));
    add(last);
    build();
    const struct ayni_catalogue_type *type = &catalogue->types[0];
    ck_assert_str_eq(type->name, "thing");
    ck_assert_uint_eq(type->key_count, 1);
    ck_assert_uint_eq(type->field_count, 1);
    ck_assert_str_eq(type->fields[0].name, "weight");
    ck_assert_str_eq(type->fields[0].unit, "g");
    ck_assert_int_eq(type->fields[0].kind.type, AYNI_KIND_INT);
    ck_assert_int_eq(type->fields[0].merge.merge, AYNI_MERGE_MAX);
    ck_assert_str_eq(type->fields[0].label_es, "Peso medido");
    ck_assert(type->fields[0].required);
    ck_assert_int_eq(type->fields[0].read, AYNI_CLASS_SENSITIVE);
}
END_TEST

START_TEST(labels_of_words_are_the_fields_own_or_the_common_ones)
{
    struct ayni_catalogue_row field = field_row(1000, 1, "a", "code", "");

    field.field.codes = text("red blue green");
    add(type_row(1000, "thing", ""));
    add(field);
    add(code_row(0, 0, "red", "rojo"));
    add(code_row(1000, 1, "blue", "azul de aquí"));
    add(code_row(0, 0, "blue", "azul"));
    build();
    const struct ayni_catalogue_field *a = &catalogue->types[0].fields[0];
    ck_assert_str_eq(ayni_catalogue_code_named(a, text("red"))->label_es, "rojo");
    ck_assert_str_eq(ayni_catalogue_code_named(a, text("blue"))->label_es, "azul de aquí");
    ck_assert_str_eq(ayni_catalogue_code_named(a, text("green"))->label_es, "green");
    ck_assert_ptr_null(ayni_catalogue_code_named(a, text("black")));
}
END_TEST

START_TEST(a_list_grows_by_rows_and_later_editions_of_a_word_win)
{
    struct ayni_catalogue_row field = field_row(1000, 1, "a", "code", "");

    field.field.codes = text("@colour");
    add(type_row(1000, "thing", ""));
    add(field);
    add(list_row("colour", "red", "rojo", 200));
    add(list_row("colour", "red", "colorado", 100));
    add(list_row("colour", "blue", "azul", 100));
    add(list_row("size", "xl", "grande", 100));
    build();
    const struct ayni_catalogue_field *a = &catalogue->types[0].fields[0];
    ck_assert_uint_eq(a->list->code_count, 2);
    ck_assert_str_eq(ayni_catalogue_code_named(a, text("red"))->label_es, "rojo");
    ck_assert_uint_eq(catalogue->list_count, 2);
    ck_assert_ptr_null(ayni_catalogue_list(catalogue, text("smell")));
}
END_TEST

START_TEST(a_retired_rule_is_gone)
{
    struct ayni_catalogue_row rule = rule_row(1000, "r", "1");

    add(type_row(1000, "thing", ""));
    add(rule);
    rule.rule.retired = true;
    add(rule);
    build();
    ck_assert_uint_eq(catalogue->types[0].rule_count, 0);
}
END_TEST

START_TEST(what_is_no_row_is_refused)
{
    struct ayni_catalogue_row row = field_row(1000, 1, "a", "int", "");

    refused(type_row(0, "thing", ""));
    refused(type_row(1000, "", ""));
    refused(type_row(1000, "Thing", ""));
    refused(type_row(1000, "a-b", ""));
    refused(type_row(1000, "thing", "x"));
    refused(type_row(1000, "thing", "0"));
    refused(type_row(1000, "thing", "1,2,3,4,5,6,7,8,9"));
    refused(field_row(0, 1, "a", "int", ""));
    refused(field_row(1000, 0, "a", "int", ""));
    refused(field_row(1000, 1, "a", "integer", ""));
    refused(field_row(1000, 1, "a", "int", "vote"));
    refused(field_row(1000, 1, "a", "int", "authority:"));
    row.field.pattern = text("[");
    refused(row);
    row.field.pattern = text("");
    row.field.codes = text("@Colour");
    refused(row);
    row.field.codes = text("red b,lue");
    refused(row);
    refused(rule_row(1000, "R 1", "1"));
    refused(rule_row(1000, "r", ""));
    refused(code_row(0, 0, "", "nada"));
    refused(list_row("colour", "a b", "x", 0));
    row.kind = 13;
    refused(row);
    build();
    ck_assert_uint_eq(catalogue->type_count, 0);
}
END_TEST

START_TEST(a_nul_in_a_text_is_refused)
{
    struct ayni_catalogue_row row = type_row(1000, "thing", "");

    row.type.label_es = TEST_BYTES("a\0b");
    refused(row);
}
END_TEST

START_TEST(there_is_a_maximum)
{
    char word[16];
    enum ayni_status status = AYNI_OK;

    for (int i = 0; i <= AYNI_CATALOGUE_ROWS_MAX && status == AYNI_OK; i++) {
        struct ayni_catalogue_row row = code_row(0, 0, "x", "");
        snprintf(word, sizeof(word), "w%d", i);
        row.code.word = text(word);
        status = ayni_catalogue_builder_add(builder, &row);
    }
    ck_assert_int_eq(status, AYNI_E_LIMIT);
    build();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogue_builder");
    TCase *rows = tcase_create("rows");

    tcase_add_checked_fixture(rows, set_up, tear_down);
    tcase_add_test(rows, nothing_makes_an_empty_catalogue);
    tcase_add_test(rows, rows_may_come_in_any_order);
    tcase_add_test(rows, fields_and_rules_without_their_type_are_left_out);
    tcase_add_test(rows, kind_unit_merge_and_names_stay_as_they_were_first);
    tcase_add_test(rows, labels_of_words_are_the_fields_own_or_the_common_ones);
    tcase_add_test(rows, a_list_grows_by_rows_and_later_editions_of_a_word_win);
    tcase_add_test(rows, a_retired_rule_is_gone);
    tcase_add_test(rows, what_is_no_row_is_refused);
    tcase_add_test(rows, a_nul_in_a_text_is_refused);
    tcase_add_test(rows, there_is_a_maximum);
    suite_add_tcase(suite, rows);
    return test_run(suite);
}
