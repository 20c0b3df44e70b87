#include "daemon/records/catalogue_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/catalogue_parse.h"
#include "proto/instant.h"

static const struct ayni_catalogue_row *rows_of(const struct catalogue_rows *rows, size_t *count)
{
    *count = rows->rows.size / sizeof(struct ayni_catalogue_row);
    return (const void *)rows->rows.data;
}

static bool same(struct ayni_bytes a, struct ayni_bytes b)
{
    return ayni_bytes_equal(a, b);
}

/* Whether both claim the same number or name. */
static bool clash(const struct ayni_catalogue_row *a, const struct ayni_catalogue_row *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case AYNI_ROW_TYPE:
        return a->type.number == b->type.number || same(a->type.name, b->type.name);
    case AYNI_ROW_FIELD:
        return a->field.type == b->field.type &&
               (a->field.number == b->field.number || same(a->field.name, b->field.name));
    case AYNI_ROW_RULE:
        return a->rule.type == b->rule.type && same(a->rule.name, b->rule.name);
    default:
        return false; /* words and lists are members of objects, which have each name once */
    }
}

static void add_row(struct catalogue_rows *rows, const struct json_at *at,
                    const struct ayni_catalogue_row *row)
{
    size_t count;
    const struct ayni_catalogue_row *others = rows_of(rows, &count);

    if (at->form->status != AYNI_OK)
        return;
    if (ayni_catalogue_row_validate(row) != AYNI_OK)
        json_form_fail(
            at, "a name, kind, merge rule, class, code, range, level or pattern that is none");
    for (size_t i = 0; i < count; i++) {
        if (clash(&others[i], row))
            json_form_fail(at, "its number or name is given twice");
    }
    ayni_buffer_append(&rows->rows, row, sizeof(*row));
}

/* [Spanish, English] */
static void read_labels(const struct json_at *pair, struct ayni_bytes *es, struct ayni_bytes *en)
{
    struct json_at first = json_form_item(pair, 0), second = json_form_item(pair, 1);

    if (json_form_count(pair) != 2)
        json_form_fail(pair, "two labels are expected: Spanish, English");
    *es = json_form_text(&first);
    *en = json_form_text(&second);
}

static void read_words(const struct json_at *words, uint32_t type, uint32_t field,
                       struct catalogue_rows *rows)
{
    struct json_at pair;

    for (void *cursor = NULL; json_form_next(words, &cursor, &pair);) {
        struct ayni_catalogue_row row = { .kind = AYNI_ROW_CODE };
        row.code.type = type;
        row.code.field = field;
        row.code.word = ayni_bytes_of_text(pair.key);
        read_labels(&pair, &row.code.label_es, &row.code.label_en);
        add_row(rows, &pair, &row);
    }
}

static void read_lists(const struct json_at *lists, struct catalogue_rows *rows)
{
    struct json_at list, pair;

    for (void *cursor = NULL; json_form_next(lists, &cursor, &list);) {
        for (void *inner = NULL; json_form_next(&list, &inner, &pair);) {
            struct ayni_catalogue_row row = { .kind = AYNI_ROW_LIST };
            row.list.list = ayni_bytes_of_text(list.key);
            row.list.code = ayni_bytes_of_text(pair.key);
            row.list.has_valid_from = true;
            row.list.valid_from = rows->valid_from;
            read_labels(&pair, &row.list.label_es, &row.list.label_en);
            add_row(rows, &pair, &row);
        }
    }
}

/* A list of texts as one, with `separator` between. */
static struct ayni_bytes join(const struct json_at *list, char separator,
                              struct catalogue_rows *rows)
{
    SCOPED_BUFFER joined = { 0 };
    size_t count = json_form_count(list);

    for (size_t i = 0; i < count; i++) {
        struct json_at item = json_form_item(list, i);
        struct ayni_bytes text = json_form_text(&item);
        if (text.size == 0 || memchr(text.data, separator, text.size) != NULL)
            json_form_fail(&item, "a word is expected");
        if (i > 0)
            ayni_buffer_append_byte(&joined, (uint8_t)separator);
        ayni_buffer_append(&joined, text.data, text.size);
    }
    struct ayni_bytes text = { (uint8_t *)ayni_arena_text(rows->memory, ayni_buffer_bytes(&joined)),
                               joined.size };
    return text;
}

static struct ayni_bytes text_of(const struct json_at *object, const char *key)
{
    struct json_at member = json_form_member(object, key);

    return json_form_text(&member);
}

static struct ayni_bytes required_text(const struct json_at *object, const char *key)
{
    struct json_at member = json_form_required(object, key);

    return json_form_text(&member);
}

static uint32_t number_of(const struct json_at *object)
{
    struct json_at member = json_form_required(object, "number");

    return (uint32_t)json_form_integer(&member, 1, 65535);
}

/* A limit of a range: a whole number as it is stored, or a day in words. */
static bool read_limit(const struct json_at *field, const char *key, int64_t *limit)
{
    struct json_at at = json_form_member(field, key);

    if (!json_form_given(&at))
        return false;
    if (!json_form_is_text(&at))
        *limit = json_form_integer(&at, INT64_MIN, INT64_MAX);
    else if (ayni_day_parse(json_form_text(&at), limit) != AYNI_OK)
        json_form_fail(&at, "a whole number or a day (YYYY-MM-DD) is expected");
    return true;
}

/* "@list", or a list of words with labels for those that mean something else here. */
static struct ayni_bytes read_codes(const struct json_at *field, uint32_t type, uint32_t number,
                                    struct catalogue_rows *rows)
{
    struct json_at codes = json_form_member(field, "codes");
    struct json_at labels = json_form_member(field, "labels");

    if (json_form_given(&labels))
        read_words(&labels, type, number, rows);
    return json_form_is_text(&codes) ? json_form_text(&codes) : join(&codes, ' ', rows);
}

/* One field of `type`; of the event block, the subject's targets are the type's subjects. */
static void read_field(const struct json_at *field, uint32_t type, struct ayni_bytes read,
                       struct ayni_bytes subjects, struct catalogue_rows *rows)
{
    static const char *const keys[] = { "number",  "name",     "kind",  "unit", "min",
                                        "max",     "required", "merge", "read", "codes",
                                        "labels",  "targets",  "es",    "en",   "pattern",
                                        "retired", NULL };
    struct json_at required = json_form_member(field, "required");
    struct json_at targets = json_form_member(field, "targets");
    struct json_at retired = json_form_member(field, "retired");
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_FIELD };

    json_form_only(field, keys);
    row.field.type = type;
    row.field.number = number_of(field);
    row.field.name = required_text(field, "name");
    row.field.kind = required_text(field, "kind");
    row.field.unit = text_of(field, "unit");
    row.field.has_minimum = read_limit(field, "min", &row.field.minimum);
    row.field.has_maximum = read_limit(field, "max", &row.field.maximum);
    row.field.required = json_form_flag(&required);
    row.field.merge = required_text(field, "merge");
    row.field.read = read.size > 0 ? read : required_text(field, "read");
    row.field.codes = read_codes(field, type, row.field.number, rows);
    row.field.targets = json_form_given(&targets) ? join(&targets, ' ', rows) : subjects;
    row.field.label_es = required_text(field, "es");
    row.field.label_en = required_text(field, "en");
    row.field.pattern = text_of(field, "pattern");
    row.field.retired = json_form_flag(&retired);
    add_row(rows, field, &row);
}

static void read_fields(const struct json_at *fields, uint32_t type, struct catalogue_rows *rows)
{
    size_t count = json_form_count(fields);

    for (size_t i = 0; i < count; i++) {
        struct json_at field = json_form_item(fields, i);
        read_field(&field, type, (struct ayni_bytes){ 0 }, (struct ayni_bytes){ 0 }, rows);
    }
}

static void read_rule(const struct json_at *rule, uint32_t type, struct catalogue_rows *rows)
{
    static const char *const keys[] = { "name", "level", "expression", "es", "en", NULL };
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_RULE };

    json_form_only(rule, keys);
    row.rule.type = type;
    row.rule.name = required_text(rule, "name");
    row.rule.level = required_text(rule, "level");
    row.rule.expression = required_text(rule, "expression");
    row.rule.message_es = required_text(rule, "es");
    row.rule.message_en = required_text(rule, "en");
    add_row(rows, rule, &row);
}

static bool is_among(const struct json_at *names, struct ayni_bytes name)
{
    size_t count = json_form_count(names);

    for (size_t i = 0; i < count; i++) {
        struct json_at item = json_form_item(names, i);
        if (same(json_form_text(&item), name))
            return true;
    }
    return false;
}

/* All rules of a list but those that `without` names. */
static void read_rules(const struct json_at *rules, uint32_t type, const struct json_at *without,
                       struct catalogue_rows *rows)
{
    size_t count = json_form_count(rules);

    for (size_t i = 0; i < count; i++) {
        struct json_at rule = json_form_item(rules, i);
        if (without == NULL || !is_among(without, text_of(&rule, "name")))
            read_rule(&rule, type, rows);
    }
}

/* The fields and rules that all events share, as this type has them. */
static void expand_event_block(const struct json_at *root, const struct json_at *block,
                               uint32_t type, struct ayni_bytes subjects,
                               struct catalogue_rows *rows)
{
    static const char *const keys[] = { "read", "without_rules", NULL };
    static const char *const shared_keys[] = { "fields", "rules", NULL };
    struct json_at shared = json_form_required(root, "event_block");
    struct json_at fields = json_form_required(&shared, "fields");
    struct json_at rules = json_form_required(&shared, "rules");
    struct json_at without = json_form_member(block, "without_rules");
    size_t count = json_form_count(&fields);

    json_form_only(block, keys);
    json_form_only(&shared, shared_keys);
    for (size_t i = 0; i < count; i++) {
        struct json_at field = json_form_item(&fields, i);
        struct ayni_bytes none = { 0 };
        read_field(&field, type, text_of(block, "read"), i == 0 ? subjects : none, rows);
    }
    read_rules(&rules, type, &without, rows);
}

/* The number of one of the type's fields, by name. */
static uint32_t field_number(const struct catalogue_rows *rows, uint32_t type,
                             struct ayni_bytes name)
{
    size_t count;
    const struct ayni_catalogue_row *all = rows_of(rows, &count);

    for (size_t i = 0; i < count; i++) {
        if (all[i].kind == AYNI_ROW_FIELD && all[i].field.type == type &&
            same(all[i].field.name, name))
            return all[i].field.number;
    }
    return 0;
}

/* The names of the key's fields as their numbers, or "@identifier". */
static struct ayni_bytes read_key(const struct json_at *type, uint32_t number,
                                  struct catalogue_rows *rows)
{
    struct json_at key = json_form_required(type, "key");
    char text[80] = "", *end = text;

    if (json_form_is_text(&key))
        return json_form_text(&key);
    size_t count = json_form_count(&key);
    for (size_t i = 0; i < count; i++) {
        struct json_at name = json_form_item(&key, i);
        uint32_t field = field_number(rows, number, json_form_text(&name));
        if (field == 0 || count > AYNI_KEY_FIELDS_MAX) {
            json_form_fail(&name, "no field of the type, or too many of them");
            break;
        }
        end += snprintf(end, sizeof(text) - (size_t)(end - text), "%s%" PRIu32, i > 0 ? "," : "",
                        field);
    }
    return (struct ayni_bytes){ (uint8_t *)ayni_arena_text(rows->memory, ayni_bytes_of_text(text)),
                                strlen(text) };
}

static void read_type(const struct json_at *root, const struct json_at *type,
                      struct catalogue_rows *rows)
{
    static const char *const keys[] = { "number",   "name",  "es",      "en",
                                        "subjects", "key",   "class",   "event_block",
                                        "fields",   "rules", "retired", NULL };
    struct json_at subjects = json_form_required(type, "subjects");
    struct json_at block = json_form_member(type, "event_block");
    struct json_at fields = json_form_required(type, "fields");
    struct json_at rules = json_form_member(type, "rules");
    struct json_at retired = json_form_member(type, "retired");
    struct ayni_catalogue_row row = { .kind = AYNI_ROW_TYPE };

    json_form_only(type, keys);
    row.type.number = number_of(type);
    row.type.name = required_text(type, "name");
    row.type.label_es = required_text(type, "es");
    row.type.label_en = required_text(type, "en");
    row.type.subjects = join(&subjects, ' ', rows);
    row.type.class = required_text(type, "class");
    row.type.retired = json_form_flag(&retired);
    row.type.edition = rows->edition;
    if (json_form_given(&block))
        expand_event_block(root, &block, row.type.number, row.type.subjects, rows);
    read_fields(&fields, row.type.number, rows);
    read_rules(&rules, row.type.number, NULL, rows);
    row.type.key = read_key(type, row.type.number, rows);
    add_row(rows, type, &row);
}

void catalogue_rows_read(const struct json_at *root, struct catalogue_rows *rows)
{
    struct json_at words = json_form_required(root, "words");
    struct json_at lists = json_form_required(root, "lists");
    struct json_at types = json_form_required(root, "types");
    struct json_at valid_from = json_form_required(root, "valid_from");

    rows->edition = required_text(root, "edition");
    if (ayni_day_parse(json_form_text(&valid_from), &rows->valid_from) != AYNI_OK)
        json_form_fail(&valid_from, "a day (YYYY-MM-DD) is expected");
    read_words(&words, 0, 0, rows);
    read_lists(&lists, rows);
    size_t count = json_form_count(&types);
    for (size_t i = 0; i < count && root->form->status == AYNI_OK; i++) {
        struct json_at type = json_form_item(&types, i);
        read_type(root, &type, rows);
    }
}
