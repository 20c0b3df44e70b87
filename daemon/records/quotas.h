#ifndef AYNI_DAEMON_RECORDS_QUOTAS_H
#define AYNI_DAEMON_RECORDS_QUOTAS_H

#include "daemon/store/log.h"
#include "proto/limits.h"

/*
 * How many feeds each author has in a space and lane, segments of forked feeds
 * among them. Of whom there are AYNI_FEEDS_PER_AUTHOR_MAX nobody takes more
 * (proto/sync.h), so nodes that hold others of them are not in sync; operators
 * are told long before. docs/protocol.md, section 5.8.
 */
struct quota_use {
    struct ayni_node node;
    struct ayni_space space;
    uint8_t lane;
    uint64_t feeds;
};

/* From so many on, operators hear of it: an honest node has one for each restore. */
enum { QUOTAS_ALERT = AYNI_FEEDS_PER_AUTHOR_MAX / 4 };

static inline bool quota_is_used_up(const struct quota_use *use)
{
    return use->feeds >= AYNI_FEEDS_PER_AUTHOR_MAX;
}

struct quotas {
    struct ayni_buffer uses; /* struct quota_use, ascending by node, space, lane */
};

/* Count what the log holds or knows of. */
AYNI_CHECKED enum ayni_status quotas_read(struct log_snapshot *log, struct quotas *quotas);
void quotas_free(struct quotas *quotas);
#define SCOPED_QUOTAS __attribute__((cleanup(quotas_free))) struct quotas

/* Whether the author may have `feeds` more; they are counted then. */
bool quotas_take(struct quotas *quotas, const struct ayni_feed_descriptor *author, uint64_t feeds);

/* Those of whom operators are to hear; `visit` returns false to stop. */
void quotas_each(const struct quotas *quotas,
                 bool (*visit)(void *context, const struct quota_use *use), void *context);

#endif
