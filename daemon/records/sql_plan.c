#include "daemon/records/sql_plan.h"

#include <stdlib.h>

#include "daemon/records/names.h"

/* What a plan has an argument for, in the order of its arguments. */
enum { BY_ID = 1, BY_SUBJECT = 2, IN_SPACE = 4, PLANS = 8 };

static const char *const words[PLANS] = {
    [0] = "all records",
    [BY_ID] = "by _id",
    [BY_SUBJECT] = "by subject",
    [IN_SPACE] = "one space",
    [BY_ID | IN_SPACE] = "by _id in one space",
    [BY_SUBJECT | IN_SPACE] = "by subject in one space",
};

/* Records of one subject and type, and what finding one costs beside reading one of a walk. */
enum { OF_A_SUBJECT = 20, FINDING = 2 };

/* A test that a column is bytewise equal to something. */
static int bit_of(const struct sql_plan_columns *columns, sqlite3_index_info *info, int index)
{
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[index];

    if (!constraint->usable || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ ||
        sqlite3_stricmp(sqlite3_vtab_collation(info, index), "BINARY") != 0)
        return 0;
    if (constraint->iColumn == columns->id)
        return BY_ID;
    if (constraint->iColumn == columns->space)
        return IN_SPACE;
    return columns->subject >= 0 && constraint->iColumn == columns->subject ? BY_SUBJECT : 0;
}

void sql_plan_choose(const struct sql_plan_columns *columns, sqlite3_index_info *info)
{
    int chosen[PLANS] = { 0 }; /* by bit: the constraint + 1 */
    int plan = 0, arguments = 0;
    double rows = (double)columns->count + 1;

    for (int i = 0; i < info->nConstraint; i++) {
        int bit = bit_of(columns, info, i);
        if (bit != 0 && chosen[bit] == 0)
            chosen[bit] = i + 1;
    }
    if (chosen[BY_ID] != 0)
        chosen[BY_SUBJECT] = 0;
    for (int bit = BY_ID; bit <= IN_SPACE; bit <<= 1) {
        if (chosen[bit] == 0)
            continue;
        info->aConstraintUsage[chosen[bit] - 1].argvIndex = ++arguments;
        plan |= bit;
    }
    if (plan & BY_ID)
        rows = 1;
    else if ((plan & BY_SUBJECT) && rows > OF_A_SUBJECT)
        rows = OF_A_SUBJECT;
    info->idxNum = plan;
    info->idxStr = (char *)(uintptr_t)words[plan];
    info->orderByConsumed =
        info->nOrderBy == 1 && !info->aOrderBy[0].desc && info->aOrderBy[0].iColumn == columns->key;
    info->estimatedRows = (sqlite3_int64)rows;
    info->estimatedCost = (plan & IN_SPACE ? rows / 2 : rows) + (plan == 0 ? 0 : FINDING);
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

static enum ayni_status begin(struct sql_range *range, int plan, sqlite3_value **arguments)
{
    SCOPED_BUFFER in = { 0 };
    const struct ayni_buffer *spaces = plan & IN_SPACE ? &in : NULL;
    struct ayni_record record;
    enum ayni_status status = AYNI_OK;

    if (plan == 0) {
        walk_all(range, NULL);
        return AYNI_OK;
    }
    if (spaces != NULL)
        status = find_spaces(range, text_of(arguments[plan == IN_SPACE ? 0 : 1]), &in);
    if (status != AYNI_OK || plan == IN_SPACE)
        return status == AYNI_OK ? walk_spaces(range, &in) : status;
    if (ayni_record_parse(text_of(arguments[0]), &record) != AYNI_OK)
        return AYNI_OK; /* no record is called that */
    return plan & BY_ID ? find_record(range, &record, spaces)
                        : find_of_subject(range, &record, spaces);
}

enum ayni_status sql_range_begin(struct sql_range *range, struct reader *reader, uint32_t type,
                                 int plan, sqlite3_value **arguments)
{
    *range = (struct sql_range){ .reader = reader, .type = type };
    enum ayni_status status = begin(range, plan, arguments);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&range->keys);
    if (status != AYNI_OK)
        sql_range_end(range);
    return status;
}

/* One that isn't there any more, or wasn't yet, is empty: the next may not be. */
static enum ayni_status or_none(enum ayni_status status)
{
    return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
}

enum ayni_status sql_range_next(struct sql_range *range, struct record_state *state)
{
    struct record_key key;

    if (range->walking) {
        if (walk_next(&range->walk, &key))
            return or_none(reader_fold_refs(range->reader, &key, range->walk.value, state));
        return range->walk.status == AYNI_OK ? AYNI_E_NOT_FOUND : range->walk.status;
    }
    if (range->next * sizeof(key) >= range->keys.size)
        return AYNI_E_NOT_FOUND;
    key = ((const struct record_key *)range->keys.data)[range->next++];
    return or_none(reader_fold(range->reader, &key, state));
}

void sql_range_end(struct sql_range *range)
{
    if (range->walking)
        walk_close(&range->walk);
    ayni_buffer_free(&range->keys);
    *range = (struct sql_range){ 0 };
}
