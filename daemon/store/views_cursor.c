/*
 * Cursors over a table, and over the two parts of one: then each part stands on
 * its next key, and the one that comes first is lent.
 */
#include <string.h>

#include "daemon/store/views_private.h"

static MDB_cursor *open_part(struct views_cursor *cursor, MDB_dbi part)
{
    MDB_cursor *c = NULL;

    if (cursor->status == AYNI_OK)
        cursor->status = lmdb_status(mdb_cursor_open(cursor->snapshot->txn, part, &c));
    return c;
}

/* A cursor over one part of a table alone. */
static void open_over(struct views_snapshot *snapshot, MDB_dbi part, struct ayni_bytes prefix,
                      struct views_cursor *cursor)
{
    *cursor = (struct views_cursor){ .snapshot = snapshot, .prefix = prefix };
    if (prefix.size > VIEWS_KEY_SIZE_MAX)
        cursor->status = AYNI_E_LIMIT;
    cursor->parts[0].cursor = open_part(cursor, part);
}

void views_cursor_open(struct views_snapshot *snapshot, size_t table, struct ayni_bytes prefix,
                       struct views_cursor *cursor)
{
    const struct views_table *at = &snapshot->views->tables[table];

    open_over(snapshot, at->main, prefix, cursor);
    if (views_keeps_recent(snapshot, table))
        cursor->parts[1].cursor = open_part(cursor, at->recent);
}

void views_cursor_close(struct views_cursor *cursor)
{
    for (size_t i = 0; i < 2; i++) {
        if (cursor->parts[i].cursor != NULL)
            mdb_cursor_close(cursor->parts[i].cursor);
        cursor->parts[i].cursor = NULL;
    }
}

/* --- one part --- */

/* The key that a move of LMDB's has come to, if it is still under the prefix. */
static void arrive(struct views_cursor *cursor, struct views_part_cursor *part, int rc, MDB_val k,
                   MDB_val v)
{
    part->ended = rc != MDB_SUCCESS || !lmdb_has_prefix(k, cursor->prefix);
    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND && cursor->status == AYNI_OK)
        cursor->status = lmdb_status(rc);
    if (part->ended)
        return;
    part->key = lmdb_bytes(k);
    part->value = lmdb_bytes(v);
}

static void move(struct views_cursor *cursor, struct views_part_cursor *part, MDB_cursor_op how)
{
    MDB_val k = { 0 }, v = { 0 };
    int rc = mdb_cursor_get(part->cursor, &k, &v, how);

    arrive(cursor, part, rc, k, v);
}

/* To the first key that isn't below `from`; or is above it. */
static void move_up_to(struct views_cursor *cursor, struct views_part_cursor *part,
                       struct ayni_bytes from, bool above)
{
    MDB_val k = lmdb_val(from), v = { 0 };
    int rc = mdb_cursor_get(part->cursor, &k, &v, from.size == 0 ? MDB_FIRST : MDB_SET_RANGE);

    if (rc == MDB_SUCCESS && above && ayni_bytes_equal(lmdb_bytes(k), from))
        rc = mdb_cursor_get(part->cursor, &k, &v, MDB_NEXT);
    arrive(cursor, part, rc, k, v);
}

/* To the last key that is below `from`; to the last of all where that is empty. */
static void move_below(struct views_cursor *cursor, struct views_part_cursor *part,
                       struct ayni_bytes from)
{
    MDB_val k = lmdb_val(from), v = { 0 };
    int rc = from.size == 0 ? MDB_NOTFOUND : mdb_cursor_get(part->cursor, &k, &v, MDB_SET_RANGE);

    if (rc == MDB_SUCCESS || rc == MDB_NOTFOUND)
        rc = mdb_cursor_get(part->cursor, &k, &v, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
    arrive(cursor, part, rc, k, v);
}

/* The first key above all that begin with `prefix`; 0 bytes where there is none. */
static size_t above_prefix(struct ayni_bytes prefix, uint8_t above[VIEWS_KEY_SIZE_MAX])
{
    size_t size = prefix.size;

    while (size > 0 && prefix.data[size - 1] == 0xFF)
        size--;
    if (size > 0) {
        memcpy(above, prefix.data, size);
        above[size - 1]++;
    }
    return size;
}

/* To the first key under the prefix, or to the last. */
static void move_to_end(struct views_cursor *cursor, struct views_part_cursor *part, bool last)
{
    uint8_t above[VIEWS_KEY_SIZE_MAX];

    if (last)
        move_below(cursor, part, (struct ayni_bytes){ above, above_prefix(cursor->prefix, above) });
    else
        move_up_to(cursor, part, cursor->prefix, false);
}

/* --- both --- */

static bool has_two(const struct views_cursor *cursor)
{
    return cursor->parts[1].cursor != NULL;
}

static struct ayni_bytes last_key(const struct views_cursor *cursor)
{
    return (struct ayni_bytes){ cursor->last, cursor->last_size };
}

/* From the key that was lent last; where that was none, from the end where it begins. */
static void place_both(struct views_cursor *cursor, bool backwards)
{
    for (size_t i = 0; i < 2; i++) {
        struct views_part_cursor *part = &cursor->parts[i];
        if (cursor->last_size == 0)
            move_to_end(cursor, part, backwards);
        else if (backwards)
            move_below(cursor, part, last_key(cursor));
        else
            move_up_to(cursor, part, last_key(cursor), true);
    }
}

static void advance_both(struct views_cursor *cursor, bool backwards)
{
    for (size_t i = 0; i < 2; i++) {
        struct views_part_cursor *part = &cursor->parts[i];
        if (!part->ended && ayni_bytes_equal(part->key, last_key(cursor)))
            move(cursor, part, backwards ? MDB_PREV : MDB_NEXT);
    }
}

/* The part whose key comes first; of two with one key, what is recent counts. NULL: both have
 * ended. */
static struct views_part_cursor *first_of_both(struct views_cursor *cursor)
{
    struct views_part_cursor *main = &cursor->parts[0], *recent = &cursor->parts[1];

    if (main->ended || recent->ended)
        return main->ended ? (recent->ended ? NULL : recent) : main;
    int order = ayni_bytes_compare(main->key, recent->key);
    if (cursor->backwards)
        order = -order;
    return order < 0 ? main : recent;
}

static bool lend_of_both(struct views_cursor *cursor, struct ayni_bytes *key,
                         struct ayni_bytes *value)
{
    struct views_part_cursor *first = first_of_both(cursor);

    cursor->writes = cursor->snapshot->writes;
    cursor->last_size = first == NULL || cursor->status != AYNI_OK ? 0 : first->key.size;
    if (cursor->last_size == 0)
        return false;
    memcpy(cursor->last, first->key.data, first->key.size);
    *key = first->key;
    *value = first->value;
    return true;
}

/* What the parts stand on dies with a write, and is on the other side where it turns round. */
static bool step_both(struct views_cursor *cursor, bool backwards, struct ayni_bytes *key,
                      struct ayni_bytes *value)
{
    bool stays = cursor->placed && cursor->backwards == backwards;

    if (stays && cursor->last_size == 0)
        return false; /* it has run off that end */
    if (stays && cursor->writes == cursor->snapshot->writes)
        advance_both(cursor, backwards);
    else
        place_both(cursor, backwards);
    cursor->backwards = backwards;
    cursor->placed = true;
    return lend_of_both(cursor, key, value);
}

/* --- moving --- */

/* Whether it may go on. */
static bool moves(struct views_cursor *cursor)
{
    if (cursor->status == AYNI_OK && views_snapshot_ends(cursor->snapshot))
        cursor->status = AYNI_E_BUSY;
    return cursor->status == AYNI_OK;
}

static bool lend_of_one(struct views_cursor *cursor, struct ayni_bytes *key,
                        struct ayni_bytes *value)
{
    const struct views_part_cursor *part = &cursor->parts[0];

    cursor->placed = true;
    if (part->ended)
        return false;
    *key = part->key;
    *value = part->value;
    return true;
}

static bool step(struct views_cursor *cursor, bool backwards, struct ayni_bytes *key,
                 struct ayni_bytes *value)
{
    if (!moves(cursor))
        return false;
    if (has_two(cursor))
        return step_both(cursor, backwards, key, value);
    if (cursor->placed)
        move(cursor, &cursor->parts[0], backwards ? MDB_PREV : MDB_NEXT);
    else
        move_to_end(cursor, &cursor->parts[0], backwards);
    return lend_of_one(cursor, key, value);
}

bool views_cursor_next(struct views_cursor *cursor, struct ayni_bytes *key,
                       struct ayni_bytes *value)
{
    return step(cursor, false, key, value);
}

bool views_cursor_previous(struct views_cursor *cursor, struct ayni_bytes *key,
                           struct ayni_bytes *value)
{
    return step(cursor, true, key, value);
}

bool views_cursor_seek(struct views_cursor *cursor, struct ayni_bytes from, struct ayni_bytes *key,
                       struct ayni_bytes *value)
{
    if (cursor->status == AYNI_OK && (from.size == 0 || from.size > VIEWS_KEY_SIZE_MAX))
        cursor->status = AYNI_E_LIMIT;
    if (!moves(cursor))
        return false;
    for (size_t i = 0; i < 2; i++)
        if (cursor->parts[i].cursor != NULL)
            move_up_to(cursor, &cursor->parts[i], from, false);
    cursor->placed = true;
    cursor->backwards = false;
    return has_two(cursor) ? lend_of_both(cursor, key, value) : lend_of_one(cursor, key, value);
}

bool views_cursor_after(struct views_cursor *cursor, struct ayni_bytes last, struct ayni_bytes *key,
                        struct ayni_bytes *value)
{
    return views_cursor_seek(cursor, last, key, value) &&
           (!ayni_bytes_equal(*key, last) || views_cursor_next(cursor, key, value));
}

/* --- ascending keys --- */

void views_ascent_open(struct views_snapshot *snapshot, size_t table, struct views_ascent *ascent)
{
    const struct views_table *at = &snapshot->views->tables[table];
    const struct ayni_bytes all = { 0 };

    *ascent = (struct views_ascent){ .part_count = views_keeps_recent(snapshot, table) ? 2 : 1 };
    open_over(snapshot, at->main, all, &ascent->parts[0].cursor);
    if (ascent->part_count == 2)
        open_over(snapshot, at->recent, all, &ascent->parts[1].cursor);
}

void views_ascent_close(struct views_ascent *ascent)
{
    for (size_t i = 0; i < ascent->part_count; i++)
        views_cursor_close(&ascent->parts[i].cursor);
}

static bool find_in_part(struct views_ascent_part *part, struct ayni_bytes key)
{
    if (!part->begun || (!part->ended && ayni_bytes_compare(part->key, key) < 0))
        part->ended = !views_cursor_seek(&part->cursor, key, &part->key, &part->value);
    part->begun = true;
    return !part->ended && ayni_bytes_equal(part->key, key);
}

bool views_ascent_find(struct views_ascent *ascent, struct ayni_bytes key, struct ayni_bytes *value)
{
    for (size_t i = ascent->part_count; i-- > 0;) { /* what is recent counts */
        struct views_ascent_part *part = &ascent->parts[i];
        bool found = find_in_part(part, key);
        if (ascent->status == AYNI_OK)
            ascent->status = part->cursor.status;
        if (ascent->status != AYNI_OK)
            return false;
        if (found) {
            *value = part->value;
            return true;
        }
    }
    return false;
}
