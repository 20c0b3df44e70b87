#include "proto/policy.h"

#include <stdlib.h>

#include "proto/cbor.h"

/* --- the order of values --- */

enum value_class { VALUE_NULL, VALUE_BOOL, VALUE_NEGATIVE, VALUE_UINT, VALUE_OTHER };

static enum value_class class_of(struct ayni_bytes value)
{
    struct ayni_cbor_reader reader = ayni_cbor_reader(value);

    switch (ayni_cbor_peek(&reader)) {
    case AYNI_CBOR_NULL:
        return VALUE_NULL;
    case AYNI_CBOR_BOOL:
        return VALUE_BOOL;
    case AYNI_CBOR_NEGATIVE:
        return VALUE_NEGATIVE;
    case AYNI_CBOR_UINT:
        return VALUE_UINT;
    default:
        return VALUE_OTHER;
    }
}

/* Shortest forms order as their numbers do; those of negative numbers the other way round. */
int ayni_policy_order(struct ayni_bytes a, struct ayni_bytes b)
{
    enum value_class class = class_of(a);
    enum value_class other = class_of(b);

    if (class != other)
        return class < other ? -1 : 1;
    return class == VALUE_NEGATIVE ? ayni_bytes_compare(b, a) : ayni_bytes_compare(a, b);
}

bool ayni_policy_has_role(struct ayni_bytes roles, struct ayni_bytes role)
{
    for (size_t start = 0, end; role.size > 0 && start < roles.size; start = end + 1) {
        for (end = start; end < roles.size && roles.data[end] != '\0';)
            end++;
        if (ayni_bytes_equal((struct ayni_bytes){ roles.data + start, end - start }, role))
            return true;
    }
    return false;
}

/* --- rules --- */

static void put_first(struct ayni_folded_field *field, size_t winner)
{
    struct ayni_alternative first = field->alternatives[winner];

    memmove(field->alternatives + 1, field->alternatives, winner * sizeof(first));
    field->alternatives[0] = first;
}

/* Alternatives are different values, so there is one highest; null is passed over as the lowest. */
static void settle_by_order(struct ayni_folded_field *field, int sign)
{
    size_t winner = 0;

    for (size_t i = 1; i < field->alternative_count; i++) {
        struct ayni_bytes best = field->alternatives[winner].value;
        struct ayni_bytes value = field->alternatives[i].value;
        if (class_of(best) == VALUE_NULL ||
            (class_of(value) != VALUE_NULL && sign * ayni_policy_order(value, best) > 0))
            winner = i;
    }
    put_first(field, winner);
    field->shown = field->alternatives[0].value;
    field->merged = true;
}

static int by_bytes(const void *a, const void *b)
{
    return ayni_bytes_compare(*(const struct ayni_bytes *)a, *(const struct ayni_bytes *)b);
}

/* The items of all the sets, sorted, each once. Returns their count. */
static size_t collect_items(const struct ayni_folded_field *field, struct ayni_bytes *items)
{
    size_t count = 0;
    size_t kept = 0;

    for (size_t i = 0; i < field->alternative_count; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(field->alternatives[i].value);
        if (ayni_cbor_peek(&reader) != AYNI_CBOR_ARRAY)
            continue;
        for (size_t left = ayni_cbor_read_array(&reader); left > 0; left--)
            items[count++] = ayni_cbor_read_raw(&reader);
    }
    qsort(items, count, sizeof(*items), by_bytes);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !ayni_bytes_equal(items[kept - 1], items[i]))
            items[kept++] = items[i];
    return kept;
}

static size_t count_items(const struct ayni_folded_field *field)
{
    size_t count = 0;

    for (size_t i = 0; i < field->alternative_count; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(field->alternatives[i].value);
        if (ayni_cbor_peek(&reader) == AYNI_CBOR_ARRAY)
            count += ayni_cbor_read_array(&reader);
    }
    return count;
}

static enum ayni_status unite(struct ayni_arena *arena, struct ayni_folded_field *field)
{
    SCOPED_BUFFER set = { 0 };
    struct ayni_bytes *items = ayni_arena_take(arena, count_items(field), sizeof(*items));
    if (items == NULL)
        return AYNI_E_MEMORY;
    size_t count = collect_items(field, items);

    ayni_cbor_put_array(&set, count);
    for (size_t i = 0; i < count; i++)
        ayni_buffer_append(&set, items[i].data, items[i].size);
    uint8_t *kept = set.failed ? NULL : ayni_arena_take(arena, set.size, 1);
    if (kept == NULL)
        return AYNI_E_MEMORY;
    memcpy(kept, set.data, set.size);
    field->shown = (struct ayni_bytes){ kept, set.size };
    field->merged = true;
    return AYNI_OK;
}

/* NONE where they are of more than one type; null goes with any. */
static enum ayni_cbor_type common_type(const struct ayni_folded_field *field)
{
    enum ayni_cbor_type common = AYNI_CBOR_NULL;

    for (size_t i = 0; i < field->alternative_count; i++) {
        struct ayni_cbor_reader reader = ayni_cbor_reader(field->alternatives[i].value);
        enum ayni_cbor_type type = ayni_cbor_peek(&reader);
        if (common == AYNI_CBOR_NULL)
            common = type;
        else if (type != common && type != AYNI_CBOR_NULL)
            return AYNI_CBOR_NONE;
    }
    return common;
}

static void settle_newest(struct ayni_folded_field *field, bool settled)
{
    field->shown = field->alternatives[0].value;
    field->merged = settled;
    field->contested = !settled;
}

enum ayni_status ayni_policy_settle(enum ayni_merge merge, size_t preferred,
                                    struct ayni_arena *arena, struct ayni_folded_field *field)
{
    enum ayni_cbor_type type = merge == AYNI_MERGE_UNION ? common_type(field) : AYNI_CBOR_NONE;

    if (merge == AYNI_MERGE_MAX || type == AYNI_CBOR_BOOL)
        settle_by_order(field, 1);
    else if (merge == AYNI_MERGE_MIN)
        settle_by_order(field, -1);
    else if (type == AYNI_CBOR_ARRAY)
        return unite(arena, field);
    else
        settle_newest(field, merge == AYNI_MERGE_LATEST ||
                                 (merge == AYNI_MERGE_AUTHORITY && preferred == 1));
    return AYNI_OK;
}
