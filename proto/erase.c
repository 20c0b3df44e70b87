#include "proto/erase.h"

#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/limits.h"

enum { META_STEWARD = 1, META_REASON = 3, META_EARLIER = 6, META_KNOWN_LAST = 7 };

static int compare_ranges(const void *left, const void *right)
{
    const struct ayni_erase_range *a = left, *b = right;
    int order = ayni_id_compare(&a->feed, &b->feed);

    if (order == 0)
        order = (a->from > b->from) - (a->from < b->from);
    if (order == 0)
        order = (a->to > b->to) - (a->to < b->to);
    return order != 0 ? order : ayni_id_compare(&a->chain, &b->chain);
}

void ayni_erase_sort(struct ayni_erase_range *ranges, size_t count)
{
    if (count > 1)
        qsort(ranges, count, sizeof(*ranges), compare_ranges);
}

void ayni_erase_encode(const struct ayni_erase *erase, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 2);
    ayni_cbor_put_array(to, erase->range_count);
    for (size_t i = 0; i < erase->range_count; i++) {
        ayni_cbor_put_array(to, 4);
        ayni_cbor_put_id(to, &erase->ranges[i].feed);
        ayni_cbor_put_uint(to, erase->ranges[i].from);
        ayni_cbor_put_uint(to, erase->ranges[i].to);
        ayni_cbor_put_id(to, &erase->ranges[i].chain);
    }
    ayni_cbor_put_bytes(to, erase->order);
}

static void read_range(struct ayni_cbor_reader *r, struct ayni_erase_range *range)
{
    if (ayni_cbor_read_array(r) != 4)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    ayni_cbor_read_id(r, &range->feed);
    range->from = ayni_cbor_read_uint(r);
    range->to = ayni_cbor_read_uint(r);
    ayni_cbor_read_id(r, &range->chain);
    if (range->from == 0 || range->from > range->to)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
}

static void read_ranges(struct ayni_cbor_reader *r, struct ayni_erase *erase)
{
    size_t count = ayni_cbor_read_array(r);

    if (count > AYNI_ERASE_RANGES_MAX)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
    if (r->status != AYNI_OK || count == 0)
        return;
    erase->ranges = calloc(count, sizeof(*erase->ranges));
    if (erase->ranges == NULL) {
        ayni_cbor_fail(r, AYNI_E_MEMORY);
        return;
    }
    for (size_t i = 0; i < count && r->status == AYNI_OK; i++) {
        read_range(r, &erase->ranges[i]);
        if (i > 0 && compare_ranges(&erase->ranges[i - 1], &erase->ranges[i]) >= 0)
            ayni_cbor_fail(r, AYNI_E_MALFORMED);
    }
    erase->range_count = count;
}

enum ayni_status ayni_erase_decode(struct ayni_bytes payload, struct ayni_erase *erase)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(payload);
    struct ayni_erase read = { 0 };

    if (ayni_cbor_read_array(&r) != 2)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    read_ranges(&r, &read);
    read.order = ayni_cbor_read_bytes(&r);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status != AYNI_OK) {
        ayni_erase_free(&read);
        return status;
    }
    *erase = read;
    return AYNI_OK;
}

void ayni_erase_free(struct ayni_erase *erase)
{
    free(erase->ranges);
    *erase = (struct ayni_erase){ 0 };
}

/* --- the order inside --- */

void ayni_erase_order_encode(const struct ayni_erase_order *order, struct ayni_buffer *to)
{
    size_t count = (size_t)(order->steward.size > 0) + (order->reason.size > 0) +
                   order->has_earlier + order->unknown_meta_count;

    ayni_cbor_put_array(to, 4);
    ayni_cbor_put_bytes(to, (struct ayni_bytes){ order->salt, sizeof(order->salt) });
    ayni_cbor_put_id(to, &order->record);
    ayni_cbor_put_uint(to, order->type);
    ayni_cbor_put_map(to, count);
    if (order->steward.size > 0) {
        ayni_cbor_put_uint(to, META_STEWARD);
        ayni_cbor_put_text(to, order->steward);
    }
    if (order->reason.size > 0) {
        ayni_cbor_put_uint(to, META_REASON);
        ayni_cbor_put_text(to, order->reason);
    }
    if (order->has_earlier) {
        ayni_cbor_put_uint(to, META_EARLIER);
        ayni_entry_name_put(&order->earlier, to);
    }
    ayni_buffer_append(to, order->unknown_meta.data, order->unknown_meta.size);
}

/* One pair, whose key starts at `start` and is `number`. */
static void read_meta(struct ayni_cbor_reader *r, uint64_t number, size_t start,
                      struct ayni_erase_order *order)
{
    if (number == META_STEWARD) {
        order->steward = ayni_cbor_read_some_text(r);
    } else if (number == META_REASON) {
        order->reason = ayni_cbor_read_some_text(r);
    } else if (number == META_EARLIER) {
        order->has_earlier = true;
        ayni_entry_name_read(r, &order->earlier);
    } else if (number <= META_KNOWN_LAST) {
        ayni_cbor_fail(r, AYNI_E_MALFORMED); /* means something in a version alone */
    } else {
        ayni_cbor_read_raw(r);
        if (order->unknown_meta_count++ == 0)
            order->unknown_meta.data = r->input.data + start;
        order->unknown_meta.size = (size_t)(r->input.data + r->position - order->unknown_meta.data);
    }
}

static void read_metas(struct ayni_cbor_reader *r, struct ayni_erase_order *order)
{
    size_t count = ayni_cbor_read_map(r);
    struct ayni_bytes before = { NULL, 0 };

    for (size_t i = 0; i < count && r->status == AYNI_OK; i++) {
        size_t start = r->position;
        uint64_t number = ayni_cbor_read_uint(r);
        struct ayni_bytes key = { r->input.data + start, r->position - start };
        ayni_cbor_check_order(r, &before, key);
        if (r->status == AYNI_OK)
            read_meta(r, number, start, order);
    }
}

enum ayni_status ayni_erase_order_decode(struct ayni_bytes bytes, struct ayni_erase_order *order)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);
    struct ayni_erase_order read = { 0 };

    if (ayni_cbor_read_array(&r) != 4)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    ayni_cbor_read_into(&r, read.salt, sizeof(read.salt));
    ayni_cbor_read_id(&r, &read.record);
    uint64_t type = ayni_cbor_read_uint(&r);
    if (type > UINT32_MAX)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    read.type = (uint32_t)type;
    read_metas(&r, &read);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status == AYNI_OK)
        *order = read;
    return status;
}
