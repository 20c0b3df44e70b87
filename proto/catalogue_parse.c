#include "proto/catalogue_parse.h"

#include <stdio.h>
#include <string.h>

#include "proto/pattern.h"
#include "proto/set.h"

enum { NAME_SIZE_MAX = 40 };

static const char *const merges[] = {
    [AYNI_MERGE_REVIEW] = "review", [AYNI_MERGE_LATEST] = "latest",
    [AYNI_MERGE_MAX] = "max",       [AYNI_MERGE_MIN] = "min",
    [AYNI_MERGE_UNION] = "union",   [AYNI_MERGE_AUTHORITY] = "authority",
};

static bool is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_text(struct ayni_bytes text, const char *word)
{
    return ayni_bytes_equal(text, ayni_bytes_of_text(word));
}

/* Names of types, fields, rules and lists: a lower-case letter, then letters, digits and _; 40 at
 * most. */
static bool is_name(struct ayni_bytes name)
{
    if (name.size == 0 || name.size > NAME_SIZE_MAX || !is_lower(name.data[0]))
        return false;
    for (size_t i = 1; i < name.size; i++) {
        if (!is_lower(name.data[i]) && !is_digit(name.data[i]) && name.data[i] != '_')
            return false;
    }
    return true;
}

/* Words of codes: letters, digits and _ . - /; 40 at most. */
static bool is_word(struct ayni_bytes word)
{
    if (word.size == 0 || word.size > NAME_SIZE_MAX)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        uint8_t c = word.data[i];
        bool letter = is_lower(c) || (c >= 'A' && c <= 'Z');
        if (!letter && !is_digit(c) && (c == '\0' || strchr("_.-/", c) == NULL))
            return false;
    }
    return true;
}

enum ayni_status ayni_merge_rule_parse(struct ayni_bytes text, struct ayni_merge_rule *rule)
{
    static const char prefix[] = "authority:";
    size_t prefix_size = sizeof(prefix) - 1;
    struct ayni_merge_rule read = { .merge = AYNI_MERGE_REVIEW };

    if (text.size > prefix_size && memcmp(text.data, prefix, prefix_size) == 0) {
        read.merge = AYNI_MERGE_AUTHORITY;
        read.role = (struct ayni_bytes){ text.data + prefix_size, text.size - prefix_size };
        if (!is_name(read.role))
            return AYNI_E_INVALID;
        *rule = read;
        return AYNI_OK;
    }
    for (int i = AYNI_MERGE_REVIEW; i < AYNI_MERGE_AUTHORITY; i++) {
        if (text.size == 0 || is_text(text, merges[i])) {
            read.merge = (enum ayni_merge)i;
            *rule = read;
            return AYNI_OK;
        }
    }
    return AYNI_E_INVALID;
}

void ayni_merge_rule_text(const struct ayni_merge_rule *rule, char *text)
{
    if (rule->merge == AYNI_MERGE_AUTHORITY)
        snprintf(text, AYNI_MERGE_TEXT_SIZE, "authority:%.*s", (int)rule->role.size,
                 (const char *)rule->role.data);
    else
        snprintf(text, AYNI_MERGE_TEXT_SIZE, "%s", merges[rule->merge]);
}

/* The number of a field. */
static bool read_number(struct ayni_bytes text, uint32_t *number)
{
    uint32_t value = 0;

    if (text.size == 0 || text.size > 5)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i]))
            return false;
        value = value * 10 + (uint32_t)(text.data[i] - '0');
    }
    *number = value;
    return value > 0;
}

enum ayni_status ayni_catalogue_key_parse(struct ayni_bytes text, struct ayni_catalogue_type *type)
{
    struct ayni_bytes word;
    size_t count = 0;

    type->key_is_identifier = is_text(text, "@identifier");
    if (type->key_is_identifier)
        text.size = 0;
    while (ayni_set_next(&text, ',', &word)) {
        if (count == AYNI_KEY_FIELDS_MAX || !read_number(word, &type->key[count]))
            return AYNI_E_INVALID;
        count++;
    }
    type->key_count = count;
    return AYNI_OK;
}

enum ayni_status ayni_level_parse(struct ayni_bytes text, enum ayni_level *level)
{
    if (!is_text(text, "reject") && !is_text(text, "warn"))
        return AYNI_E_INVALID;
    *level = is_text(text, "reject") ? AYNI_LEVEL_REJECT : AYNI_LEVEL_WARN;
    return AYNI_OK;
}

static bool words_valid(struct ayni_bytes words)
{
    struct ayni_bytes word;

    while (ayni_set_next(&words, ' ', &word)) {
        if (!is_word(word))
            return false;
    }
    return true;
}

static bool names_valid(struct ayni_bytes names)
{
    struct ayni_bytes name;

    while (ayni_set_next(&names, ' ', &name)) {
        if (!is_name(name))
            return false;
    }
    return true;
}

static uint32_t wrong_in_type(const struct ayni_type_row *row)
{
    enum { NUMBER = 1, NAME = 2, SUBJECTS = 5, KEY = 6, CLASS = 7 };
    struct ayni_catalogue_type type = { 0 };
    enum ayni_class class;

    if (row->number == 0)
        return NUMBER;
    if (!is_name(row->name))
        return NAME;
    if (!names_valid(row->subjects))
        return SUBJECTS;
    if (ayni_catalogue_key_parse(row->key, &type) != AYNI_OK)
        return KEY;
    return ayni_class_parse(row->class, &class) == AYNI_OK ? 0 : CLASS;
}

static bool codes_valid(struct ayni_bytes codes)
{
    if (codes.size > 0 && codes.data[0] == '@')
        return is_name((struct ayni_bytes){ codes.data + 1, codes.size - 1 });
    return words_valid(codes);
}

static uint32_t wrong_in_field(const struct ayni_field_row *row)
{
    enum { TYPE = 1, NUMBER = 2, NAME = 3, KIND = 4, MAXIMUM = 7, MERGE = 9, READ = 10 };
    enum { CODES = 11, TARGETS = 12, PATTERN = 15 };
    struct ayni_kind kind;
    struct ayni_merge_rule merge;
    enum ayni_class class;

    if (row->type == 0 || row->number == 0)
        return row->type == 0 ? TYPE : NUMBER;
    if (!is_name(row->name))
        return NAME;
    if (ayni_kind_parse(row->kind, &kind) != AYNI_OK)
        return KIND;
    if (ayni_merge_rule_parse(row->merge, &merge) != AYNI_OK)
        return MERGE;
    if (ayni_class_parse(row->read, &class) != AYNI_OK)
        return READ;
    if (row->has_minimum && row->has_maximum && row->minimum > row->maximum)
        return MAXIMUM;
    if (!codes_valid(row->codes))
        return CODES;
    if (!names_valid(row->targets))
        return TARGETS;
    return ayni_pattern_is_valid(row->pattern) ? 0 : PATTERN;
}

static uint32_t wrong_in_rule(const struct ayni_rule_row *row)
{
    enum { TYPE = 1, NAME = 2, LEVEL = 3, EXPRESSION = 4 };
    enum ayni_level level;

    if (row->type == 0)
        return TYPE;
    if (!is_name(row->name))
        return NAME;
    if (ayni_level_parse(row->level, &level) != AYNI_OK)
        return LEVEL;
    return row->expression.size > 0 ? 0 : EXPRESSION;
}

uint32_t ayni_catalogue_row_wrong(const struct ayni_catalogue_row *row)
{
    enum { CODE_WORD = 3, LIST_NAME = 1, LIST_CODE = 2 };

    switch (row->kind) {
    case AYNI_ROW_TYPE:
        return wrong_in_type(&row->type);
    case AYNI_ROW_FIELD:
        return wrong_in_field(&row->field);
    case AYNI_ROW_CODE:
        return is_word(row->code.word) ? 0 : CODE_WORD;
    case AYNI_ROW_RULE:
        return wrong_in_rule(&row->rule);
    case AYNI_ROW_LIST:
        if (!is_name(row->list.list))
            return LIST_NAME;
        return is_word(row->list.code) ? 0 : LIST_CODE;
    default:
        return 1;
    }
}

enum ayni_status ayni_catalogue_row_validate(const struct ayni_catalogue_row *row)
{
    return ayni_catalogue_row_wrong(row) == 0 ? AYNI_OK : AYNI_E_INVALID;
}
