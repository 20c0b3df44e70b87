#include "daemon/records/sql/sql_range.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/records/links/link_component.h"
#include "daemon/records/names.h"
#include "daemon/records/sql/sql_bounds.h"
#include "daemon/records/sql/sql_links.h"
#include "daemon/records/sql/sql_plan.h"

void sql_row_free(struct sql_row *row)
{
    record_state_free(&row->state);
    single_free(&row->one);
    *row = (struct sql_row){ 0 };
}

/* --- keys --- */

static struct ayni_bytes text_of(sqlite3_value *value)
{
    const uint8_t *text = sqlite3_value_text(value);

    return (struct ayni_bytes){ text, text == NULL ? 0 : (size_t)sqlite3_value_bytes(value) };
}

/* The spaces of that name that hold records of the type: one, where nobody makes another of it. */
static enum ayni_status find_spaces(const struct sql_range *range, struct ayni_bytes name,
                                    struct ayni_buffer *spaces)
{
    const struct record_places *places;
    char text[NAMES_SIZE];
    enum ayni_status status = reader_places(range->reader, &places);

    for (size_t i = 0; status == AYNI_OK && i < places->count; i++) {
        if (places->items[i].type != range->type)
            continue;
        names_of_space(reader_charter(range->reader), &places->items[i].space, text);
        if (ayni_bytes_equal(name, ayni_bytes_of_text(text)))
            ayni_buffer_append(spaces, &places->items[i].space, sizeof(struct ayni_space));
    }
    return status == AYNI_OK ? ayni_buffer_status(spaces) : status;
}

static bool has_space(struct ayni_bytes spaces, const struct ayni_space *space)
{
    for (size_t i = 0; i < spaces.size; i += sizeof(*space))
        if (memcmp(spaces.data + i, space->bytes, sizeof(*space)) == 0)
            return true;
    return false;
}

/* Keys that are gathered first: they are few. `spaces` NULL: of all. */
static void keep(struct sql_range *range, const struct ayni_buffer *spaces,
                 const struct record_key *key)
{
    if (key->type == range->type &&
        (spaces == NULL || has_space(ayni_buffer_bytes(spaces), &key->space)))
        ayni_buffer_append(&range->keys, key, sizeof(*key));
}

static enum ayni_status find_record(struct sql_range *range, const struct ayni_record *record,
                                    const struct ayni_buffer *spaces)
{
    const struct record_places *places;
    enum ayni_status status = reader_places(range->reader, &places);

    for (size_t i = 0; status == AYNI_OK && i < places->count; i++) {
        const struct record_key key = { places->items[i].space, range->type, *record };
        if (places->items[i].type == range->type && reader_has(range->reader, &key))
            keep(range, spaces, &key);
    }
    return status;
}

static enum ayni_status find_of_subject(struct sql_range *range, const struct ayni_record *subject,
                                        const struct ayni_buffer *spaces)
{
    SCOPED_WALK walk = { 0 };
    struct record_key key;

    walk_subject(range->reader, subject, &walk);
    while (walk_next(&walk, &key))
        keep(range, spaces, &key);
    return walk.status;
}

/* Of all who are one, under the id that goes on. */
static enum ayni_status find_of_child(struct sql_range *range, const struct ayni_record *child,
                                      const struct ayni_buffer *spaces)
{
    const struct ayni_catalogue_type *type =
        ayni_catalogue_type(reader_charter(range->reader)->catalogue, range->type);
    struct link_component component;
    enum ayni_status status = links_component(range->reader, child, &component);

    if (status != AYNI_OK || !ayni_id_equal(&component.child, child))
        return status;
    for (size_t i = 0; status == AYNI_OK && i < component.count; i++)
        status = sql_links_of_itself(type) ? find_record(range, &component.members[i], spaces)
                                           : find_of_subject(range, &component.members[i], spaces);
    size_t count = range->keys.size / sizeof(struct record_key);
    if (count > 1) /* in the order of keys, as what is walked */
        qsort(range->keys.data, count, sizeof(struct record_key), record_key_compare);
    return status;
}

static void walk_all(struct sql_range *range, const struct ayni_space *space)
{
    walk_type(range->reader, space, range->type, &range->walk);
    range->walking = true;
}

static enum ayni_status walk_spaces(struct sql_range *range, const struct ayni_buffer *spaces)
{
    struct record_key key;
    size_t count = spaces->size / sizeof(struct ayni_space);

    if (count == 1) {
        walk_all(range, (const struct ayni_space *)spaces->data);
        return AYNI_OK;
    }
    for (size_t i = 0; i < count; i++) {
        SCOPED_WALK walk = { 0 };
        walk_type(range->reader, (const struct ayni_space *)spaces->data + i, range->type, &walk);
        while (walk_next(&walk, &key))
            keep(range, NULL, &key);
        if (walk.status != AYNI_OK)
            return walk.status;
    }
    return AYNI_OK;
}

/* All that hold records of the type. */
static enum ayni_status all_spaces(struct sql_range *range)
{
    const struct record_places *places;
    enum ayni_status status = reader_places(range->reader, &places);

    for (size_t i = 0; status == AYNI_OK && i < places->count; i++)
        if (places->items[i].type == range->type)
            ayni_buffer_append(&range->spaces, &places->items[i].space, sizeof(struct ayni_space));
    return status == AYNI_OK ? ayni_buffer_status(&range->spaces) : status;
}

static enum ayni_status open_occasions(struct sql_range *range, sqlite3_value **arguments)
{
    struct occasion_wish wish = occasion_wish_all(range->type);
    enum ayni_status status = AYNI_OK;

    if (range->plan & SQL_IN_SPACE)
        status = find_spaces(range, text_of(*arguments++), &range->spaces);
    else
        status = all_spaces(range);
    for (int part = SQL_PLACE_IS; part <= SQL_DATE_TO; part <<= 1)
        if (range->plan & part && !sql_bounds_narrow(&wish, part, *arguments++))
            range->spaces.size = 0; /* nothing fits */
    if (status != AYNI_OK)
        return status;
    wish.spaces = (const struct ayni_space *)range->spaces.data;
    wish.space_count = range->spaces.size / sizeof(struct ayni_space);
    occasion_walk_open(range->reader, &wish, &range->occasions);
    return range->occasions.status;
}

static enum ayni_status begin(struct sql_range *range, sqlite3_value **arguments)
{
    SCOPED_BUFFER in = { 0 };
    const struct ayni_buffer *spaces = range->plan & SQL_IN_SPACE ? &in : NULL;
    struct ayni_record record;
    enum ayni_status status = AYNI_OK;

    if (range->plan == 0) {
        walk_all(range, NULL);
        return AYNI_OK;
    }
    if (range->plan & SQL_BY_OCCASION)
        return open_occasions(range, arguments);
    if (spaces != NULL)
        status = find_spaces(range, text_of(arguments[range->plan == SQL_IN_SPACE ? 0 : 1]), &in);
    if (status != AYNI_OK || range->plan == SQL_IN_SPACE)
        return status == AYNI_OK ? walk_spaces(range, &in) : status;
    if (ayni_record_parse(text_of(arguments[0]), &record) != AYNI_OK)
        return AYNI_OK; /* no record is called that */
    if (range->plan & SQL_BY_CHILD)
        return find_of_child(range, &record, spaces);
    return range->plan & SQL_BY_ID ? find_record(range, &record, spaces)
                                   : find_of_subject(range, &record, spaces);
}

enum ayni_status sql_range_begin(struct sql_range *range, struct reader *reader, uint32_t type,
                                 int plan, sqlite3_value **arguments)
{
    *range = (struct sql_range){ .reader = reader, .type = type, .plan = plan };
    enum ayni_status status = begin(range, arguments);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&range->keys);
    if (status != AYNI_OK)
        sql_range_end(range);
    return status;
}

void sql_range_end(struct sql_range *range)
{
    if (range->walking)
        walk_close(&range->walk);
    occasion_walk_close(&range->occasions);
    ayni_buffer_free(&range->keys);
    ayni_buffer_free(&range->spaces);
    *range = (struct sql_range){ 0 };
}

/* --- records --- */

/* One that isn't there any more, or wasn't yet, is empty: the next may not be. */
static enum ayni_status or_none(enum ayni_status status)
{
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

static enum ayni_status next_walked(struct sql_range *range, struct record_state *state)
{
    struct record_key key;

    if (walk_next(&range->walk, &key))
        return or_none(reader_fold_refs(range->reader, &key, range->walk.value, state));
    return range->walk.status == AYNI_OK ? AYNI_E_NOT_FOUND : range->walk.status;
}

static enum ayni_status next_of_keys(struct sql_range *range, struct record_state *state)
{
    if (range->next * sizeof(struct record_key) >= range->keys.size)
        return AYNI_E_NOT_FOUND;
    const struct record_key key = ((const struct record_key *)range->keys.data)[range->next++];
    return or_none(reader_fold(range->reader, &key, state));
}

/* What the index knows to be shown needs no fold. */
static enum ayni_status next_single(struct sql_range *range, struct sql_row *row)
{
    enum ayni_status status = single_read(range->reader, &row->at.ref, &row->one);

    if (status == AYNI_OK && row->one.key.type == range->type) {
        row->lone = true;
        return AYNI_OK;
    }
    if (status == AYNI_OK || status == AYNI_E_NOT_FOUND)
        status = reader_fold_single(range->reader, &row->at.ref, &row->state);
    if (status == AYNI_OK && row->state.key.type != range->type) /* what damage left */
        record_state_free(&row->state);
    return or_none(status);
}

static enum ayni_status next_occasion(struct sql_range *range, struct sql_row *row)
{
    struct occasion_row *at = &row->at;

    if (!occasion_walk_next(&range->occasions, at))
        return range->occasions.status == AYNI_OK ? AYNI_E_NOT_FOUND : range->occasions.status;
    row->indexed = at->known && (range->plan & SQL_INDEX_ALONE) != 0;
    if (row->indexed)
        return AYNI_OK;
    if (at->single)
        return next_single(range, row);
    const struct record_key key = { at->space, range->type, at->record };
    return or_none(reader_fold(range->reader, &key, &row->state));
}

enum ayni_status sql_range_next(struct sql_range *range, struct sql_row *row)
{
    row->indexed = row->lone = false;
    if (range->plan & SQL_BY_OCCASION)
        return next_occasion(range, row);
    return range->walking ? next_walked(range, &row->state) : next_of_keys(range, &row->state);
}
