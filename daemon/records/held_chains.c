#include "daemon/records/held_chains.h"

bool held_chain_fits(struct log_snapshot *log, feed_no feed, const struct ayni_seen *seen)
{
    struct ayni_hash chain;

    return log_get_chain(log, feed, seen->seq, &chain) == AYNI_OK &&
           memcmp(chain.bytes, seen->chain.bytes, sizeof(seen->chain.bytes)) == 0;
}

static bool fits(void *context, const struct ayni_feed *feed, const struct ayni_seen *seen)
{
    struct log_snapshot *log = context;
    struct log_feed held;

    return log_find_feed(log, feed, &held) == AYNI_OK && held_chain_fits(log, held.no, seen);
}

struct ayni_fold_chains held_chains(struct log_snapshot *log)
{
    return (struct ayni_fold_chains){ .context = log, .fits = fits };
}
