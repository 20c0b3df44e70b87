#include "daemon/records/held_chains.h"

enum ayni_status held_history(struct log_snapshot *log, const struct ayni_feed *feed,
                              const struct ayni_seen *seen, struct log_feed *history)
{
    struct ayni_bytes prefix = { seen->chain.bytes, sizeof(seen->chain.bytes) };

    return log_find_history(log, feed, seen->seq, prefix, history);
}

static bool is_on(struct log_snapshot *log, feed_no no, uint64_t seq, const struct ayni_hash *chain)
{
    struct ayni_hash held;

    return log_get_chain(log, no, seq, &held) == AYNI_OK && ayni_id_equal(&held, chain);
}

static bool has_forked(struct log_snapshot *log, const struct ayni_feed *id)
{
    struct log_feed feed;

    return log_find_feed(log, id, &feed) == AYNI_OK && feed.forked;
}

/* --- for the fold --- */

static bool fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    struct log_feed history;

    return held_history(context, feed, seen, &history) == AYNI_OK;
}

bool held_on_chain(struct log_snapshot *log, const struct ayni_feed *feed,
                   const struct ayni_seen *seen, const struct ayni_fold_item *item)
{
    struct log_feed history;

    return !has_forked(log, feed) || (held_history(log, feed, seen, &history) == AYNI_OK &&
                                      is_on(log, history.no, item->seq, &item->chain));
}

static bool on_chain(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen,
                     const struct ayni_fold_item *item)
{
    return held_on_chain(context, feed, seen, item);
}

struct ayni_fold_chains held_chains(struct log_snapshot *log)
{
    return (struct ayni_fold_chains){ .context = log, .fits = fits, .on_chain = on_chain };
}

/* --- for the registry --- */

static enum ayni_chain_answer ask(void *context, const struct ayni_feed *feed, uint64_t seq,
                                  const struct ayni_hash *chain, uint64_t named_seq,
                                  const struct ayni_hash *named_chain)
{
    struct log_snapshot *log = context;
    struct ayni_bytes named = { named_chain->bytes, sizeof(named_chain->bytes) };
    struct log_feed history;

    if (!has_forked(log, feed))
        return AYNI_CHAIN_ON;
    if (log_find_history(log, feed, named_seq, named, &history) != AYNI_OK)
        return AYNI_CHAIN_NOT_HELD;
    return is_on(log, history.no, seq, chain) ? AYNI_CHAIN_ON : AYNI_CHAIN_OFF;
}

struct ayni_chain_lookup held_lookup(struct log_snapshot *log)
{
    return (struct ayni_chain_lookup){ .ask = ask, .context = log };
}
