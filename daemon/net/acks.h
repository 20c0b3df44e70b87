#ifndef AYNI_DAEMON_NET_ACKS_H
#define AYNI_DAEMON_NET_ACKS_H

#include "daemon/net/peer_settings.h"
#include "proto/sync.h"

/*
 * What peers have acknowledged, kept across restarts. Losing the last
 * acknowledgements costs a comparison of heads and nothing else.
 */
struct peer_settings acks_of_log(struct log_store *log, struct log_writer *writer);

/* Note the newest of a peer. */
void acks_note(struct peer_settings *acks, const struct ayni_node *peer,
               const struct ayni_sync_acked *acked, uint64_t now_ms);
/* The newest of a peer, written or not; all zero if there is none. */
struct ayni_sync_acked acks_of(struct peer_settings *acks, const struct ayni_node *peer);

#endif
