#include "daemon/records/erasure/receipt.h"

#include <string.h>

#include "daemon/records/erasure/erasure_drops.h"
#include "daemon/records/erasure/scrub.h"
#include "daemon/records/projection/arrivals_note.h"

/* A row is [state 1, has backup 1, day 8, time 8, chain prefix 8, arrival 8]. */
enum { KEY_SIZE = 32 + 8 + 8 + 32, ROW_SIZE = 1 + 1 + 8 + 8 + 8 + 8 };

static void encode_key(const struct ayni_entry_name *order, const struct ayni_node *node,
                       uint8_t to[KEY_SIZE])
{
    memcpy(to, order->feed.bytes, 32);
    ayni_put_u64(to + 32, order->seq);
    memcpy(to + 40, order->chain.bytes, 8);
    memcpy(to + 48, node->bytes, 32);
}

static void encode_row(const struct receipt_held *receipt, uint8_t to[ROW_SIZE])
{
    to[0] = (uint8_t)receipt->state;
    to[1] = receipt->has_backup;
    ayni_put_u64(to + 2, (uint64_t)receipt->backup_day);
    ayni_put_u64(to + 10, receipt->time.ms);
    memcpy(to + 18, receipt->chain.bytes, 8);
    ayni_put_u64(to + 26, receipt->arrival);
}

enum ayni_status receipt_get(struct views_snapshot *views, const struct ayni_entry_name *order,
                             const struct ayni_node *node, struct receipt_held *receipt)
{
    uint8_t key[KEY_SIZE];
    struct ayni_bytes row;
    enum ayni_status status;

    encode_key(order, node, key);
    status =
        views_get(views, RECORDS_TABLE_RECEIPTS, (struct ayni_bytes){ key, sizeof(key) }, &row);
    if (status != AYNI_OK)
        return status;
    if (row.size != ROW_SIZE)
        return AYNI_E_IO;
    *receipt = (struct receipt_held){ .state = (enum ayni_receipt_state)row.data[0],
                                      .has_backup = row.data[1] != 0,
                                      .backup_day = (int64_t)ayni_get_u64(row.data + 2),
                                      .time = { ayni_get_u64(row.data + 10) },
                                      .arrival = ayni_get_u64(row.data + 26) };
    memcpy(receipt->chain.bytes, row.data + 18, 8);
    return AYNI_OK;
}

/* --- noting --- */

struct noting {
    struct views_txn *txn;
    struct log_snapshot *log;
    struct log_feed feed; /* of the receipt */
    struct receipt_held receipt;
};

/* By place in time, where a clock stood still by state, then by chain hash: as all nodes order
 * them. */
static bool is_newer(const struct receipt_held *receipt, const struct receipt_held *than)
{
    if (receipt->time.ms != than->time.ms)
        return receipt->time.ms > than->time.ms;
    if (receipt->state != than->state)
        return receipt->state > than->state;
    return memcmp(receipt->chain.bytes, than->chain.bytes, sizeof(than->chain.bytes)) > 0;
}

static enum ayni_status put_row(struct noting *noting, const struct ayni_entry_name *order)
{
    const struct ayni_node *node = &noting->feed.descriptor.node;
    uint8_t key[KEY_SIZE], row[ROW_SIZE];
    struct receipt_held held;
    enum ayni_status status = receipt_get(views_txn_snapshot(noting->txn), order, node, &held);

    if (status != AYNI_OK && status != AYNI_E_NOT_FOUND)
        return status;
    if (status == AYNI_OK && !is_newer(&noting->receipt, &held))
        return AYNI_OK;
    encode_key(order, node, key);
    encode_row(&noting->receipt, row);
    return views_put(noting->txn, RECORDS_TABLE_RECEIPTS, (struct ayni_bytes){ key, sizeof(key) },
                     (struct ayni_bytes){ row, sizeof(row) });
}

static enum ayni_status note_orders(struct noting *noting, const struct ayni_receipt *receipt)
{
    enum ayni_status status = AYNI_OK;

    noting->receipt.state = receipt->state;
    noting->receipt.has_backup = receipt->has_backup;
    noting->receipt.backup_day = receipt->backup_day;
    for (size_t i = 0; status == AYNI_OK && i < receipt->order_count; i++)
        status = put_row(noting, &receipt->orders[i]);
    return status;
}

static enum ayni_status note_arrived(struct noting *noting, const struct arrived_odd *arrived)
{
    struct ayni_receipt receipt;
    struct log_entry entry;
    enum ayni_status status =
        log_get_entry(noting->log, arrived->ref.feed, arrived->ref.seq, &entry);

    if (status == AYNI_OK)
        status = log_get_feed(noting->log, arrived->ref.feed, &noting->feed);
    if (status != AYNI_OK || entry.entry.hollow != AYNI_HOLLOW_NONE)
        return status;
    status = ayni_receipt_decode(entry.entry.payload, &receipt);
    if (status == AYNI_E_MALFORMED || status == AYNI_E_LIMIT)
        return arrivals_note_problem(noting->txn, arrived, PROBLEM_RECEIPT);
    noting->receipt = (struct receipt_held){ .time = entry.entry.time,
                                             .chain = ayni_chain_prefix_of(&entry.chain),
                                             .arrival = arrived->arrival };
    return status == AYNI_OK ? note_orders(noting, &receipt) : status;
}

enum ayni_status receipts_note(struct views_txn *txn, struct log_snapshot *log,
                               const struct arrivals *arrivals)
{
    struct noting noting = { .txn = txn, .log = log };
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < arrivals->odd_count; i++)
        if (arrivals->odd[i].kind == ARRIVED_RECEIPT)
            status = note_arrived(&noting, &arrivals->odd[i]);
    return status;
}

/* --- what is owed --- */

/*
 * Whether what this node confirmed is true of its log and files as they are:
 * a receipt may be of a life before, from which a backup was restored.
 */
static enum ayni_status is_scrubbed(struct reader *reader, const struct version_ref *ref, bool *is)
{
    struct erasure_order order;
    struct erasure_drops drops;
    uint64_t scrubbed;
    enum ayni_status status = erasure_order_get(reader, ref, &order);

    *is = status == AYNI_E_NOT_FOUND; /* no order here: nothing to owe */
    if (status != AYNI_OK)
        return *is ? AYNI_OK : status;
    status = erasure_drops_of(reader, &order, &drops);
    if (status == AYNI_OK)
        status = scrub_reached(reader_log(reader), &scrubbed);
    *is = status == AYNI_OK && !drops.pending && drops.last <= scrubbed;
    return status;
}

static enum ayni_status settle_order(struct reader *reader, struct views_txn *txn,
                                     const struct ayni_space *space,
                                     const struct ayni_entry_name *order)
{
    uint8_t key[ENTRY_KEY_SIZE];
    struct log_feed feed;
    bool scrubbed;
    enum ayni_status status = log_find_feed(reader_log(reader), &order->feed, &feed);

    if (status != AYNI_OK)
        return status == AYNI_E_NOT_FOUND ? AYNI_OK : status;
    struct version_ref ref = { feed.no, order->seq };
    status = is_scrubbed(reader, &ref, &scrubbed);
    if (status != AYNI_OK || !scrubbed)
        return status;
    entry_key_encode(space, &ref, key);
    return views_delete(txn, RECORDS_TABLE_OWED, (struct ayni_bytes){ key, sizeof(key) });
}

static enum ayni_status settle_arrived(struct reader *reader, struct views_txn *txn,
                                       const struct arrived_odd *arrived)
{
    struct ayni_receipt receipt;
    struct log_entry entry;
    enum ayni_status status =
        log_get_entry(reader_log(reader), arrived->ref.feed, arrived->ref.seq, &entry);

    if (status != AYNI_OK || entry.entry.hollow != AYNI_HOLLOW_NONE)
        return status;
    status = ayni_receipt_decode(entry.entry.payload, &receipt);
    if (status != AYNI_OK)
        return status == AYNI_E_MEMORY ? status : AYNI_OK;
    for (size_t i = 0;
         status == AYNI_OK && i < receipt.order_count && receipt.state == AYNI_RECEIPT_SCRUBBED;
         i++)
        status = settle_order(reader, txn, &arrived->space, &receipt.orders[i]);
    return status;
}

enum ayni_status receipts_settle(struct reader *reader, struct views_txn *txn,
                                 const struct ayni_node *own, const struct arrivals *arrivals)
{
    enum ayni_status status = AYNI_OK;

    for (size_t i = 0; status == AYNI_OK && i < arrivals->odd_count; i++) {
        const struct log_feed *feed = arrivals->odd[i].kind == ARRIVED_RECEIPT
                                          ? reader_feed(reader, arrivals->odd[i].ref.feed)
                                          : NULL;
        if (feed != NULL && ayni_id_equal(&feed->descriptor.node, own))
            status = settle_arrived(reader, txn, &arrivals->odd[i]);
    }
    return status;
}

static bool decode_owed(struct ayni_bytes key, struct ayni_bytes since, struct receipt_owed *owed)
{
    if (key.size != ENTRY_KEY_SIZE || since.size != 8)
        return false;
    memcpy(owed->space.bytes, key.data, sizeof(owed->space.bytes));
    owed->order = version_ref_decode(key.data + 16);
    owed->since = ayni_get_u64(since.data);
    return true;
}

enum ayni_status receipts_each_owed(struct views_snapshot *views, const struct receipt_owed *after,
                                    bool (*visit)(void *context, const struct receipt_owed *owed),
                                    void *context)
{
    SCOPED_VIEWS_CURSOR cursor = { 0 };
    uint8_t last[ENTRY_KEY_SIZE];
    struct ayni_bytes from = { last, sizeof(last) }, key, since;
    struct receipt_owed owed;
    bool more;

    views_cursor_open(views, RECORDS_TABLE_OWED, (struct ayni_bytes){ 0 }, &cursor);
    if (after != NULL)
        entry_key_encode(&after->space, &after->order, last);
    more = after == NULL ? views_cursor_next(&cursor, &key, &since)
                         : views_cursor_after(&cursor, from, &key, &since);
    for (; more; more = views_cursor_next(&cursor, &key, &since))
        if (decode_owed(key, since, &owed) && !visit(context, &owed))
            break;
    return cursor.status;
}
