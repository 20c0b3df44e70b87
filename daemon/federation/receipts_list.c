#include <stdlib.h>
#include <string.h>

#include "daemon/federation/receipts.h"

/* An order about a record; by record. */
struct about {
    struct record_key key;
    struct ayni_entry_name name;
};

struct listing {
    struct reader *reader;
    const struct ayni_record *record; /* NULL: all */
    struct ayni_buffer orders;        /* struct about */
    bool (*visit)(void *context, const struct receipts_state *state);
    void *context;
    bool stopped;
};

/* Those that count, whether they add to others or not. */
static bool gather(void *context, const struct erasure_order *order)
{
    struct listing *listing = context;
    struct about about;

    if (!order->readable ||
        (listing->record != NULL && !ayni_id_equal(&order->key.record, listing->record)) ||
        ayni_registry_giver_standing(reader_charter(listing->reader)->registry, &order->place,
                                     NULL) == AYNI_STANDING_NO_RIGHT)
        return true;
    memset(&about, 0, sizeof(about));
    about.key = order->key;
    about.name = erasure_order_name(order);
    ayni_buffer_append(&listing->orders, &about, sizeof(about));
    return true;
}

static int by_record(const void *a, const void *b)
{
    return record_key_compare(&((const struct about *)a)->key, &((const struct about *)b)->key);
}

/* The least that the node says of any of the orders, and of equal ones the latest. */
static bool is_less(const struct receipt_held *a, const struct receipt_held *b)
{
    return a->state != b->state ? a->state < b->state : a->time.ms > b->time.ms;
}

static enum ayni_status state_of(struct listing *listing, const struct about *orders, size_t count,
                                 struct receipts_state *state)
{
    state->confirmed = true;
    for (size_t i = 0; i < count; i++) {
        struct receipt_held held;
        enum ayni_status status =
            receipt_get(reader_views(listing->reader), &orders[i].name, &state->node, &held);
        if (status == AYNI_E_NOT_FOUND)
            state->confirmed = false;
        else if (status != AYNI_OK)
            return status;
        else if (i == 0 || is_less(&held, &state->receipt))
            state->receipt = held;
    }
    return AYNI_OK;
}

static enum ayni_status list_record(struct listing *listing, const struct about *orders,
                                    size_t count)
{
    const struct ayni_registry *registry = reader_charter(listing->reader)->registry;
    size_t members;
    const struct ayni_standing_pair *pairs =
        ayni_registry_space_members(registry, &orders->key.space, &members);
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < members && !listing->stopped; i++) {
        struct receipts_state state = { .key = &orders->key,
                                        .node = pairs[i].node,
                                        .member = pairs[i].right != AYNI_RIGHT_NONE };
        status = state_of(listing, orders, count, &state);
        if (status == AYNI_OK)
            listing->stopped = !listing->visit(listing->context, &state);
    }
    return status;
}

enum ayni_status receipts_each(struct reader *reader, const struct ayni_record *record,
                               bool (*visit)(void *context, const struct receipts_state *state),
                               void *context)
{
    struct listing listing = {
        .reader = reader, .record = record, .visit = visit, .context = context
    };
    enum ayni_status status = erasure_each_order(reader, NULL, gather, &listing);
    struct about *orders = (struct about *)listing.orders.data;
    size_t count = listing.orders.size / sizeof(*orders);

    if (status == AYNI_OK)
        status = ayni_buffer_status(&listing.orders);
    if (status == AYNI_OK && count > 1)
        qsort(orders, count, sizeof(*orders), by_record);
    for (size_t from = 0, to; status == AYNI_OK && from < count && !listing.stopped; from = to) {
        for (to = from + 1; to < count && by_record(&orders[from], &orders[to]) == 0; to++)
            ;
        status = list_record(&listing, &orders[from], to - from);
    }
    ayni_buffer_free(&listing.orders);
    return status;
}
