#include "daemon/view/frontier.h"

#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/crypto.h"

struct head {
    struct ayni_feed id;
    struct ayni_head head;
};
struct heads {
    const struct ayni_space *space;
    struct ayni_buffer list; /* struct head */
};

static void heads_done(struct heads *heads)
{
    ayni_buffer_free(&heads->list);
}

static bool note_head(void *context, const struct log_segment *segment)
{
    struct heads *heads = context;
    struct head head = { segment->id, segment->head };

    if (ayni_id_equal(&segment->descriptor.space, heads->space) &&
        segment->head.seq > segment->start.seq)
        ayni_buffer_append(&heads->list, &head, sizeof(head));
    return true;
}

static int compare_heads(const void *a, const void *b)
{
    const struct head *x = a, *y = b;

    return ayni_id_compare(&x->id, &y->id);
}

static void put_heads(const struct head *list, size_t count, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 1 + 3 * count);
    ayni_cbor_put_string(to, "ayni-heads-1");
    for (size_t i = 0; i < count; i++) {
        ayni_cbor_put_id(to, &list[i].id);
        ayni_cbor_put_uint(to, list[i].head.seq);
        ayni_cbor_put_id(to, &list[i].head.chain);
    }
}

enum ayni_status frontier_of(struct reader *reader, const struct ayni_space *space,
                             struct ayni_fingerprint *frontier)
{
    __attribute__((cleanup(heads_done))) struct heads heads = { .space = space };
    SCOPED_BUFFER hashed = { 0 };
    enum ayni_status status = log_each_segment(reader_log(reader), note_head, &heads);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&heads.list);
    if (status != AYNI_OK)
        return status;
    struct head *list = (struct head *)heads.list.data;
    size_t count = heads.list.size / sizeof(*list);
    if (count > 0)
        qsort(list, count, sizeof(*list), compare_heads);
    put_heads(list, count, &hashed);
    if (ayni_buffer_status(&hashed) != AYNI_OK)
        return ayni_buffer_status(&hashed);
    struct ayni_hash hash = ayni_hash_of(ayni_buffer_bytes(&hashed));
    memcpy(frontier->bytes, hash.bytes, sizeof(frontier->bytes));
    return AYNI_OK;
}
