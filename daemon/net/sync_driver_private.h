#ifndef AYNI_DAEMON_NET_SYNC_DRIVER_PRIVATE_H
#define AYNI_DAEMON_NET_SYNC_DRIVER_PRIVATE_H

#include "daemon/net/acks.h"
#include "daemon/net/head_teller.h"
#include "daemon/net/intake.h"
#include "daemon/net/sync_driver.h"
#include "proto/sync_table.h"

/* What sync_driver.c (events and actions), sync_driver_store.c (the way into the log, and what
 * has come into it) and sync_driver_spaces.c (rights) share. */
struct sync_driver {
    struct sync_driver_options options;
    struct ayni_sync *engine;
    struct intake *intake;
    const struct charter *charter; /* held */
    struct head_teller heads;
    struct ayni_buffer runs; /* of the last READ */
    struct peer_settings acks;
    uint64_t lost_told_at;         /* ms */
    struct sync_table told_spaces; /* by id: of sync_driver_spaces.c */
};

/* Tell the engine, with the time. */
void sync_driver_handle(struct sync_driver *driver, struct ayni_sync_event *event);

/* --- sync_driver_store.c --- */

/* Tell of batches that the log writer has done with. */
void sync_driver_tell_finished(struct sync_driver *driver);
/* A STORE, FILL or FORK action. */
void sync_driver_store(struct sync_driver *driver, const struct ayni_sync_action *action);
/* For the intake: what this node wrote elsewhere comes in. */
enum ayni_status sync_driver_own_came(void *driver, const struct ayni_feed *feed,
                                      const struct ayni_feed_descriptor *descriptor);

/* --- sync_driver_spaces.c --- */

/* Tell of spaces in which the charter says something else than what was told last. */
void sync_driver_tell_spaces(struct sync_driver *driver);
void sync_driver_free_spaces(struct sync_driver *driver);

#endif
