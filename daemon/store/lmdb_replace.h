#ifndef AYNI_DAEMON_STORE_LMDB_REPLACE_H
#define AYNI_DAEMON_STORE_LMDB_REPLACE_H

#include "daemon/store/lmdb.h"

/*
 * Put another file in the place of a store's, for who is alone with it
 * (lmdb_alone()). `*env` is open on the file `data` with the table of readers
 * `lock`, in the same file system, and all of it is synced; afterwards it is the old one,
 * to be closed. From then on a crash finds the new file. Where it isn't known which it would find,
 * nothing is written any more.
 */
AYNI_CHECKED enum ayni_status lmdb_replace(struct lmdb *lmdb, const char *data, const char *lock,
                                           MDB_env **env);

#endif
