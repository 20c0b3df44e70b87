#include "daemon/records/sorting.h"

#include <stdlib.h>

#include "daemon/records/walk.h"
#include "proto/cbor.h"

enum { PAGE = 4096 }; /* records read under one snapshot */
#define MEMORY_MAX (UINT64_C(64) << 20)

struct sorted {
    struct record_key key;
    struct ayni_bytes value; /* CBOR, in the piece's memory */
};

/* Some of them that come one after the other in the order asked for. */
struct piece {
    struct ayni_arena memory;
    struct sorted *items;
    size_t count, capacity;
    size_t value_bytes;
};

struct sorting {
    const struct records *records;
    struct sorting_wish wish;
    struct piece piece;
    bool is_cut; /* more come after the piece's item `end` than fit: those that do aren't kept */
    size_t end;
    struct piece past; /* the last one of the piece before, if there was one */
};

static void piece_free(struct piece *piece)
{
    ayni_arena_free(&piece->memory);
    free(piece->items);
    *piece = (struct piece){ 0 };
}

/* --- the order --- */

/* Whole numbers by their size, texts and bytes bytewise; nothing before something, kinds apart. */
static int compare_values(struct ayni_bytes a, struct ayni_bytes b)
{
    struct ayni_cbor_reader left = ayni_cbor_reader(a);
    struct ayni_cbor_reader right = ayni_cbor_reader(b);
    enum ayni_cbor_type left_type = a.size == 0 ? AYNI_CBOR_NONE : ayni_cbor_peek(&left);
    enum ayni_cbor_type right_type = b.size == 0 ? AYNI_CBOR_NONE : ayni_cbor_peek(&right);
    bool numbers = (left_type == AYNI_CBOR_UINT || left_type == AYNI_CBOR_NEGATIVE) &&
                   (right_type == AYNI_CBOR_UINT || right_type == AYNI_CBOR_NEGATIVE);
    int64_t x, y;

    if (numbers) {
        x = ayni_cbor_read_int(&left);
        y = ayni_cbor_read_int(&right);
        return (x > y) - (x < y);
    }
    if (left_type != right_type)
        return left_type < right_type ? -1 : 1;
    if (left_type == AYNI_CBOR_TEXT)
        return ayni_bytes_compare(ayni_cbor_read_text(&left), ayni_cbor_read_text(&right));
    return ayni_bytes_compare(a, b);
}

static int ascending(const void *a, const void *b)
{
    const struct sorted *left = a;
    const struct sorted *right = b;
    int order = compare_values(left->value, right->value);

    return order != 0 ? order : record_key_compare(&left->key, &right->key);
}

static int descending(const void *a, const void *b)
{
    return ascending(b, a);
}

static void sort(const struct sorting *sorting, struct piece *piece)
{
    if (piece->count > 1)
        qsort(piece->items, piece->count, sizeof(*piece->items),
              sorting->wish.descending ? descending : ascending);
}

static bool comes_after(const struct sorting *sorting, const struct sorted *a,
                        const struct sorted *b)
{
    return sorting->wish.descending ? descending(a, b) > 0 : ascending(a, b) > 0;
}

/* --- a piece --- */

static enum ayni_status make_room(struct piece *piece)
{
    size_t wider = piece->capacity == 0 ? 1024 : piece->capacity * 2;
    struct sorted *grown = piece->items;

    if (piece->count < piece->capacity)
        return AYNI_OK;
    grown = reallocarray(grown, wider, sizeof(*grown));
    if (grown == NULL)
        return AYNI_E_MEMORY;
    piece->items = grown;
    piece->capacity = wider;
    return AYNI_OK;
}

/* Copies the value. */
static enum ayni_status put(struct piece *piece, const struct sorted *item)
{
    uint8_t *copy = ayni_arena_take(&piece->memory, item->value.size + 1, 1);

    if (copy == NULL || make_room(piece) != AYNI_OK)
        return AYNI_E_MEMORY;
    if (item->value.size > 0)
        memcpy(copy, item->value.data, item->value.size);
    piece->items[piece->count++] = (struct sorted){ item->key, { copy, item->value.size } };
    piece->value_bytes += item->value.size + 1;
    return AYNI_OK;
}

static size_t size_of(const struct piece *piece)
{
    return piece->count * sizeof(*piece->items) + piece->value_bytes;
}

/* Its first half, in order; the rest comes in another piece. */
static enum ayni_status halve(struct sorting *sorting)
{
    struct piece half = { 0 };
    enum ayni_status status = AYNI_OK;

    sort(sorting, &sorting->piece);
    for (size_t i = 0; status == AYNI_OK && i < (sorting->piece.count + 1) / 2; i++)
        status = put(&half, &sorting->piece.items[i]);
    piece_free(&sorting->piece);
    sorting->piece = half;
    sorting->is_cut = true;
    sorting->end = half.count - 1;
    return status;
}

static enum ayni_status keep(struct sorting *sorting, const struct record_key *key,
                             struct ayni_bytes value)
{
    const struct sorted item = { *key, value };
    struct piece *piece = &sorting->piece;

    if (sorting->past.count > 0 && !comes_after(sorting, &item, &sorting->past.items[0]))
        return AYNI_OK;
    if (sorting->is_cut && comes_after(sorting, &item, &piece->items[sorting->end]))
        return AYNI_OK;
    enum ayni_status status = put(piece, &item);
    return status == AYNI_OK && size_of(piece) > sorting->wish.memory_max && piece->count > 1
               ? halve(sorting)
               : status;
}

static enum ayni_status add(struct sorting *sorting, struct reader *reader,
                            const struct record_key *key)
{
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER time = { 0 };
    uint32_t field = sorting->wish.field;
    enum ayni_status status = reader_fold(reader, key, &state);

    if (status == AYNI_E_NOT_FOUND || (status == AYNI_OK && record_state_gone(&state)))
        return AYNI_OK;
    if (status != AYNI_OK)
        return status;
    if (field == SORTING_BY_ID)
        return keep(sorting, key, (struct ayni_bytes){ 0 });
    if (field != SORTING_BY_TIME)
        return keep(sorting, key, record_state_value(&state, field));
    ayni_cbor_put_uint(&time, record_state_newest(&state)->time.ms);
    status = ayni_buffer_status(&time);
    return status == AYNI_OK ? keep(sorting, key, ayni_buffer_bytes(&time)) : status;
}

/* Some more records, after `last` where `started`; `*done` after the last. */
static enum ayni_status add_page(struct sorting *sorting, struct record_key *last, bool started,
                                 bool *done)
{
    SCOPED_READER *reader = NULL;
    SCOPED_WALK walk = { 0 };
    enum ayni_status status = reader_begin(sorting->records, &reader);

    if (status != AYNI_OK)
        return status;
    walk_type(reader, sorting->wish.space, sorting->wish.type, &walk);
    if (started)
        walk_after(&walk, last);
    for (size_t i = 0; status == AYNI_OK && i < PAGE; i++) {
        if (!walk_next(&walk, last)) {
            *done = true;
            return walk.status;
        }
        status = add(sorting, reader, last);
    }
    return status;
}

static enum ayni_status make_piece(struct sorting *sorting)
{
    struct record_key last;
    bool started = false, done = false;
    enum ayni_status status = AYNI_OK;

    sorting->is_cut = false;
    while (status == AYNI_OK && !done) {
        status = add_page(sorting, &last, started, &done);
        started = true;
    }
    sort(sorting, &sorting->piece);
    return status;
}

/* --- all of them --- */

enum ayni_status sorting_new(const struct records *records, const struct sorting_wish *wish,
                             struct sorting **sorting)
{
    struct sorting *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return AYNI_E_MEMORY;
    made->records = records;
    made->wish = *wish;
    if (made->wish.memory_max == 0)
        made->wish.memory_max = MEMORY_MAX;
    enum ayni_status status = make_piece(made);
    if (status != AYNI_OK) {
        sorting_free(made);
        return status;
    }
    *sorting = made;
    return AYNI_OK;
}

void sorting_free(struct sorting *sorting)
{
    if (sorting == NULL)
        return;
    piece_free(&sorting->piece);
    piece_free(&sorting->past);
    free(sorting);
}

const struct record_key *sorting_key(const struct sorting *sorting, size_t index)
{
    return index < sorting->piece.count ? &sorting->piece.items[index].key : NULL;
}

bool sorting_has_more(const struct sorting *sorting)
{
    return sorting->is_cut;
}

enum ayni_status sorting_go_on(struct sorting *sorting)
{
    struct piece past = { 0 };
    enum ayni_status status = AYNI_OK;

    if (sorting->piece.count > 0)
        status = put(&past, &sorting->piece.items[sorting->piece.count - 1]);
    piece_free(&sorting->past);
    piece_free(&sorting->piece);
    sorting->past = past;
    return status == AYNI_OK ? make_piece(sorting) : status;
}
