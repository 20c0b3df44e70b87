#include "daemon/view/view_query.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_asked(const struct view_request *request, const struct indicator *indicator)
{
    return request->edition == NULL || request->edition == indicator;
}

static bool is_inside(const char *place, const char *territory)
{
    return strncmp(place, territory, strlen(territory)) == 0;
}

/* The code under which the request counts it. */
static const char *counted_place(const struct view_request *request, const char *place)
{
    const struct territory *now = NULL;

    if (request->successors != NULL)
        now = territories_successor(request->successors, ayni_bytes_of_text(place), request->day);
    return now == NULL ? place : now->code;
}

/* The place at the level asked for; "" for the nation, and for a place that isn't known so finely.
 */
static void cut_place(const char *place, enum view_level level, char *to)
{
    snprintf(to, CONTRIBUTION_PLACE_SIZE, "%.*s", strlen(place) < (size_t)level ? 0 : (int)level,
             place);
}

/* Rows while they are added up: place, sex, language, each with its NUL. */
static void add_row(struct tally *tally, const char *place, const char *sex, const char *language,
                    const struct counts *counts)
{
    uint8_t key[TALLY_KEY_SIZE_MAX];
    const char *const parts[] = { place, sex, language };
    size_t size = 0;

    for (size_t i = 0; i < 3; i++) {
        memcpy(key + size, parts[i], strlen(parts[i]) + 1);
        size += strlen(parts[i]) + 1;
    }
    tally_add(tally, (struct ayni_bytes){ key, size }, counts, 1);
}

/* --- by counters: no dimension, or one --- */

static enum ayni_status add_counters(struct reader *reader, const struct view_request *request,
                                     uint8_t indicator, enum view_dimension dimension,
                                     struct tally *tally)
{
    uint8_t prefix[2] = { indicator, (uint8_t)dimension };
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes bytes, value;

    views_cursor_open(reader_views(reader), VIEW_TABLE_COUNTERS,
                      (struct ayni_bytes){ prefix, sizeof(prefix) }, &cursor);
    while (views_cursor_next(&cursor, &bytes, &value)) {
        struct counter_key key;
        struct counts counts;
        const char *whole;
        char place[CONTRIBUTION_PLACE_SIZE];
        enum ayni_status status = counter_key_decode(bytes, &key);
        if (status == AYNI_OK)
            status = counter_value_decode(value, &counts);
        if (status != AYNI_OK)
            return status;
        if (key.month > request->month)
            continue;
        whole = counted_place(request, key.place);
        if (!is_inside(whole, request->territory))
            continue;
        cut_place(whole, request->level, place);
        add_row(tally, place, dimension == VIEW_BY_SEX ? key.value : "",
                dimension == VIEW_BY_LANGUAGE ? key.value : "", &counts);
    }
    return cursor.status;
}

/* --- by contributions: combinations, and whom a number is made of --- */

static bool is_in_month(const struct contribution *contribution, month_no month)
{
    return contribution->first <= month && month <= contribution->last;
}

bool view_visit_subject(const struct plan *plan, const struct view_request *request,
                        const struct ayni_record *record, uint32_t type,
                        const struct subject_result *subject, view_visit *visit, void *context)
{
    bool go_on = true;

    for (size_t i = 0; go_on && i < subject->count; i++) {
        const struct subject_share *share = &subject->shares[i];
        if (share->indicator < plan->count &&
            is_asked(request, &plan->indicators[share->indicator]) &&
            is_in_month(&share->contribution, request->month) &&
            is_inside(counted_place(request, subject->facts.place), request->territory))
            go_on = visit(context, &plan->indicators[share->indicator], record, type,
                          &subject->facts, &share->contribution);
    }
    return go_on;
}

/* The row after the one that was looked at last. */
static bool next_row(struct views_cursor *cursor, const struct view_place *place,
                     struct ayni_bytes *key, struct ayni_bytes *value)
{
    struct ayni_bytes last = { place->last, sizeof(place->last) };

    if (cursor->placed || !place->started)
        return views_cursor_next(cursor, key, value);
    return views_cursor_after(cursor, last, key, value);
}

enum ayni_status view_trace(struct reader *reader, const struct plan *plan,
                            const struct view_request *request, struct view_place *place,
                            view_visit *visit, void *context)
{
    SCOPED_SUBJECT subject = { .count = 0 };
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes key, value;
    bool go_on = true;

    views_cursor_open(reader_views(reader), VIEW_TABLE_CONTRIBUTIONS, (struct ayni_bytes){ 0 },
                      &cursor);
    while (go_on && next_row(&cursor, place, &key, &value)) {
        struct ayni_record record;
        enum ayni_status status =
            key.size == CONTRIBUTION_KEY_SIZE ? subject_decode(value, &subject) : AYNI_E_MALFORMED;
        if (status != AYNI_OK)
            return status;
        place->started = true;
        memcpy(place->last, key.data, sizeof(place->last));
        memcpy(record.bytes, key.data + 4, sizeof(record.bytes));
        go_on = view_visit_subject(plan, request, &record, ayni_get_u32(key.data), &subject, visit,
                                   context);
    }
    place->done = go_on;
    return cursor.status;
}

void view_add(struct tally *tally, const struct view_request *request,
              const struct indicator *indicator, const struct subject_facts *facts,
              const struct contribution *contribution)
{
    struct counts counts = contribution_counts(contribution);
    char place[CONTRIBUTION_PLACE_SIZE];

    cut_place(counted_place(request, facts->place), request->level, place);
    add_row(tally, place, request->by_sex ? facts->sex : "",
            request->by_language ? language_groups_find(&indicator->languages, facts->language)
                                 : "",
            &counts);
}

struct combining {
    const struct view_request *request;
    struct tally *tally;
};

static bool combine(void *context, const struct indicator *indicator,
                    const struct ayni_record *subject, uint32_t type,
                    const struct subject_facts *facts, const struct contribution *contribution)
{
    struct combining *combining = context;

    (void)subject;
    (void)type;
    view_add(combining->tally, combining->request, indicator, facts, contribution);
    return true;
}

/* --- rows --- */

/* The next text of a key as add_row() made it; what follows its NUL. */
static const uint8_t *take_part(const uint8_t *part, char *to, size_t size)
{
    size_t length = strlen((const char *)part);

    memcpy(to, part, length < size ? length + 1 : size);
    to[size - 1] = '\0';
    return part + length + 1;
}

static void read_row(const struct tally_cell *cell, struct view_row *row)
{
    const uint8_t *part = take_part(cell->key, row->place, sizeof(row->place));

    part = take_part(part, row->sex, sizeof(row->sex));
    take_part(part, row->language, sizeof(row->language));
    row->counts = cell->counts;
}

enum ayni_status view_rows(struct tally *tally, struct view_row **rows, size_t *count)
{
    enum ayni_status status = tally_sort(tally);
    struct view_row *made = status == AYNI_OK ? calloc(tally->count + 1, sizeof(*made)) : NULL;

    if (status != AYNI_OK)
        return status;
    if (made == NULL)
        return AYNI_E_MEMORY;
    *count = 0;
    for (size_t i = 0; i < tally->count; i++)
        if (tally->cells[i].counts.denominator != 0)
            read_row(&tally->cells[i], &made[(*count)++]);
    *rows = made;
    return AYNI_OK;
}

enum ayni_status view_ask(struct reader *reader, const struct plan *plan,
                          const struct view_request *request, struct view_row **rows, size_t *count)
{
    SCOPED_TALLY tally = { 0 };
    struct combining combining = { request, &tally };
    struct view_place place = { .done = false };
    enum view_dimension dimension = request->by_sex        ? VIEW_BY_SEX
                                    : request->by_language ? VIEW_BY_LANGUAGE
                                                           : VIEW_BY_NOTHING;
    enum ayni_status status =
        request->by_sex && request->by_language
            ? view_trace(reader, plan, request, &place, combine, &combining)
            : add_counters(reader, request, (uint8_t)(request->edition - plan->indicators),
                           dimension, &tally);

    return status == AYNI_OK ? view_rows(&tally, rows, count) : status;
}
