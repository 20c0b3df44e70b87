#include "daemon/records/charter.h"
#include "daemon/records/id_prefix.h"
#include "daemon/records/reader.h"
#include "daemon/records/tables.h"

/* Ids are found without an index of their own: few (space, type) hold any records, and in each a
 * record is one look away. That spares each record a key in no order. */

bool reader_has(struct reader *reader, const struct record_key *key)
{
    uint8_t name[RECORD_KEY_SIZE];
    struct ayni_bytes refs;

    record_key_encode(key, name);
    return views_get(reader_views(reader), RECORDS_TABLE_RECORDS,
                     (struct ayni_bytes){ name, sizeof(name) }, &refs) == AYNI_OK;
}

static bool fits(const struct record_place *place, uint32_t type, const struct ayni_space *space)
{
    return (type == 0 || place->type == type) &&
           (space == NULL || ayni_id_equal(&place->space, space));
}

/* Nothing of that place needs to be looked for: the charter knows all that it holds. */
static bool is_charters(const struct charter *charter, const struct record_place *place)
{
    return charter_is_of(place->type) && ayni_id_equal(&place->space, &charter->registry_space);
}

enum ayni_status reader_find(struct reader *reader, const struct ayni_record *record, uint32_t type,
                             const struct ayni_space *space, struct record_key *keys, size_t max,
                             size_t *count)
{
    SCOPED_VIEWS_ASCENT records = { 0 };
    const struct charter *charter = reader_charter(reader);
    bool may_be_charters = charter_may_hold(charter, record);
    const struct record_places *places;
    size_t found = 0;
    enum ayni_status status = reader_places(reader, &places);

    if (status != AYNI_OK)
        return status;
    views_ascent_open(reader_views(reader), RECORDS_TABLE_RECORDS, &records);
    for (size_t i = 0; i < places->count; i++) {
        const struct record_place *place = &places->items[i];
        struct record_key key = { place->space, place->type, *record };
        uint8_t name[RECORD_KEY_SIZE];
        struct ayni_bytes refs;
        if (!fits(place, type, space) || (!may_be_charters && is_charters(charter, place)))
            continue;
        record_key_encode(&key, name);
        if (!views_ascent_find(&records, (struct ayni_bytes){ name, sizeof(name) }, &refs))
            continue;
        if (found < max)
            keys[found] = key;
        found++;
    }
    if (records.status != AYNI_OK)
        return records.status;
    *count = found;
    return AYNI_OK;
}

/* The records of one place that begin so, against the one found before. */
static enum ayni_status match_in(struct reader *reader, const struct record_place *place,
                                 const struct id_prefix *prefix, bool *found,
                                 struct ayni_record *record)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t name[RECORD_KEY_SIZE];
    size_t size = COUNT_KEY_SIZE + prefix->digits / 2;
    struct ayni_bytes key, value;
    struct record_key at = { .space = place->space, .type = place->type };

    memcpy(at.record.bytes, prefix->bytes, 16);
    record_key_encode(&at, name);
    views_cursor_open(reader_views(reader), RECORDS_TABLE_RECORDS,
                      (struct ayni_bytes){ name, size }, &cursor);
    while (views_cursor_next(&cursor, &key, &value)) {
        if (key.size != RECORD_KEY_SIZE)
            continue;
        record_key_decode(key.data, &at);
        if (!id_prefix_begins(&at.record, prefix))
            continue;
        if (*found && !ayni_id_equal(&at.record, record))
            return AYNI_E_EXISTS;
        *found = true;
        *record = at.record;
    }
    return cursor.status;
}

enum ayni_status reader_find_prefix(struct reader *reader, struct ayni_bytes text, uint32_t type,
                                    struct ayni_record *record)
{
    const struct record_places *places = NULL;
    struct ayni_record match;
    struct id_prefix prefix;
    bool found = false;
    enum ayni_status status = id_prefix_parse(text, &prefix);

    if (status == AYNI_OK)
        status = reader_places(reader, &places);
    for (size_t i = 0; status == AYNI_OK && i < places->count; i++)
        if (fits(&places->items[i], type, NULL))
            status = match_in(reader, &places->items[i], &prefix, &found, &match);
    if (status != AYNI_OK)
        return status;
    if (!found)
        return AYNI_E_NOT_FOUND;
    *record = match;
    return AYNI_OK;
}

enum ayni_status reader_count(struct reader *reader, const struct ayni_space *space, uint32_t type,
                              uint64_t *count)
{
    SCOPED_VIEWS_CURSOR counts = { 0 };
    struct ayni_bytes key, value;
    uint64_t sum = 0;

    struct ayni_bytes prefix = { 0 };

    if (space != NULL)
        prefix = (struct ayni_bytes){ space->bytes, sizeof(space->bytes) };
    views_cursor_open(reader_views(reader), RECORDS_TABLE_COUNTS, prefix, &counts);
    while (views_cursor_next(&counts, &key, &value))
        if (key.size == COUNT_KEY_SIZE && value.size == 8 &&
            (type == 0 || ayni_get_u32(key.data + 16) == type))
            sum += ayni_get_u64(value.data);
    if (counts.status != AYNI_OK)
        return counts.status;
    *count = sum;
    return AYNI_OK;
}
