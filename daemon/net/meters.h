#ifndef AYNI_DAEMON_NET_METERS_H
#define AYNI_DAEMON_NET_METERS_H

#include "daemon/net/peer_settings.h"

/*
 * How many bytes of messages have gone to each peer and come from it: today by
 * the local clock, in all, and how fast now. Kept, so that a day's count
 * survives a restart; after a crash what was counted in the last half a minute
 * is missing.
 */
struct meter {
    struct peer_setting setting; /* first */
    int64_t day;                 /* of the counts of today */
    uint64_t sent_today, received_today;
    uint64_t sent, received; /* in all */
    uint64_t rate;           /* bytes a second, both ways, over some seconds */
    uint64_t rate_from_ms, rate_bytes;
};

struct peer_settings meters_of_log(struct log_store *log, struct log_writer *writer);
/* The meter of a peer, as it was kept; NULL where there is no memory. */
struct meter *meters_of(struct peer_settings *meters, const struct ayni_node *peer);

/* So many bytes have gone, or come, now. */
void meters_count(struct peer_settings *meters, struct meter *meter, bool sent, size_t size,
                  uint64_t now_ms);
/* What it has carried today, both ways. */
uint64_t meter_today(const struct meter *meter, int64_t today);
/* Bytes a second of the last seconds. */
uint64_t meter_rate(const struct meter *meter, uint64_t now_ms);

#endif
