#include "tests/support/fold_model_policy.h"

#include "proto/cbor.h"

static bool is_null(struct ayni_bytes value)
{
    return value.data[0] == 0xf6;
}

static bool is_bool(struct ayni_bytes value)
{
    return value.data[0] == 0xf4 || value.data[0] == 0xf5;
}

static bool is_number(struct ayni_bytes value)
{
    return value.data[0] < 0x40;
}

static bool is_negative(struct ayni_bytes value)
{
    return value.data[0] >= 0x20;
}

/* The number, or of a negative one how far below -1 it is. */
static uint64_t size_of(struct ayni_bytes value)
{
    uint64_t size = value.data[0] & 0x1f;

    if (value.size > 1)
        size = 0;
    for (size_t i = 1; i < value.size; i++)
        size = size * 256 + value.data[i];
    return size;
}

static bool is_greater(struct ayni_bytes a, struct ayni_bytes b)
{
    if (is_negative(a) != is_negative(b))
        return is_negative(b);
    return is_negative(a) ? size_of(a) < size_of(b) : size_of(a) > size_of(b);
}

/* null, false, true, numbers, the rest by its bytes. */
static bool is_above(struct ayni_bytes a, struct ayni_bytes b)
{
    int class_a = is_null(a) ? 0 : is_bool(a) ? 1 : is_number(a) ? 2 : 3;
    int class_b = is_null(b) ? 0 : is_bool(b) ? 1 : is_number(b) ? 2 : 3;

    if (class_a != class_b)
        return class_a > class_b;
    if (class_a == 2)
        return is_greater(a, b);
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order > 0 || (order == 0 && a.size > b.size);
}

static bool all_are(const struct fold_model_choice *choices, size_t count,
                    bool (*is)(struct ayni_bytes))
{
    for (size_t i = 0; i < count; i++)
        if (!is_null(choices[i].value) && !is(choices[i].value))
            return false;
    return true;
}

static bool is_set(struct ayni_bytes value)
{
    return value.data[0] >> 5 == 4;
}

static void move_to_front(struct fold_model_choice *choices, size_t at)
{
    struct fold_model_choice first = choices[at];

    for (; at > 0; at--)
        choices[at] = choices[at - 1];
    choices[0] = first;
}

static void pick_extreme(struct fold_model_choice *choices, size_t count, bool highest)
{
    size_t best = 0;

    for (size_t i = 1; i < count; i++) {
        struct ayni_bytes value = choices[i].value;
        struct ayni_bytes held = choices[best].value;
        if (is_null(held) ||
            (!is_null(value) && (highest ? is_above(value, held) : is_above(held, value))))
            best = i;
    }
    move_to_front(choices, best);
}

/* The least item of all sets that is above `last`, again and again. */
static void put_union(const struct fold_model_choice *choices, size_t count,
                      struct ayni_buffer *shown)
{
    SCOPED_BUFFER items = { 0 };
    struct ayni_bytes last = { NULL, 0 };
    size_t taken = 0;

    for (bool more = true; more;) {
        more = false;
        struct ayni_bytes least = { NULL, 0 };
        for (size_t i = 0; i < count; i++) {
            struct ayni_cbor_reader reader = ayni_cbor_reader(choices[i].value);
            if (is_null(choices[i].value))
                continue;
            for (size_t left = ayni_cbor_read_array(&reader); left > 0; left--) {
                struct ayni_bytes item = ayni_cbor_read_raw(&reader);
                if ((last.size == 0 || ayni_bytes_compare(item, last) > 0) &&
                    (!more || ayni_bytes_compare(item, least) < 0)) {
                    least = item;
                    more = true;
                }
            }
        }
        if (more) {
            ayni_buffer_append(&items, least.data, least.size);
            taken++;
        }
        last = least;
    }
    ayni_cbor_put_array(shown, taken);
    ayni_buffer_append(shown, items.data, items.size);
}

enum fold_model_verdict fold_model_settle(enum ayni_merge merge, size_t preferred,
                                          struct fold_model_choice *choices, size_t count,
                                          struct ayni_buffer *shown)
{
    enum fold_model_verdict verdict = CONTESTED;

    if (count == 1) {
        verdict = ALONE;
    } else if (merge == AYNI_MERGE_LATEST) {
        verdict = SETTLED;
    } else if (merge == AYNI_MERGE_MAX || merge == AYNI_MERGE_MIN) {
        pick_extreme(choices, count, merge == AYNI_MERGE_MAX);
        verdict = SETTLED;
    } else if (merge == AYNI_MERGE_UNION && all_are(choices, count, is_bool)) {
        pick_extreme(choices, count, true);
        verdict = SETTLED;
    } else if (merge == AYNI_MERGE_UNION && all_are(choices, count, is_set)) {
        put_union(choices, count, shown);
        return SETTLED;
    } else if (merge == AYNI_MERGE_AUTHORITY && preferred == 1) {
        verdict = SETTLED;
    }
    ayni_buffer_append(shown, choices[0].value.data, choices[0].value.size);
    return verdict;
}
