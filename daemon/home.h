#ifndef AYNI_DAEMON_HOME_H
#define AYNI_DAEMON_HOME_H

#include "daemon/federation/identity.h"
#include "daemon/store/log_writer.h"

/*
 * The home as a place. A home that is elsewhere than at its last start was
 * copied, moved or restored, and there may be others like it: so the log is
 * another one in the eyes of peers and readers, and the next write in each
 * space and lane begins a feed of its own.
 */

/* The setting that says where the home was; one that holds nothing makes the next start find it
 * elsewhere. */
#define HOME_PLACE_SETTING "node/place"

/*
 * Whether a daemon may serve from there, asked before anything in it is
 * touched: it is a folder, the key is this user's, and the log is with the key.
 * What isn't there at all is AYNI_OK: who opens the key says so.
 *
 *   AYNI_E_USAGE      no folder
 *   AYNI_E_RIGHT      another user's
 *   AYNI_E_NOT_FOUND  without its log
 */
AYNI_CHECKED enum ayni_status home_check(const char *home, char *why, size_t why_size);

/* At the start, before anybody reads the instance or writes. */
AYNI_CHECKED enum ayni_status home_check_place(struct log_store *log, struct log_writer *writer,
                                               const struct identity *identity);

#endif
