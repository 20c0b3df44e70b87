#include "proto/catalogue_compile.h"

#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_parse.h"
#include "proto/set.h"

/* The rows of one kind, which stand together. */
struct rows {
    const struct ayni_catalogue_row *first;
    size_t count;
};

static struct rows rows_of(const struct ayni_catalogue_row *all, size_t count, uint32_t kind)
{
    struct rows rows = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (all[i].kind == kind && rows.count++ == 0)
            rows.first = &all[i];
    }
    return rows;
}

/* Texts of copied rows end with a NUL. */
static const char *text_of(struct ayni_bytes text)
{
    return (const char *)text.data;
}

static const char *text_or(struct ayni_bytes text, const char *otherwise)
{
    return text.size > 0 ? text_of(text) : otherwise;
}

static bool same_text(struct ayni_bytes a, const char *b)
{
    return ayni_bytes_equal(a, ayni_bytes_of_text(b));
}

/* Words with spaces between as an array of texts. */
static const char *const *split_words(struct ayni_arena *memory, struct ayni_bytes words,
                                      size_t *count)
{
    struct ayni_bytes rest = words, word;
    size_t found = 0;

    while (ayni_set_next(&rest, ' ', &word))
        found++;
    const char **texts = ayni_arena_zero(memory, found, sizeof(*texts));
    *count = texts == NULL ? 0 : found;
    for (size_t i = 0; i < *count && ayni_set_next(&words, ' ', &word); i++)
        texts[i] = ayni_arena_text(memory, word);
    return texts;
}

static void build_code(const struct ayni_list_row *row, struct ayni_catalogue_code *code)
{
    code->word = text_of(row->code);
    code->label_es = text_or(row->label_es, code->word);
    code->label_en = text_or(row->label_en, code->word);
    code->external = text_of(row->external);
    code->has_valid_from = row->has_valid_from;
    code->valid_from = row->valid_from;
    code->has_valid_to = row->has_valid_to;
    code->valid_to = row->valid_to;
}

static void build_lists(struct ayni_arena *memory, struct rows rows,
                        struct ayni_catalogue *catalogue)
{
    struct ayni_catalogue_list *lists = ayni_arena_zero(memory, rows.count, sizeof(*lists));
    struct ayni_catalogue_code *codes = ayni_arena_zero(memory, rows.count, sizeof(*codes));
    struct ayni_catalogue_list *list = NULL;

    if (lists == NULL || codes == NULL)
        return;
    catalogue->lists = lists;
    for (size_t i = 0; i < rows.count; i++) {
        const struct ayni_list_row *row = &rows.first[i].list;
        if (list == NULL || !same_text(row->list, list->name)) {
            list = &lists[catalogue->list_count++];
            list->name = text_of(row->list);
            list->codes = codes;
        } else if (same_text(row->code, codes[-1].word)) {
            build_code(row, &codes[-1]); /* a later edition of the same word */
            continue;
        }
        build_code(row, codes++);
        list->code_count++;
    }
}

static int by_code_name(const void *wanted, const void *row)
{
    const struct ayni_code_row *a = wanted;
    const struct ayni_code_row *b = &((const struct ayni_catalogue_row *)row)->code;

    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->field != b->field)
        return a->field < b->field ? -1 : 1;
    return ayni_bytes_compare(a->word, b->word);
}

/* The labels of a word of a field: its own row's, or those for the word wherever it comes. */
static const struct ayni_code_row *code_row(struct rows rows, const struct ayni_field_row *field,
                                            struct ayni_bytes word)
{
    struct ayni_code_row wanted = { .type = field->type, .field = field->number, .word = word };
    const struct ayni_catalogue_row *found = NULL;

    if (rows.count > 0)
        found = bsearch(&wanted, rows.first, rows.count, sizeof(*rows.first), by_code_name);
    if (found == NULL && rows.count > 0) {
        wanted.type = 0;
        wanted.field = 0;
        found = bsearch(&wanted, rows.first, rows.count, sizeof(*rows.first), by_code_name);
    }
    return found == NULL ? NULL : &found->code;
}

static void build_codes(struct ayni_arena *memory, struct rows code_rows,
                        const struct ayni_field_row *row, struct ayni_catalogue_field *field)
{
    size_t count;
    const char *const *words = split_words(memory, row->codes, &count);
    struct ayni_catalogue_code *codes = ayni_arena_zero(memory, count, sizeof(*codes));

    if (words == NULL || codes == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct ayni_code_row *labels = code_row(code_rows, row, ayni_bytes_of_text(words[i]));
        codes[i].word = words[i];
        codes[i].label_es = labels == NULL ? words[i] : text_or(labels->label_es, words[i]);
        codes[i].label_en = labels == NULL ? words[i] : text_or(labels->label_en, words[i]);
        codes[i].external = "";
        codes[i].retired = labels != NULL && labels->type != 0 && labels->retired;
    }
    field->codes = codes;
    field->code_count = count;
}

/* False for a row that ayni_catalogue_row_validate() would not have let through. */
static bool parse_field(const struct ayni_field_row *row, struct ayni_catalogue_field *field)
{
    return ayni_kind_parse(row->kind, &field->kind) == AYNI_OK &&
           ayni_merge_rule_parse(row->merge, &field->merge) == AYNI_OK &&
           ayni_class_parse(row->read, &field->read) == AYNI_OK;
}

static void copy_field(const struct ayni_field_row *row, struct ayni_catalogue_field *field)
{
    field->type = row->type;
    field->number = row->number;
    field->name = text_of(row->name);
    field->unit = text_of(row->unit);
    field->has_minimum = row->has_minimum;
    field->minimum = row->minimum;
    field->has_maximum = row->has_maximum;
    field->maximum = row->maximum;
    field->required = row->required;
    field->label_es = text_or(row->label_es, field->name);
    field->label_en = text_or(row->label_en, field->name);
    field->pattern = text_of(row->pattern);
    field->retired = row->retired;
    field->list_name = "";
}

static struct ayni_catalogue_field *build_fields(struct ayni_arena *memory, struct rows rows,
                                                 struct rows code_rows,
                                                 const struct ayni_catalogue *catalogue,
                                                 size_t *count)
{
    struct ayni_catalogue_field *fields = ayni_arena_zero(memory, rows.count, sizeof(*fields));

    *count = 0;
    for (size_t i = 0; fields != NULL && i < rows.count; i++) {
        const struct ayni_field_row *row = &rows.first[i].field;
        struct ayni_catalogue_field *field = &fields[*count];
        if (!parse_field(row, field))
            continue;
        copy_field(row, field);
        if (!same_text(row->targets, "any"))
            field->targets = split_words(memory, row->targets, &field->target_count);
        if (row->codes.size > 0 && row->codes.data[0] == '@') {
            field->list_name = text_of(row->codes) + 1;
            field->list = ayni_catalogue_list(catalogue, ayni_bytes_of_text(field->list_name));
        } else {
            build_codes(memory, code_rows, row, field);
        }
        ++*count;
    }
    return fields;
}

static void build_rules(struct ayni_arena *memory, struct rows rows,
                        struct ayni_catalogue_type *types, size_t type_count)
{
    struct ayni_catalogue_rule *rules = ayni_arena_zero(memory, rows.count, sizeof(*rules));
    size_t row = 0;

    if (rules == NULL)
        return;
    struct ayni_catalogue_rule *next = rules;
    for (size_t i = 0; i < type_count; i++) {
        while (row < rows.count && rows.first[row].rule.type < types[i].number)
            row++;
        types[i].rules = next;
        for (; row < rows.count && rows.first[row].rule.type == types[i].number; row++) {
            const struct ayni_rule_row *rule = &rows.first[row].rule;
            if (rule->retired || ayni_level_parse(rule->level, &next->level) != AYNI_OK)
                continue;
            next->name = text_of(rule->name);
            next->expression = text_of(rule->expression);
            next->message_es = text_or(rule->message_es, next->name);
            next->message_en = text_or(rule->message_en, next->name);
            next++;
        }
        types[i].rule_count = (size_t)(next - types[i].rules);
    }
}

/* Each type its own of the fields, which are sorted by type. */
static void share_fields(const struct ayni_catalogue_field *fields, size_t count,
                         struct ayni_catalogue_type *types, size_t type_count)
{
    size_t next = 0;

    for (size_t i = 0; i < type_count; i++) {
        while (next < count && fields[next].type < types[i].number)
            next++;
        types[i].fields = &fields[next];
        while (next < count && fields[next].type == types[i].number) {
            types[i].field_count++;
            next++;
        }
    }
}

static bool field_is(const struct ayni_catalogue_type *type, uint32_t number, const char *name)
{
    const struct ayni_catalogue_field *field = ayni_catalogue_field(type, number);

    return field != NULL && strcmp(field->name, name) == 0;
}

static bool is_subject(const struct ayni_catalogue_type *type, const char *name)
{
    for (size_t i = 0; i < type->subject_count; i++) {
        if (strcmp(type->subjects[i], name) == 0)
            return true;
    }
    return false;
}

/* Whether a reference may name a subject of the type. */
static bool refers_to_subject(const struct ayni_catalogue_type *type,
                              const struct ayni_catalogue_field *field)
{
    if (field->kind.type != AYNI_KIND_REF)
        return false;
    if (is_subject(type, "any"))
        return ayni_catalogue_field_targets(field, "any");
    for (size_t i = 0; i < type->subject_count; i++) {
        if (ayni_catalogue_field_targets(field, type->subjects[i]))
            return true;
    }
    return false;
}

/* What follows from a type's fields. */
static void finish_type(struct ayni_catalogue_type *type)
{
    type->is_event = field_is(type, AYNI_EVENT_SUBJECT, "subject") &&
                     field_is(type, AYNI_EVENT_DATE, "date") &&
                     field_is(type, AYNI_EVENT_SOURCE_ID, "source_id") &&
                     field_is(type, AYNI_EVENT_SOURCE, "source");
    if (is_subject(type, type->name))
        return; /* about itself */
    for (size_t i = 0; i < type->field_count && type->subject_field == 0; i++) {
        if (refers_to_subject(type, &type->fields[i]))
            type->subject_field = type->fields[i].number;
    }
}

static struct ayni_catalogue_type *build_types(struct ayni_arena *memory, struct rows rows,
                                               size_t *count)
{
    struct ayni_catalogue_type *types = ayni_arena_zero(memory, rows.count, sizeof(*types));

    *count = 0;
    for (size_t i = 0; types != NULL && i < rows.count; i++) {
        const struct ayni_type_row *row = &rows.first[i].type;
        struct ayni_catalogue_type *type = &types[*count];
        if (ayni_catalogue_key_parse(row->key, type) != AYNI_OK ||
            ayni_class_parse(row->class, &type->class) != AYNI_OK)
            continue;
        type->number = row->number;
        type->name = text_of(row->name);
        type->label_es = text_or(row->label_es, type->name);
        type->label_en = text_or(row->label_en, type->name);
        type->subjects = split_words(memory, row->subjects, &type->subject_count);
        type->retired = row->retired;
        type->edition = text_of(row->edition);
        ++*count;
    }
    return types;
}

void ayni_catalogue_compile(const struct ayni_catalogue_row *rows, size_t count,
                            struct ayni_catalogue *catalogue)
{
    struct ayni_arena *memory = &catalogue->memory;
    size_t field_count, type_count;

    build_lists(memory, rows_of(rows, count, AYNI_ROW_LIST), catalogue);
    struct ayni_catalogue_field *fields =
        build_fields(memory, rows_of(rows, count, AYNI_ROW_FIELD),
                     rows_of(rows, count, AYNI_ROW_CODE), catalogue, &field_count);
    struct ayni_catalogue_type *types =
        build_types(memory, rows_of(rows, count, AYNI_ROW_TYPE), &type_count);
    if (ayni_arena_status(memory) != AYNI_OK)
        return;
    share_fields(fields, field_count, types, type_count);
    build_rules(memory, rows_of(rows, count, AYNI_ROW_RULE), types, type_count);
    if (ayni_arena_status(memory) != AYNI_OK)
        return;
    for (size_t i = 0; i < type_count; i++)
        finish_type(&types[i]);
    catalogue->types = types;
    catalogue->type_count = type_count;
}
