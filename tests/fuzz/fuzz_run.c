#include <stdlib.h>

#include "proto/entry.h"
#include "proto/limits.h"
#include "tests/support/federation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The run again, which is the same but for reasons that nobody knows. */
static void check_again(const struct ayni_run *run, struct ayni_bytes bytes)
{
    SCOPED_BUFFER again = { 0 };

    for (size_t i = 0; i < run->count; i++)
        if (run->entries[i].hollow == AYNI_HOLLOW_LOST)
            return;
    ayni_run_encode(run, &again);
    if (!ayni_bytes_equal(bytes, ayni_buffer_bytes(&again)))
        abort();
}

/* Reads a sequence of runs and follows each as if it continued the same feed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ayni_entry entries[AYNI_RUN_ENTRIES_MAX];
    static struct ayni_hash chains[AYNI_RUN_ENTRIES_MAX];
    struct ayni_bytes rest = { data, size };
    struct ayni_run run = { .entries = entries };
    struct ayni_feed feed = { { 1 } };
    struct ayni_head head = { 0, ayni_chain_start(&feed) };
    size_t used;

    if (ayni_crypto_init() != AYNI_OK)
        abort();
    struct test_keys keys = test_keys(1);
    while (ayni_run_read(rest, &used, &run) == AYNI_OK) {
        check_again(&run, (struct ayni_bytes){ rest.data, used });
        (void)!ayni_run_verify(&run, &feed, &keys.node, AYNI_LANE_BULK, &head,
                               (struct ayni_instant){ 0 }, &head, chains);
        rest = (struct ayni_bytes){ rest.data + used, rest.size - used };
    }
    return 0;
}
