#ifndef AYNI_DAEMON_NET_METERS_H
#define AYNI_DAEMON_NET_METERS_H

#include "daemon/store/log_writer.h"

/*
 * How many bytes of messages have gone to each peer and come from it: today by
 * the local clock, in all, and how fast now. Kept in the log's settings, so
 * that a day's count survives a restart; as acknowledgements are
 * (daemon/net/acks.h), gathered and written every half a minute. After a
 * crash what was counted since then is missing.
 */
struct meter {
    struct ayni_node peer;
    int64_t day; /* of the counts of today */
    uint64_t sent_today, received_today;
    uint64_t sent, received; /* in all */
    uint64_t rate;           /* bytes a second, both ways, over some seconds */
    uint64_t rate_from_ms, rate_bytes;
    bool is_new; /* not handed to the writer yet */
    struct meter *next;
};

struct meters {
    struct log_store *log;
    struct log_writer *writer;
    struct meter *list;
    uint64_t due_ms; /* 0: nothing is new */
};

/* The meter of a peer, as it was kept; NULL where there is no memory. */
struct meter *meters_of(struct meters *meters, const struct ayni_node *peer);
void meters_free(struct meters *meters);

/* So many bytes have gone, or come, now. */
void meters_count(struct meters *meters, struct meter *meter, bool sent, size_t size,
                  uint64_t now_ms);
/* What it has carried today, both ways. */
uint64_t meter_today(const struct meter *meter, int64_t today);
/* Bytes a second of the last seconds. */
uint64_t meter_rate(const struct meter *meter, uint64_t now_ms);
/* Hand to the writer what is due by now; with UINT64_MAX, all. */
void meters_write(struct meters *meters, uint64_t now_ms);

#endif
