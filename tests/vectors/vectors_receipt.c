#include "proto/receipt.h"

#include "tests/vectors/vector.h"

static void add_receipt(json_t *cases, const char *name, const struct ayni_receipt *receipt)
{
    SCOPED_BUFFER bytes = { 0 };
    json_t *made = vector_case(cases, name);

    ayni_receipt_encode(receipt, &bytes);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&bytes));
    json_t *orders = vector_put_array(made, "orders");
    for (size_t i = 0; i < receipt->order_count; i++) {
        json_t *order = json_object();
        vector_put_id(order, "feed", &receipt->orders[i].feed);
        vector_put_number(order, "seq", receipt->orders[i].seq);
        vector_put_id(order, "chain", &receipt->orders[i].chain);
        json_array_append_new(orders, order);
    }
    vector_put_number(made, "state", receipt->state);
    json_object_set_new(made, "backup_day",
                        receipt->has_backup ? json_integer(receipt->backup_day) : json_null());
}

json_t *vectors_receipt(void)
{
    static struct ayni_receipt receipt = {
        .orders = { { { { 1 } }, 1, { { 2 } } }, { { { 1 } }, 300, { { 3 } } } },
        .order_count = 2,
        .state = AYNI_RECEIPT_DROPPED,
        .has_backup = true,
        .backup_day = 20454,
    };
    json_t *cases = json_array();

    add_receipt(cases, "dropped, with a backup", &receipt);
    receipt.order_count = 1;
    receipt.state = AYNI_RECEIPT_SCRUBBED;
    receipt.has_backup = false;
    add_receipt(cases, "scrubbed, without backups", &receipt);
    return cases;
}
