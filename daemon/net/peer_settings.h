#ifndef AYNI_DAEMON_NET_PEER_SETTINGS_H
#define AYNI_DAEMON_NET_PEER_SETTINGS_H

#include "daemon/store/log_writer.h"
#include "proto/ids.h"

/*
 * What is remembered of each peer across restarts: one of the log's settings
 * for each, which changes often and whose last changes may be lost. A commit
 * costs a wait for the disk: so changes are gathered, and all that are new are
 * written by one job of the log writer. One thread at a time.
 *
 * What is kept is a struct that begins with a struct peer_setting; its kind
 * says how it is written. There are as many as members that were connected.
 */
struct peer_setting {
    struct ayni_node peer;
    bool is_new; /* not handed to the writer yet */
    struct peer_setting *next;
};

struct peer_settings_kind {
    const char *name;   /* the settings are NAME/NODE */
    size_t size;        /* of the struct */
    uint64_t gather_ms; /* at most so long after a change it is written */
    void (*encode)(const struct peer_setting *setting, struct ayni_buffer *to);
    /* Bytes that are wrong leave it as it is: all zero but the peer. */
    void (*decode)(struct ayni_bytes bytes, struct peer_setting *setting);
};

struct peer_settings {
    const struct peer_settings_kind *kind;
    struct log_store *log;
    struct log_writer *writer;
    struct peer_setting *list;
    uint64_t due_ms; /* 0: nothing is new */
};
void peer_settings_free(struct peer_settings *settings);

/* That of a peer, as it was kept; NULL where there is no memory. Lent until all are freed. */
struct peer_setting *peer_settings_of(struct peer_settings *settings, const struct ayni_node *peer);
void peer_settings_changed(struct peer_settings *settings, struct peer_setting *setting,
                           uint64_t now_ms);
/* Hand to the writer what is due by now; with UINT64_MAX, all. What it doesn't take is lost. */
void peer_settings_write(struct peer_settings *settings, uint64_t now_ms);

/* The name of the setting of a peer. */
enum { PEER_SETTING_NAME_SIZE = AYNI_NODE_TEXT_SIZE + 8 };
void peer_setting_name(const char *kind, const struct ayni_node *peer,
                       char name[PEER_SETTING_NAME_SIZE]);

#endif
