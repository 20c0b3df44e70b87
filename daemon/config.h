#ifndef AYNI_DAEMON_CONFIG_H
#define AYNI_DAEMON_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/limits.h"
#include "proto/status.h"

/*
 * The settings of the daemon. One table (config.c) says what there is, with
 * ranges and defaults; the reader, the printer and the man page's test go by it.
 * Order: command line, environment (AYNI_SECTION_KEY), HOME/aynid.conf, default.
 */
enum { CONFIG_TEXT_MAX = 512, CONFIG_PEERS_MAX = 64 };

/* What a link may carry of what can wait. */
struct config_budget {
    uint64_t rate;  /* bytes a second; 0: any */
    uint64_t day;   /* bytes a day, both ways; 0: any */
    char hours[16]; /* "always", or from when to when by the local clock: "22:00-06:00" */
};

/* A section [peer WHO]; daemon/config_peer.h. */
struct config_peer {
    char who[AYNI_ENDPOINT_SIZE_MAX + 1]; /* the first characters of a node's id, or an endpoint */
    struct config_budget budget;          /* of what is set */
    uint32_t set;                         /* bits */
};

struct config {
    char home[CONFIG_TEXT_MAX];
    /* [net] */
    char listen[CONFIG_TEXT_MAX];    /* tcp://ADDR:PORT, or empty: only dials */
    char advertise[CONFIG_TEXT_MAX]; /* endpoints for the card, commas between */
    uint64_t peer_timeout_ms;
    uint64_t dial_interval_min_ms;
    uint64_t dial_interval_max_ms;
    uint64_t peers_wanted;       /* members dialled besides those of `peer add` and steering */
    bool metered;                /* no runs inside notes */
    char proxy[CONFIG_TEXT_MAX]; /* ADDR:PORT of a SOCKS5 proxy that all dials go by, or empty */
    /* [link] and [peer WHO] */
    struct config_budget link;
    struct config_peer peers[CONFIG_PEERS_MAX];
    size_t peer_count;
    /* [store] */
    uint64_t log_map_size;
    uint64_t views_map_size;
    uint64_t projection_memory;
    uint64_t ballast;         /* bytes kept back for erasures on a full disk */
    uint64_t scrub_after_ms;  /* after an erasure both stores are compacted within this */
    uint64_t backups_kept_ms; /* older backups of this node exist no more; 0: they may */
    /* [query]: what one question in SQL may take; less of roles that read and don't write */
    uint64_t query_ms, query_reader_ms;
    uint64_t query_rows, query_reader_rows;
    uint64_t query_memory; /* bytes: of its answer; and of SQLite, all questions together */
    /* [http] */
    char http[CONFIG_TEXT_MAX]; /* ADDR:PORT, or empty */
    /* [log] */
    char log_level[16]; /* debug info warning error */
};

/* All defaults; `home` empty. */
void config_init(struct config *config);
/*
 * Read an INI file over what is there. A missing file is AYNI_E_NOT_FOUND.
 * Anything wrong in it (unknown key, value out of range, broken line) is
 * AYNI_E_USAGE, and `why` says where and what.
 */
AYNI_CHECKED enum ayni_status config_read(struct config *config, const char *path, char *why,
                                          size_t why_size);
/* AYNI_SECTION_KEY of the environment over what is there: AYNI_NET_LISTEN,
 * AYNI_STORE_PROJECTION_MEMORY, ... */
AYNI_CHECKED enum ayni_status config_read_environment(struct config *config, char *why,
                                                      size_t why_size);
/* One setting by its names, as the command line gives it. */
AYNI_CHECKED enum ayni_status config_set(struct config *config, const char *section,
                                         const char *key, const char *value, char *why,
                                         size_t why_size);
/* What config_read() would read the same. */
void config_print(const struct config *config, FILE *to);

#endif
