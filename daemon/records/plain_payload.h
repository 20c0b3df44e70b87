#ifndef AYNI_DAEMON_RECORDS_PLAIN_PAYLOAD_H
#define AYNI_DAEMON_RECORDS_PLAIN_PAYLOAD_H

#include "daemon/records/epoch_keys.h"
#include "daemon/store/log.h"

/*
 * What an entry says in clear: its payload, or the order in an erase, which
 * confidential spaces have encrypted. That is told by its form, since what a
 * space is may come to be known later than what is in it; whether such a form
 * counts there is for who folds it.
 */
bool payload_is_sealed(struct ayni_bytes payload);

/*
 * `*plain` is `payload` itself where it is in clear, else what it holds, in
 * `room`, which is emptied first; NULL `keys` open nothing.
 *
 *   AYNI_E_SIGNATURE  under a key that this node hasn't got
 *   AYNI_E_MALFORMED  it opens, and is padded wrongly
 *   AYNI_E_MEMORY
 */
AYNI_CHECKED enum ayni_status payload_open(const struct epoch_keys *keys,
                                           const struct log_feed *feed, uint64_t kind,
                                           struct ayni_bytes payload, struct ayni_buffer *room,
                                           struct ayni_bytes *plain);
/* The other way, for an entry of this node's own: appends to `sealed`. Failures are those of
 * ayni_confidential_seal(). */
AYNI_CHECKED enum ayni_status payload_seal(const struct epoch_key *key,
                                           const struct ayni_feed *feed, uint64_t kind,
                                           struct ayni_bytes plain, struct ayni_buffer *sealed);

#endif
