#include "daemon/records/sorting.h"

#include <stdlib.h>

#include "daemon/records/walk.h"
#include "proto/cbor.h"

enum { PAGE = 4096 }; /* records read under one snapshot */

struct sorted {
    struct record_key key;
    struct ayni_bytes value; /* CBOR, in the sorting's memory */
};

struct sorting {
    struct ayni_arena memory;
    struct sorted *items;
    size_t count, capacity;
    bool descending;
};

static enum ayni_status keep(struct sorting *sorting, const struct record_key *key,
                             struct ayni_bytes value)
{
    uint8_t *copy = ayni_arena_take(&sorting->memory, value.size + 1, 1);
    size_t wider = sorting->capacity == 0 ? 1024 : sorting->capacity * 2;

    if (sorting->count == sorting->capacity) {
        struct sorted *grown = reallocarray(sorting->items, wider, sizeof(*grown));
        if (grown == NULL)
            return AYNI_E_MEMORY;
        sorting->items = grown;
        sorting->capacity = wider;
    }
    if (copy == NULL)
        return AYNI_E_MEMORY;
    if (value.size > 0)
        memcpy(copy, value.data, value.size);
    sorting->items[sorting->count++] = (struct sorted){ *key, { copy, value.size } };
    return AYNI_OK;
}

static enum ayni_status add(struct sorting *sorting, struct reader *reader,
                            const struct record_key *key, uint32_t field)
{
    SCOPED_STATE state = { 0 };
    SCOPED_BUFFER time = { 0 };
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
static enum ayni_status add_page(struct sorting *sorting, const struct records *records,
                                 uint32_t type, const struct ayni_space *space, uint32_t field,
                                 struct record_key *last, bool started, bool *done)
{
    SCOPED_READER *reader = NULL;
    SCOPED_WALK walk = { 0 };
    enum ayni_status status = reader_begin(records, &reader);

    if (status != AYNI_OK)
        return status;
    walk_type(reader, space, type, &walk);
    if (started)
        walk_after(&walk, last);
    for (size_t i = 0; status == AYNI_OK && i < PAGE; i++) {
        if (!walk_next(&walk, last)) {
            *done = true;
            return walk.status;
        }
        status = add(sorting, reader, last, field);
    }
    return status;
}

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

enum ayni_status sorting_new(const struct records *records, uint32_t type,
                             const struct ayni_space *space, uint32_t field, bool descending,
                             struct sorting **sorting)
{
    struct sorting *made = calloc(1, sizeof(*made));
    struct record_key last;
    bool started = false, done = false;
    enum ayni_status status = made == NULL ? AYNI_E_MEMORY : AYNI_OK;

    while (status == AYNI_OK && !done) {
        status = add_page(made, records, type, space, field, &last, started, &done);
        started = true;
    }
    if (status != AYNI_OK) {
        sorting_free(made);
        return status;
    }
    if (made->count > 1)
        qsort(made->items, made->count, sizeof(*made->items), ascending);
    made->descending = descending;
    *sorting = made;
    return AYNI_OK;
}

void sorting_free(struct sorting *sorting)
{
    if (sorting == NULL)
        return;
    ayni_arena_free(&sorting->memory);
    free(sorting->items);
    free(sorting);
}

const struct record_key *sorting_key(const struct sorting *sorting, size_t index)
{
    if (index >= sorting->count)
        return NULL;
    return &sorting->items[sorting->descending ? sorting->count - 1 - index : index].key;
}
