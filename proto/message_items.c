#include "proto/message_read.h"

void ayni_noted_head_read(struct ayni_cbor_reader *r, struct ayni_noted_head *head)
{
    size_t count = read_begin(r, 3);

    *head = (struct ayni_noted_head){ 0 };
    ayni_cbor_read_id(r, &head->feed);
    head->seq = ayni_cbor_read_uint(r);
    malformed_unless(r, head->seq > 0);
    head->has_mark = !read_null(r);
    if (head->has_mark)
        ayni_cbor_read_id(r, &head->mark);
    if (count >= 4 && !read_null(r)) {
        struct ayni_bytes raw = ayni_cbor_read_raw(r);
        malformed_unless(r, r->status != AYNI_OK ||
                                ayni_feed_descriptor_decode(raw, &head->descriptor) == AYNI_OK);
        head->has_descriptor = true;
    }
    if (count >= 6) {
        head->from = ayni_cbor_read_uint(r);
        head->runs = ayni_cbor_read_bytes(r);
        malformed_unless(r, head->from < head->seq && head->runs.size > 0);
        if (head->runs.size > AYNI_NOTE_RUN_SIZE_MAX)
            ayni_cbor_fail(r, AYNI_E_LIMIT);
    } else {
        malformed_unless(r, head->has_mark && count != 5);
    }
    read_end(r, count, 6);
}

static void read_listed(struct ayni_cbor_reader *r, struct ayni_listed_head *head)
{
    ayni_cbor_read_id(r, &head->feed);
    head->seq = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &head->mark);
}

void ayni_range_read(struct ayni_cbor_reader *r, struct ayni_range *range)
{
    size_t count = read_begin(r, 1);

    *range = (struct ayni_range){ .form = AYNI_RANGE_SKIP };
    read_bound(r, &range->upper);
    if (count >= 2 && ayni_cbor_peek(r) == AYNI_CBOR_BYTES) {
        range->form = AYNI_RANGE_FINGERPRINT;
        ayni_cbor_read_id(r, &range->fingerprint);
    } else if (count >= 2) {
        struct ayni_listed_head head;
        size_t elements = ayni_cbor_read_array(r);
        size_t start = r->position;
        range->form = AYNI_RANGE_LIST;
        range->list_count = elements / 3;
        malformed_unless(r, elements % 3 == 0);
        for (size_t i = 0; i < range->list_count && r->status == AYNI_OK; i++)
            read_listed(r, &head);
        range->list = read_since(r, start);
    }
    read_end(r, count, 2);
}

void ayni_want_read(struct ayni_cbor_reader *r, struct ayni_want *want)
{
    size_t count = read_begin(r, 5);

    ayni_cbor_read_id(r, &want->feed);
    want->from = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &want->mark);
    want->credit = ayni_cbor_read_uint(r);
    want->round = ayni_cbor_read_uint(r);
    read_end(r, count, 5);
}

/* --- reading them one by one, after the whole was checked --- */

/* A reader where the next item is; false after the last. */
static bool resume(struct ayni_bytes items, size_t position, struct ayni_cbor_reader *r)
{
    *r = ayni_cbor_reader(items);
    r->position = position;
    return position < items.size;
}

bool ayni_note_next(const struct ayni_note *note, size_t *position, struct ayni_noted_head *head)
{
    struct ayni_cbor_reader r;

    if (!resume(note->heads, *position, &r))
        return false;
    ayni_noted_head_read(&r, head);
    *position = r.position;
    return true;
}

bool ayni_ranges_next(const struct ayni_ranges *ranges, size_t *position, struct ayni_range *range)
{
    struct ayni_cbor_reader r;

    if (!resume(ranges->ranges, *position, &r))
        return false;
    ayni_range_read(&r, range);
    *position = r.position;
    return true;
}

bool ayni_range_next(const struct ayni_range *range, size_t *position,
                     struct ayni_listed_head *head)
{
    struct ayni_cbor_reader r;

    if (!resume(range->list, *position, &r))
        return false;
    read_listed(&r, head);
    *position = r.position;
    return true;
}

bool ayni_ask_next(const struct ayni_ask *ask, size_t *position, struct ayni_feed_prefix *feed)
{
    struct ayni_cbor_reader r;

    if (!resume(ask->feeds, *position, &r))
        return false;
    ayni_cbor_read_id(&r, feed);
    *position = r.position;
    return true;
}

bool ayni_wants_next(const struct ayni_wants *wants, size_t *position, struct ayni_want *want)
{
    struct ayni_cbor_reader r;

    if (!resume(wants->wants, *position, &r))
        return false;
    ayni_want_read(&r, want);
    *position = r.position;
    return true;
}
