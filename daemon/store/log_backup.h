#ifndef AYNI_DAEMON_STORE_LOG_BACKUP_H
#define AYNI_DAEMON_STORE_LOG_BACKUP_H

#include "daemon/store/log.h"

/*
 * The log in one file that may go anywhere, and back. What is derived is left
 * out: it is made anew. docs/storage.md, section 5.
 */
struct log_backup_result {
    uint64_t entries;
    uint64_t file_bytes;
};

/*
 * Write all of the log into a new file at `path` while others read and write:
 * one state of it, that of the end. Without AYNI_OK there is no whole file.
 *
 *   AYNI_E_EXISTS  there is a file
 *   AYNI_E_FULL, AYNI_E_IO, AYNI_E_MEMORY
 *   AYNI_E_BUSY, AYNI_E_STOPPED  as log_compact()
 */
AYNI_CHECKED enum ayni_status log_backup(struct log_store *store, const char *path,
                                         const struct store_listener *listener,
                                         struct log_backup_result *result);

/* A setting to be put into a log that comes back. */
struct log_setting {
    const char *name;
    struct ayni_bytes value;
};

/*
 * Make a log of a backup, in a folder that has none, with an instance of its own:
 * what peers and readers noted of the old one's arrivals doesn't hold for it. Each
 * value is of the right form then; whether chains and seals hold is for an audit to
 * say. Not AYNI_OK: the folder is left without a log. `why` gets a sentence.
 *
 *   AYNI_E_EXISTS     there is a log
 *   AYNI_E_NOT_FOUND  no such file
 *   AYNI_E_TRUNCATED  the backup isn't finished, or was cut off
 *   AYNI_E_MALFORMED  it was changed since
 *   AYNI_E_VERSION    not a backup, or of another format
 *   AYNI_E_FULL, AYNI_E_IO, AYNI_E_MEMORY, AYNI_E_STOPPED
 */
AYNI_CHECKED enum ayni_status log_restore(const char *path, const struct log_options *options,
                                          const struct log_setting *settings, size_t setting_count,
                                          const struct store_listener *listener, char *why,
                                          size_t why_size);

#endif
