#ifndef AYNI_DAEMON_RECORDS_READER_PRIVATE_H
#define AYNI_DAEMON_RECORDS_READER_PRIVATE_H

#include "daemon/records/links/link_memo.h"
#include "daemon/records/reader.h"

/* What the parts of the reader share: nobody else includes it. */

/* What is remembered of a feed. */
struct feed_facts {
    struct log_feed feed;
    struct ayni_bytes roles; /* of the writer's organisation */
    uint64_t seq_max;        /* seen up to here; all if the reader isn't limited */
    bool confidential; /* its space: what is in clear there, and in others isn't, is malformed */
};

struct reader {
    struct views_snapshot *views;
    struct log_snapshot *log;
    const struct charter *charter;
    bool lent; /* snapshots and charter are somebody else's */
    struct feed_facts **feeds;
    size_t feed_count;
    struct record_places places;
    struct link_memo link_memo;
    bool any_forked;                    /* one of them has */
    const struct reader_limits *limits; /* NULL: none */
};

/* Of the feed of that number, looked up once; lent. */
AYNI_CHECKED enum ayni_status reader_facts(struct reader *reader, feed_no no,
                                           struct feed_facts **facts);

#endif
