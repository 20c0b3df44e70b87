#include "daemon/records/occasion_walk.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/task.h"

/* A table of one space, under the type: it stands on its next key, or has ended. */
struct occasion_source {
    struct views_cursor cursor;
    uint8_t prefix[OCCASION_TYPE_SIZE];
    size_t key_size;
    bool is_list;
    bool ended;
    struct ayni_bytes key, value;
};

enum { ABOVE_ALL = 0xFF };

struct occasion_wish occasion_wish_all(uint32_t type)
{
    struct occasion_wish wish = { .type = type,
                                  .to = { .month = OCCASION_MONTH_MAX, .day = UINT8_MAX } };

    memset(wish.place_to, ABOVE_ALL, sizeof(wish.place_to));
    wish.place_to[0]--; /* below what is odd */
    return wish;
}

/* --- one source --- */

static int compare_place(const struct occasion_source *source, const uint8_t *place)
{
    return memcmp(source->key.data + OCCASION_TYPE_SIZE, place, OCCASION_PLACE_SIZE);
}

static uint16_t month_of(const struct occasion_source *source)
{
    return ayni_get_u16(source->key.data + OCCASION_TYPE_SIZE + OCCASION_PLACE_SIZE);
}

static enum ayni_status step(struct occasion_source *source)
{
    source->ended = !views_cursor_next(&source->cursor, &source->key, &source->value);
    if (!source->ended && source->key.size != source->key_size)
        return AYNI_E_IO;
    return source->cursor.status;
}

/* To the first key of a place and month; never back, so that a damaged table holds nobody up. */
static enum ayni_status seek(struct occasion_source *source, const uint8_t *place, uint16_t month)
{
    uint8_t from[OCCASION_MONTH_KEY_SIZE];

    memcpy(from, source->prefix, OCCASION_TYPE_SIZE);
    memcpy(from + OCCASION_TYPE_SIZE, place, OCCASION_PLACE_SIZE);
    ayni_put_u16(from + OCCASION_TYPE_SIZE + OCCASION_PLACE_SIZE, month);
    source->ended = !views_cursor_seek(&source->cursor, (struct ayni_bytes){ from, sizeof(from) },
                                       &source->key, &source->value);
    if (source->ended)
        return source->cursor.status;
    return source->key.size != source->key_size || memcmp(source->key.data, from, sizeof(from)) < 0
               ? AYNI_E_IO
               : AYNI_OK;
}

/* From the key that it stands on to the first that is wished for; places that have none of the
 * months cost a look each. */
static enum ayni_status skip(struct occasion_source *source, const struct occasion_wish *wish)
{
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && !source->ended) {
        uint8_t place[OCCASION_PLACE_SIZE];
        uint16_t month = month_of(source);
        if (compare_place(source, wish->place_to) > 0) {
            source->ended = true;
        } else if (compare_place(source, wish->place_from) < 0) {
            status = seek(source, wish->place_from, wish->from.month);
        } else if (month < wish->from.month || month > wish->to.month) {
            memcpy(place, source->key.data + OCCASION_TYPE_SIZE, sizeof(place));
            status = seek(source, place, month < wish->from.month ? wish->from.month : UINT16_MAX);
        } else {
            break;
        }
    }
    return status;
}

static enum ayni_status advance(struct occasion_source *source, const struct occasion_wish *wish)
{
    enum ayni_status status = step(source);

    return status == AYNI_OK ? skip(source, wish) : status;
}

static enum ayni_status open_source(struct occasion_walk *walk, const struct ayni_space *space,
                                    bool is_list)
{
    struct occasion_source *source = &walk->sources[walk->source_count++];

    *source =
        (struct occasion_source){ .is_list = is_list,
                                  .key_size = is_list ? OCCASION_KEY_SIZE : REVISED_KEY_SIZE };
    count_key_encode(space, walk->wish.type, source->prefix);
    views_cursor_open(
        reader_views(walk->reader), is_list ? RECORDS_TABLE_OCCASIONS : RECORDS_TABLE_REVISED,
        (struct ayni_bytes){ source->prefix, sizeof(source->prefix) }, &source->cursor);
    return advance(source, &walk->wish);
}

void occasion_walk_open(struct reader *reader, const struct occasion_wish *wish,
                        struct occasion_walk *walk)
{
    *walk = (struct occasion_walk){ .reader = reader,
                                    .wish = *wish,
                                    .limited = reader_is_limited(reader) };
    walk->sources = calloc(2 * wish->space_count + 1, sizeof(*walk->sources));
    if (walk->sources == NULL)
        walk->status = AYNI_E_MEMORY;
    for (size_t i = 0; walk->status == AYNI_OK && i < wish->space_count; i++) {
        walk->status = open_source(walk, &wish->spaces[i], true);
        if (walk->status == AYNI_OK && !walk->limited)
            walk->status = open_source(walk, &wish->spaces[i], false);
    }
}

void occasion_walk_close(struct occasion_walk *walk)
{
    for (size_t i = 0; i < walk->source_count; i++)
        views_cursor_close(&walk->sources[i].cursor);
    if (walk->last_open)
        views_cursor_close(&walk->last);
    free(walk->sources);
    *walk = (struct occasion_walk){ 0 };
}

/* --- what the indexes know --- */

/* The source of the lowest place and month. */
static struct occasion_source *first_source(struct occasion_walk *walk)
{
    struct occasion_source *first = NULL;

    for (size_t i = 0; i < walk->source_count; i++) {
        struct occasion_source *source = &walk->sources[i];
        if (!source->ended && (first == NULL || memcmp(source->key.data + OCCASION_TYPE_SIZE,
                                                       first->key.data + OCCASION_TYPE_SIZE,
                                                       OCCASION_PLACE_SIZE + 2) < 0))
            first = source;
    }
    return first;
}

static bool is_wished(const struct occasion_wish *wish, const struct occasion *at)
{
    if (at->month == wish->from.month && at->day < wish->from.day)
        return false;
    return at->month != wish->to.month || at->day <= wish->to.day;
}

/* The next of the list that is open. */
static bool next_listed(struct occasion_walk *walk, struct occasion_row *row)
{
    while (occasion_list_next(&walk->list)) {
        row->at.day = walk->list.item.day;
        row->ref = walk->list.item.ref;
        if (is_wished(&walk->wish, &row->at) &&
            (!walk->limited || reader_allows(walk->reader, &row->ref)))
            return true;
    }
    if (walk->list.damaged)
        walk->status = AYNI_E_IO;
    return false;
}

static bool next_revised(struct occasion_walk *walk, struct occasion_row *row)
{
    const struct occasion_source *source = walk->current;

    if (source->value.size != 1) {
        walk->status = AYNI_E_IO;
        return false;
    }
    row->at.day = source->value.data[0];
    memcpy(row->record.bytes, source->key.data + OCCASION_MONTH_KEY_SIZE, 16);
    return is_wished(&walk->wish, &row->at);
}

/* Begin with the next key of all; false where there is none. */
static bool open_next(struct occasion_walk *walk)
{
    if (walk->current != NULL)
        walk->status = advance(walk->current, &walk->wish);
    walk->current = walk->status == AYNI_OK ? first_source(walk) : NULL;
    if (walk->current != NULL && walk->current->is_list)
        walk->list = occasion_list(walk->current->key.data, walk->current->value);
    return walk->current != NULL;
}

static bool give(struct occasion_walk *walk, struct occasion_row *row)
{
    const struct occasion_source *source = walk->current;

    *row = (struct occasion_row){ .known = true, .single = source->is_list };
    memcpy(row->space.bytes, source->prefix, 16);
    occasion_of_key(source->key.data, &row->at);
    return source->is_list ? next_listed(walk, row) : next_revised(walk, row);
}

static bool next_known(struct occasion_walk *walk, struct occasion_row *row)
{
    if (walk->current != NULL && walk->current->is_list && give(walk, row))
        return true;
    while (walk->status == AYNI_OK && open_next(walk))
        if (give(walk, row))
            return true;
    return false;
}

/* --- what comes last --- */

static void odd_prefix(const struct record_key *key, uint8_t prefix[OCCASION_MONTH_KEY_SIZE])
{
    const struct occasion odd = occasion_odd();
    uint8_t name[REVISED_KEY_SIZE];

    revised_key_encode(key, &odd, name);
    memcpy(prefix, name, OCCASION_MONTH_KEY_SIZE);
}

/* The rows of REVISED that are odd, of a space; all of REVISED_AT where the reader is limited: what
 * was shown then stands nowhere. */
static void open_last(struct occasion_walk *walk)
{
    const struct record_key key = { .space = walk->wish.spaces[walk->last_index++],
                                    .type = walk->wish.type };

    odd_prefix(&key, walk->last_prefix);
    views_cursor_open(
        reader_views(walk->reader),
        walk->limited ? RECORDS_TABLE_REVISED_AT : RECORDS_TABLE_REVISED,
        (struct ayni_bytes){ walk->last_prefix, walk->limited ? (size_t)OCCASION_TYPE_SIZE
                                                              : (size_t)OCCASION_MONTH_KEY_SIZE },
        &walk->last);
    walk->last_open = true;
}

/* Both tables have the record at the end of their keys. */
static bool next_last(struct occasion_walk *walk, struct occasion_row *row)
{
    struct ayni_bytes key, value;

    while (walk->status == AYNI_OK) {
        if (walk->last_open && views_cursor_next(&walk->last, &key, &value)) {
            *row = (struct occasion_row){ .known = false };
            memcpy(row->space.bytes, walk->last_prefix, 16);
            if (key.size < 16)
                continue;
            memcpy(row->record.bytes, key.data + key.size - 16, 16);
            return true;
        }
        if (walk->last_open) {
            walk->status = walk->last.status;
            views_cursor_close(&walk->last);
            walk->last_open = false;
        }
        if (walk->last_index == walk->wish.space_count)
            return false;
        open_last(walk);
    }
    return false;
}

bool occasion_walk_next(struct occasion_walk *walk, struct occasion_row *row)
{
    if (walk->status != AYNI_OK)
        return false;
    return next_known(walk, row) || next_last(walk, row);
}

/* --- whether there are any --- */

static enum ayni_status has_odd(struct reader *reader, const struct record_key *key, bool *odd)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t prefix[OCCASION_MONTH_KEY_SIZE];
    struct ayni_bytes found, value;

    odd_prefix(key, prefix);
    views_cursor_open(reader_views(reader), RECORDS_TABLE_REVISED,
                      (struct ayni_bytes){ prefix, sizeof(prefix) }, &cursor);
    *odd = views_cursor_next(&cursor, &found, &value);
    return cursor.status;
}

enum ayni_status occasions_usable(struct reader *reader, uint32_t type, bool *usable, bool *odd)
{
    const struct record_places *places;
    bool folding;
    enum ayni_status status = tasks_fold_again(reader_views(reader), &folding);

    *usable = !folding;
    *odd = reader_is_limited(reader);
    if (status == AYNI_OK)
        status = reader_places(reader, &places);
    for (size_t i = 0; status == AYNI_OK && !*odd && i < places->count; i++) {
        const struct record_key key = { .space = places->items[i].space, .type = type };
        if (places->items[i].type == type)
            status = has_odd(reader, &key, odd);
    }
    return status;
}
