#include "proto/erase.h"

#include "tests/support/suite.h"
#include "tests/vectors/vector.h"

static void put_ranges(json_t *made, const struct ayni_erase *erase)
{
    json_t *ranges = vector_put_array(made, "ranges");

    for (size_t i = 0; i < erase->range_count; i++) {
        json_t *range = json_object();
        vector_put_id(range, "feed", &erase->ranges[i].feed);
        vector_put_number(range, "from", erase->ranges[i].from);
        vector_put_number(range, "to", erase->ranges[i].to);
        vector_put_id(range, "chain", &erase->ranges[i].chain);
        json_array_append_new(ranges, range);
    }
}

static void put_order(json_t *made, const struct ayni_erase_order *order)
{
    vector_put_hex(made, "salt", (struct ayni_bytes){ order->salt, sizeof(order->salt) });
    vector_put_id(made, "record", &order->record);
    vector_put_number(made, "type", order->type);
    vector_put_text(made, "steward", order->steward);
    vector_put_text(made, "reason", order->reason);
    if (!order->has_earlier)
        return;
    json_t *earlier = vector_put_object(made, "earlier");
    vector_put_id(earlier, "feed", &order->earlier.feed);
    vector_put_number(earlier, "seq", order->earlier.seq);
    vector_put_id(earlier, "chain", &order->earlier.chain);
}

static void add_erase(json_t *cases, const char *name, struct ayni_erase erase,
                      const struct ayni_erase_order *order)
{
    SCOPED_BUFFER inner = { 0 };
    SCOPED_BUFFER outer = { 0 };
    json_t *made = vector_case(cases, name);

    ayni_erase_order_encode(order, &inner);
    erase.order = ayni_buffer_bytes(&inner);
    ayni_erase_sort(erase.ranges, erase.range_count);
    ayni_erase_encode(&erase, &outer);
    vector_put_hex(made, "bytes", ayni_buffer_bytes(&outer));
    put_ranges(made, &erase);
    put_order(made, order);
}

json_t *vectors_erase(void)
{
    struct ayni_erase_range ranges[] = {
        { { { 9 } }, 3, 3, { { 1 } } },
        { { { 2 } }, 5, 9, { { 1 } } },
        { { { 2 } }, 1, 4, { { 0xff } } },
    };
    struct ayni_erase_order order = {
        .salt = { 1, 2, 3 },
        .record = { { 4, 5, 6 } },
        .type = 101,
        .steward = TEST_BYTES("rosa"),
        .reason = TEST_BYTES("la familia lo pidió"),
    };
    json_t *cases = json_array();

    add_erase(cases, "an order with ranges",
              (struct ayni_erase){ .ranges = ranges, .range_count = 3 }, &order);
    order = (struct ayni_erase_order){
        .salt = { 9 },
        .record = { { 4, 5, 6 } },
        .type = 101,
        .has_earlier = true,
        .earlier = { { { 7 } }, 8, { { 9 } } },
    };
    add_erase(cases, "ranges for an earlier order",
              (struct ayni_erase){ .ranges = ranges, .range_count = 1 }, &order);
    return cases;
}
