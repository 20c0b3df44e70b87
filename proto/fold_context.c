#include <stdlib.h>

#include "proto/fold.h"
#include "proto/limits.h"
#include "proto/survivors.h"

/* What a writer has seen of a record: docs/protocol.md, section 4.2. */

struct seeing {
    const struct ayni_fold_chains *chains;
    const struct ayni_fold_item **order; /* by feed, seq, chain */
    struct ayni_seen *seen;
    size_t seen_count;
};

static int by_encoding(const void *a, const void *b)
{
    return ayni_seen_order(a, b);
}

static struct ayni_seen pair_of(const struct ayni_fold_item *item)
{
    struct ayni_seen seen = { .seq = item->seq };

    memcpy(seen.feed.bytes, item->feed.bytes, sizeof(seen.feed.bytes));
    memcpy(seen.chain.bytes, item->chain.bytes, sizeof(seen.chain.bytes));
    return seen;
}

/* Whether `item` is at or before the pair, on its chain. */
static bool reaches(const struct seeing *seeing, const struct ayni_seen *seen,
                    const struct ayni_fold_item *item)
{
    const struct ayni_fold_chains *chains = seeing->chains;

    if (item->seq > seen->seq)
        return false;
    return chains->on_chain == NULL || chains->on_chain(chains->context, &item->feed, seen, item);
}

static bool was_folded(const struct ayni_fold_item *item)
{
    return item->valid && item->version != NULL;
}

/*
 * Whether the past of `items[at]` holds something that was not folded: the
 * oldest such. What stopped the last one is asked first, so that a long feed
 * is gone through once.
 */
static bool is_blocked(const struct seeing *seeing, const struct ayni_fold_item *const *items,
                       size_t at, const struct ayni_seen *seen,
                       const struct ayni_fold_item **blocker)
{
    if (*blocker != NULL && reaches(seeing, seen, *blocker))
        return true;
    for (size_t i = 0; i < at; i++) {
        if (was_folded(items[i]) || !reaches(seeing, seen, items[i]))
            continue;
        *blocker = items[i];
        return true;
    }
    return false;
}

/* From the newest down: what isn't in the past of a pair that was taken is the newest of its
 * branch. */
static void see_feed(struct seeing *seeing, const struct ayni_fold_item *const *items, size_t count,
                     bool own)
{
    const struct ayni_fold_item *blocker = NULL;
    size_t first = seeing->seen_count;

    for (size_t i = count; i-- > 0;) {
        struct ayni_seen seen = pair_of(items[i]);
        bool taken = !was_folded(items[i]);
        for (size_t k = first; k < seeing->seen_count && !taken; k++)
            taken = reaches(seeing, &seeing->seen[k], items[i]);
        if (taken || is_blocked(seeing, items, i, &seen, &blocker))
            continue;
        seen.own = own;
        seeing->seen[seeing->seen_count++] = seen;
    }
}

static size_t feed_length(const struct ayni_fold_item *const *items, size_t count)
{
    size_t end = 1;

    while (end < count && ayni_id_equal(&items[0]->feed, &items[end]->feed))
        end++;
    return end;
}

enum ayni_status ayni_fold_context(const struct ayni_fold_item *items, size_t count,
                                   const struct ayni_fold_chains *chains,
                                   const struct ayni_feed *own, struct ayni_seen **seen,
                                   size_t *seen_count)
{
    SCOPED_ARENA scratch = { 0 };
    struct seeing seeing = { .chains = chains };

    seeing.order = ayni_arena_take(&scratch, count, sizeof(struct ayni_fold_item *));
    seeing.seen = calloc(count + 1, sizeof(*seeing.seen));
    if (seeing.order == NULL || seeing.seen == NULL) {
        free(seeing.seen);
        return AYNI_E_MEMORY;
    }
    ayni_survivors_sort(items, count, seeing.order);
    for (size_t i = 0, length; i < count; i += length) {
        const struct ayni_fold_item *const *of_feed = seeing.order + i;
        length = feed_length(of_feed, count - i);
        see_feed(&seeing, of_feed, length, own != NULL && ayni_id_equal(&of_feed[0]->feed, own));
    }
    qsort(seeing.seen, seeing.seen_count, sizeof(*seeing.seen), by_encoding);
    *seen = seeing.seen;
    *seen_count =
        seeing.seen_count < AYNI_CONTEXT_PAIRS_MAX ? seeing.seen_count : AYNI_CONTEXT_PAIRS_MAX;
    return AYNI_OK;
}
