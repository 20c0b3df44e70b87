#ifndef AYNI_DAEMON_NET_HEARING_H
#define AYNI_DAEMON_NET_HEARING_H

#include "daemon/store/log_writer.h"

/*
 * Whether this node came out of a backup and hasn't heard yet what was erased
 * since: until it has, it shows and hands on no records. Kept in the log's
 * settings, so that it outlives a restart. Any thread may ask.
 */
struct hearing;

/* The setting: empty, or a byte. A restore puts it. */
#define HEARING_SETTING "node/hearing"

AYNI_CHECKED enum ayni_status hearing_new(struct log_store *log, struct log_writer *writer,
                                          struct hearing **hearing);
void hearing_free(struct hearing *hearing); /* NULL is fine */

bool hearing_is_on(const struct hearing *hearing);
/* It is to go on without having heard; `why` is for the log. On disk when it returns. Again is
 * nothing. */
AYNI_CHECKED enum ayni_status hearing_end(struct hearing *hearing, const char *why);
/* It has heard: the same, but for the disk nobody waits. After a crash before that it hears anew.
 */
void hearing_end_soon(struct hearing *hearing, const char *why);

#endif
