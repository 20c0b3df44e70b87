#include "proto/receipt.h"

#include "proto/cbor.h"

void ayni_receipt_encode(const struct ayni_receipt *receipt, struct ayni_buffer *to)
{
    ayni_cbor_put_array(to, 3);
    ayni_cbor_put_array(to, receipt->order_count);
    for (size_t i = 0; i < receipt->order_count; i++)
        ayni_entry_name_put(&receipt->orders[i], to);
    ayni_cbor_put_uint(to, receipt->state);
    if (receipt->has_backup)
        ayni_cbor_put_int(to, receipt->backup_day);
    else
        ayni_cbor_put_null(to);
}

static void read_orders(struct ayni_cbor_reader *r, struct ayni_receipt *receipt)
{
    size_t count = ayni_cbor_read_array(r);

    if (count == 0)
        ayni_cbor_fail(r, AYNI_E_MALFORMED);
    else if (count > AYNI_RECEIPT_ORDERS_MAX)
        ayni_cbor_fail(r, AYNI_E_LIMIT);
    for (size_t i = 0; i < count && r->status == AYNI_OK; i++) {
        ayni_entry_name_read(r, &receipt->orders[i]);
        if (i > 0 && ayni_entry_name_compare(&receipt->orders[i - 1], &receipt->orders[i]) >= 0)
            ayni_cbor_fail(r, AYNI_E_MALFORMED);
    }
    receipt->order_count = count;
}

enum ayni_status ayni_receipt_decode(struct ayni_bytes payload, struct ayni_receipt *receipt)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(payload);
    struct ayni_receipt read = { 0 };

    if (ayni_cbor_read_array(&r) != 3)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    read_orders(&r, &read);
    uint64_t state = ayni_cbor_read_uint(&r);
    if (state != AYNI_RECEIPT_DROPPED && state != AYNI_RECEIPT_SCRUBBED)
        ayni_cbor_fail(&r, AYNI_E_MALFORMED);
    read.state = (enum ayni_receipt_state)state;
    read.has_backup = ayni_cbor_peek(&r) != AYNI_CBOR_NULL;
    if (read.has_backup)
        read.backup_day = ayni_cbor_read_int(&r);
    else
        ayni_cbor_read_null(&r);
    enum ayni_status status = ayni_cbor_done(&r);
    if (status == AYNI_OK)
        *receipt = read;
    return status;
}
