#include <string.h>

#include "daemon/store/log_private.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

/* One row of each form that a disk may hold. */
enum { PAYLOAD_SIZE = 20, ROW_SIZE_MAX = 1 + 1 + 8 + 32 + 8 + 64 + 8 + 32 };
enum { FORM_COUNT = 8 }; /* long kind, sealed, hollow: yes or no */

static struct ayni_signature seal;
static uint8_t payload[PAYLOAD_SIZE];
static uint8_t value[ROW_SIZE_MAX];

static struct log_row make_row(unsigned form)
{
    struct test_random random = { form };
    struct log_row row = { .entry.entry.time = { 1234567890123 } };
    struct ayni_entry *entry = &row.entry.entry;

    test_random_fill(&random, seal.bytes, sizeof(seal.bytes));
    test_random_fill(&random, payload, sizeof(payload));
    test_random_fill(&random, row.entry.chain.bytes, sizeof(row.entry.chain.bytes));
    entry->kind = form & 1 ? UINT64_MAX - 7 : AYNI_KIND_VERSION;
    entry->payload_size = PAYLOAD_SIZE;
    if (form & 2)
        row.seal = &seal;
    if (form & 4) {
        entry->hollow = AYNI_HOLLOW_LOST;
        test_random_fill(&random, entry->payload_hash.bytes, sizeof(entry->payload_hash.bytes));
    } else {
        entry->payload = (struct ayni_bytes){ payload, sizeof(payload) };
    }
    return row;
}

START_TEST(a_row_reads_as_it_was_written)
{
    struct log_row row = make_row((unsigned)_i);
    struct log_row read;

    ck_assert_uint_le(log_row_size(&row), sizeof(value));
    log_row_encode(&row, value);
    ck_assert_int_eq(log_row_decode((struct ayni_bytes){ value, log_row_size(&row) }, &read),
                     AYNI_OK);
    ck_assert_uint_eq(read.entry.entry.kind, row.entry.entry.kind);
    ck_assert_uint_eq(read.entry.entry.time.ms, row.entry.entry.time.ms);
    ck_assert_uint_eq(read.entry.entry.hollow, row.entry.entry.hollow);
    ck_assert_uint_eq(read.entry.entry.payload_size, PAYLOAD_SIZE);
    ck_assert(ayni_bytes_equal(read.entry.entry.payload, row.entry.entry.payload));
    ck_assert(ayni_id_equal(&read.entry.chain, &row.entry.chain));
    ck_assert(ayni_id_equal(&read.entry.entry.payload_hash, &row.entry.entry.payload_hash));
    ck_assert_int_eq(read.seal == NULL, row.seal == NULL);
    if (row.seal != NULL)
        ck_assert(ayni_id_equal(read.seal, row.seal));
}
END_TEST

/* Only the payload has no length of its own: whatever cuts into the rest is found. */
START_TEST(a_row_that_is_cut_short_is_damaged)
{
    struct log_row row = make_row((unsigned)_i);
    struct log_row read;
    size_t size = log_row_size(&row);
    size_t fixed = size - row.entry.entry.payload.size;

    log_row_encode(&row, value);
    for (size_t cut = 0; cut < fixed; cut++)
        ck_assert_int_eq(log_row_decode((struct ayni_bytes){ value, cut }, &read), AYNI_E_IO);
    for (size_t cut = fixed; cut < size; cut++)
        ck_assert_int_eq(log_row_decode((struct ayni_bytes){ value, cut }, &read), AYNI_OK);
}
END_TEST

START_TEST(feeds_and_arrivals_of_another_size_are_damaged)
{
    uint8_t bytes[LOG_FEED_SIZE + 1] = { 0 };
    struct log_feed feed;
    struct log_arrival arrival;
    MDB_val key = { LOG_ARRIVAL_KEY_SIZE, bytes };

    bytes[LOG_FEED_SIZE - 5] = 1; /* the first entry is kept from 1 on */
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        MDB_val v = { size, bytes };
        ck_assert_int_eq(log_feed_decode(1, (struct ayni_bytes){ bytes, size }, &feed),
                         size == LOG_FEED_SIZE ? AYNI_OK : AYNI_E_IO);
        ck_assert_int_eq(log_arrival_decode(key, v, &arrival),
                         size == LOG_ARRIVAL_SIZE ? AYNI_OK : AYNI_E_IO);
    }
    bytes[LOG_FEED_SIZE - 5] = 0;
    ck_assert_int_eq(log_feed_decode(1, (struct ayni_bytes){ bytes, LOG_FEED_SIZE }, &feed),
                     AYNI_E_IO);
    key.mv_size = 7;
    ck_assert_int_eq(log_arrival_decode(key, (MDB_val){ LOG_ARRIVAL_SIZE, bytes }, &arrival),
                     AYNI_E_IO);
}
END_TEST

/* Keys sort as what they name: by feed, then by seq. */
START_TEST(keys_keep_the_order_of_what_they_name)
{
    static const uint64_t seqs[] = { 0, 1, 255, 256, 65536, UINT64_MAX };
    static const feed_no feeds[] = { 1, 2, 255, 256, UINT32_MAX };
    uint8_t before[LOG_SEQ_KEY_SIZE] = { 0 };
    uint8_t key[LOG_SEQ_KEY_SIZE];

    for (size_t f = 0; f < 5; f++)
        for (size_t i = 0; i < 6; i++) {
            log_seq_key(feeds[f], seqs[i], key);
            ck_assert_int_lt(memcmp(before, key, sizeof(key)), 0);
            memcpy(before, key, sizeof(key));
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_codec");
    TCase *core = tcase_create("core");

    tcase_add_loop_test(core, a_row_reads_as_it_was_written, 0, FORM_COUNT);
    tcase_add_loop_test(core, a_row_that_is_cut_short_is_damaged, 0, FORM_COUNT);
    tcase_add_test(core, feeds_and_arrivals_of_another_size_are_damaged);
    tcase_add_test(core, keys_keep_the_order_of_what_they_name);
    suite_add_tcase(suite, core);
    return test_run(suite);
}
