/*
 * The first edition against the page that it was written from, where that page
 * lies beside the project: numbers, names, kinds, what is required, merge
 * rules and classes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/records/catalogue_file.h"
#include "proto/catalogue_parse.h"
#include "tests/support/suite.h"

static const char page_path[] = AYNI_SOURCE_DIR "/../shared/record-types.md";

static struct catalogue_file file;
static FILE *page;
static const struct ayni_catalogue_type *type; /* of the lines that follow; NULL: the event block */
static unsigned type_count, field_count;

enum { LINE_SIZE = 4096, WORD_SIZE = 200 };

static void set_up(void)
{
    char error[CATALOGUE_FILE_ERROR_SIZE];

    ck_assert_int_eq(catalogue_file_read(catalogue_file_first_edition(), NULL, &file, error),
                     AYNI_OK);
    page = fopen(page_path, "r");
    ck_assert_ptr_nonnull(page);
}

static void tear_down(void)
{
    fclose(page);
    catalogue_file_free(&file);
}

/* The text between two bars, trimmed. */
static void cell(const char *line, int index, char text[WORD_SIZE])
{
    for (; index >= 0; index--) {
        line = strchr(line, '|');
        ck_assert_ptr_nonnull(line);
        line++;
    }
    line += strspn(line, " ");
    size_t size = strcspn(line, "|");
    while (size > 0 && line[size - 1] == ' ')
        size--;
    ck_assert_uint_lt(size, WORD_SIZE);
    memcpy(text, line, size);
    text[size] = '\0';
}

static void remove_all(char *text, const char *unwanted)
{
    for (char *at; (at = strstr(text, unwanted)) != NULL;)
        memmove(at, at + strlen(unwanted), strlen(at + strlen(unwanted)) + 1);
}

static void trim(char *text)
{
    size_t size = strlen(text);

    while (size > 0 && text[size - 1] == ' ')
        text[--size] = '\0';
}

/* A field's kind as the page spells it. */
static void spell_kind(const struct ayni_catalogue_field *field, char text[WORD_SIZE])
{
    char kind[AYNI_KIND_TEXT_SIZE];
    bool refers = field->kind.type == AYNI_KIND_REF || field->kind.type == AYNI_KIND_REFS;

    ayni_kind_text(&field->kind, kind);
    snprintf(text, WORD_SIZE, "%s%s%s%s%s", kind, field->list_name[0] != '\0' ? "*" : "",
             field->unit[0] != '\0' ? " " : "", field->unit,
             refers && field->target_count == 0 ? " any" : "");
    for (size_t i = 0; i < field->target_count; i++) {
        strcat(text, i == 0 ? " " : ", ");
        strcat(text, field->targets[i]);
    }
}

static void compare(const struct ayni_catalogue_type *of, unsigned number, const char *name,
                    const char *kind, bool required, const char *merge, const char *read)
{
    const struct ayni_catalogue_field *field = ayni_catalogue_field(of, number);
    char spelled[WORD_SIZE], merge_text[AYNI_MERGE_TEXT_SIZE];

    ck_assert_msg(field != NULL, "%s has no field %u", of->name, number);
    spell_kind(field, spelled);
    ayni_merge_rule_text(&field->merge, merge_text);
    ck_assert_str_eq(field->name, name);
    if (strcmp(name, "subject") != 0 || !of->is_event)
        ck_assert_msg(strcmp(spelled, kind) == 0, "%s.%s: %s, not %s", of->name, name, spelled,
                      kind);
    ck_assert_msg(field->required == required, "%s.%s: required", of->name, name);
    ck_assert_msg(strcmp(merge_text, merge) == 0, "%s.%s: %s, not %s", of->name, name, merge_text,
                  merge);
    if (!(of->class == AYNI_CLASS_SEALED && number < 10))
        ck_assert_msg(strcmp(ayni_class_name(field->read), read) == 0, "%s.%s: %s, not %s",
                      of->name, name, ayni_class_name(field->read), read);
    field_count++;
}

/* Whether the kind says that the field is required; its mark is taken out. */
static bool take_required(char *kind)
{
    bool required = strchr(kind, '!') != NULL;

    remove_all(kind, "!");
    trim(kind);
    return required;
}

/* | 10 | weight_g | int g ! | 300..7000 | review | sensitive | */
static void table_field(const char *line)
{
    char number[WORD_SIZE], name[WORD_SIZE], kind[WORD_SIZE], merge[WORD_SIZE], read[WORD_SIZE];

    cell(line, 0, number);
    cell(line, 1, name);
    cell(line, 2, kind);
    cell(line, 4, merge);
    cell(line, 5, read);
    bool required = take_required(kind);
    if (type != NULL) {
        compare(type, (unsigned)atoi(number), name, kind, required, merge, read);
        return;
    }
    for (size_t i = 0; i < file.catalogue->type_count; i++) {
        if (file.catalogue->types[i].is_event)
            compare(&file.catalogue->types[i], (unsigned)atoi(number), name, kind, required, merge,
                    read);
    }
}

static void find_type(const char *number, const char *name)
{
    type = ayni_catalogue_type(file.catalogue, (uint32_t)atoi(number));
    ck_assert_msg(type != NULL, "no type %s", number);
    ck_assert_str_eq(type->name, name);
    type_count++;
}

/* Takes `mark` and the word after it out of `text`, into `word`; else `otherwise` is the word. */
static void take_mark(char *text, char mark, const char *otherwise, char word[WORD_SIZE])
{
    char *at = strchr(text, mark);

    snprintf(word, WORD_SIZE, "%s", otherwise);
    if (at == NULL)
        return;
    size_t size = strcspn(at + 1, " ");
    snprintf(word, WORD_SIZE, "%.*s", (int)size, at + 1);
    memmove(at, at + 1 + size, strlen(at + 1 + size) + 1);
    trim(text);
}

/* What a field has unless it says otherwise. */
static const char *usual_merge(void)
{
    bool of_midis = type->number == 507 || (type->number >= 706 && type->number <= 711);

    return of_midis ? "authority:midis" : "review";
}

/* 4 year int! (2010..2100) ~latest ^personal */
static void row_field(char *text, bool personal)
{
    char merge[WORD_SIZE], read[WORD_SIZE], name[WORD_SIZE];
    char *open = strchr(text, '('), *end = open == NULL ? NULL : strrchr(open, ')');
    unsigned number;
    int used;

    if (end != NULL)
        memmove(open, end + 1, strlen(end + 1) + 1);
    trim(text);
    take_mark(text, '~', usual_merge(), merge);
    take_mark(text, '^', personal ? "personal" : "public", read);
    ck_assert_int_eq(sscanf(text, "%u %199s%n", &number, name, &used), 2);
    char *kind = text + used + strspn(text + used, " ");
    bool required = take_required(kind);
    compare(type, number, name, kind, required, merge, read);
}

/* | **502 target** | label | 1 territory id ubigeo! · 2 ... | rules | */
static void row_type(char *line)
{
    static const char separator[] = " · ", all_personal[] = "; all ^personal until published";
    char number[WORD_SIZE], name[WORD_SIZE];

    ck_assert_int_eq(sscanf(line, "| **%199s %199[^*]", number, name), 2);
    find_type(number, name);
    char *fields = strchr(strchr(line + 3, '|') + 1, '|') + 2;
    *strrchr(fields, '|') = '\0';
    char *rules = strrchr(fields, '|');
    ck_assert_ptr_nonnull(rules);
    *rules = '\0';
    bool personal = strstr(fields, all_personal) != NULL;
    remove_all(fields, all_personal);
    for (char *next; fields != NULL; fields = next) {
        next = strstr(fields, separator);
        if (next != NULL) {
            *next = '\0';
            next += strlen(separator);
        }
        row_field(fields, personal);
    }
}

START_TEST(the_first_edition_is_what_the_page_says)
{
    char line[LINE_SIZE], number[WORD_SIZE], name[WORD_SIZE];
    unsigned plain;

    while (fgets(line, sizeof(line), page) != NULL) {
        if (strncmp(line, "## 7.", 5) == 0)
            break;
        if (sscanf(line, "| **%199[0-9]** | **%199[a-z_]**", number, name) == 2)
            find_type(number, name);
        else if (sscanf(line, "| **%199[0-9] %199[a-z_]**", number, name) == 2)
            row_type(line);
        else if (sscanf(line, "| %u | %199[a-z_0-9] |", &plain, name) == 2)
            table_field(line);
    }
    ck_assert_uint_eq(type_count, 80);
    ck_assert_uint_eq(field_count, 488 + 27 * 9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record_types");
    FILE *there = fopen(page_path, "r");

    if (there == NULL)
        return test_skip(suite, "the page of record types is not beside the project");
    fclose(there);

    TCase *edition = tcase_create("edition");
    tcase_add_checked_fixture(edition, set_up, tear_down);
    tcase_add_test(edition, the_first_edition_is_what_the_page_says);
    suite_add_tcase(suite, edition);
    return test_run(suite);
}
