#include "daemon/records/walk.h"

#include <stdlib.h>

/* Continue with the next space; false where there is none. */
static bool open_next_space(struct walk *walk)
{
    if (walk->open)
        views_cursor_close(&walk->cursor);
    walk->open = false;
    if (walk->space_index == walk->space_count)
        return false;
    count_key_encode(&walk->spaces[walk->space_index++], walk->type, walk->prefix);
    views_cursor_open(reader_views(walk->reader), walk->table,
                      (struct ayni_bytes){ walk->prefix, COUNT_KEY_SIZE }, &walk->cursor);
    walk->open = true;
    return true;
}

/* The spaces that hold records of the type. */
static void find_spaces(struct walk *walk)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    SCOPED_BUFFER spaces = { 0 };
    struct ayni_bytes key, value;

    views_cursor_open(reader_views(walk->reader), RECORDS_TABLE_COUNTS, (struct ayni_bytes){ 0 },
                      &cursor);
    while (views_cursor_next(&cursor, &key, &value))
        if (key.size == COUNT_KEY_SIZE && ayni_get_u32(key.data + 16) == walk->type)
            ayni_buffer_append(&spaces, key.data, 16);
    walk->status = cursor.status != AYNI_OK ? cursor.status : ayni_buffer_status(&spaces);
    if (walk->status != AYNI_OK)
        return;
    walk->spaces = (struct ayni_space *)spaces.data;
    walk->space_count = spaces.size / sizeof(*walk->spaces);
    spaces = (struct ayni_buffer){ 0 };
}

void walk_type(struct reader *reader, const struct ayni_space *space, uint32_t type,
               struct walk *walk)
{
    *walk = (struct walk){ .reader = reader, .table = RECORDS_TABLE_RECORDS, .type = type };
    if (space == NULL) {
        find_spaces(walk);
        return;
    }
    walk->spaces = malloc(sizeof(*walk->spaces));
    if (walk->spaces == NULL) {
        walk->status = AYNI_E_MEMORY;
        return;
    }
    walk->spaces[0] = *space;
    walk->space_count = 1;
}

/* Over the subjects whose keys begin with the first bytes of the walk's prefix. */
static void open_subjects(struct walk *walk, size_t prefix_size)
{
    views_cursor_open(reader_views(walk->reader), walk->table,
                      (struct ayni_bytes){ walk->prefix, prefix_size }, &walk->cursor);
    walk->open = true;
}

void walk_subject(struct reader *reader, const struct ayni_record *subject, struct walk *walk)
{
    *walk = (struct walk){ .reader = reader, .table = RECORDS_TABLE_SUBJECTS };
    memcpy(walk->prefix, subject->bytes, 16);
    open_subjects(walk, 16);
}

void walk_subject_in(struct reader *reader, const struct ayni_record *subject,
                     const struct ayni_space *space, uint32_t type, struct walk *walk)
{
    *walk = (struct walk){ .reader = reader, .table = RECORDS_TABLE_SUBJECTS };
    memcpy(walk->prefix, subject->bytes, 16);
    count_key_encode(space, type, walk->prefix + 16);
    open_subjects(walk, sizeof(walk->prefix));
}

void walk_after(struct walk *walk, const struct record_key *key)
{
    walk->after = *key;
    walk->resumed = true;
    while (walk->space_index < walk->space_count &&
           ayni_id_compare(&walk->spaces[walk->space_index], &key->space) < 0)
        walk->space_index++;
}

/* The next key of the space being walked; the first time, the one after where it was left. */
static bool next_key(struct walk *walk, struct ayni_bytes *key, struct ayni_bytes *value)
{
    uint8_t last[RECORD_KEY_SIZE];

    if (!walk->resumed)
        return views_cursor_next(&walk->cursor, key, value);
    walk->resumed = false;
    if (memcmp(walk->prefix, walk->after.space.bytes, 16) != 0)
        return views_cursor_next(&walk->cursor, key, value);
    record_key_encode(&walk->after, last);
    return views_cursor_after(&walk->cursor, (struct ayni_bytes){ last, sizeof(last) }, key, value);
}

bool walk_next(struct walk *walk, struct record_key *key)
{
    struct ayni_bytes found, value;

    while (walk->status == AYNI_OK) {
        if (walk->open && next_key(walk, &found, &value)) {
            if (found.size < RECORD_KEY_SIZE)
                continue;
            record_key_decode(found.data + found.size - RECORD_KEY_SIZE, key);
            walk->value = value;
            return true;
        }
        if (walk->open)
            walk->status = walk->cursor.status;
        if (walk->status != AYNI_OK || !open_next_space(walk))
            return false;
    }
    return false;
}

void walk_close(struct walk *walk)
{
    if (walk->open)
        views_cursor_close(&walk->cursor);
    walk->open = false;
    free(walk->spaces);
    walk->spaces = NULL;
}
