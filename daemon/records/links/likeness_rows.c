#include "daemon/records/links/likeness_rows.h"

#include <string.h>

#include "daemon/records/links/likeness_child.h"
#include "daemon/records/tables.h"

enum {
    HEADS_MAX = 256,                         /* rows of one record */
    HEAD_SIZE_MAX = LIKENESS_PLACE_ROW_SIZE, /* the longest one */
    DAYS_BEFORE_1970 = 719162,               /* from the first of year 1 */
    HELD_KEY_SIZE = 1 + RECORD_KEY_SIZE,
};

/* The rows of one record. */
struct heads {
    struct head {
        uint8_t size, bytes[HEAD_SIZE_MAX];
    } list[HEADS_MAX];
    size_t count;
};

static void put_day(uint8_t to[4], int64_t day)
{
    ayni_put_u32(to, (uint32_t)(day + DAYS_BEFORE_1970));
}

void likeness_name_row(uint64_t hash, int64_t day, uint8_t to[LIKENESS_NAME_ROW_SIZE])
{
    to[0] = LIKENESS_ROW_NAME;
    ayni_put_u64(to + 1, hash);
    put_day(to + LIKENESS_NAME_HEAD_SIZE, day);
}

int64_t likeness_name_row_day(struct ayni_bytes key)
{
    return (int64_t)ayni_get_u32(key.data + LIKENESS_NAME_HEAD_SIZE) - DAYS_BEFORE_1970;
}

void likeness_place_row(int64_t day, uint64_t sex, uint64_t district, uint32_t letters,
                        uint8_t to[LIKENESS_PLACE_ROW_SIZE])
{
    to[0] = LIKENESS_ROW_PLACE;
    put_day(to + 1, day);
    ayni_put_u64(to + 5, district ^ sex << 56);
    ayni_put_u32(to + LIKENESS_PLACE_HEAD_SIZE, letters);
}

uint32_t likeness_place_row_letters(struct ayni_bytes key)
{
    return ayni_get_u32(key.data + LIKENESS_PLACE_HEAD_SIZE);
}

void likeness_person_row(const struct ayni_record *person, uint8_t to[LIKENESS_PERSON_ROW_SIZE])
{
    to[0] = LIKENESS_ROW_PERSON;
    memcpy(to + 1, person->bytes, 16);
}

void likeness_mother_row(const struct ayni_record *mother, uint8_t to[LIKENESS_PERSON_ROW_SIZE])
{
    to[0] = LIKENESS_ROW_MOTHER;
    memcpy(to + 1, mother->bytes, 16);
}

/* --- the rows of a record --- */

static bool has_rows(uint32_t type)
{
    return type == LIKENESS_TYPE_CHILD || type == LIKENESS_TYPE_GUARDIAN_LINK ||
           type == LIKENESS_TYPE_BIRTH;
}

static void add_head(struct heads *heads, const uint8_t *bytes, size_t size)
{
    struct head *head = &heads->list[heads->count];

    for (size_t i = 0; i < heads->count; i++)
        if (heads->list[i].size == size && memcmp(heads->list[i].bytes, bytes, size) == 0)
            return;
    if (heads->count == HEADS_MAX)
        return;
    head->size = (uint8_t)size;
    memcpy(head->bytes, bytes, size);
    heads->count++;
}

static void add_name_heads(struct heads *heads, const struct likeness_face *face)
{
    uint8_t row[LIKENESS_NAME_ROW_SIZE];

    for (size_t i = 0; i < face->name_count; i++)
        for (size_t j = 0; j < face->days.count; j++) {
            likeness_name_row(face->names[i].hash, (int64_t)face->days.values[j], row);
            add_head(heads, row, sizeof(row));
        }
}

static void add_place_heads(struct heads *heads, const struct likeness_face *face,
                            const struct likeness_name *name)
{
    uint8_t row[LIKENESS_PLACE_ROW_SIZE];

    for (size_t day = 0; day < face->days.count; day++)
        for (size_t sex = 0; sex < face->sexes.count; sex++)
            for (size_t i = 0; i < face->districts.count; i++) {
                likeness_place_row((int64_t)face->days.values[day], face->sexes.values[sex],
                                   face->districts.values[i], name->letters, row);
                add_head(heads, row, sizeof(row));
            }
}

static enum ayni_status child_heads(const struct record_state *state, struct heads *heads)
{
    SCOPED_ARENA memory = { 0 };
    struct likeness_face face;
    enum ayni_status status = likeness_face_read(state, &memory, &face);

    if (status != AYNI_OK)
        return status;
    add_name_heads(heads, &face);
    for (size_t i = 0; i < face.name_count; i++)
        add_place_heads(heads, &face, &face.names[i]);
    return AYNI_OK;
}

static void link_heads(const struct record_state *state, struct heads *heads)
{
    struct ayni_record persons[LIKENESS_VALUES_MAX];
    uint8_t row[LIKENESS_PERSON_ROW_SIZE];
    size_t count = likeness_references(state, LIKENESS_LINK_PERSON, persons, LIKENESS_VALUES_MAX);

    if (!likeness_has_word(state, LIKENESS_LINK_ROLE, "mother"))
        return;
    for (size_t i = 0; i < count; i++) {
        likeness_person_row(&persons[i], row);
        add_head(heads, row, sizeof(row));
    }
}

static void birth_heads(const struct record_state *state, struct heads *heads)
{
    struct ayni_record mothers[LIKENESS_VALUES_MAX];
    uint8_t row[LIKENESS_PERSON_ROW_SIZE];
    size_t count = likeness_references(state, LIKENESS_BIRTH_MOTHER, mothers, LIKENESS_VALUES_MAX);

    for (size_t i = 0; i < count; i++) {
        likeness_mother_row(&mothers[i], row);
        add_head(heads, row, sizeof(row));
    }
}

/* --- what is put of them --- */

static void held_key(const struct record_key *key, uint8_t to[HELD_KEY_SIZE])
{
    to[0] = LIKENESS_ROW_HELD;
    record_key_encode(key, to + 1);
}

static struct ayni_bytes row_of(const uint8_t *head, size_t size, const struct record_key *key,
                                uint8_t to[HEAD_SIZE_MAX + RECORD_KEY_SIZE])
{
    memcpy(to, head, size);
    record_key_encode(key, to + size);
    return (struct ayni_bytes){ to, size + RECORD_KEY_SIZE };
}

static enum ayni_status put_heads(const struct heads *heads, const struct record_key *key,
                                  struct puts *rows)
{
    uint8_t room[HEAD_SIZE_MAX + RECORD_KEY_SIZE], name[HELD_KEY_SIZE];
    SCOPED_BUFFER held = { 0 };

    if (heads->count == 0)
        return AYNI_OK;
    for (size_t i = 0; i < heads->count; i++) {
        const struct head *head = &heads->list[i];
        puts_add(rows, row_of(head->bytes, head->size, key, room), (struct ayni_bytes){ 0 });
        ayni_buffer_append(&held, head, 1 + (size_t)head->size);
    }
    held_key(key, name);
    puts_add(rows, (struct ayni_bytes){ name, sizeof(name) }, ayni_buffer_bytes(&held));
    return ayni_buffer_status(&held);
}

enum ayni_status likeness_rows_drop(struct views_snapshot *views, const struct record_key *key,
                                    struct puts *rows)
{
    uint8_t room[HEAD_SIZE_MAX + RECORD_KEY_SIZE], name[HELD_KEY_SIZE];
    struct ayni_bytes place = { name, sizeof(name) }, held;
    enum ayni_status status;

    if (!has_rows(key->type))
        return AYNI_OK;
    held_key(key, name);
    status = views_get(views, RECORDS_TABLE_LIKENESS, place, &held);
    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    for (size_t at = 0; at < held.size; at += 1 + (size_t)held.data[at]) {
        size_t size = held.data[at];
        if (size > HEAD_SIZE_MAX || size > held.size - at - 1)
            return AYNI_E_IO;
        puts_remove(rows, row_of(held.data + at + 1, size, key, room));
    }
    puts_remove(rows, place);
    return AYNI_OK;
}

enum ayni_status likeness_rows_renew(struct views_snapshot *views, const struct record_state *state,
                                     bool fresh, struct puts *rows)
{
    struct heads heads;
    enum ayni_status status = AYNI_OK;

    heads.count = 0;
    if (!has_rows(state->key.type))
        return AYNI_OK;
    if (!fresh)
        status = likeness_rows_drop(views, &state->key, rows);
    if (status != AYNI_OK || record_state_gone(state))
        return status;
    if (state->key.type == LIKENESS_TYPE_CHILD)
        status = child_heads(state, &heads);
    else if (state->key.type == LIKENESS_TYPE_BIRTH)
        birth_heads(state, &heads);
    else
        link_heads(state, &heads);
    return status == AYNI_OK ? put_heads(&heads, &state->key, rows) : status;
}
