#include "daemon/records/occasion_list.h"

#include <stdlib.h>
#include <string.h>

/*
 * A piece is the day of its first item, then for each further one a number in groups of seven bits,
 * the lowest first: how much higher its seq is, its day in five bits, and a last bit 0; or, where
 * it is of another feed or very far, its day and a last bit 1, and two numbers: how much higher the
 * number of its feed is, and its seq.
 */
enum { DAY_BITS = 5, DAYS = 1 << DAY_BITS, FAR = 1, GROUP_BITS = 7, MORE = 1 << GROUP_BITS };
enum { NUMBER_SIZE_MAX = 10 };
#define NEAR_MAX (UINT64_MAX >> (DAY_BITS + 1))
enum { ITEM_SIZE_MAX = 3 * NUMBER_SIZE_MAX };

/* --- reading a piece --- */

static uint64_t read_number(struct occasion_list *list)
{
    uint64_t number = 0;

    for (unsigned shift = 0; shift < 64 && list->rest.size > 0; shift += GROUP_BITS) {
        uint8_t byte = *list->rest.data++;
        list->rest.size--;
        number |= (uint64_t)(byte % MORE) << shift;
        if (byte < MORE)
            return number;
    }
    list->damaged = true;
    return 0;
}

struct occasion_list occasion_list(const uint8_t *key, struct ayni_bytes value)
{
    return (struct occasion_list){ .rest = value,
                                   .item.ref = version_ref_decode(key + OCCASION_MONTH_KEY_SIZE) };
}

bool occasion_list_next(struct occasion_list *list)
{
    struct occasion_item *item = &list->item;

    if (list->rest.size == 0 || list->damaged) {
        list->damaged = list->damaged || !list->begun;
        return false;
    }
    uint64_t number = read_number(list);
    if (!list->begun) {
        list->begun = true;
        item->day = number % DAYS;
        return !list->damaged;
    }
    item->day = (number >> 1) % DAYS;
    if ((number & FAR) == 0) {
        item->ref.seq += number >> (DAY_BITS + 1);
    } else {
        item->ref.feed += (feed_no)read_number(list);
        item->ref.seq = read_number(list);
    }
    return !list->damaged;
}

/* --- writing one --- */

static void put_number(struct ayni_buffer *to, uint64_t number)
{
    for (; number >= MORE; number >>= GROUP_BITS)
        ayni_buffer_append_byte(to, (uint8_t)(number % MORE + MORE));
    ayni_buffer_append_byte(to, (uint8_t)number);
}

static void put_item(struct ayni_buffer *to, const struct occasion_item *last,
                     const struct occasion_item *item)
{
    uint64_t further = item->ref.seq - last->ref.seq;

    if (item->ref.feed == last->ref.feed && further <= NEAR_MAX) {
        put_number(to, further << (DAY_BITS + 1) | (uint64_t)item->day << 1);
        return;
    }
    put_number(to, (uint64_t)item->day << 1 | FAR);
    put_number(to, item->ref.feed - last->ref.feed);
    put_number(to, item->ref.seq);
}

size_t occasion_list_encode(const struct occasion_item *items, size_t count, struct ayni_buffer *to)
{
    size_t done = 1;

    put_number(to, items[0].day);
    for (; done < count && to->size + ITEM_SIZE_MAX <= OCCASION_LIST_SIZE_MAX; done++)
        put_item(to, &items[done - 1], &items[done]);
    return done;
}

/* --- bringing changes in --- */

static int compare(const struct version_ref *a, const struct version_ref *b)
{
    if (a->feed != b->feed)
        return a->feed < b->feed ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* One piece and the changes to it. */
struct piece {
    uint8_t key[OCCASION_KEY_SIZE];  /* of the piece as it is */
    bool held;                       /* there is one */
    uint8_t next[OCCASION_KEY_SIZE]; /* of the one after it */
    bool has_next;
    struct ayni_buffer before, items; /* struct occasion_item: as it is, and as it shall be */
};

static enum ayni_status read_piece(struct piece *piece, struct ayni_bytes key,
                                   struct ayni_bytes value)
{
    struct occasion_list list;

    if (key.size != sizeof(piece->key))
        return AYNI_E_IO;
    memcpy(piece->key, key.data, key.size);
    piece->held = true;
    list = occasion_list(piece->key, value);
    while (occasion_list_next(&list))
        ayni_buffer_append(&piece->before, &list.item, sizeof(list.item));
    return list.damaged ? AYNI_E_IO : ayni_buffer_status(&piece->before);
}

static enum ayni_status note_next(struct piece *piece, struct ayni_bytes key)
{
    if (key.size != sizeof(piece->next))
        return AYNI_E_IO;
    memcpy(piece->next, key.data, key.size);
    piece->has_next = true;
    return AYNI_OK;
}

/* The piece that `key` belongs to: the last that doesn't begin after it, else the first. */
static enum ayni_status find_piece(struct views_txn *txn, struct ayni_bytes key,
                                   struct piece *piece)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    struct ayni_bytes found, value, before, before_value;
    enum ayni_status status = AYNI_OK;

    views_cursor_open(views_txn_snapshot(txn), RECORDS_TABLE_OCCASIONS,
                      (struct ayni_bytes){ key.data, OCCASION_MONTH_KEY_SIZE }, &cursor);
    bool more = views_cursor_seek(&cursor, key, &found, &value);
    if (more && !ayni_bytes_equal(found, key)) {
        status = note_next(piece, found);
        if (status == AYNI_OK && views_cursor_previous(&cursor, &before, &before_value))
            return read_piece(piece, before, before_value);
        if (status == AYNI_OK && cursor.status == AYNI_OK) /* it is before all of them */
            more = views_cursor_seek(&cursor, key, &found, &value);
        piece->has_next = false;
    } else if (!more && cursor.status == AYNI_OK) {
        more = views_cursor_previous(&cursor, &found, &value);
    }
    if (status == AYNI_OK && more)
        status = read_piece(piece, found, value);
    if (status == AYNI_OK && more && views_cursor_next(&cursor, &found, &value))
        status = note_next(piece, found);
    return status == AYNI_OK ? cursor.status : status;
}

static void merge_one(struct piece *piece, const struct views_item *change)
{
    struct occasion_item item = { .ref = version_ref_decode(change->key.data +
                                                            OCCASION_MONTH_KEY_SIZE) };

    if (change->removed)
        return;
    item.day = change->value.data[0];
    ayni_buffer_append(&piece->items, &item, sizeof(item));
}

/* Changes as far as they belong to the piece; how many those are. */
static size_t merge(struct piece *piece, const struct views_item *changes, size_t count)
{
    const struct occasion_item *before = (const struct occasion_item *)piece->before.data;
    size_t left = piece->before.size / sizeof(*before), done = 0;

    for (; done < count; done++) {
        const struct views_item *change = &changes[done];
        struct version_ref ref = version_ref_decode(change->key.data + OCCASION_MONTH_KEY_SIZE);
        if (memcmp(change->key.data, changes[0].key.data, OCCASION_MONTH_KEY_SIZE) != 0 ||
            (piece->has_next && memcmp(change->key.data, piece->next, sizeof(piece->next)) >= 0))
            break;
        for (; left > 0 && compare(&before->ref, &ref) < 0; before++, left--)
            ayni_buffer_append(&piece->items, before, sizeof(*before));
        if (left > 0 && compare(&before->ref, &ref) == 0) {
            before++;
            left--;
        }
        merge_one(piece, change);
    }
    ayni_buffer_append(&piece->items, before, left * sizeof(*before));
    return done;
}

static bool is_unchanged(const struct piece *piece)
{
    const struct occasion_item *a = (const struct occasion_item *)piece->before.data;
    const struct occasion_item *b = (const struct occasion_item *)piece->items.data;

    if (piece->before.size != piece->items.size)
        return false;
    for (size_t i = 0; i < piece->items.size / sizeof(*a); i++)
        if (compare(&a[i].ref, &b[i].ref) != 0 || a[i].day != b[i].day)
            return false;
    return true;
}

static bool ends_with_what_was(const struct piece *piece)
{
    const struct occasion_item *was = (const struct occasion_item *)piece->before.data;
    const struct occasion_item *is = (const struct occasion_item *)piece->items.data;
    size_t before = piece->before.size / sizeof(*was), items = piece->items.size / sizeof(*is);

    return before > 0 && items > 0 && compare(&was[before - 1].ref, &is[items - 1].ref) == 0;
}

/*
 * As many pieces as it takes: full ones where the list grows at its end, as most do, and equal
 * ones where something came between, so that more can.
 */
static enum ayni_status put_items(struct views_txn *txn, uint8_t key[OCCASION_KEY_SIZE],
                                  const struct piece *piece)
{
    const struct occasion_item *item = (const struct occasion_item *)piece->items.data;
    size_t count = piece->items.size / sizeof(*item), share = count;
    enum ayni_status status = AYNI_OK;

    while (status == AYNI_OK && count > 0) {
        uint8_t room[OCCASION_LIST_SIZE_MAX];
        struct ayni_buffer value = ayni_buffer_over(room, sizeof(room));
        size_t done = occasion_list_encode(item, count < share ? count : share, &value);
        if (done < count && share == count && ends_with_what_was(piece)) {
            share = count / (count / done + 1) + 1;
            continue;
        }
        version_ref_encode(&item->ref, key + OCCASION_MONTH_KEY_SIZE);
        status =
            views_put(txn, RECORDS_TABLE_OCCASIONS, (struct ayni_bytes){ key, OCCASION_KEY_SIZE },
                      ayni_buffer_bytes(&value));
        item += done;
        count -= done;
    }
    return status;
}

static enum ayni_status put_piece(struct views_txn *txn, const struct piece *piece,
                                  const uint8_t *month)
{
    const struct occasion_item *first = (const struct occasion_item *)piece->items.data;
    uint8_t key[OCCASION_KEY_SIZE];
    enum ayni_status status = ayni_buffer_status(&piece->items);

    if (status != AYNI_OK || is_unchanged(piece))
        return status;
    memcpy(key, month, OCCASION_MONTH_KEY_SIZE);
    if (piece->items.size > 0)
        version_ref_encode(&first->ref, key + OCCASION_MONTH_KEY_SIZE);
    if (piece->held && (piece->items.size == 0 || memcmp(key, piece->key, OCCASION_KEY_SIZE) != 0))
        status = views_delete(txn, RECORDS_TABLE_OCCASIONS,
                              (struct ayni_bytes){ piece->key, OCCASION_KEY_SIZE });
    return status == AYNI_OK ? put_items(txn, key, piece) : status;
}

/* The changes at the front that belong to one piece. */
static enum ayni_status put_some(struct views_txn *txn, const struct views_item *changes,
                                 size_t count, struct piece *piece, size_t *done)
{
    piece->held = piece->has_next = false;
    ayni_buffer_clear(&piece->before);
    ayni_buffer_clear(&piece->items);
    enum ayni_status status = find_piece(txn, changes[0].key, piece);
    if (status != AYNI_OK)
        return status;
    *done = merge(piece, changes, count);
    return put_piece(txn, piece, changes[0].key.data);
}

enum ayni_status occasion_lists_put(struct puts *changes, struct views_txn *txn)
{
    struct piece piece = { .held = false };
    enum ayni_status status = puts_sort(changes);

    for (size_t at = 0, done = 0; status == AYNI_OK && at < changes->count; at += done)
        status = put_some(txn, changes->items + at, changes->count - at, &piece, &done);
    ayni_buffer_free(&piece.before);
    ayni_buffer_free(&piece.items);
    puts_free(changes);
    return status;
}
