#ifndef AYNI_DAEMON_NET_ACKS_H
#define AYNI_DAEMON_NET_ACKS_H

#include "daemon/store/log_writer.h"
#include "proto/sync.h"

/*
 * What peers have acknowledged, kept in the log's settings across restarts.
 * Each commit costs a wait for the disk, and losing the last acknowledgements
 * costs a comparison of heads and nothing else: so they are gathered, and
 * written together every few seconds.
 */
struct acks;

AYNI_CHECKED enum ayni_status acks_new(struct log_store *log, struct log_writer *writer,
                                       struct acks **acks);
/* What was not written is lost. NULL is fine. */
void acks_free(struct acks *acks);

/* Note the newest of a peer. */
void acks_note(struct acks *acks, const struct ayni_node *peer, const struct ayni_sync_acked *acked,
               uint64_t now_ms);
/* The newest of a peer, written or not; all zero if there is none. */
struct ayni_sync_acked acks_of(struct acks *acks, const struct ayni_node *peer);
/* Hand to the writer what is due by now; with UINT64_MAX, all. */
void acks_write(struct acks *acks, uint64_t now_ms);

#endif
