#include "tests/support/feed.h"

#include <assert.h>

#include "tests/support/federation.h"

void test_feed_init(struct test_feed *feed, uint8_t lane, struct test_random *random)
{
    struct ayni_node root = test_root().node;
    uint8_t seed[32];

    *feed = (struct test_feed){ .descriptor.lane = lane, .last_time = { 1700000000000 } };
    enum ayni_status status = ayni_crypto_init();
    test_random_fill(random, seed, sizeof(seed));
    if (status == AYNI_OK)
        status = ayni_signing_key_of_seed(seed, &feed->secret, &feed->descriptor.node);
    assert(status == AYNI_OK); /* and not Check's: benches use this, too */
    test_random_fill(random, feed->descriptor.space.bytes, sizeof(feed->descriptor.space.bytes));
    test_random_fill(random, feed->descriptor.incarnation.bytes,
                     sizeof(feed->descriptor.incarnation.bytes));
    feed->id = ayni_feed_of(&root, &feed->descriptor);
    feed->head.chain = ayni_chain_start(&feed->id);
}

void test_feed_next(struct test_feed *feed, size_t count, size_t payload_size,
                    struct test_random *random, struct test_run *run)
{
    assert(count <= AYNI_RUN_ENTRIES_MAX);
    assert(count * payload_size <= sizeof(run->payloads));
    test_random_fill(random, run->payloads, count * payload_size);
    for (size_t i = 0; i < count; i++) {
        feed->last_time.ms += test_random_below(random, 3);
        run->entries[i] = (struct ayni_entry){
            .kind = AYNI_KIND_VERSION,
            .time = feed->last_time,
            .payload = { run->payloads + i * payload_size, payload_size },
        };
    }
    run->run = (struct ayni_run){ .entries = run->entries, .count = count };
    run->before = feed->head;
    ayni_run_seal(&run->run, &feed->id, &feed->secret, &feed->head, &run->after, run->chains);
    feed->head = run->after;
}
