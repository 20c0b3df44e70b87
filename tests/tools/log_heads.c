/*
 * log_heads HOME/log: what a log at rest holds, one JSON line for each feed:
 *
 *   {"feed":hex,"node":hex,"space":hex,"lane":1,"seq":17,"chain":hex,"forked":false}
 *
 * With `FEED SEQ` after it: the chain hash of that entry alone, or nothing where it isn't held.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/log.h"

enum { MAP_SIZE = 1 << 20 }; /* LMDB takes the file's size where that is larger */

static void print_id(const char *name, const uint8_t *bytes, size_t size)
{
    char text[2 * 32 + 1];

    ayni_hex_text((struct ayni_bytes){ bytes, size }, text);
    printf("\"%s\":\"%s\",", name, text);
}

static bool print_feed(void *context, const struct log_feed *feed)
{
    (void)context;
    printf("{");
    print_id("feed", feed->id.bytes, 32);
    print_id("node", feed->descriptor.node.bytes, 32);
    print_id("space", feed->descriptor.space.bytes, 16);
    print_id("chain", feed->head.chain.bytes, 32);
    printf("\"lane\":%u,\"seq\":%llu,\"forked\":%s}\n", feed->descriptor.lane,
           (unsigned long long)feed->head.seq, feed->forked ? "true" : "false");
    return true;
}

struct asked {
    struct log_snapshot *snapshot;
    const char *feed;
    uint64_t seq;
};

static bool print_chain(void *context, const struct log_feed *feed)
{
    const struct asked *asked = context;
    char text[2 * 32 + 1];
    struct ayni_hash chain;

    ayni_hex_text((struct ayni_bytes){ feed->id.bytes, 32 }, text);
    if (strcmp(text, asked->feed) != 0)
        return true;
    if (log_get_chain(asked->snapshot, feed->no, asked->seq, &chain) == AYNI_OK) {
        ayni_hex_text((struct ayni_bytes){ chain.bytes, 32 }, text);
        puts(text);
    }
    return false;
}

int main(int argc, char **argv)
{
    struct log_options options = { argv[1], MAP_SIZE };
    struct log_store *store;
    struct log_snapshot *snapshot;
    char why[256] = "";

    if (argc != 2 && argc != 4) {
        fputs("usage: log_heads HOME/log [FEED SEQ]\n", stderr);
        return 2;
    }
    enum ayni_status status = log_store_open(&options, &store, why, sizeof(why));
    if (status == AYNI_OK)
        status = log_snapshot_begin(store, &snapshot);
    if (status != AYNI_OK) {
        fprintf(stderr, "log_heads: %s: %s\n", why, ayni_status_name(status));
        return 1;
    }
    struct asked asked = { snapshot, argv[argc == 4 ? 2 : 1], 0 };
    if (argc == 4)
        asked.seq = strtoull(argv[3], NULL, 10);
    status = log_each_feed(snapshot, argc == 4 ? print_chain : print_feed, &asked);
    log_snapshot_end(snapshot);
    log_store_close(store);
    return status == AYNI_OK ? 0 : 1;
}
