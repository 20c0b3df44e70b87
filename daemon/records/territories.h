#ifndef AYNI_DAEMON_RECORDS_TERRITORIES_H
#define AYNI_DAEMON_RECORDS_TERRITORIES_H

#include "daemon/records/rules/kept.h"

enum { TERRITORY_TYPE = 701 };

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
    int64_t valid_to;       /* the last day */
    const char *successors; /* codes of what it became, ", " between; never NULL */
    bool has_altitude;
    int32_t altitude_m;
    bool has_centre;
    int32_t latitude, longitude; /* of its centre, in 1e-6 degree */
    struct ayni_record record;
};

struct territories {
    struct kept kept;
    struct territory *items; /* by code, then valid_from */
    size_t count;            /* 0: no table is loaded */
    struct ayni_arena memory;
};

/* The place of that code on `day`; NULL where there is none. */
const struct territory *territories_find(const struct territories *table, struct ayni_bytes code,
                                         int64_t day);
/* The last that had the code, whatever the day: for names. */
const struct territory *territories_last(const struct territories *table, struct ayni_bytes code);

/* What `code`, which was a place before `day` and is none then, became: codes, ", " between; ""
 * where the table doesn't say. */
const char *territories_became(const struct territories *table, struct ayni_bytes code,
                               int64_t day);
/* The place that it is on `day`, by way of others if need be; NULL where one of them became
 * several, and where the code is a place on that day. */
const struct territory *territories_successor(const struct territories *table,
                                              struct ayni_bytes code, int64_t day);

/* Its centre, if it is known: for check_lookups. */
bool territories_centre(const struct territories *table, struct ayni_bytes code, int64_t day,
                        int32_t *latitude, int32_t *longitude);

/* Its altitude, likewise. */
bool territories_altitude(const struct territories *table, struct ayni_bytes code, int64_t day,
                          int32_t *altitude_m);

/* The table exactly as the reader sees it, for daemon/records/territory_cache.h: all others take
 * the one that is kept. */
AYNI_CHECKED enum ayni_status territories_load(struct reader *reader, struct territories **table);
void territories_release(const struct territories *table); /* NULL is fine */
void territories_release_scoped(const struct territories **table);
#define SCOPED_TERRITORIES                                                                         \
    __attribute__((cleanup(territories_release_scoped))) const struct territories

#endif
