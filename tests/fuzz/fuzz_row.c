/*
 * Rows of log/ and views/ other than entries, as the first byte says: what reads
 * is written and read again as the same. The key is as long as the second byte says.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/net/peer_book.h"
#include "daemon/records/conflict.h"
#include "daemon/records/erasure/erasure_tables.h"
#include "daemon/store/log_private.h"
#include "daemon/view/counters.h"
#include "daemon/view/subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_same(struct ayni_bytes one, const void *other, size_t size)
{
    require(ayni_bytes_equal(one, (struct ayni_bytes){ other, size }));
}

/* --- log/ --- */

/* All but flags that nobody knows. */
static void read_feed(struct ayni_bytes key, struct ayni_bytes value)
{
    uint8_t written[LOG_FEED_SIZE];
    struct log_feed feed, again;

    (void)key;
    if (log_feed_decode(1, value, &feed) != AYNI_OK)
        return;
    log_feed_encode(&feed, written);
    require(log_feed_decode(1, (struct ayni_bytes){ written, sizeof(written) }, &again) == AYNI_OK);
    require(again.head.seq == feed.head.seq && again.forked == feed.forked &&
            again.first == feed.first && again.parent == feed.parent &&
            ayni_id_equal(&again.id, &feed.id));
}

static void read_branch(struct ayni_bytes key, struct ayni_bytes value)
{
    uint8_t written[LOG_BRANCH_KEY_SIZE];
    struct log_branch branch;

    if (log_branch_read(key, value, &branch) != AYNI_OK)
        return;
    log_branch_key(&branch, written);
    require_same(key, written, sizeof(written));
}

/* Of a feed or a branch. */
static void read_name(struct ayni_bytes key, struct ayni_bytes value)
{
    struct log_name name;

    (void)key;
    if (log_name_read(value, &name) == AYNI_OK)
        require(name.is_branch ? name.branch.size == LOG_BRANCH_KEY_SIZE
                               : name.numbers.size >= LOG_FEED_KEY_SIZE);
}

static void read_fork(struct ayni_bytes key, struct ayni_bytes value)
{
    if (log_fork_check(key, value) == AYNI_OK)
        require(key.size > LOG_SEQ_KEY_SIZE);
}

static void read_arrival(struct ayni_bytes key, struct ayni_bytes value)
{
    uint8_t no[LOG_ARRIVAL_KEY_SIZE], written[LOG_ARRIVAL_SIZE];
    struct log_arrival arrival;

    if (log_arrival_decode(lmdb_val(key), lmdb_val(value), &arrival) != AYNI_OK)
        return;
    log_arrival_key(arrival.no, no);
    log_arrival_encode(&arrival, written);
    require_same(key, no, sizeof(no));
    require_same(value, written, sizeof(written));
}

/* What `peer add` said. */
static void read_peers(struct ayni_bytes key, struct ayni_bytes value)
{
    SCOPED_BUFFER written = { 0 };
    struct peer_book book = { 0 };

    (void)key;
    if (peer_book_decode(value, &book) != AYNI_OK)
        return;
    peer_book_encode(&book, &written);
    peer_book_free(&book);
    require(ayni_buffer_status(&written) == AYNI_OK && written.size <= value.size);
}

/* --- views/ --- */

static void read_conflict(struct ayni_bytes key, struct ayni_bytes value)
{
    const struct record_key of = { .type = 1 };
    SCOPED_BUFFER written = { 0 };
    struct conflict conflict;

    (void)key;
    if (conflict_decode(&of, value, &conflict) != AYNI_OK)
        return;
    conflict_encode(&conflict, &written);
    require_same(value, written.data, written.size);
}

static void read_order(struct ayni_bytes key, struct ayni_bytes value)
{
    uint8_t written[ERASURE_ROW_SIZE];
    struct erasure_row row;

    (void)key;
    if (!erasure_row_decode(value, &row))
        return;
    erasure_row_encode(&row, written);
    require_same(value, written, sizeof(written));
}

static void read_range(struct ayni_bytes key, struct ayni_bytes value)
{
    uint8_t written[ERASURE_RANGE_KEY_SIZE];
    struct erasure_range range;

    if (!erasure_range_decode(key, value, &range))
        return;
    erasure_range_encode(&range, written);
    require_same(key, written, sizeof(written));
}

static void read_counter(struct ayni_bytes key, struct ayni_bytes value)
{
    SCOPED_BUFFER written = { 0 };
    uint8_t name[COUNTER_KEY_MAX];
    struct counter_key counter;
    struct counts counts;

    if (counter_key_decode(key, &counter) == AYNI_OK)
        require_same(key, name, counter_key_encode(&counter, name));
    if (counter_value_decode(value, &counts) != AYNI_OK)
        return;
    counter_value_encode(&counts, &written);
    require_same(value, written.data, written.size);
}

static void read_subject(struct ayni_bytes key, struct ayni_bytes value)
{
    SCOPED_SUBJECT subject = { .count = 0 };
    SCOPED_SUBJECT again = { .count = 0 };
    SCOPED_BUFFER written = { 0 };

    (void)key;
    if (subject_decode(value, &subject) != AYNI_OK)
        return;
    subject_encode(&subject, &written);
    require(subject_decode(ayni_buffer_bytes(&written), &again) == AYNI_OK &&
            again.count == subject.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct ayni_bytes key, struct ayni_bytes value) = {
        read_feed,    read_arrival, read_peers,  read_conflict, read_order, read_range,
        read_counter, read_subject, read_branch, read_name,     read_fork,
    };

    if (size < 2)
        return 0;
    size_t key_size = data[1] < size - 2 ? data[1] : size - 2;
    struct ayni_bytes key = { data + 2, key_size };
    readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](
        key, (struct ayni_bytes){ data + 2 + key_size, size - 2 - key_size });
    return 0;
}
