#ifndef AYNI_DAEMON_BACKUP_H
#define AYNI_DAEMON_BACKUP_H

#include "daemon/records/complaint.h"
#include "daemon/store/store_listener.h"

struct daemon;

/*
 * A node in a folder, and back. DIR holds log.ayni (daemon/store/log_backup.h), which
 * comes last and makes it a backup, node.key and aynid.conf. Whoever has it is
 * this node. The root key isn't in it: its place is in a safe. docs/storage.md, section 5.
 */
#define BACKUP_LOG "log.ayni"
#define BACKUP_CONFIG "aynid.conf"

/* The setting that says when the last backup was made (ms, 8 bytes), and where to. */
#define BACKUP_LAST_SETTING "backup/last"
/* The same of the first one that was begun: as old as a copy of what was erased since can be. It is
 * noted before the copy is taken, which so tells it to the home that is made of it. */
#define BACKUP_FIRST_SETTING "backup/first"

struct backup_result {
    uint64_t entries;
    uint64_t file_bytes;
};

/*
 * Copy a running node into `folder`, an absolute path: a new folder or an empty
 * one. What was begun is removed where it can't be finished. Not AYNI_OK says why.
 */
AYNI_CHECKED enum ayni_status backup_make(struct daemon *daemon, const char *folder,
                                          const struct store_listener *listener,
                                          struct backup_result *result,
                                          struct complaint *complaint);

struct backup_restore {
    const char *folder; /* the backup */
    const char *home;   /* to be made */
    bool alone;         /* without hearing first of what was erased meanwhile */
};

/*
 * Make a home of a backup, every chain and seal of it verified. It is a new
 * incarnation. Interrupted at any time it can be begun again. Not AYNI_OK says
 * why.
 */
AYNI_CHECKED enum ayni_status backup_restore_home(const struct backup_restore *restore,
                                                  const struct store_listener *listener,
                                                  struct complaint *complaint);

#endif
