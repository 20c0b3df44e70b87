#ifndef AYNI_PROTO_MESSAGE_READ_H
#define AYNI_PROTO_MESSAGE_READ_H

#include "proto/cbor.h"
#include "proto/limits.h"
#include "proto/message.h"

/* How messages, and the items of bundles, are read: for message.c, message_items.c and
 * bundle_item.c alone. */

static inline void malformed_unless(struct ayni_cbor_reader *r, bool good)
{
    if (!good)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
}

/* The array that a thing of at least `least` elements is; how many there are. */
static inline size_t read_begin(struct ayni_cbor_reader *r, size_t least)
{
    size_t count = ayni_cbor_read_array(r);

    malformed_unless(r, count >= least);
    return count;
}

/* Elements after those that this version knows. */
static inline void read_end(struct ayni_cbor_reader *r, size_t count, size_t known)
{
    for (; count > known && r->status == AYNI_OK; count--)
        (void)ayni_cbor_read_raw(r);
}

static inline bool read_null(struct ayni_cbor_reader *r)
{
    if (ayni_cbor_peek(r) != AYNI_CBOR_NULL)
        return false;
    ayni_cbor_read_null(r);
    return true;
}

static inline void read_bound(struct ayni_cbor_reader *r, struct ayni_bound *bound)
{
    struct ayni_bytes bytes = ayni_cbor_read_bytes(r);

    malformed_unless(r, bytes.size <= sizeof(bound->bytes));
    *bound = (struct ayni_bound){ 0 };
    if (r->status != AYNI_OK)
        return;
    bound->size = (uint8_t)bytes.size;
    if (bytes.size > 0)
        memcpy(bound->bytes, bytes.data, bytes.size);
}

/* The bytes read since `start`. */
static inline struct ayni_bytes read_since(const struct ayni_cbor_reader *r, size_t start)
{
    return (struct ayni_bytes){ r->input.data + start, r->position - start };
}

/* The items that messages hold many of. */
void ayni_noted_head_read(struct ayni_cbor_reader *r, struct ayni_noted_head *head);
void ayni_range_read(struct ayni_cbor_reader *r, struct ayni_range *range);
void ayni_want_read(struct ayni_cbor_reader *r, struct ayni_want *want);

#endif
