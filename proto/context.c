#include "proto/context.h"

#include <stdlib.h>

#include "proto/feed.h"
#include "proto/limits.h"

int ayni_seen_order(const struct ayni_seen *a, const struct ayni_seen *b)
{
    if (a->own != b->own)
        return a->own ? -1 : 1;
    int order = a->own ? 0 : ayni_id_compare(&a->feed, &b->feed);
    if (order != 0)
        return order;
    if (a->seq != b->seq)
        return a->seq < b->seq ? -1 : 1;
    return ayni_id_compare(&a->chain, &b->chain);
}

static bool same_feed(const struct ayni_seen *a, const struct ayni_seen *b)
{
    return a->own == b->own && (a->own || ayni_id_equal(&a->feed, &b->feed));
}

/* How many of the first pairs are of one feed: its branches. */
static size_t branch_count(const struct ayni_seen *seen, size_t count)
{
    size_t branches = 1;

    while (branches < count && same_feed(&seen[0], &seen[branches]))
        branches++;
    return branches;
}

void ayni_context_put(const struct ayni_seen *seen, size_t count, struct ayni_buffer *to)
{
    size_t feeds = 0;

    for (size_t i = 0; i < count; i += branch_count(&seen[i], count - i))
        feeds++;
    ayni_cbor_put_map(to, feeds);
    for (size_t i = 0, branches; i < count; i += branches) {
        branches = branch_count(&seen[i], count - i);
        if (seen[i].own)
            ayni_cbor_put_uint(to, 0);
        else
            ayni_cbor_put_id(to, &seen[i].feed);
        ayni_cbor_put_array(to, 2 * branches);
        for (size_t k = i; k < i + branches; k++) {
            ayni_cbor_put_uint(to, seen[k].seq);
            ayni_cbor_put_id(to, &seen[k].chain);
        }
    }
}

enum ayni_status ayni_context_see_own(struct ayni_seen **seen, size_t *count,
                                      const struct ayni_entry_name *entry)
{
    bool has_own = *count > 0 && (*seen)[0].own;
    size_t others = has_own ? *count - 1 : *count;
    struct ayni_seen *grown = reallocarray(*seen, others + 1, sizeof(*grown));

    if (grown == NULL)
        return AYNI_E_MEMORY;
    if (others == AYNI_CONTEXT_PAIRS_MAX)
        others--;
    if (!has_own)
        memmove(grown + 1, grown, others * sizeof(*grown));
    grown[0] = (struct ayni_seen){ .feed = ayni_feed_prefix_of(&entry->feed),
                                   .own = true,
                                   .seq = entry->seq,
                                   .chain = entry->chain };
    *seen = grown;
    *count = others + 1;
    return AYNI_OK;
}

/* A seq: from 1 on, else malformed. */
static uint64_t read_seq(struct ayni_cbor_reader *reader)
{
    uint64_t seq = ayni_cbor_read_uint(reader);

    if (seq == 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    return seq;
}

/* 0 and so the own feed, or the prefix of another. */
static void read_key(struct ayni_cbor_reader *reader, struct ayni_seen *key)
{
    *key = (struct ayni_seen){ .own = ayni_cbor_peek(reader) == AYNI_CBOR_UINT };
    if (!key->own)
        ayni_cbor_read_id(reader, &key->feed);
    else if (ayni_cbor_read_uint(reader) != 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
}

/* Room for one more. Contexts are short; longer ones double. */
static struct ayni_seen *extend(struct ayni_cbor_reader *reader, struct ayni_seen **seen,
                                size_t *count)
{
    if (*count >= AYNI_CONTEXT_PAIRS_MAX) {
        ayni_cbor_fail(reader, AYNI_E_LIMIT);
        return NULL;
    }
    if ((*count & (*count - 1)) == 0) { /* 0 and the powers of two: full */
        struct ayni_seen *more = realloc(*seen, (*count == 0 ? 1 : 2 * *count) * sizeof(*more));
        if (more == NULL) {
            ayni_cbor_fail(reader, AYNI_E_MEMORY);
            return NULL;
        }
        *seen = more;
    }
    return &(*seen)[(*count)++];
}

static void read_branches(struct ayni_cbor_reader *reader, const struct ayni_seen *key,
                          struct ayni_seen **seen, size_t *count)
{
    size_t items = ayni_cbor_read_array(reader);

    if (items == 0 || items % 2 != 0)
        ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    for (size_t i = 0; i < items / 2 && reader->status == AYNI_OK; i++) {
        struct ayni_seen *pair = extend(reader, seen, count);
        if (pair == NULL)
            return;
        *pair = *key;
        pair->seq = read_seq(reader);
        ayni_cbor_read_id(reader, &pair->chain);
        if (*count > 1 && ayni_seen_order(pair - 1, pair) >= 0)
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
    }
}

void ayni_context_read(struct ayni_cbor_reader *reader, struct ayni_seen **seen, size_t *count)
{
    size_t feeds = ayni_cbor_read_map(reader);

    for (size_t i = 0; i < feeds && reader->status == AYNI_OK; i++) {
        struct ayni_seen key;
        read_key(reader, &key);
        if (*count > 0 && same_feed(&(*seen)[*count - 1], &key)) /* one key, twice */
            ayni_cbor_fail(reader, AYNI_E_MALFORMED);
        read_branches(reader, &key, seen, count);
    }
}
