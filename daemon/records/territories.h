#ifndef AYNI_DAEMON_RECORDS_TERRITORIES_H
#define AYNI_DAEMON_RECORDS_TERRITORIES_H

#include <stdatomic.h>

#include "daemon/records/projector.h"

/*
 * The table of territories, as the records of type `territory` in the
 * registry's space show it: departments, provinces and districts by their public
 * code, each for a span of days. A table never changes and may be read by any thread.
 */
struct territory {
    char code[8];     /* 2, 4 or 6 digits; its department and province are the beginnings of it */
    const char *name; /* never NULL */
    int64_t valid_from;
    bool has_valid_to;
    int64_t valid_to; /* the last day */
    bool has_altitude;
    int32_t altitude_m;
    bool has_centre;
    int32_t latitude, longitude; /* of its centre, in 1e-6 degree */
    struct ayni_record record;
};

struct territories {
    struct territory *items; /* by code, then valid_from */
    size_t count;            /* 0: no table is loaded */
    uint64_t position;       /* up to which arrival views/ had followed the log */
    struct ayni_arena memory;
    atomic_uint holders;
};

/* The place of that code on `day`; NULL where there is none. */
const struct territory *territories_find(const struct territories *table, struct ayni_bytes code,
                                         int64_t day);
/* The last that had the code, whatever the day: for names. */
const struct territory *territories_last(const struct territories *table, struct ayni_bytes code);

/* Its centre, if it is known: for check_lookups. */
bool territories_centre(const struct territories *table, struct ayni_bytes code, int64_t day,
                        int32_t *latitude, int32_t *longitude);

void territories_release(const struct territories *table); /* NULL is fine */
void territories_release_scoped(const struct territories **table);
#define SCOPED_TERRITORIES                                                                         \
    __attribute__((cleanup(territories_release_scoped))) const struct territories

/*
 * The table that was read last, kept until a territory changes. One for a node,
 * in struct records; any thread.
 */
struct territory_cache;
AYNI_CHECKED enum ayni_status territory_cache_new(struct territory_cache **cache);
void territory_cache_free(struct territory_cache *cache); /* NULL is fine */
/* By which it hears of changes: for projector_add_hook(). */
struct projection_hook territory_cache_hook(struct territory_cache *cache);
/*
 * The table as the reader sees it, or a newer one; to be released once. Not
 * inside a projection whose batch has territories: that one loads its own.
 */
AYNI_CHECKED enum ayni_status territory_cache_hold(struct territory_cache *cache,
                                                   struct reader *reader,
                                                   const struct territories **table);

#endif
