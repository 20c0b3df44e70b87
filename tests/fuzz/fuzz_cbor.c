#include <stdlib.h>

#include "proto/cbor.h"
#include "proto/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_again(struct ayni_cbor_reader *r, struct ayni_buffer *to);

static void put_items_again(struct ayni_cbor_reader *r, size_t count, struct ayni_buffer *to)
{
    for (size_t i = 0; i < count && r->status == AYNI_OK; i++)
        put_again(r, to);
}

/* One item, taken apart by type and put together by the writers. */
static void put_again(struct ayni_cbor_reader *r, struct ayni_buffer *to)
{
    size_t count;

    switch (ayni_cbor_peek(r)) {
    case AYNI_CBOR_UINT:
        ayni_cbor_put_uint(to, ayni_cbor_read_uint(r));
        return;
    case AYNI_CBOR_BYTES:
        ayni_cbor_put_bytes(to, ayni_cbor_read_bytes(r));
        return;
    case AYNI_CBOR_TEXT:
        ayni_cbor_put_text(to, ayni_cbor_read_text(r));
        return;
    case AYNI_CBOR_BOOL:
        ayni_cbor_put_bool(to, ayni_cbor_read_bool(r));
        return;
    case AYNI_CBOR_NULL:
        ayni_cbor_read_null(r);
        ayni_cbor_put_null(to);
        return;
    case AYNI_CBOR_TAG:
        ayni_cbor_put_tag(to, ayni_cbor_read_tag(r));
        put_again(r, to);
        return;
    case AYNI_CBOR_ARRAY:
        count = ayni_cbor_read_array(r);
        ayni_cbor_put_array(to, count);
        put_items_again(r, count, to);
        return;
    case AYNI_CBOR_MAP:
        count = ayni_cbor_read_map(r);
        ayni_cbor_put_map(to, count);
        put_items_again(r, 2 * count, to);
        return;
    default: { /* negative numbers: not all of them fit an int64 */
        struct ayni_bytes raw = ayni_cbor_read_raw(r);
        ayni_buffer_append(to, raw.data, raw.size);
    }
    }
}

/* What is accepted whole is made again to the same bytes, and ends there when it is known, too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUFFER again = { 0 };
    struct ayni_cbor_reader r = ayni_cbor_reader((struct ayni_bytes){ data, size });

    struct ayni_bytes raw = ayni_cbor_read_raw(&r);
    struct ayni_cbor_reader again_whole = ayni_cbor_reader((struct ayni_bytes){ data, size });
    struct ayni_bytes known = ayni_cbor_read_known(&again_whole);
    if (r.status == AYNI_OK && !ayni_bytes_equal(known, raw))
        abort();
    if (ayni_cbor_done(&r) != AYNI_OK)
        return 0;
    struct ayni_cbor_reader apart = ayni_cbor_reader(raw);
    put_again(&apart, &again);
    if (ayni_cbor_done(&apart) != AYNI_OK || !ayni_bytes_equal(raw, ayni_buffer_bytes(&again)))
        abort();
    return 0;
}
