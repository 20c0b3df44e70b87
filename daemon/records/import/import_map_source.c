#include "daemon/records/import/import_map_source.h"

#include <string.h>

/* --- texts --- */

/* A text that is not empty; NULL where it is absent. */
static const char *text_at(struct import_map *map, const struct json_at *at)
{
    struct ayni_bytes text = json_form_text(at);

    if (!json_form_given(at))
        return NULL;
    if (text.size == 0)
        json_form_fail(at, "an empty text");
    return ayni_arena_text(&map->memory, text);
}

const char *import_map_required(struct import_map *map, const struct json_at *object,
                                const char *key)
{
    struct json_at at = json_form_required(object, key);
    const char *text = text_at(map, &at);

    return text == NULL ? "" : text;
}

const char *import_map_optional(struct import_map *map, const struct json_at *object,
                                const char *key)
{
    struct json_at at = json_form_member(object, key);

    return text_at(map, &at);
}

const char **import_map_texts(struct import_map *map, const struct json_at *at, size_t *count)
{
    bool single = json_form_is_text(at);
    size_t given = single ? 1 : json_form_count(at);
    const char **texts = ayni_arena_zero(&map->memory, given + 1, sizeof(*texts));

    *count = 0;
    if (json_form_is_object(at))
        json_form_fail(at, "a text, or a list of them, is expected");
    for (size_t i = 0; texts != NULL && i < given; i++) {
        struct json_at item = single ? *at : json_form_item(at, i);
        const char *text = ayni_arena_text(&map->memory, json_form_text(&item));
        if (text != NULL)
            texts[(*count)++] = text;
    }
    return texts;
}

const struct import_word *import_map_words(struct import_map *map, const struct json_at *at,
                                           size_t *count)
{
    size_t given = json_form_count(at);
    struct import_word *words = ayni_arena_zero(&map->memory, given + 1, sizeof(*words));
    struct json_at member;

    *count = 0;
    for (void *cursor = NULL; words != NULL && given > 0 && json_form_next(at, &cursor, &member);) {
        const char *from = ayni_arena_text(&map->memory, ayni_bytes_of_text(member.key));
        const char *to = text_at(map, &member);
        if (from != NULL && to != NULL)
            words[(*count)++] = (struct import_word){ from, to };
    }
    return words;
}

/* --- how values are written --- */

const char *const import_map_date_words[] = { "YYYY-MM-DD", "DD/MM/YYYY", "found", "MM/DD/YYYY",
                                              NULL };
const char *const import_map_decimal_words[] = { "found", ".", ",", NULL };

size_t import_map_word_index(struct ayni_bytes text, const char *const *words)
{
    size_t found = 0;

    while (words[found] != NULL && !ayni_bytes_equal(text, ayni_bytes_of_text(words[found])))
        found++;
    return found;
}

/* The place of the member's text among `words`. */
static size_t one_of(const struct json_at *at, const char *const *words, size_t fallback,
                     const char *wrong)
{
    size_t found;

    if (!json_form_given(at))
        return fallback;
    found = import_map_word_index(json_form_text(at), words);
    if (words[found] != NULL)
        return found;
    json_form_fail(at, "%s", wrong);
    return fallback;
}

enum import_dates import_map_dates(const struct json_at *object, enum import_dates fallback)
{
    struct json_at at = json_form_member(object, "dates");
    return (enum import_dates)one_of(&at, import_map_date_words, (size_t)fallback,
                                     "dates are YYYY-MM-DD, DD/MM/YYYY, MM/DD/YYYY, or found");
}

enum import_decimals import_map_decimals(const struct json_at *object,
                                         enum import_decimals fallback)
{
    struct json_at at = json_form_member(object, "decimals");
    return (enum import_decimals)one_of(&at, import_map_decimal_words, (size_t)fallback,
                                        "before decimals stands \".\", \",\", or what is found");
}

/* --- conditions --- */

/* The name of a column that isn't empty; or columns, each with a word or a list of them. */
static const struct import_test *read_tests(struct import_map *map, const struct json_at *at,
                                            size_t *count)
{
    bool single = json_form_is_text(at);
    size_t given = single ? 1 : json_form_count(at);
    struct import_test *tests = ayni_arena_zero(&map->memory, given + 1, sizeof(*tests));
    struct json_at member;

    *count = 0;
    if (tests == NULL || given == 0)
        return NULL;
    if (single) {
        tests[(*count)++].column = text_at(map, at);
        return tests;
    }
    for (void *cursor = NULL; json_form_next(at, &cursor, &member);) {
        struct import_test *test = &tests[(*count)++];
        test->column = ayni_arena_text(&map->memory, ayni_bytes_of_text(member.key));
        test->words = import_map_texts(map, &member, &test->word_count);
        if (test->word_count == 0)
            json_form_fail(&member, "a word, or a list of them, is expected");
    }
    return tests;
}

struct import_condition import_map_condition(struct import_map *map, const struct json_at *object)
{
    struct json_at when = json_form_member(object, "when");
    struct json_at unless = json_form_member(object, "unless");
    struct import_condition condition = { 0 };

    if (json_form_given(&when))
        condition.when = read_tests(map, &when, &condition.when_count);
    if (json_form_given(&unless))
        condition.unless = read_tests(map, &unless, &condition.unless_count);
    return condition;
}

/* --- sources --- */

/* 10, 100 ...: how many places the point moves. */
static unsigned read_times(const struct json_at *at)
{
    int64_t times = json_form_integer(at, 1, 1000000000);
    unsigned shift = 0;

    for (; times > 1 && times % 10 == 0; times /= 10)
        shift++;
    if (times > 1)
        json_form_fail(at, "10, 100, 1000 ... is expected");
    return shift;
}

static void read_columns(struct import_map *map, const struct json_at *object,
                         struct import_source *source)
{
    struct json_at list = json_form_member(object, "columns");
    size_t count = json_form_count(&list);

    if (count > IMPORT_COLUMNS_MAX)
        json_form_fail(&list, "at most %d columns make one value", IMPORT_COLUMNS_MAX);
    for (size_t i = 0; i < count && i < IMPORT_COLUMNS_MAX; i++) {
        struct json_at item = json_form_item(&list, i);
        source->columns[source->column_count++] = text_at(map, &item);
    }
    source->join = import_map_optional(map, object, "join");
    source->prefix = import_map_optional(map, object, "prefix");
}

/* Exactly one of the ways to say where a value is. */
static void read_origin_of_value(struct import_map *map, const struct json_at *object,
                                 struct import_source *source)
{
    const char *column = import_map_optional(map, object, "column");
    const char *initial = import_map_optional(map, object, "initial");
    unsigned ways = 0;

    read_columns(map, object, source);
    ways += source->column_count > 0;
    if (column != NULL) {
        source->columns[0] = column;
        source->column_count = 1;
        ways++;
    }
    source->constant = import_map_optional(map, object, "constant");
    ways += source->constant != NULL;
    if (initial != NULL) {
        source->constant = initial;
        source->initial = true;
        ways++;
    }
    source->record = import_map_optional(map, object, "record");
    ways += source->record != NULL;
    if (ways != 1)
        json_form_fail(object, "one of column, columns, constant, initial, record is expected");
}

/* What is done with the text of the columns. */
static void read_form(struct import_map *map, const struct json_at *at,
                      struct import_source *source)
{
    struct json_at words = json_form_member(at, "values");
    struct json_at reasons = json_form_member(at, "reasons");
    struct json_at times = json_form_member(at, "times");
    struct json_at first = json_form_member(at, "first");
    struct json_at word = json_form_member(at, "word");
    struct json_at unless_shown = json_form_member(at, "unless_shown");
    struct json_at once = json_form_member(at, "once");

    source->words = import_map_words(map, &words, &source->word_count);
    source->split = import_map_optional(map, at, "split");
    source->reasons = import_map_words(map, &reasons, &source->reason_count);
    source->dates = import_map_dates(at, map->dates);
    source->decimals = import_map_decimals(at, map->decimals);
    if (json_form_given(&times))
        source->shift = read_times(&times);
    source->first = (unsigned)json_form_integer(&first, json_form_given(&first), 1000);
    source->word = (unsigned)json_form_integer(&word, json_form_given(&word), 1000);
    if (source->word > 0 && source->split == NULL)
        json_form_fail(&word, "`split` says what stands between words");
    source->unless_shown = json_form_flag(&unless_shown);
    source->initial = source->initial || json_form_flag(&once);
    source->weeks = import_map_optional(map, at, "weeks_before");
    if (source->weeks != NULL && source->column_count != 1)
        json_form_fail(at, "weeks before the day of one column are expected");
    source->condition = import_map_condition(map, at);
}

void import_map_source(struct import_map *map, const struct json_at *at,
                       struct import_source *source)
{
    static const char *const keys[] = { "column",       "columns", "join",         "constant",
                                        "initial",      "record",  "values",       "dates",
                                        "times",        "first",   "decimals",     "when",
                                        "unless",       "reasons", "unless_shown", "issued_on",
                                        "split",        "prefix",  "word",         "once",
                                        "weeks_before", NULL };

    source->dates = map->dates;
    source->decimals = map->decimals;
    if (json_form_is_text(at)) {
        source->columns[0] = text_at(map, at);
        source->column_count = 1;
        return;
    }
    json_form_only(at, keys);
    read_origin_of_value(map, at, source);
    read_form(map, at, source);
}
